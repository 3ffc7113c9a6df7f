"""Recognize an acquired transfer, or object to it: where the approach asks for it, units are used only afterwards.

Both books keep how far the recognition is. Only the acquiring Party recognizes; either Party may object. Each tells the
other by a notice, and the rules here decide what is told as they decide what is done.
"""

from dataclasses import dataclass, replace

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.application.commands.abroad import TRANSFER, TransferRecord, TransferState
from counterfoil.application.commands.clearance import AGREEMENTS_WITH, approach_of
from counterfoil.application.commands.notifying import notifying, told_to
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
    liftable,
    objectionable,
    recognizable,
)
from counterfoil.domain.federation.notice import NoticeKind
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import DIGEST, Party, TransferId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, FactChange
from counterfoil.domain.units.identifier import UnitClass, unit_class

_Said = dict[str, JSON]


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
    recognition = standing_recognition(command.transfer, books, context)
    if isinstance(recognition, Refusal):
        return recognition
    if direction_of(command.transfer, books) != "in":
        return Refusal(RecognitionFault.TRANSFER_UNKNOWN, {"transfer": command.transfer[:80]})
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
    entry = Entry(
        Act.TRANSFER_RECOGNIZED,
        context.on,
        facts=_flags(command.transfer, books, context),
        records=(record(RECOGNITION, command.transfer, given),),
        details={"transfer": command.transfer, "partner": given.partner, "reference": given.reference},
    )
    said: _Said = {"transfer": given.transfer, "reference": given.reference, "document": given.document}
    return _told(entry, books, context, partner=given.partner, kind=NoticeKind.RECOGNIZED, said=said)


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


def _told(entry: Entry, books: Books, context: Context, *, partner: Party, kind: NoticeKind, said: _Said) -> Entry:
    """The entry with its notice to the other Party of the transfer, where its registry is linked."""
    if not told_to(books, partner):
        return entry
    return notifying(entry, books, context, partner=partner, kind=kind, content=said)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectToRecognition(Command):
    """Record an objection of this Party to the recognition of a transfer that it made or acquired.

    While it stands, the transfer is not recognized.
    """

    transfer: TransferId
    reason: str


def object_to_recognition(command: ObjectToRecognition, books: Books, context: Context) -> Entry | Refusal:
    """Source: requirement R-CHE-04."""
    recognition = standing_recognition(command.transfer, books, context)
    if isinstance(recognition, Refusal):
        return recognition
    if not _clear(command.reason):
        return Refusal(RecognitionFault.TEXT_UNCLEAR, {"transfer": command.transfer, "text_max": TEXT_MAX})
    refusal = objectionable(recognition, on=context.on)
    if refusal is not None:
        return refusal
    objected = replace(
        recognition,
        state=RecognitionState.OBJECTED,
        objection=command.reason.strip(),
        objector=context.registry.party,
        answer="",
    )
    entry = Entry(
        Act.RECOGNITION_OBJECTED,
        context.on,
        records=(record(RECOGNITION, command.transfer, objected),),
        details={"transfer": command.transfer, "reason": objected.objection},
    )
    said: _Said = {"transfer": command.transfer, "reason": objected.objection}
    return _told(entry, books, context, partner=objected.partner, kind=NoticeKind.OBJECTED, said=said)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerObjection(Command):
    """Record that this Party's objection to the recognition of a transfer was answered, or is taken back.

    The other Party's objection only that Party lifts, by its notice.
    """

    transfer: TransferId
    answer: str


def answer_objection(command: AnswerObjection, books: Books, context: Context) -> Entry | Refusal:
    """Source: requirement R-CHE-04."""
    recognition = standing_recognition(command.transfer, books, context)
    if isinstance(recognition, Refusal):
        return recognition
    if not _clear(command.answer):
        return Refusal(RecognitionFault.TEXT_UNCLEAR, {"transfer": command.transfer, "text_max": TEXT_MAX})
    refusal = liftable(recognition, by=context.registry.party)
    if refusal is not None:
        return refusal
    answered = replace(recognition, state=RecognitionState.ANSWERED, answer=command.answer.strip())
    entry = Entry(
        Act.OBJECTION_ANSWERED,
        context.on,
        records=(record(RECOGNITION, command.transfer, answered),),
        details={"transfer": command.transfer, "answer": answered.answer},
    )
    said: _Said = {"transfer": command.transfer, "answer": answered.answer}
    return _told(entry, books, context, partner=answered.partner, kind=NoticeKind.ANSWERED, said=said)


def _clear(text: str) -> bool:
    return 0 < len(text.strip()) <= TEXT_MAX


def standing_recognition(transfer: str, books: Books, context: Context) -> Recognition | Refusal:
    """How far the recognition of a transfer is; one that nobody spoke of yet is awaited."""
    known = stored(books, RECOGNITION, transfer, Recognition)
    if known is not None:
        return known
    acquired = stored(books, TRANSFER, transfer, TransferRecord)
    if acquired is None or acquired.state is not TransferState.FINAL:
        return Refusal(RecognitionFault.TRANSFER_UNKNOWN, {"transfer": transfer[:80]})
    day = acquired.final_on or context.on
    agreement = _agreement(acquired, books, context)
    objection, due = (0, 0) if agreement is None else (agreement.objection_days, agreement.recognition_days)
    return awaited(transfer, acquired.partner, day, objection_days=objection, due_days=due)


def direction_of(transfer: str, books: Books) -> str:
    """`in` for a transfer that this book acquired, `out` for one that left it."""
    known = stored(books, TRANSFER, transfer, TransferRecord)
    return "" if known is None else known.direction


def _agreement(transfer: TransferRecord, books: Books, context: Context) -> Agreement | None:
    """The agreement that permitted the transfer on its day."""
    of = unit_class(transfer.parts[0].unit_class)
    assert isinstance(of, UnitClass)
    own = context.registry.party
    # Between the acquiring Party and the host of the units, or, in the host's own book, the one that acquired them.
    other = transfer.partner if of.party == own else Party(of.party)
    named = [stored(books, AGREEMENT_RECORD, name, Agreement) for name in books.record(AGREEMENTS_WITH, other) or ()]
    found = permitting(
        [each for each in named if each is not None],
        one=own,
        other=other,
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
