"""The lowest price that a host sets, and a price that it only tells."""

from collections.abc import Mapping
from datetime import date

import pytest

from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.basis import Basis, Confidence, Span, Text
from counterfoil.domain.policy.clause import Clause, Rule
from counterfoil.domain.policy.figure import Figure, quantity
from counterfoil.domain.policy.kinds.price_floor import PriceFloorRule
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.permits import permits
from counterfoil.domain.policy.ruling import Outcome

WORDS = Text("floor", "下限")
DAY = date(2026, 1, 1)


def floor(least: str, *, advice: bool = False) -> Law:
    """A floor until the end of 2026, and twice as much from 2027 on."""
    clauses = []
    for first, last, price in ((date(2025, 1, 1), date(2026, 12, 31), least), (date(2027, 1, 1), None, f"1{least}")):
        basis = Basis("xaa", "1.0.0", "floor", WORDS, Span(first, last), "act", "art. 1", Confidence.FOUND)
        content = PriceFloorRule(Figure(quantity(price)), advice)
        clauses.append(Clause("price_floor", basis, content, frozenset({Act.TRADE})))
    rules = {"floor": Rule("floor", "price_floor", WORDS, tuple(clauses))}
    return Law("xaa", "1.0.0", "jurisdiction", "XAA", WORDS, rules=rules)


def outcome(law: Law, facts: Mapping[str, int | str], on: date = DAY) -> Outcome:
    (ruling,) = permits(law, Asked(Act.TRADE, facts), on)
    return ruling.outcome


@pytest.mark.parametrize(
    ("least", "price", "currency", "expected"),
    [
        ("30 SGD/t", 3_000, "SGD", Outcome.ALLOWED),
        ("30 SGD/t", 2_999, "SGD", Outcome.REFUSED),
        ("30.005 SGD/t", 3_000, "SGD", Outcome.REFUSED),
        ("30 SGD/t", 9_999, "USD", Outcome.REFUSED),
        ("1,500 JPY/t", 1_500, "JPY", Outcome.ALLOWED),
        ("1,500 JPY/t", 1_499, "JPY", Outcome.REFUSED),
    ],
)
def test_a_price_is_compared_exactly_in_its_own_currency(
    least: str, price: int, currency: str, expected: Outcome
) -> None:
    assert outcome(floor(least), {"price": price, "currency": currency}) is expected


def test_a_price_that_nobody_says_is_asked_for() -> None:
    assert outcome(floor("30 SGD/t"), {"currency": "SGD"}) is Outcome.ASKS


def test_a_reference_price_is_told_and_refuses_nothing() -> None:
    law = floor("30 SGD/t", advice=True)
    said: tuple[dict[str, int | str], ...] = ({"price": 1, "currency": "SGD"}, {"price": 1, "currency": "USD"}, {})
    for facts in said:
        assert outcome(law, facts) is Outcome.NOTED


def test_another_floor_holds_from_its_first_day() -> None:
    law = floor("30 SGD/t")
    facts: dict[str, int | str] = {"price": 3_000, "currency": "SGD"}
    found = [outcome(law, facts, day) for day in (date(2026, 12, 31), date(2027, 1, 1))]
    assert found == [Outcome.ALLOWED, Outcome.REFUSED]
