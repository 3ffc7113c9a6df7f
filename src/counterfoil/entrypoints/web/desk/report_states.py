"""How each report of each year stands: its day, the version that was filed, and whether it is late.

Source: 2/CMA.3 annex paras. 20-23; 18/CMA.1 annex para. 77(d).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.deadlines import Duty, due_between
from counterfoil.domain.reporting.filing import REPORT, ReportKind, covering_keys, filing_key

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


@dataclass(frozen=True, slots=True)
class Coverage:
    """A cooperative approach, and the initial or updated initial report that covers it; without one, nothing does."""

    approach: str
    title: str
    report: str = ""
    kind: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class InitialReports:
    """The initial report of a Party, by its newest version, and what covers each of its approaches."""

    report: str
    version: str
    approaches: tuple[Coverage, ...]


def once_of(party: str, approaches: Sequence[tuple[str, str]], *, sight: Sight) -> InitialReports:
    """The reports that are filed once, or once for each further approach. Source: 2/CMA.3 annex paras. 18-19."""
    key = filing_key(ReportKind.INITIAL, party, year=None, approaches=())
    known = sight.record(REPORT, key)
    told = tuple(_covered(sight, party, approach, title) for approach, title in approaches)
    return InitialReports(key, "" if known is None else str(known["version"]), told)


def _covered(sight: Sight, party: str, approach: str, title: str) -> Coverage:
    initial, updated = (sight.record(REPORT, each) for each in covering_keys(party, approach))
    if updated is not None:
        key = filing_key(ReportKind.UPDATED_INITIAL, party, year=None, approaches=(approach,))
        return Coverage(approach, title, key, ReportKind.UPDATED_INITIAL.value, str(updated["version"]))
    if initial is not None:
        return Coverage(approach, title, str(initial["filing"]), ReportKind.INITIAL.value, str(initial["version"]))
    return Coverage(approach, title)


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
