"""Whether a target is met: the balance against a ceiling, a budget or a floor, or indeterminate where data are missing.

A single-year target asks the balance of its year, a multi-year one the sum over the period. An intensity takes the
adjustment in its numerator before it is divided. A conditional target and an unconditional one are two comparisons.

Source: 2/CMA.3 annex paras. 7-9, 23(l); 18/CMA.1 annex para. 70; rulebook 3.6.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from counterfoil.domain.accounting.figure import Figure, Unavailable, both, less, total


class Outcome(StrEnum):
    """Three answers, never two: what cannot be told is not met and not missed."""

    MET = "met"
    NOT_MET = "not_met"
    INDETERMINATE = "indeterminate"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A target against what was reached. `margin` is above or at zero where the target is met."""

    target: Figure
    reached: Figure
    margin: Figure

    @property
    def outcome(self) -> Outcome:
        if isinstance(self.margin, Unavailable):
            return Outcome.INDETERMINATE
        return Outcome.MET if self.margin >= 0 else Outcome.NOT_MET


def ceiling(target: Figure, reached: Figure) -> Comparison:
    """Met when the balance is at or below the target.

    >>> ceiling(Fraction(1_100_000), Fraction(1_095_000)).margin
    Fraction(5000, 1)
    """
    return Comparison(target, reached, less(target, reached))


def budget(targets: Iterable[Figure], balances: Iterable[Figure]) -> Comparison:
    """Met when the balances of all years together stay within the budget of all years together."""
    return ceiling(total(targets), total(balances))


def floor(target: Figure, reached: Figure) -> Comparison:
    """Met when the adjusted indicator is at or above the target. Source: 2/CMA.3 annex para. 9."""
    return Comparison(target, reached, less(reached, target))


def intensity(target: Figure, *, emissions: Figure, adjustment: Figure, denominator: Figure) -> Comparison:
    """The adjusted emissions over the denominator against a ceiling: the adjustment first, the division after it.

    A denominator of zero or below tells nothing.
    """
    if isinstance(denominator, Fraction) and denominator <= 0:
        denominator = Unavailable.INDICATOR_MISSING
    adjusted = total((emissions, adjustment))
    return ceiling(target, both(adjusted, denominator, lambda above, below: above / below))
