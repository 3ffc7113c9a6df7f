"""A report that was handed in: which one, which version, what it held, and how far it got.

A filing names its content by one hash (`package.py`), so that later edits of the register never change what was filed.
Read next: `package.py`, then `review.py`.

Source: 2/CMA.3 annex paras. 18-23 (the reports); 4/CMA.6 paras. 26-27 (their order), 32 (versions); rulebook 4.1.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import COOPERATIVE_APPROACH

REPORT: Final = "report"
REPORT_VERSION: Final = "report_version"
ANSWERED: Final = "submission_answer"
EVERY_APPROACH: Final = "*"
APPROACHES_MAX: Final = 40
YEAR_MIN: Final = 2021
_VERSION: Final = re.compile(r"[1-9]\d{0,3}\.\d{1,4}\Z", re.ASCII)


class ReportKind(StrEnum):
    """The five reports of a participating Party."""

    AEF = "aef"
    INITIAL = "initial"
    UPDATED_INITIAL = "updated-initial"
    REGULAR = "regular"
    SUMMARY = "summary"

    @property
    def yearly(self) -> bool:
        """Whether it reports on a year; an initial report is about cooperative approaches."""
        return self not in (ReportKind.INITIAL, ReportKind.UPDATED_INITIAL)


class FilingState(StrEnum):
    FILED = "filed"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    RESUBMISSION_ASKED = "resubmission_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """One version of one report. `sha256` is the hash of its content's list; `checked` the result of our own checks.

    `known_issues` are checks that failed and were filed nonetheless, for the stated reason.
    """

    kind: ReportKind
    party: str
    year: int | None
    approaches: tuple[str, ...]
    version: str
    sha256: str
    filed_on: date
    state: FilingState = FilingState.FILED
    checked: str = ""
    known_issues: tuple[str, ...] = ()
    reason: str = ""
    sent_on: date | None = None
    package: str = ""
    acknowledgement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """That an initial or updated initial report covers a cooperative approach. `filing` is the report's key."""

    kind: ReportKind
    party: str
    approaches: tuple[str, ...]
    version: str
    filed_on: date
    filing: str


def is_version(text: str) -> bool:
    """Whether a text is a version such as `1.0` or `2.11`. Source: rulebook 4.5, table 1 field 2."""
    return _VERSION.match(text) is not None


def version_order(version: str) -> tuple[int, int]:
    """Versions grow by their numbers, not by their letters.

    >>> version_order("1.10") > version_order("1.9")
    True
    """
    major, minor = version.split(".")
    return int(major), int(minor)


def filing_key(kind: ReportKind, party: str, *, year: int | None, approaches: Sequence[str]) -> str:
    """What a series of versions is called.

    A yearly report has one series for each year, an updated initial report one for its approach, and the initial
    report is one for the Party.

    >>> filing_key(ReportKind.AEF, "THA", year=2026, approaches=("CA0001",))
    'aef:THA:2026'
    >>> filing_key(ReportKind.INITIAL, "THA", year=None, approaches=("CA9001", "CA9002"))
    'initial:THA:*'
    """
    match kind:
        case ReportKind.INITIAL:
            return f"{kind}:{party}:{EVERY_APPROACH}"
        case ReportKind.UPDATED_INITIAL:
            return f"{kind}:{party}:{approaches[0]}"
        case _:
            return f"{kind}:{party}:{year}"


def covering_keys(party: str, approach: str) -> tuple[str, str]:
    """The keys of which one stands when an initial or an updated initial report covers an approach."""
    return f"{ReportKind.INITIAL}:{party}:{approach}", f"{ReportKind.UPDATED_INITIAL}:{party}:{approach}"


def approaches_fit(kind: ReportKind, approaches: Sequence[str]) -> bool:
    """Whether a report names the approaches that its kind needs: all of an initial report, the one of an update.

    A structured summary and regular information are about all approaches together and name none.
    Source: 2/CMA.3 annex paras. 18-19, 21, 23.
    """
    readable = all(COOPERATIVE_APPROACH.match(each) for each in approaches)
    distinct = len(set(approaches)) == len(approaches) <= APPROACHES_MAX
    match kind:
        case ReportKind.INITIAL:
            return readable and distinct and bool(approaches)
        case ReportKind.UPDATED_INITIAL:
            return readable and len(approaches) == 1
        case ReportKind.AEF:
            return readable and distinct
        case ReportKind.REGULAR | ReportKind.SUMMARY:
            return not approaches


def year_fits(kind: ReportKind, year: int | None) -> bool:
    """A yearly report names its year, 2021 or later; another one names none."""
    return (year is not None and YEAR_MIN <= year <= date.max.year) if kind.yearly else year is None


def is_over(kind: ReportKind, year: int, on: date) -> bool:
    """Whether the reported year can be reported on a day.

    Regular information is due in the year of its biennial report itself, the other reports are about a year that ended.
    Source: rulebook 4.1.
    """
    return year <= on.year if kind is ReportKind.REGULAR else year < on.year
