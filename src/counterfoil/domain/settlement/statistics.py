"""What an exchange's settled trades come to: how many, how much, and the average price as an exact fraction.

There is no number without trades: an average over nothing is absent, never zero. Prices that are sealed count in the
volume and not in the price, and how much that is, is said. Source: requirement R-CMP-04.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Sale:
    """One settled trade. `price` counts minor units for each unit; None where it is not known to the reader."""

    exchange: str
    unit_class: str
    currency: str
    on: date
    quantity: int
    price: int | None


@dataclass(frozen=True, slots=True)
class Market:
    """Settled trades of one exchange, unit class and currency. Quantities count units, money minor units.

    `value`, `lowest` and `highest` are those of the `priced` units alone.
    """

    exchange: str
    unit_class: str
    currency: str
    trades: int
    volume: int
    priced: int
    value: int
    lowest: int | None
    highest: int | None

    @property
    def average(self) -> Fraction | None:
        """The price of one unit over all priced ones, weighted by quantity."""
        return Fraction(self.value, self.priced) if self.priced else None


def markets(sales: Iterable[Sale]) -> list[Market]:
    """One row for each exchange, unit class and currency, in that order.

    >>> day = date(2026, 1, 2)
    >>> (row,) = markets([Sale("X", "C", "SGD", day, 2, 1_000), Sale("X", "C", "SGD", day, 1, 1_300)])
    >>> row.volume, row.average
    (3, Fraction(1100, 1))
    """
    groups: dict[tuple[str, str, str], list[Sale]] = {}
    for sale in sales:
        groups.setdefault((sale.exchange, sale.unit_class, sale.currency), []).append(sale)
    return [_market(key, groups[key]) for key in sorted(groups)]


def _market(key: tuple[str, str, str], sales: list[Sale]) -> Market:
    priced = [(sale.quantity, sale.price) for sale in sales if sale.price is not None]
    prices = [price for _, price in priced]
    return Market(
        *key,
        trades=len(sales),
        volume=sum(sale.quantity for sale in sales),
        priced=sum(quantity for quantity, _ in priced),
        value=sum(quantity * price for quantity, price in priced),
        lowest=min(prices, default=None),
        highest=max(prices, default=None),
    )


def to_minor_unit(average: Fraction) -> int:
    """An average as it is shown, rounded to a whole minor unit; halves go to the even one.

    >>> to_minor_unit(Fraction(5, 2)), to_minor_unit(Fraction(7, 2))
    (2, 4)
    """
    return round(average)
