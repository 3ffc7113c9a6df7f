"""Whose balance it is, what it covers, and that what is missing is not zero."""

from datetime import date
from fractions import Fraction

import pytest

from counterfoil.domain.accounting.figure import Unavailable
from counterfoil.domain.accounting.inventory import Inventory, Reading, YearTotal, covered, indicator
from counterfoil.domain.accounting.ndc import (
    InventorySector,
    Scope,
    Standing,
    Target,
    TargetForm,
    inside,
    standing,
)
from counterfoil.domain.kernel.ids import Party
from tests.domain.accounting.ndcs import GASES, NDC_TEXT, WHOLE, inventory, ndc

SCOPE = Scope(WHOLE, GASES)
LULUCF = InventorySector.LULUCF
UNION = ndc(id="EUE-1", parties=(Party("EUE"), Party("DEU"), Party("SWE")))
CHINA = ndc(id="CHN-1", parties=(Party("CHN"),), jurisdictions=(Party("HKG"),))
ISLAND = ndc(id="TWN-1", parties=(), jurisdictions=(Party("TWN"),))


def test_several_parties_share_one_ndc() -> None:
    assert UNION.shared and not CHINA.shared
    assert UNION.covers("SWE")
    assert standing(UNION, "SWE", is_party=True) is Standing.PARTY


def test_a_jurisdiction_belongs_to_its_party() -> None:
    assert CHINA.covers("HKG")
    assert standing(CHINA, "HKG", is_party=False) is Standing.WITHIN_PARTY
    assert not CHINA.covers("TWN")


def test_who_belongs_to_no_party_keeps_a_shadow_account() -> None:
    assert standing(ISLAND, "TWN", is_party=False) is Standing.SHADOW
    assert ISLAND.parties == ()
    assert standing(None, "TWN", is_party=False) is Standing.SHADOW
    assert standing(None, "THA", is_party=True) is Standing.PARTY


@pytest.mark.parametrize(
    ("target", "value"),
    [
        ({"level": 60_000_000}, 60_000_000),
        ({"reduction": "0.3189", "base_level": 2_869_000_000}, Fraction(1_954_075_900)),
        ({"reduction": "0.30"}, Unavailable.TARGET_LEVEL_MISSING),
        ({"base_level": 5}, Unavailable.TARGET_LEVEL_MISSING),
    ],
)
def test_a_targets_level_is_exact_or_missing(target: dict[str, object], value: object) -> None:
    found = Target("t", TargetForm.REDUCTION, 2030, "text", NDC_TEXT, **target).value  # type: ignore[arg-type]
    assert found == value


def test_an_activity_is_inside_outside_or_unknown() -> None:
    assert inside(ndc(activity_sectors=("Transportation",)), "Transportation") is True
    assert inside(ndc(activity_sectors=("Transportation",)), "Agriculture") is False
    assert inside(ndc(), "Agriculture") is None


def test_the_latest_inventory_of_the_scope_counts() -> None:
    first = inventory({2021: 100, 2022: 110})
    later = inventory({2022: 112}, id="XAA-INV-2", submitted_on=date(2026, 12, 31))
    assert covered([first, later], SCOPE, 2022).figure == 112
    assert covered([later, first], SCOPE, 2021).inventory == "XAA-INV-1"


def test_a_missing_year_is_missing_and_not_zero() -> None:
    assert covered([inventory({2021: 0})], SCOPE, 2021).figure == 0
    assert covered([inventory({2021: 0})], SCOPE, 2022).figure is Unavailable.INVENTORY_MISSING
    assert covered([], SCOPE, 2021).figure is Unavailable.INVENTORY_MISSING


@pytest.mark.parametrize(
    "total",
    [
        inventory({}, values=(YearTotal(2021, 100, (*WHOLE, LULUCF)),)),
        inventory({}, values=(YearTotal(2021, 100, WHOLE[:3]),)),
        inventory({2021: 100}, gases=("CO2",)),
        inventory({2021: 100}, gases=(*GASES, "SF6")),
    ],
    ids=["with land use", "without a sector", "one gas", "a gas too many"],
)
def test_a_total_of_another_scope_is_not_used(total: Inventory) -> None:
    assert covered([total], SCOPE, 2021).figure is Unavailable.OUTSIDE_SCOPE


def test_totals_in_another_set_of_gwp_values_are_not_compared_with_the_target() -> None:
    fourth, fifth = (inventory({2021: level}, id=gwp, gwp=gwp) for gwp, level in (("AR4", 95), ("AR5", 100)))
    assert covered([fourth], SCOPE, 2021, gwp="AR5").figure is Unavailable.GWP_DIFFERS
    assert covered([fourth], SCOPE, 2022, gwp="AR5").figure is Unavailable.INVENTORY_MISSING
    later = inventory({2021: 95}, id="later", gwp="AR4", submitted_on=date(2026, 12, 31))
    assert covered([later, fifth], SCOPE, 2021, gwp="AR5") == Reading(Fraction(100), "AR5")
    # A set that nobody named is not held to be another one.
    assert covered([inventory({2021: 7})], SCOPE, 2021, gwp="AR5").figure == 7
    assert covered([fourth], SCOPE, 2021).figure == 95


def test_single_sectors_make_up_the_scope_without_overlap() -> None:
    alone = tuple(YearTotal(2021, 10 * place, (sector,)) for place, sector in enumerate(WHOLE, 1))
    land = YearTotal(2021, -500, (LULUCF,))
    assert covered([inventory({}, values=(*alone, land))], SCOPE, 2021).figure == 100
    assert covered([inventory({}, values=alone[1:])], SCOPE, 2021).figure is Unavailable.OUTSIDE_SCOPE


def test_an_indicator_is_no_emission() -> None:
    level = inventory({2021: 1_200}, metric="GWh", gases=())
    assert indicator([level], "GWh", 2021).figure == 1_200
    assert indicator([level], "MWh", 2021).figure is Unavailable.INDICATOR_MISSING
    assert covered([level], SCOPE, 2021).figure is Unavailable.INVENTORY_MISSING
