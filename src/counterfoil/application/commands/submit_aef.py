"""Record a submitted AEF by the hash of its file; the year it reports is frozen from then on."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.application.command import REPORTED, Command, Context
from counterfoil.application.commands.initial_reports import uncovered
from counterfoil.domain.kernel.ids import DIGEST, PARTY, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.reporting.filing import is_version, version_order

FIRST_YEAR: Final = 2021
"""The first year that a Party reports."""


class AefFault(StrEnum):
    VERSION_UNREADABLE = "aef.version_unreadable"
    VERSION_NOT_HIGHER = "aef.version_not_higher"
    YEAR_NOT_OVER = "aef.year_not_over"
    YEAR_TOO_EARLY = "aef.year_too_early"
    DIGEST_UNREADABLE = "aef.digest_unreadable"
    PARTY_UNREADABLE = "aef.party_unreadable"
    INITIAL_MISSING = "aef.initial_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitAef(Command):
    """Record that a version of the AEF for a year was submitted, by the SHA-256 of its workbook."""

    party: Party
    year: int
    version: str
    sha256: str


def submit_aef(command: SubmitAef, books: Books, context: Context) -> Entry | Refusal:
    """Versions only grow; a reported year is closed to back-dating. An initial report comes before it, as for a filing.

    A hash names no approaches, so those that the books know of the year are asked for.

    Source: 4/CMA.6 paras. 26-27, 32; 2/CMA.3 annex para. 20.
    """
    if not PARTY.match(command.party):
        return Refusal(AefFault.PARTY_UNREADABLE, {"party": command.party[:20]})
    if not is_version(command.version):
        return Refusal(AefFault.VERSION_UNREADABLE, {"version": command.version[:20]})
    if not DIGEST.match(command.sha256):
        return Refusal(AefFault.DIGEST_UNREADABLE)
    if command.year < FIRST_YEAR:
        return Refusal(AefFault.YEAR_TOO_EARLY, {"year": command.year, "year_min": FIRST_YEAR})
    if command.year >= context.on.year:
        return Refusal(AefFault.YEAR_NOT_OVER, {"year": command.year, "on": context.on.isoformat()})
    key = f"{command.party}:{command.year}"
    known = books.record("aef", key)
    if known is not None and version_order(command.version) <= version_order(known["version"]):
        return Refusal(AefFault.VERSION_NOT_HIGHER, {"version": command.version, "known": known["version"]})
    for approach in uncovered(books, context, party=command.party, year=command.year):
        return Refusal(AefFault.INITIAL_MISSING, {"party": command.party, "year": command.year, "approach": approach})
    value = {"version": command.version, "sha256": command.sha256, "submitted_on": context.on.isoformat()}
    frozen = max(command.year, int(books.record(REPORTED, "year") or 0))
    return Entry(
        Act.AEF_SUBMITTED,
        context.on,
        records=(
            Record("aef", key, value),
            Record("aef_version", f"{key}:{command.version}", value),
            Record(REPORTED, "year", frozen),
        ),
    )
