"""A structured summary from the JSON file that `report summary` writes, as the checks take it.

The report says more than the checks ask for, so keys that are not asked for are left alone; what is asked for must have
its form. A figure that the report gives a reason for instead of a number is not available here.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

from counterfoil.domain.reporting.structured_summary import (
    SPLIT_LINES,
    FinalAssessment,
    Line,
    SplitAmount,
    StructuredSummary,
    YearBasis,
)

REPORT: Final = "ctf_table_4"
TONNES: Final = "tCO2e"
DIGITS_MAX: Final = 60
_PARTS: Final = frozenset({"adaptation", "omge"})
TARGET, COMPARED, MARGIN, ACHIEVED = 16, 18, 19, 20


def is_summary_report(values: object) -> bool:
    """Whether the values are a report of this kind."""
    return isinstance(values, Mapping) and values.get("report") == REPORT


def summary_from_report(values: Mapping[str, Any], file: str) -> StructuredSummary | None:
    """The summary in the values of a report, or None when something that is asked for has another form."""
    try:
        return _summary(values, file)
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError):
        return None


def _summary(values: Mapping[str, Any], file: str) -> StructuredSummary:
    tonnes = [row for row in values["lines"] if row.get("unit", TONNES) == TONNES]
    lines = {
        int(row["line"]): _amounts(row["years"])
        for row in reversed(tonnes)
        if "years" in row and "part" not in row and row["line"] in set(Line)
    }
    average, adjustment = lines.get(Line.AVERAGE, {}), lines.get(Line.ADJUSTMENT, {})
    totals = _totals(tonnes)
    first_year = values["ctf_year_basis"] == "first_transfer_year"
    return StructuredSummary(
        file=file,
        party=_text(values["party"]),
        submitted_on=date.fromisoformat(values["as_of"]),
        ndc_first_year=_whole(values["period"]["first"]),
        ndc_last_year=_whole(values["period"]["last"]),
        method=_text(values["method"] or ""),
        lines=lines,
        splits=tuple(_split(row) for row in values["split"] if row["unit"] == TONNES),
        final=_final(tonnes),
        year_basis=YearBasis.FIRST_TRANSFER_YEAR if first_year else YearBasis.VINTAGE,
        running_average=len(average) > 1 and average == adjustment,
        adaptation_t=totals.get("adaptation"),
        omge_t=totals.get("omge"),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return value


def _amount(value: object) -> Fraction | None:
    """A whole number, an exact fraction, or None where the report gives a reason instead."""
    if isinstance(value, Mapping):
        exact = value.get("exact")
        return Fraction(_text(exact)[:DIGITS_MAX]) if exact is not None else None
    return Fraction(_whole(value))


def _amounts(years: Mapping[str, object]) -> dict[int, Fraction]:
    read = ((int(year), _amount(value)) for year, value in years.items())
    return {year: amount for year, amount in read if amount is not None}


def _split(row: Mapping[str, Any]) -> SplitAmount:
    line = next(line for line in SPLIT_LINES if line == row["line"])
    return SplitAmount(
        line=line,
        year=_whole(row["year"]),
        amount=Fraction(_whole(row["quantity"])),
        cooperative_approach_id=_text(row["cooperative_approach"]),
        sector=_text(row["sector"]),
        transferring_party=_text(row["transferring_party"]),
        using_party=_text(row["acquiring_or_using_party"]),
        vintage=_whole(row["vintage"]),
    )


def _totals(rows: Sequence[Mapping[str, Any]]) -> dict[str, Fraction]:
    """The contributions of line 15, all years together."""
    return {
        row["part"]: sum(_amounts(row["years"]).values(), Fraction(0))
        for row in rows
        if row.get("part") in _PARTS and "years" in row
    }


def _final(rows: Sequence[Mapping[str, Any]]) -> FinalAssessment | None:
    """The assessment of the first target that has numbers."""
    by_target: dict[str, dict[int, Mapping[str, Any]]] = {}
    for row in rows:
        by_target.setdefault(row.get("about", ""), {})[row["line"]] = row
    for told in by_target.values():
        if not {COMPARED, MARGIN, ACHIEVED} <= set(told):
            continue
        compared, margin = (_amount(told[line].get("value", {})) for line in (COMPARED, MARGIN))
        if compared is not None and margin is not None:
            achieved = told[ACHIEVED].get("statement") == "met"
            year = told.get(TARGET, {}).get("target_year")
            return FinalAssessment(
                compared=compared,
                target=compared + margin,
                achieved=achieved,
                target_year=None if year is None else _whole(year),
            )
    return None
