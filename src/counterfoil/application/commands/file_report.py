"""File a report: its content is fixed by a hash from now on, and the year of annual information is frozen."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.application.command import REPORTED, Command, Context, record, stored
from counterfoil.application.commands.initial_reports import uncovered
from counterfoil.application.commands.submit_aef import AefFault
from counterfoil.domain.kernel.ids import DIGEST, CooperativeApproachId, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.reporting.filing import (
    APPROACHES_MAX,
    REPORT,
    REPORT_VERSION,
    Covered,
    Filing,
    ReportKind,
    approaches_fit,
    filing_key,
    is_over,
    is_version,
    version_order,
    year_fits,
)
from counterfoil.domain.reporting.finding import CheckStatus

KNOWN_ISSUES_MAX: Final = 80
REASON_MAX: Final = 1_000


class FilingFault(StrEnum):
    OTHER_PARTY = "report.other_party"
    NOT_A_PARTY = "report.not_a_party"
    YEAR_UNCLEAR = "report.year_unclear"
    YEAR_NOT_OVER = "report.year_not_over"
    APPROACHES_UNCLEAR = "report.approaches_unclear"
    VERSION_NOT_HIGHER = "report.version_not_higher"
    INITIAL_MISSING = "report.initial_missing"
    ISSUES_UNEXPLAINED = "report.issues_unexplained"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport(Command):
    """Record that a version of a report was filed, by the SHA-256 of its content's list.

    `year` is the reported year, and none for an initial report; `approaches` are those that an initial report covers,
    or those with acts or holdings in an AEF. `checked` is the result of the checks before the filing;
    `known_issues` are checks that failed and are filed nonetheless, with a public `reason`.
    """

    kind: ReportKind
    party: Party
    version: str
    sha256: str
    year: int | None = None
    approaches: tuple[CooperativeApproachId, ...] = ()
    checked: CheckStatus | None = None
    known_issues: tuple[str, ...] = ()
    reason: str = ""


def file_report(command: FileReport, books: Books, context: Context) -> Entry | Refusal:
    """Versions only grow. Annual information waits for the initial report of each of its cooperative approaches: those
    that it names, and those that the books know of its year.

    Source: 2/CMA.3 annex paras. 18-23; 4/CMA.6 paras. 26-27, 32; 18/CMA.1 annex.
    """
    for refusal in _complaints(command, books, context):
        return refusal
    key = filing_key(command.kind, command.party, year=command.year, approaches=command.approaches)
    filing = Filing(
        kind=command.kind,
        party=command.party,
        year=command.year,
        approaches=command.approaches,
        version=command.version,
        sha256=command.sha256,
        filed_on=context.on,
        checked="" if command.checked is None else command.checked.value,
        known_issues=command.known_issues,
        reason=command.reason.strip(),
    )
    records = (
        record(REPORT, key, filing),
        record(REPORT_VERSION, f"{key}:{command.version}", filing),
        *_covered(key, filing),
        *_annual(key, filing, books),
    )
    return Entry(Act.REPORT_FILED, context.on, records=records)


def _complaints(command: FileReport, books: Books, context: Context) -> Iterator[Refusal]:
    """What is wrong, in the order in which it is looked for."""
    own = context.registry
    if command.party != own.party:
        yield Refusal(FilingFault.OTHER_PARTY, {"party": command.party[:20], "own": own.party})
    if not own.is_party:
        yield Refusal(FilingFault.NOT_A_PARTY, {"jurisdiction": own.party})
    if not is_version(command.version):
        yield Refusal(AefFault.VERSION_UNREADABLE, {"version": command.version[:20]})
    if not DIGEST.match(command.sha256):
        yield Refusal(AefFault.DIGEST_UNREADABLE)
    facts = {"kind": command.kind.value, "year": command.year}
    if not year_fits(command.kind, command.year):
        yield Refusal(FilingFault.YEAR_UNCLEAR, facts)
    if command.year is not None and not is_over(command.kind, command.year, context.on):
        yield Refusal(FilingFault.YEAR_NOT_OVER, {**facts, "on": context.on.isoformat()})
    if not approaches_fit(command.kind, command.approaches):
        yield Refusal(FilingFault.APPROACHES_UNCLEAR, {"kind": command.kind.value, "approaches_max": APPROACHES_MAX})
    yield from _earlier(command, books, context)
    failed = command.checked is CheckStatus.INCONSISTENT or command.known_issues
    explained = command.known_issues and command.reason.strip()
    bounded = len(command.known_issues) <= KNOWN_ISSUES_MAX and len(command.reason) <= REASON_MAX
    if (failed and not explained) or not bounded:
        yield Refusal(FilingFault.ISSUES_UNEXPLAINED, {"issues": ", ".join(command.known_issues)[:200] or "-"})


def _earlier(command: FileReport, books: Books, context: Context) -> Iterator[Refusal]:
    """What the reports filed before this one allow."""
    key = filing_key(command.kind, command.party, year=command.year, approaches=command.approaches)
    known = [books.record(REPORT, key)]
    if command.kind is ReportKind.AEF:
        known.append(books.record("aef", f"{command.party}:{command.year}"))
    for value in known:
        if value is not None and version_order(command.version) <= version_order(value["version"]):
            facts = {"report": key, "version": command.version, "known": value["version"]}
            yield Refusal(FilingFault.VERSION_NOT_HIGHER, facts)
    if command.kind is ReportKind.UPDATED_INITIAL:
        first = filing_key(ReportKind.INITIAL, command.party, year=None, approaches=())
        if books.record(REPORT, first) is None:
            yield Refusal(FilingFault.INITIAL_MISSING, {"party": command.party, "approach": command.approaches[0]})
    if command.kind is ReportKind.AEF:
        for approach in uncovered(books, context, party=command.party, year=command.year, named=command.approaches):
            yield Refusal(FilingFault.INITIAL_MISSING, {"party": command.party, "approach": approach})


def _covered(key: str, filing: Filing) -> Iterator[Record]:
    """One record for each approach that an initial report covers; that of an update is its own."""
    if filing.kind is ReportKind.INITIAL:
        for approach in filing.approaches:
            covered = Covered(
                kind=filing.kind,
                party=filing.party,
                approaches=(approach,),
                version=filing.version,
                filed_on=filing.filed_on,
                filing=key,
            )
            yield record(REPORT, f"{filing.kind}:{filing.party}:{approach}", covered)


def _annual(key: str, filing: Filing, books: Books) -> Iterator[Record]:
    """What `SubmitAef` records too, so that either way a year counts as reported and is closed to back-dating."""
    if filing.kind is ReportKind.AEF and filing.year is not None:
        value = {
            "version": filing.version,
            "sha256": filing.sha256,
            "submitted_on": filing.filed_on.isoformat(),
            "filing": key,
        }
        about = f"{filing.party}:{filing.year}"
        yield Record("aef", about, value)
        yield Record("aef_version", f"{about}:{filing.version}", value)
        yield Record(REPORTED, "year", max(filing.year, int(books.record(REPORTED, "year") or 0)))


def filed_version(books: Books, report: str, version: str) -> Filing | None:
    """A version of a report as the books know it."""
    return stored(books, REPORT_VERSION, f"{report}:{version}", Filing)


def restated(books: Books, report: str, filing: Filing) -> tuple[Record, ...]:
    """The records of a filing whose state changed; an older version changes only its own."""
    version = record(REPORT_VERSION, f"{report}:{filing.version}", filing)
    latest = books.record(REPORT, report)
    if latest is not None and latest["version"] == filing.version:
        return version, record(REPORT, report, filing)
    return (version,)
