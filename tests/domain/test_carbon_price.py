"""What of a charge counts as a carbon price, and what falls on goods."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from counterfoil.domain.compliance.carbon_price import (
    BorderRules,
    CarbonPriceFault,
    Charged,
    PriceCounts,
    Rebates,
    UnitsCount,
    effective,
    for_goods,
    per_tonne,
)
from counterfoil.domain.compliance.declared_goods import LINES_MAX, Amount, Declaration, Goods, unclear
from counterfoil.domain.kernel.refusal import Refusal

STRICT = BorderRules(PriceCounts.PAID, Rebates.DEDUCTED, UnitsCount.NOT_PAID)
DUE = BorderRules(PriceCounts.DUE, Rebates.KEPT, UnitsCount.NOT_PAID)
UNITS = BorderRules(PriceCounts.PAID, Rebates.DEDUCTED, UnitsCount.AS_CHARGE)


def charged(paid: int, rebates: int = 0, before: int | None = 1_000, after: int | None = 900) -> Charged:
    return Charged("L-1", 300, before, after, paid, rebates)


@pytest.mark.parametrize(
    ("of", "rules", "expected"),
    [
        (charged(900), STRICT, 900),
        (charged(400), STRICT, 400),
        (charged(5_000), STRICT, 900),
        (charged(900, rebates=200), STRICT, 700),
        (charged(100, rebates=200), STRICT, 0),
        (charged(0), STRICT, 0),
        (charged(400, before=None, after=None), STRICT, 400),
        (charged(0, rebates=200), DUE, 900),
        (charged(900), UNITS, 1_000),
        (charged(0), UNITS, 100),
    ],
)
def test_what_counts_follows_from_the_three_rules(of: Charged, rules: BorderRules, expected: int) -> None:
    assert effective(of, rules) == expected


def test_what_is_due_cannot_count_where_the_law_names_no_price() -> None:
    refused = effective(charged(1, before=None, after=None), DUE)
    assert isinstance(refused, Refusal) and refused.code == CarbonPriceFault.DUE_UNKNOWN


def test_a_price_per_tonne_is_exact_and_the_part_of_goods_is_rounded_down() -> None:
    each = per_tonne(1_000, 300)
    assert each == Fraction(10, 3)
    assert [for_goods(each, kilograms) for kilograms in (0, 299, 300, 300_000)] == [0, 0, 1, 1_000]
    assert per_tonne(1_000, 0) is None


def declaration(**changes: Any) -> Declaration:
    content: dict[str, Any] = {
        "declarant": "Importer", "installation": "Mill", "operator": "Works", "country": "TWN",
        "goods": (GOODS,), "liabilities": ("L-1",), "payments": (PAID,),
    }  # fmt: skip
    return Declaration(**{**content, **changes})


def amount(**changes: Any) -> Amount:
    content: dict[str, Any] = {
        "liability": "L-1", "amount": 5, "currency": "TWD", "on": date(2026, 1, 1), "document": "0" * 64,
    }  # fmt: skip
    return Amount(**{**content, **changes})


GOODS, PAID = Goods(cn_code="72081000", quantity_kg=5, embedded_kg=0), amount()


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"declarant": " "}, "names"),
        ({"country": "Taiwan"}, "country"),
        ({"goods": ()}, "goods"),
        ({"goods": (Goods(cn_code="steel", quantity_kg=5, embedded_kg=0),)}, "goods"),
        ({"goods": (Goods(cn_code="7208", quantity_kg=0, embedded_kg=0),)}, "goods"),
        ({"goods": (Goods(cn_code="7208", quantity_kg=1, embedded_kg=-1),)}, "goods"),
        ({"goods": (GOODS,) * (LINES_MAX + 1)}, "goods"),
        ({"liabilities": ()}, "liabilities"),
        ({"liabilities": ("L-1", "L-1")}, "liabilities"),
        ({"payments": (amount(liability="L-2"),)}, "amounts"),
        ({"payments": (amount(amount=0),)}, "amounts"),
        ({"rebates": (amount(document="a letter"),)}, "amounts"),
        ({"rebates": (amount(currency="dollars"),)}, "amounts"),
    ],
)
def test_a_declaration_that_cannot_be_used_says_which_part(changes: dict[str, Any], part: str) -> None:
    assert unclear(declaration()) is None
    refused = unclear(declaration(**changes))
    assert refused is not None and refused.facts["part"] == part
