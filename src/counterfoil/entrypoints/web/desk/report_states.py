"""How each report of each year stands: its day, the version that was filed, and whether it is late.

Source: 2/CMA.3 annex paras. 20-23; 18/CMA.1 annex para. 77(d).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.accounting.deadlines import Duty, due_between
from counterfoil.domain.reporting.filing import ReportKind, filing_key

AHEAD_YEARS: Final = 3
DUTIES: Final[Mapping[ReportKind, Duty]] = {
    ReportKind.AEF: Duty.ANNUAL_INFORMATION,
    ReportKind.SUMMARY: Duty.STRUCTURED_SUMMARY,
    ReportKind.REGULAR: Duty.REGULAR_INFORMATION,
}
"""The reports of a year, in the order of their columns."""


class State(StrEnum):
    """How a report stands; not due in a year in which nothing obliges to it."""

    FILED = "filed"
    MISSING = "missing"
    """Its day has passed, and no version is known here."""
    DUE = "due"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class ReportState:
    """One report of a year. `on` is its last day, `report` the key of what was filed, `open` its open findings."""

    kind: ReportKind
    state: State
    on: date | None = None
    report: str = ""
    version: str = ""
    open: int = 0


@dataclass(frozen=True, slots=True)
class YearStates:
    """The reports of one year. `over` says whether the year has ended."""

    year: int
    over: bool
    reports: tuple[ReportState, ...]


def states_of(
    party: str,
    years: Sequence[int],
    *,
    filed: Iterable[Mapping[str, Any]],
    findings: Iterable[Mapping[str, Any]],
    on: date,
) -> list[YearStates]:
    """How the reports of these years stand on a day.

    Args:
        filed: The newest version of every report.
        findings: The findings of review that are not closed.
    """
    if not years:
        return []
    last = min(max(years) + AHEAD_YEARS, date.max.year)
    due = {
        (each.duty, each.about): each.on for each in due_between(date(min(years), 1, 1), date(last, 12, 31), periods=())
    }
    versions = {each["report"]: str(each["version"]) for each in filed}
    about = [each["report"] for each in findings]

    def state(kind: ReportKind, year: int) -> ReportState:
        day = due.get((DUTIES[kind], year))
        keys = (filing_key(kind, party, year=each, approaches=()) for each in _answering(kind, year, day))
        key = next((each for each in keys if each in versions), None)
        if key is not None:
            return ReportState(kind, State.FILED, day, key, versions[key], about.count(key))
        if day is None:
            return ReportState(kind, State.NOT_DUE)
        return ReportState(kind, State.MISSING if day < on else State.DUE, day)

    # The calendar says what is overdue: whether a Party took part in a year so long ago is not asked here.
    return [YearStates(year, year < on.year, tuple(state(kind, year) for kind in DUTIES)) for year in years]


def _answering(kind: ReportKind, year: int, day: date | None) -> range:
    """The years whose report does the duty of a year: a structured summary may be of any that had ended by its day."""
    return range(year, day.year) if kind is ReportKind.SUMMARY and day is not None else range(year, year + 1)
