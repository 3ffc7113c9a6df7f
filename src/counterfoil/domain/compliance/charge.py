"""The charge of a year before and after units were deducted, exact until it is rounded once.

Source: requirement R-CMP-01; the law's rate and factor come from the pack.
"""

from dataclasses import dataclass
from fractions import Fraction

from counterfoil.domain.compliance.liability import Base


@dataclass(frozen=True, slots=True)
class Charge:
    """Minor units of a currency, such as cents. A part of one is rounded up, in favour of the authority."""

    currency: str
    before: int
    after: int


def charge(base: Base, *, deducted_t: int, rate: Fraction | None, currency: str) -> Charge | None:
    """The charge on a base, and what is left of it. A deduction never makes a charge negative.

    Args:
        deducted_t: Tonnes that all accepted units of the year take from the base together.
        rate: Minor units for each tonne; None where the scheme has no price of its own.

    Returns:
        None where there is no price.

    >>> charge(Base(base_t=200_000), deducted_t=10_000, rate=Fraction(4_500), currency="SGD")
    Charge(currency='SGD', before=900000000, after=855000000)
    """
    if rate is None:
        return None
    before = (
        rate * base.base_t if base.base_money is None and base.base_t is not None else Fraction(base.base_money or 0)
    )
    after = max(Fraction(0), before - rate * deducted_t)
    return Charge(currency, _up(before), _up(after))


def _up(amount: Fraction) -> int:
    return -(-amount.numerator // amount.denominator)
