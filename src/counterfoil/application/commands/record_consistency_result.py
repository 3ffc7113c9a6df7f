"""Record the secretariat's result of the consistency check. Only it, or the authority, may place holds."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, Units, record
from counterfoil.application.commands.submit_aef import AefFault
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import DIGEST, NAME, PARTY, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.reporting.consistency_result import (
    CONSISTENCY_RESULT,
    RANGES_MAX,
    ConsistencyResult,
    FlaggedRange,
    result_key,
)
from counterfoil.domain.reporting.filing import is_version
from counterfoil.domain.reporting.finding import CheckStatus
from counterfoil.domain.units.identifier import unit_class
from counterfoil.domain.units.serials import serial_range

PARTS_MAX: Final = 10_000


class ResultFault(StrEnum):
    ID_UNREADABLE = "result.id_unreadable"
    ALREADY_RECORDED = "result.already_recorded"
    VERSION_UNKNOWN = "result.version_unknown"
    TOO_MANY_RANGES = "result.too_many_ranges"
    RANGES_WITHOUT_INCONSISTENCY = "result.ranges_without_inconsistency"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConsistencyResult(Command):
    """Record what the secretariat's check found in one version of a Party's annual information.

    `findings` counts all findings of the file whose SHA-256 is `sha256`; `ranges` are the serials that they name. A
    result with many ranges is recorded in parts, from 1 on.
    """

    result: str
    party: Party
    year: int
    version: str
    status: CheckStatus
    told_on: date
    sha256: str
    findings: int = 0
    ranges: tuple[Units, ...] = ()
    part: int = 1


def record_consistency_result(command: RecordConsistencyResult, books: Books, context: Context) -> Entry | Refusal:
    """The result holds nothing by itself: `PlaceHold` with this result as its source does, for these serials only.

    Source: 4/CMA.6 paras. 29-33, 40.
    """
    refusal = _unreadable(command) or _unfit(command, books, context)
    if refusal is not None:
        return refusal
    value = ConsistencyResult(
        result=command.result,
        part=command.part,
        party=command.party,
        year=command.year,
        version=command.version,
        status=command.status,
        told_on=command.told_on,
        sha256=command.sha256,
        findings=command.findings,
        ranges=tuple(FlaggedRange(each.unit_class, each.first, each.last) for each in command.ranges),
    )
    key = result_key(command.result, command.part)
    return Entry(Act.CONSISTENCY_RESULT_RECORDED, context.on, records=(record(CONSISTENCY_RESULT, key, value),))


def _unreadable(command: RecordConsistencyResult) -> Refusal | None:
    if not NAME.match(command.result) or not 1 <= command.part <= PARTS_MAX:
        return Refusal(ResultFault.ID_UNREADABLE, {"result": command.result[:80]})
    if not PARTY.match(command.party):
        return Refusal(AefFault.PARTY_UNREADABLE, {"party": command.party[:20]})
    if not is_version(command.version):
        return Refusal(AefFault.VERSION_UNREADABLE, {"version": command.version[:20]})
    if not DIGEST.match(command.sha256):
        return Refusal(AefFault.DIGEST_UNREADABLE)
    return None


def _unfit(command: RecordConsistencyResult, books: Books, context: Context) -> Refusal | None:
    facts: dict[str, JSON] = {
        "result": command.result,
        "party": command.party,
        "year": command.year,
        "version": command.version,
    }
    if books.record(CONSISTENCY_RESULT, result_key(command.result, command.part)) is not None:
        return Refusal(ResultFault.ALREADY_RECORDED, facts)
    own = command.party == context.registry.party
    if own and books.record("aef_version", f"{command.party}:{command.year}:{command.version}") is None:
        return Refusal(ResultFault.VERSION_UNKNOWN, facts)
    if len(command.ranges) > RANGES_MAX:
        return Refusal(ResultFault.TOO_MANY_RANGES, {**facts, "ranges_max": RANGES_MAX})
    if command.ranges and command.status is not CheckStatus.INCONSISTENT:
        return Refusal(ResultFault.RANGES_WITHOUT_INCONSISTENCY, facts)
    for each in command.ranges:
        of, serials = unit_class(each.unit_class), serial_range(each.first, each.last)
        for read in (of, serials):
            if isinstance(read, Refusal):
                return read
    return None
