"""What came from the platform, as commands: answers, results, and the holds that a result asks for.

Every command has an id made of the file's hash, and what is recorded already is left out: the inbox may be read again,
also after a run that was cut off.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from counterfoil.application.carp import Received
from counterfoil.application.command import Command, Units
from counterfoil.application.commands.acknowledge_submission import AcknowledgeSubmission, Outcome
from counterfoil.application.commands.hold import PlaceHold
from counterfoil.application.commands.record_consistency_result import RecordConsistencyResult
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import HOLD
from counterfoil.domain.reporting.carp_files import CarpAnswer, CarpResult, FlaggedSerials, read_carp_file
from counterfoil.domain.reporting.consistency_result import CONSISTENCY_RESULT, RANGES_MAX, result_key
from counterfoil.domain.reporting.filing import ANSWERED
from counterfoil.entrypoints.submitting.aef_bytes import json_of

AUTHORITY: Final = "UNFCCC secretariat"
REASON_MAX: Final = 300


@dataclass(frozen=True, slots=True)
class Taken:
    """What one file asks to be done; nothing when all of it was done before."""

    name: str
    commands: tuple[Command, ...]


def taken(sight: Sight, received: Received) -> Taken | Refusal:
    """The commands of one file, in their order: a result comes before its holds."""
    found = read_carp_file(json_of(received.data), received.name)
    if isinstance(found, Refusal):
        return found
    sha256 = hashlib.sha256(received.data).hexdigest()
    commands = _answer(found, sha256, sight) if isinstance(found, CarpAnswer) else _result(found, sha256, sight)
    return Taken(received.name, tuple(commands))


def _answer(answer: CarpAnswer, sha256: str, sight: Sight) -> Iterator[Command]:
    known = sight.record(ANSWERED, f"{answer.report}:{answer.version}:{answer.number}")
    if known is None or known["sha256"] != sha256:
        yield AcknowledgeSubmission(
            id=f"answer:{sha256[:40]}",
            report=answer.report,
            version=answer.version,
            acknowledgement=answer.number,
            outcome=Outcome(answer.outcome),
            sha256=sha256,
            text=answer.text,
        )


def _result(result: CarpResult, sha256: str, sight: Sight) -> Iterator[Command]:
    """The result in parts, and one hold for each stretch of flagged serials that this registry has met."""
    parts = [result.flagged[at : at + RANGES_MAX] for at in range(0, max(1, len(result.flagged)), RANGES_MAX)]
    for part, flagged in enumerate(parts, 1):
        known = sight.record(CONSISTENCY_RESULT, result_key(result.result, part))
        if known is None or known["sha256"] != sha256:
            yield RecordConsistencyResult(
                id=f"result:{sha256[:40]}:{part}",
                result=result.result,
                party=Party(result.party),
                year=result.year,
                version=result.version,
                status=result.status,
                told_on=result.day,
                sha256=sha256,
                findings=result.findings,
                ranges=tuple(Units(each.unit_class, each.first, each.last) for each in flagged),
                part=part,
            )
        for number, each in enumerate(flagged, 1):
            for place, (first, last) in enumerate(_known(sight, each), 1):
                name = f"{part}.{number}.{place}"
                if sight.record(HOLD, f"{result.result}:{name}") is None:
                    units = Units(each.unit_class, first, last)
                    yield replace(
                        _hold(result, part, each, units),
                        id=f"hold:{sha256[:40]}:{name}",
                        hold=f"{result.result}:{name}",
                    )


def _hold(result: CarpResult, part: int, flagged: FlaggedSerials, units: Units) -> PlaceHold:
    return PlaceHold(
        hold="",
        units=units,
        authority=AUTHORITY,
        reason=f"{result.result} ({result.party} {result.year}), {flagged.check}: {flagged.text}"[:REASON_MAX],
        source=result_key(result.result, part),
    )


def _known(sight: Sight, flagged: FlaggedSerials) -> list[tuple[int, int]]:
    """The stretches of flagged serials that stand in the books, neighbouring blocks as one."""
    found: list[tuple[int, int]] = []
    for holding in sight.holdings_between(flagged.unit_class, flagged.first, flagged.last):
        first, last = max(holding.first, flagged.first), min(holding.last, flagged.last)
        if found and found[-1][1] + 1 == first:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found
