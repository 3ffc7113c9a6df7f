"""Which report a page of the desk is about, as its address names it, and where its pages stand.

The annual information has pages of its own, since its draft is a workbook that is checked as others check it; the other
reports share theirs. Source: 2/CMA.3 annex paras. 18-23.
"""

from dataclasses import dataclass
from typing import Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.ids import COOPERATIVE_APPROACH
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.filing import REPORT, ReportKind, filing_key, version_order
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.press import Facts
from counterfoil.entrypoints.web.visit import Visit

FIRST_VERSION: Final = "1.0"
DRAFTS: Final = ("desk", "reports", "draft")
CHECK: Final = ("desk", "reports", "check")
FILE: Final = ("desk", "reports", "file")


@dataclass(frozen=True, slots=True)
class ReportAsked:
    """One report. `year` is the reported one, or that of an initial report; `approach` is named by an update alone."""

    kind: ReportKind
    year: int
    approach: str = ""

    @property
    def draft(self) -> tuple[str, ...]:
        """Where it stands what is missing."""
        return (*CHECK, str(self.year)) if self.kind is ReportKind.AEF else (*DRAFTS, self.kind.value, str(self.year))

    @property
    def filing(self) -> tuple[str, ...]:
        """Where it is filed."""
        return (*FILE, str(self.year)) if self.kind is ReportKind.AEF else (*self.draft, "file")

    def facts(self, party: str, *, version: str, on: str) -> Facts:
        """What the press is told of it."""
        asked: dict[str, str | int | bool | None] = {"kind": self.kind.value, "party": party, "year": self.year}
        return asked | {"approach": self.approach, "version": version, "on": on}


def report_asked(visit: Visit) -> ReportAsked | Refusal:
    """The report of an address; one that names no kind means the annual information."""
    year = year_of(visit)
    if isinstance(year, Refusal):
        return year
    kind, approach = visit.path.get("kind", ReportKind.AEF.value), visit.query.get("approach", "")
    if kind not in {each.value for each in ReportKind} or (kind == ReportKind.AEF.value and "kind" in visit.path):
        return Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": "kind", "value": kind[:60]})
    if approach and not COOPERATIVE_APPROACH.match(approach):
        return Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": "approach", "value": approach[:60]})
    updated = kind == ReportKind.UPDATED_INITIAL.value
    return ReportAsked(ReportKind(kind), int(year), approach if updated else "")


def year_of(visit: Visit) -> str | Refusal:
    """The year in the path."""
    text = visit.path["year"]
    if not (text.isascii() and text.isdecimal() and len(text) == 4 and int(text)):
        return Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": "year", "value": text[:60]})
    return text


def next_version(sight: Sight, asked: ReportAsked) -> tuple[str, str]:
    """The Party, and the version that a filing would have now: one above the highest that was filed."""
    party = sight.registry.party
    approaches = (asked.approach,)
    known = [sight.record(REPORT, filing_key(asked.kind, party, year=asked.year, approaches=approaches))]
    if asked.kind is ReportKind.AEF:
        known.append(sight.record("aef", f"{party}:{asked.year}"))
    versions = [str(each["version"]) for each in known if each is not None]
    if not versions:
        return party, FIRST_VERSION
    major, _, minor = max(versions, key=version_order).partition(".")
    return party, f"{major}.{int(minor or 0) + 1}"


def about(visit: Visit, asked: ReportAsked) -> str:
    """The report in words, such as `Regular information 2026`."""
    name = visit.texts(f"web.report.{asked.kind.value}")
    detail = str(asked.year) if asked.kind.yearly else asked.approach
    return visit.texts("web.report.of_year", report=name, year=detail) if detail else name
