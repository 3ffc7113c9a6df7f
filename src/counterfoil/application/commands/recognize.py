"""Recognize an acquired transfer, or object to it: where the approach asks for it, units are used only afterwards."""

from dataclasses import dataclass, replace

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.application.commands.abroad import TRANSFER, TransferRecord, TransferState
from counterfoil.application.commands.clearance import AGREEMENTS_WITH, approach_of
from counterfoil.domain.accounting.unit_facts import UnitFacts
from counterfoil.domain.activities.activity import APPROACH, CooperativeApproach
from counterfoil.domain.authorizations.agreement import AGREEMENT_RECORD, Agreement, permitting
from counterfoil.domain.authorizations.recognition import (
    RECOGNITION,
    TEXT_MAX,
    Recognition,
    RecognitionFault,
    RecognitionState,
    awaited,
    objectionable,
    recognizable,
)
from counterfoil.domain.kernel.ids import DIGEST, Party, TransferId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, FactChange
from counterfoil.domain.units.identifier import UnitClass, unit_class


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRecognition(Command):
    """Record this Party's statement that it recognizes a transfer which it acquired.

    `reference` names the statement, `document` is its SHA-256 in the evidence store.
    """

    transfer: TransferId
    reference: str
    document: str | None = None


def record_recognition(command: RecordRecognition, books: Books, context: Context) -> Entry | Refusal:
    """The units that are still here are usable from now on. Source: requirement R-CHE-04."""
    recognition = _recognition(command.transfer, books, context)
    if isinstance(recognition, Refusal):
        return recognition
    if not _clear(command.reference) or (command.document is not None and not DIGEST.match(command.document)):
        return Refusal(RecognitionFault.TEXT_UNCLEAR, {"transfer": command.transfer, "text_max": TEXT_MAX})
    refusal = recognizable(recognition)
    if refusal is not None:
        return refusal
    given = replace(
        recognition,
        state=RecognitionState.RECOGNIZED,
        reference=command.reference.strip(),
        document=command.document,
        recognized_on=context.on,
        assumed=command.assumed,
    )
    return Entry(
        Act.TRANSFER_RECOGNIZED,
        context.on,
        facts=_flags(command.transfer, books, context),
        records=(record(RECOGNITION, command.transfer, given),),
        details={"transfer": command.transfer, "partner": given.partner, "reference": given.reference},
    )


def _flags(transfer: str, books: Books, context: Context) -> tuple[FactChange, ...]:
    """The units of the transfer that are still held here, marked as recognized by this Party and nobody else."""
    known = stored(books, TRANSFER, transfer, TransferRecord)
    assert known is not None
    return tuple(
        FactChange(part.unit_class, held.serials.first, held.serials.last, {"recognized_by": context.registry.party})
        for part in known.parts
        for held in books.holdings(part.unit_class, part.first, part.last)
        if role(held.account) in (AccountRole.HOLDING, AccountRole.PENDING)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectToRecognition(Command):
    """Record an objection to the recognition of a transfer. While it stands, the transfer is not recognized."""

    transfer: TransferId
    reason: str


def object_to_recognition(command: ObjectToRecognition, books: Books, context: Context) -> Entry | Refusal:
    """Source: requirement R-CHE-04."""
    recognition = _recognition(command.transfer, books, context)
    if isinstance(recognition, Refusal):
        return recognition
    if not _clear(command.reason):
        return Refusal(RecognitionFault.TEXT_UNCLEAR, {"transfer": command.transfer, "text_max": TEXT_MAX})
    refusal = objectionable(recognition, on=context.on)
    if refusal is not None:
        return refusal
    objected = replace(recognition, state=RecognitionState.OBJECTED, objection=command.reason.strip(), answer="")
    return Entry(
        Act.RECOGNITION_OBJECTED,
        context.on,
        records=(record(RECOGNITION, command.transfer, objected),),
        details={"transfer": command.transfer, "reason": objected.objection},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerObjection(Command):
    """Record how an objection to the recognition of a transfer was answered or taken back."""

    transfer: TransferId
    answer: str


def answer_objection(command: AnswerObjection, books: Books, context: Context) -> Entry | Refusal:
    """Source: requirement R-CHE-04."""
    recognition = _recognition(command.transfer, books, context)
    if isinstance(recognition, Refusal):
        return recognition
    if not _clear(command.answer):
        return Refusal(RecognitionFault.TEXT_UNCLEAR, {"transfer": command.transfer, "text_max": TEXT_MAX})
    if recognition.state is not RecognitionState.OBJECTED:
        return Refusal(RecognitionFault.NO_OBJECTION, {"transfer": command.transfer})
    answered = replace(recognition, state=RecognitionState.ANSWERED, answer=command.answer.strip())
    return Entry(
        Act.OBJECTION_ANSWERED,
        context.on,
        records=(record(RECOGNITION, command.transfer, answered),),
        details={"transfer": command.transfer, "answer": answered.answer},
    )


def _clear(text: str) -> bool:
    return 0 < len(text.strip()) <= TEXT_MAX


def _recognition(transfer: str, books: Books, context: Context) -> Recognition | Refusal:
    """How far the recognition of an acquired transfer is; one that nobody spoke of yet is awaited."""
    known = stored(books, RECOGNITION, transfer, Recognition)
    if known is not None:
        return known
    acquired = stored(books, TRANSFER, transfer, TransferRecord)
    if acquired is None or acquired.direction != "in" or acquired.state is not TransferState.FINAL:
        return Refusal(RecognitionFault.TRANSFER_UNKNOWN, {"transfer": transfer[:80]})
    day = acquired.final_on or context.on
    agreement = _agreement(acquired, books, context)
    objection, due = (0, 0) if agreement is None else (agreement.objection_days, agreement.recognition_days)
    return awaited(transfer, acquired.partner, day, objection_days=objection, due_days=due)


def _agreement(transfer: TransferRecord, books: Books, context: Context) -> Agreement | None:
    """The agreement that permitted the transfer on its day."""
    of = unit_class(transfer.parts[0].unit_class)
    assert isinstance(of, UnitClass)
    named = [stored(books, AGREEMENT_RECORD, name, Agreement) for name in books.record(AGREEMENTS_WITH, of.party) or ()]
    found = permitting(
        [each for each in named if each is not None],
        one=context.registry.party,
        other=Party(of.party),
        approach=of.cooperative_approach or "",
        on=transfer.final_on or context.on,
    )
    return None if isinstance(found, Refusal) else found


def recognized(books: Books, context: Context, *, of: UnitClass, facts: UnitFacts) -> Refusal | None:
    """Refuses to count units of another Party that this Party has not recognized, where the approach asks for it."""
    if context.registry.party in (of.party, facts.recognized_by):
        return None
    own = stored(books, APPROACH, of.cooperative_approach or "", CooperativeApproach)
    shown = approach_of(books, context, of)
    if any(each is not None and each.recognition_required for each in (own, shown)):
        return Refusal(RecognitionFault.MISSING, {"units": of.key, "party": context.registry.party})
    return None
