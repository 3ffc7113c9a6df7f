"""What this registry's Party owes, when, by which provision, and whether the journal knows it done.

Read next: `agreed_days.py`.
Source: rulebook 4.1; 2/CMA.3 annex paras. 18-23; 4/CMA.6 para. 14.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from counterfoil.application.commands.authorize import AUTHORIZATION_VERSION
from counterfoil.application.commands.foreign import FOREIGN_AUTHORIZATION, FOREIGN_AUTHORIZATION_VERSION
from counterfoil.application.queries.agreed_days import agreed_dues
from counterfoil.application.queries.balance import BalanceFault
from counterfoil.application.queries.life_days import life_dues
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.deadlines import Due, Duty, due_between, initial_report_due
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.filing import ReportKind, covering_keys, filing_key


class CalendarFault(StrEnum):
    NOT_A_PARTY = "calendar.not_a_party"


class DueState(StrEnum):
    """Whether a duty is done. A last day on which something may be done is not itself done: it only passes."""

    DONE = "done"
    DUE = "due"
    OVERDUE = "overdue"
    PASSED = "passed"


def calendar(sight: Sight, *, party: str, on: date, years: int) -> Mapping[str, Any] | Refusal:
    """Everything due in the year of a day and the years after it, and what was missed before: initial reports, and
    what an agreement set a day for.

    Args:
        on: The day that is today for the answer.
        years: How many years in all, from the year of that day.
    """
    registry = sight.registry
    if party != registry.party:
        return Refusal(BalanceFault.OTHER_PARTY, {"party": party[:20], "own": registry.party})
    if not registry.is_party:
        return Refusal(CalendarFault.NOT_A_PARTY, {"jurisdiction": registry.party})
    periods = [(period.last, period.final_btr_year) for period in registry.ndc_periods]
    last = min(on.year + years - 1, date.max.year)
    filed = _first_filings(sight)
    first, end = date(on.year, 1, 1), date(last, 12, 31)
    initial = [due for due in _initial_reports(sight, party) if due.on >= first or _filed_on(filed, party, due) is None]
    dues = (*agreed_dues(sight), *life_dues(sight))
    agreed = {due: done for due, done in dues if due.on <= end and (due.on >= first or done is None)}
    found = [*due_between(first, end, periods=periods), *(due for due in initial if due.on <= end), *agreed]
    found.sort(key=lambda due: (due.on, due.duty.value, str(due.about)))
    return {
        "party": party,
        "on": on.isoformat(),
        "due": [
            {
                "on": due.on.isoformat(),
                "duty": due.duty.value,
                "about": due.about,
                **_state(agreed.get(due) or _filed_on(filed, party, due), due, on),
                "provision": due.provision,
            }
            for due in found
        ],
    }


def _initial_reports(sight: Sight, party: str) -> list[Due]:
    """One for every approach in which this Party takes part; what was missed once stays in the calendar.

    Each participating Party owes it: a host from the day of its letter, another from the day on which a letter of a
    host first came here with its units.

    Source: 2/CMA.3 annex para. 18.
    """
    first: dict[str, date] = {}
    for _, value in sight.records(AUTHORIZATION_VERSION):
        approach, on = value["cooperative_approach"], date.fromisoformat(value["authorized_on"])
        if approach and value["host"] == party:
            first[approach] = min(on, first.get(approach, on))
    for kind in (FOREIGN_AUTHORIZATION, FOREIGN_AUTHORIZATION_VERSION):
        for row in sight.reading.records(kind):
            approach, brought = sight.codec.decode(row.value)["cooperative_approach"], sight.entry(row.seq)
            if approach and brought is not None:
                on = brought.entry.effective_on
                first[approach] = min(on, first.get(approach, on))
    return [initial_report_due(approach, authorized_on=on) for approach, on in sorted(first.items())]


def _first_filings(sight: Sight) -> dict[str, date]:
    """The day of the first version of every report that was handed in, by the key of its series."""
    found: dict[str, date] = {}
    for kind, prefix, day in (("report_version", "", "filed_on"), ("aef_version", "aef:", "submitted_on")):
        for key, value in sight.records(kind):
            filed = date.fromisoformat(value[day])
            for series in (f"{prefix}{key.rpartition(':')[0]}", *_covered(value)):
                found[series] = min(filed, found.get(series, filed))
    return found


def _covered(value: Mapping[str, Any]) -> Iterator[str]:
    """The approaches that a version of an initial report covers, each by the key that a search for it asks for."""
    if value.get("kind") == ReportKind.INITIAL:
        for approach in value["approaches"]:
            yield covering_keys(value["party"], approach)[0]


def _filed_on(filed: Mapping[str, date], party: str, due: Due) -> date | None:
    """The day on which a duty was done, if it was.

    Regular information is filed for the year of its biennial report, a structured summary for a year that had ended.
    """
    keys: Sequence[str]
    match due.duty, due.about:
        case Duty.INITIAL_REPORT, str(approach):
            keys = covering_keys(party, approach)
        case Duty.ANNUAL_INFORMATION, int(year):
            keys = _series(ReportKind.AEF, party, year)
        case Duty.REGULAR_INFORMATION, int(year):
            keys = _series(ReportKind.REGULAR, party, year)
        case Duty.STRUCTURED_SUMMARY, int(year):
            keys = _series(ReportKind.SUMMARY, party, *range(year, due.on.year))
        case _:
            return None
    return min((filed[key] for key in keys if key in filed), default=None)


def _series(kind: ReportKind, party: str, *years: int) -> tuple[str, ...]:
    return tuple(filing_key(kind, party, year=year, approaches=()) for year in years)


def _state(filed_on: date | None, due: Due, on: date) -> dict[str, Any]:
    if filed_on is not None and filed_on <= on:
        return {"state": DueState.DONE.value, "filed_on": filed_on.isoformat(), "late": filed_on > due.on}
    if due.on >= on:
        return {"state": DueState.DUE.value}
    passed = due.duty in (Duty.OIMP_FIRST_TRANSFERS, Duty.OBJECTION, Duty.CREDITING_END)
    return {"state": (DueState.PASSED if passed else DueState.OVERDUE).value}
