"""Figures as JSON: whole numbers as they are, others exact and rounded, and a reason where there is none."""

from collections.abc import Mapping
from typing import Any

from counterfoil.domain.accounting.figure import NO_GAPS, Figure, Unavailable, shown


def figure_json(figure: Figure) -> Any:
    """One figure.

    >>> from fractions import Fraction
    >>> figure_json(Fraction(4)), figure_json(Fraction(11, 3)), figure_json(Unavailable.INVENTORY_MISSING)
    (4, {'exact': '11/3', 'rounded': '3.67'}, {'not_available': 'inventory_missing'})
    """
    if isinstance(figure, Unavailable):
        return {"not_applicable" if figure in NO_GAPS else "not_available": figure.value}
    if figure.denominator == 1:
        return figure.numerator
    return {"exact": str(figure), "rounded": shown(figure)}


def years_json(years: Mapping[int, Figure]) -> dict[str, Any]:
    """Figures by year."""
    return {str(year): figure_json(figure) for year, figure in sorted(years.items())}
