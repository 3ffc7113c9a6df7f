"""Import issuances of another registry's public record, with provenance instead of authorization and verification.

Kyoto units keep their own identity, (originating Party, serial), and their own types; they never enter an AEF, an
adjustment or an NDC use here.
"""

from dataclasses import dataclass
from enum import StrEnum

from counterfoil.application.command import Command, Context, Units, record
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose, cancel
from counterfoil.application.commands.open_account import ACCOUNT_RECORD, HoldingAccount
from counterfoil.domain.accounting.unit_facts import UnitFacts
from counterfoil.domain.kernel.ids import ACCOUNT, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountFault, imported
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Backdating, Entry, FactChange, Move, Record
from counterfoil.domain.units.identifier import kyoto_class, unit_class
from counterfoil.domain.units.serials import serial_range
from counterfoil.domain.units.unit_type import RULES, UnitType


class ImportFault(StrEnum):
    UNIT_TYPE_UNKNOWN = "import.unit_type_unknown"
    ALREADY_ISSUED = "import.already_issued"
    OVERLAPS = "import.overlaps"
    PROJECT_UNKNOWN = "import.project_unknown"
    OTHER_PROJECT = "import.other_project"
    OTHER_TYPE = "import.other_type"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportIssuance(Command):
    """One issuance block of the CDM registry: `party` as in the file, `provenance` file and line."""

    party: str
    project: str
    first: int
    last: int
    unit_type: str
    commitment_period: str
    completed_at: str
    provenance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCancellation(Command):
    """One cancellation of the CDM registry, which splits the block that it lies in."""

    party: str
    project: str
    first: int
    last: int
    unit_type: str
    commitment_period: str
    completed_at: str
    provenance: str
    platform: str = ""


def project_account(party: str, project: str) -> str:
    """The account that holds a project's units, such as `cdm:BR-2569`."""
    return f"cdm:{party}-{project}"


def import_issuance(command: ImportIssuance, books: Books, context: Context) -> Entry | Refusal:
    """Refuses serials that exist: a serial is unique within its originating Party, over all types and periods.

    Source: 3/CMP.1 annex appendix D (CDM registry: serial numbers by originating Party).
    """
    kind = _kind(command.unit_type)
    serials = serial_range(command.first, command.last)
    if isinstance(kind, Refusal) or isinstance(serials, Refusal):
        return kind if isinstance(kind, Refusal) else serials  # type: ignore[return-value]
    key = kyoto_class(party=Party(command.party))
    of = unit_class(key)
    if isinstance(of, Refusal):
        return of
    standing = books.holdings(key, serials.first, serials.last)
    if standing:
        whole = sum(holding.serials.size for holding in standing) == serials.size
        code = ImportFault.ALREADY_ISSUED if whole else ImportFault.OVERLAPS
        return Refusal(code, {"units": f"{key} {serials}", "serials": str(standing[0].serials)})
    account = project_account(command.party, command.project)
    if not ACCOUNT.match(account):
        return Refusal(AccountFault.CODE_UNREADABLE, {"account": account[:120]})
    facts = UnitFacts(kind, f"{command.party}-{command.project}", origin=f"cdm/cp{command.commitment_period}")
    opened: tuple[Record, ...] = ()
    if books.record(ACCOUNT_RECORD, account) is None:
        holding = HoldingAccount(account, f"{command.party}-{command.project}", Party(command.party), context.on)
        opened = (record(ACCOUNT_RECORD, account, holding),)
    return Entry(
        Act.IMPORTED,
        context.on,
        moves=(Move(key, serials.first, serials.last, imported("cdm"), account),),
        facts=(FactChange(key, serials.first, serials.last, facts.as_facts()),),
        records=opened,
        details={"completed_at": command.completed_at, "provenance": command.provenance},
        backdated=Backdating.IMPORT,
    )


def import_cancellation(command: ImportCancellation, books: Books, context: Context) -> Entry | Refusal:
    """Voluntary cancellation of units that stand in the project's account; the same refusals as any cancellation.

    Source: the CDM registry's procedure for voluntary cancellation.
    """
    kind = _kind(command.unit_type)
    serials = serial_range(command.first, command.last)
    if isinstance(kind, Refusal) or isinstance(serials, Refusal):
        return kind if isinstance(kind, Refusal) else serials  # type: ignore[return-value]
    account = project_account(command.party, command.project)
    if books.record(ACCOUNT_RECORD, account) is None:
        return Refusal(ImportFault.PROJECT_UNKNOWN, {"project": f"{command.party}-{command.project}"})
    key = kyoto_class(party=Party(command.party))
    mismatch = _mismatch(command, kind, key, books)
    if mismatch is not None:
        return mismatch
    entry = cancel(
        Cancel(units=Units(key, serials.first, serials.last), account=account, purpose=CancellationPurpose.VOLUNTARY),
        books,
        context,
    )
    if isinstance(entry, Refusal):
        return entry
    details = {
        "purpose": CancellationPurpose.VOLUNTARY.value,
        "completed_at": command.completed_at,
        "provenance": command.provenance,
        "commitment_period": command.commitment_period,
        "platform": command.platform,
    }
    return entry._replace(details=details, backdated=Backdating.IMPORT)


def _kind(text: str) -> UnitType | Refusal:
    try:
        kind = UnitType(text)
    except ValueError:
        kind = None
    if kind is None or not RULES[kind].voluntary_cancellation_only:
        return Refusal(ImportFault.UNIT_TYPE_UNKNOWN, {"unit_type": text[:40]})
    return kind


def _mismatch(command: ImportCancellation, kind: UnitType, key: str, books: Books) -> Refusal | None:
    project = f"{command.party}-{command.project}"
    for holding in books.holdings(key, command.first, command.last):
        facts = {"units": f"{key} {holding.serials}", "project": project}
        if holding.facts["activity"] != project:
            return Refusal(ImportFault.OTHER_PROJECT, {**facts, "found": holding.facts["activity"]})
        if holding.facts["type"] != kind.value:
            return Refusal(ImportFault.OTHER_TYPE, {**facts, "unit_type": kind.value, "found": holding.facts["type"]})
    return None
