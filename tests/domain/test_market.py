"""Figures of a market: exact, and absent where nothing was sold."""

from datetime import date
from fractions import Fraction

import pytest

from counterfoil.domain.settlement.statistics import Sale, markets, to_minor_unit

DAY = date(2026, 1, 5)


def sale(quantity: int, price: int | None, currency: str = "SGD", exchange: str = "CIX") -> Sale:
    return Sale(exchange, "C", currency, DAY, quantity, price)


def test_the_average_is_weighted_and_exact() -> None:
    (row,) = markets([sale(1, 1_000), sale(2, 1_001)])
    assert (row.trades, row.volume, row.value, row.average) == (2, 3, 3_002, Fraction(3_002, 3))
    assert (row.lowest, row.highest) == (1_000, 1_001)


def test_a_sealed_price_counts_in_the_volume_alone() -> None:
    (row,) = markets([sale(10, None), sale(5, 200)])
    assert (row.volume, row.priced, row.average, row.lowest) == (15, 5, Fraction(200), 200)


def test_there_is_no_average_without_a_price_and_no_market_without_trades() -> None:
    (row,) = markets([sale(10, None)])
    assert (row.average, row.lowest, row.highest) == (None, None, None)
    assert markets([]) == []


def test_a_gift_at_nought_is_a_price() -> None:
    (row,) = markets([sale(10, 0)])
    assert (row.average, row.lowest) == (Fraction(0), 0)


def test_currencies_and_exchanges_are_never_added_up() -> None:
    rows = markets([sale(1, 1), sale(1, 2, currency="USD"), sale(1, 3, exchange="TCX")])
    assert [(row.exchange, row.currency, row.value) for row in rows] == [
        ("CIX", "SGD", 1),
        ("CIX", "USD", 2),
        ("TCX", "SGD", 3),
    ]


@pytest.mark.parametrize(("average", "shown"), [(Fraction(1, 2), 0), (Fraction(3, 2), 2), (Fraction(3_002, 3), 1_001)])
def test_only_what_is_shown_is_rounded(average: Fraction, shown: int) -> None:
    assert to_minor_unit(average) == shown
