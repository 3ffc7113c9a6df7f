"""Import a Party's annual information as it was published: an immutable record of the file and of what was found."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, record
from counterfoil.application.commands.submit_aef import AefFault
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import DIGEST, PARTY, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.reporting.filing import is_version, version_order
from counterfoil.domain.reporting.finding import CheckStatus

SUBMISSION: Final = "submission"
SUBMISSION_VERSION: Final = "submission_version"
CHECKS_MAX: Final = 100


class ImportFault(StrEnum):
    VERSION_NOT_HIGHER = "import.version_not_higher"
    FINDINGS_UNCLEAR = "import.findings_unclear"


class FileForm(StrEnum):
    """How the imported file is read again."""

    WORKBOOK = "xlsx"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class CheckCount:
    """How often a check found something. `severity` is B, I, N or W."""

    check: str
    severity: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSubmission(Command):
    """Record a published submission of any Party, by the SHA-256 of its file, with what our checks found in it alone.

    `profile` is the profile under which a workbook was read.
    """

    party: Party
    year: int
    version: str
    submitted_on: date
    sha256: str
    form: FileForm
    profile: str
    status: CheckStatus
    found: tuple[CheckCount, ...] = ()


def import_submission(command: ImportSubmission, books: Books, context: Context) -> Entry | Refusal:
    """Versions only grow; every imported version stays.

    Source: 4/CMA.6 para. 32; rulebook 5.3 (checks C04, C05).
    """
    if not PARTY.match(command.party):
        return Refusal(AefFault.PARTY_UNREADABLE, {"party": command.party[:20]})
    if not is_version(command.version):
        return Refusal(AefFault.VERSION_UNREADABLE, {"version": command.version[:20]})
    if not DIGEST.match(command.sha256):
        return Refusal(AefFault.DIGEST_UNREADABLE)
    if len(command.found) > CHECKS_MAX or any(len(each.check) > 8 or each.count < 1 for each in command.found):
        return Refusal(ImportFault.FINDINGS_UNCLEAR, {"checks_max": CHECKS_MAX})
    key = f"{command.party}:{command.year}"
    known = books.record(SUBMISSION, key)
    if known is not None and version_order(command.version) <= version_order(known["version"]):
        facts: dict[str, JSON] = {"party": command.party, "year": command.year, "version": command.version}
        return Refusal(ImportFault.VERSION_NOT_HIGHER, {**facts, "known": known["version"]})
    value = {
        "party": command.party,
        "year": command.year,
        "version": command.version,
        "submitted_on": command.submitted_on.isoformat(),
        "imported_on": context.on.isoformat(),
        "sha256": command.sha256,
        "form": command.form.value,
        "profile": command.profile[:40],
        "status": command.status.value,
        "found": command.found,
    }
    latest, version = record(SUBMISSION, key, value), record(SUBMISSION_VERSION, f"{key}:{command.version}", value)
    return Entry(Act.SUBMISSION_IMPORTED, context.on, records=(latest, version))
