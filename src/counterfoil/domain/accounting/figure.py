"""A figure of a report: an exact number, or the reason why there is none. What is missing is never zero.

Reasons travel through every computation: a sum with a missing part is missing for that part's reason.
Source: rulebook 3.5 (unknown inventory makes a result indeterminate), 4.4.
"""

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from typing import Final

HUNDREDTH: Final = Decimal("0.01")
_DIGITS: Final = 60


class Unavailable(StrEnum):
    """Why there is no number. The first is no gap: the line does not apply to this Party."""

    NOT_APPLICABLE = "not_applicable"
    FINAL_REPORT_ONLY = "final_report_only"
    NDC_NOT_RECORDED = "ndc_not_recorded"
    METHOD_NOT_CHOSEN = "method_not_chosen"
    INVENTORY_MISSING = "inventory_missing"
    OUTSIDE_SCOPE = "outside_scope"
    GWP_DIFFERS = "gwp_differs"
    PORTION_MISSING = "portion_missing"
    SHARED_NDC = "shared_ndc"
    PATH_MISSING = "path_missing"
    TARGET_LEVEL_MISSING = "target_level_missing"
    INDICATOR_MISSING = "indicator_missing"
    CONVERSION_MISSING = "conversion_missing"


Figure = Fraction | Unavailable

NO_GAPS: Final = frozenset({Unavailable.NOT_APPLICABLE, Unavailable.FINAL_REPORT_ONLY})
"""Reasons that leave a table complete: nothing is missing from it."""


def total(parts: Iterable[Figure]) -> Figure:
    """The sum, or the first reason why there is none.

    >>> total([Fraction(1), Fraction(2)]), total([Fraction(1), Unavailable.INVENTORY_MISSING])
    (Fraction(3, 1), <Unavailable.INVENTORY_MISSING: 'inventory_missing'>)
    """
    found = Fraction(0)
    for part in parts:
        if isinstance(part, Unavailable):
            return part
        found += part
    return found


def both(left: Figure, right: Figure, apply: Callable[[Fraction, Fraction], Fraction]) -> Figure:
    """An operation on two figures, or the first reason why there is none."""
    if isinstance(left, Unavailable):
        return left
    return right if isinstance(right, Unavailable) else apply(left, right)


def less(left: Figure, right: Figure) -> Figure:
    """The difference of two figures."""
    return both(left, right, lambda one, other: one - other)


def shown(value: Fraction) -> str:
    """A number for the eye: whole, or rounded half-even to a hundredth. Nothing is computed from it again.

    >>> shown(Fraction(11_000, 3)), shown(Fraction(-5)), shown(Fraction(1, 8))
    ('3666.67', '-5', '0.12')
    """
    if value.denominator == 1:
        return str(value.numerator)
    with localcontext() as context:
        context.prec = _DIGITS
        return str((Decimal(value.numerator) / Decimal(value.denominator)).quantize(HUNDREDTH, ROUND_HALF_EVEN))
