"""What falls due when: the annual information, the biennial reports, and the last day of first transfers for OIMP.

Source: 2/CMA.3 annex paras. 18, 20-23; 4/CMA.6 paras. 14, 26; 18/CMA.1 main para. 3; rulebook 4.1.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.accounting.first_transfer import oimp_deadline

FIRST_BTR_YEAR: Final = 2024
BTR_INTERVAL: Final = 2
"""Biennial transparency reports fall due at the end of every even year. Source: 18/CMA.1 main para. 3."""
FIRST_REPORTED_YEAR: Final = 2021


class Duty(StrEnum):
    """What is due; each has a text in both languages."""

    INITIAL_REPORT = "initial_report"
    ANNUAL_INFORMATION = "annual_information"
    REGULAR_INFORMATION = "regular_information"
    STRUCTURED_SUMMARY = "structured_summary"
    OIMP_FIRST_TRANSFERS = "oimp_first_transfers"
    RECOGNITION = "recognition"
    """The acquiring Party's statement, by the days of an agreement."""
    OBJECTION = "objection"
    """The last day of an objection to it."""
    ISSUANCE = "issuance"
    """The host's answer to a verification."""
    ACTIVITY_STAGE = "activity_stage"
    """The end of the term that an activity has for its stage."""
    FINDING = "finding"
    """The closing of a finding about an activity."""
    GRIEVANCE = "grievance"
    """The answer to a grievance."""
    CREDITING_END = "crediting_end"
    """The last day of an activity's crediting, unless it is renewed."""


PROVISIONS: Final = {
    Duty.INITIAL_REPORT: "2/CMA.3 annex paras. 18-19; 4/CMA.6 paras. 26-27",
    Duty.ANNUAL_INFORMATION: "2/CMA.3 annex para. 20",
    Duty.REGULAR_INFORMATION: "2/CMA.3 annex paras. 21-22; 18/CMA.1 main para. 3",
    Duty.STRUCTURED_SUMMARY: "2/CMA.3 annex para. 23; 18/CMA.1 annex para. 77(d)",
    Duty.OIMP_FIRST_TRANSFERS: "4/CMA.6 para. 14",
}
"""Of the duties that a decision sets. Those of an agreement name its own provision."""


@dataclass(frozen=True, slots=True)
class Due:
    """One duty on one day.

    `about` is the reported year, the year of the biennial report for regular information, the last year of the NDC
    period for the OIMP deadline, the cooperative approach of an initial report, the transfer that is to be recognized,
    or the verification that waits for its issuance. `by` is the agreement and its provision, where one sets the day.
    """

    on: date
    duty: Duty
    about: int | str
    by: str = ""

    @property
    def provision(self) -> str:
        return self.by or PROVISIONS[self.duty]


def btr_covers(year: int) -> int:
    """The last year whose inventory a biennial report of that year holds. Source: 18/CMA.1 annex para. 58."""
    return year - BTR_INTERVAL


def initial_report_due(approach: str, *, authorized_on: date) -> Due:
    """The last day of the initial or updated initial report that covers a cooperative approach.

    It is due with the first authorization from the approach or, where that is practical, with the next biennial report:
    the later of the two is the last day. Annual information about the approach never goes before it.

    Source: 2/CMA.3 annex paras. 18-19; 4/CMA.6 paras. 26-27.

    >>> initial_report_due("CA9001", authorized_on=date(2025, 6, 1)).on.isoformat()
    '2026-12-31'
    """
    year = max(authorized_on.year, FIRST_BTR_YEAR)
    return Due(date(year + year % BTR_INTERVAL, 12, 31), Duty.INITIAL_REPORT, approach)


def due_between(first: date, last: date, *, periods: Iterable[tuple[int, int]]) -> list[Due]:
    """Everything that falls due from one day to another, both included, in order.

    Args:
        periods: NDC periods as (last year, year of the report on the period's end).
    """
    found = [
        *_annual(first, last),
        *_biennial(first, last),
        *(Due(oimp_deadline(final_btr_year=final), Duty.OIMP_FIRST_TRANSFERS, end) for end, final in periods),
    ]
    return sorted((due for due in found if first <= due.on <= last), key=lambda due: (due.on, due.duty.value))


def _annual(first: date, last: date) -> Iterator[Due]:
    for year in range(max(first.year, FIRST_REPORTED_YEAR + 1), last.year + 1):
        yield Due(date(year, 4, 15), Duty.ANNUAL_INFORMATION, year - 1)


def _biennial(first: date, last: date) -> Iterator[Due]:
    for year in range(max(first.year, FIRST_BTR_YEAR), last.year + 1):
        if year % BTR_INTERVAL == 0:
            yield Due(date(year, 12, 31), Duty.REGULAR_INFORMATION, year)
            yield Due(date(year, 12, 31), Duty.STRUCTURED_SUMMARY, btr_covers(year))
