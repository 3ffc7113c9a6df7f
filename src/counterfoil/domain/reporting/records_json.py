"""Records from JSON values: strict, so that a misspelt key is a refusal and never a check with nothing to look at.

Amounts are whole numbers, or texts such as "12.34" or "1/3": binary fractions are refused. The shape is described in
docs/how-to/check-an-aef.md.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, TypeVar

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.records import (
    AdjustmentMethod,
    InitialReport,
    ListedApproach,
    Records,
    WithdrawnUnits,
)
from counterfoil.domain.reporting.structured_summary import (
    FinalAssessment,
    Line,
    SplitAmount,
    StructuredSummary,
    YearBasis,
)
from counterfoil.domain.reporting.summary_json import is_summary_report, summary_from_report

ROWS_MAX: Final = 100_000
"""Rows of one list."""
_AMOUNT: Final = re.compile(r"-?\d{1,30}(?:\.\d{1,12}|/[1-9]\d{0,30})?", re.ASCII)
_LINES: Final = {int(line) for line in Line}
_METHODS: Final = frozenset(AdjustmentMethod)
_BASES: Final = {"vintage": YearBasis.VINTAGE, "first_transfer_year": YearBasis.FIRST_TRANSFER_YEAR}

Made = TypeVar("Made")


class RecordsFault(StrEnum):
    UNREADABLE = "records.unreadable"


class _Wrong(Exception):
    """A value that is not what its place needs; never leaves this module."""


def records_from_json(values: object, file: str) -> Records | Refusal:
    """The records, or `records.unreadable` with the first place that is wrong. A `report summary` file is one too."""
    if isinstance(values, Mapping) and is_summary_report(values):
        summary = summary_from_report(values, file)
        if summary is None:
            return Refusal(RecordsFault.UNREADABLE, {"file": file, "place": "report"})
        return Records(summaries=[summary])
    try:
        top = _object(values, "the file", optional=tuple(_LISTS))
        found = {_FIELDS[name]: make(top[name], name) for name, make in _LISTS.items() if name in top}
        if "structured_summaries" in top:
            rows = found["summaries"]
            found["summaries"] = [one if one.file else replace(one, file=file) for one in rows]
    except _Wrong as wrong:
        return Refusal(RecordsFault.UNREADABLE, {"file": file, "place": str(wrong)})
    return Records(**found)


def _object(
    value: object, place: str, required: tuple[str, ...] = (), optional: tuple[str, ...] = ()
) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _Wrong(place)
    missing = [name for name in required if name not in value]
    unknown = [name for name in value if name not in (*required, *optional)]
    if missing or unknown:
        raise _Wrong(f"{place}.{(missing or unknown)[0]}"[:120])
    return value


def _rows(value: object, place: str, make: Callable[[object, str], Made]) -> list[Made]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > ROWS_MAX:
        raise _Wrong(place)
    return [make(row, f"{place}[{number}]") for number, row in enumerate(value)]


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or not value or len(value) > 400:
        raise _Wrong(place)
    return value


def _year(value: object, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1990 <= value <= 9999:
        raise _Wrong(place)
    return value


def _day(value: object, place: str) -> date:
    try:
        return date.fromisoformat(_text(value, place))
    except ValueError:
        raise _Wrong(place) from None


def _amount(value: object, place: str) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | str) or not _AMOUNT.fullmatch(str(value)[:80]):
        raise _Wrong(place)
    return Fraction(str(value))


def _flag(value: object, place: str) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(place)
    return value


def _texts(value: object, place: str) -> tuple[str, ...]:
    return tuple(_rows(value, place, _text))


def _method(value: object, place: str) -> str:
    if value not in _METHODS:
        raise _Wrong(place)
    return str(value)


def _initial_report(value: object, place: str) -> InitialReport:
    row = _object(
        value,
        place,
        ("party", "submitted_on", "cooperative_approaches", "ndc_first_year", "ndc_last_year", "method"),
        ("metrics", "factors"),
    )
    factors = row.get("factors", {})
    return InitialReport(
        party=_text(row["party"], f"{place}.party"),
        submitted_on=_day(row["submitted_on"], f"{place}.submitted_on"),
        approaches=_texts(row["cooperative_approaches"], f"{place}.cooperative_approaches"),
        ndc_first_year=_year(row["ndc_first_year"], f"{place}.ndc_first_year"),
        ndc_last_year=_year(row["ndc_last_year"], f"{place}.ndc_last_year"),
        method=_method(row["method"], f"{place}.method"),
        metrics=_texts(row.get("metrics", ["GHG"]), f"{place}.metrics"),
        factors={
            name: _amount(factor, f"{place}.factors.{name}")
            for name, factor in _object(factors, f"{place}.factors", optional=tuple(factors)).items()
        },
    )


def _approach(value: object, place: str) -> ListedApproach:
    row = _object(value, place, ("id", "parties"))
    return ListedApproach(_text(row["id"], f"{place}.id"), _texts(row["parties"], f"{place}.parties"))


def _document(value: object, place: str) -> tuple[str, str]:
    row = _object(value, place, ("party", "authorization_id"))
    return _text(row["party"], f"{place}.party"), _text(row["authorization_id"], f"{place}.authorization_id")


def _inventory(value: object, place: str) -> tuple[tuple[str, int], Fraction]:
    row = _object(value, place, ("party", "year", "t_co2eq"))
    name = _text(row["party"], f"{place}.party"), _year(row["year"], f"{place}.year")
    return name, _amount(row["t_co2eq"], f"{place}.t_co2eq")


def _withdrawn(value: object, place: str) -> WithdrawnUnits:
    row = _object(value, place, ("registry", "first_unit", "last_unit", "claim"))
    return WithdrawnUnits(*(_text(row[name], f"{place}.{name}") for name in row))


def _line(value: object, place: str) -> Line:
    if isinstance(value, bool) or not isinstance(value, int) or value not in _LINES:
        raise _Wrong(place)
    return Line(value)


def _split(value: object, place: str) -> SplitAmount:
    row = _object(
        value,
        place,
        ("line", "year", "t_co2eq", "cooperative_approach_id"),
        ("sector", "transferring_party", "using_party", "vintage"),
    )
    named = {
        name: _text(row[name], f"{place}.{name}")
        for name in ("sector", "transferring_party", "using_party")
        if name in row
    }
    return SplitAmount(
        line=_line(row["line"], f"{place}.line"),
        year=_year(row["year"], f"{place}.year"),
        amount=_amount(row["t_co2eq"], f"{place}.t_co2eq"),
        cooperative_approach_id=_text(row["cooperative_approach_id"], f"{place}.cooperative_approach_id"),
        vintage=_year(row["vintage"], f"{place}.vintage") if "vintage" in row else None,
        **named,
    )


def _final(value: object, place: str) -> FinalAssessment:
    row = _object(value, place, ("compared", "target", "achieved"), ("target_year",))
    return FinalAssessment(
        compared=_amount(row["compared"], f"{place}.compared"),
        target=_amount(row["target"], f"{place}.target"),
        achieved=_flag(row["achieved"], f"{place}.achieved"),
        target_year=_year(row["target_year"], f"{place}.target_year") if "target_year" in row else None,
    )


def _amounts(value: object, place: str) -> dict[int, Fraction]:
    years = _object(value, place, optional=tuple(value) if isinstance(value, Mapping) else ())
    return {_number(year, place): _amount(amount, f"{place}.{year}") for year, amount in years.items()}


def _number(text: object, place: str) -> int:
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{1,4}", text):
        raise _Wrong(f"{place}.{text}"[:120])
    return int(text)


def _summary(value: object, place: str) -> StructuredSummary:
    row = _object(
        value,
        place,
        ("party", "submitted_on", "ndc_first_year", "ndc_last_year", "method", "lines"),
        ("file", "metrics", "splits", "final", "year_basis", "running_average", "adaptation_t", "omge_t"),
    )
    lines = _object(row["lines"], f"{place}.lines", optional=tuple(str(number) for number in sorted(_LINES)))
    basis = row.get("year_basis", "vintage")
    if basis not in _BASES:
        raise _Wrong(f"{place}.year_basis")
    totals = {name: _amount(row[name], f"{place}.{name}") for name in ("adaptation_t", "omge_t") if name in row}
    return StructuredSummary(
        file=_text(row["file"], f"{place}.file") if "file" in row else "",
        party=_text(row["party"], f"{place}.party"),
        submitted_on=_day(row["submitted_on"], f"{place}.submitted_on"),
        ndc_first_year=_year(row["ndc_first_year"], f"{place}.ndc_first_year"),
        ndc_last_year=_year(row["ndc_last_year"], f"{place}.ndc_last_year"),
        method=_method(row["method"], f"{place}.method"),
        metrics=_texts(row.get("metrics", ["GHG"]), f"{place}.metrics"),
        lines={int(number): _amounts(amounts, f"{place}.lines.{number}") for number, amounts in lines.items()},
        splits=tuple(_rows(row.get("splits", ()), f"{place}.splits", _split)),
        final=_final(row["final"], f"{place}.final") if "final" in row else None,
        year_basis=_BASES[basis],
        running_average=_flag(row.get("running_average", False), f"{place}.running_average"),
        **totals,
    )


_LISTS: Final[Mapping[str, Callable[[object, str], Any]]] = {
    "initial_reports": lambda value, place: _rows(value, place, _initial_report),
    "cooperative_approaches": lambda value, place: _rows(value, place, _approach),
    "authorization_documents": lambda value, place: frozenset(_rows(value, place, _document)),
    "inventories": lambda value, place: dict(_rows(value, place, _inventory)),
    "withdrawn_units": lambda value, place: _rows(value, place, _withdrawn),
    "structured_summaries": lambda value, place: _rows(value, place, _summary),
}
_FIELDS: Final = {
    "initial_reports": "initial_reports",
    "cooperative_approaches": "approaches",
    "authorization_documents": "documents",
    "inventories": "inventories",
    "withdrawn_units": "withdrawn_units",
    "structured_summaries": "summaries",
}
