"""What the other Party told of the recognition of a transfer: decided by the same rules as what is done here.

Read before: `application/commands/recognize.py`. Source: requirement R-CHE-04.
"""

from dataclasses import replace
from datetime import date

from counterfoil.application.command import Context, record
from counterfoil.application.commands.recognize import direction_of, standing_recognition
from counterfoil.domain.authorizations.recognition import (
    RECOGNITION,
    TEXT_MAX,
    Recognition,
    RecognitionFault,
    RecognitionState,
    liftable,
    objectionable,
    recognizable,
)
from counterfoil.domain.kernel.ids import DIGEST, Party, TransferId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry


def recognized_there(
    transfer: TransferId,
    books: Books,
    context: Context,
    *,
    partner: Party,
    on: date,
    reference: str,
    document: str | None,
) -> Entry | Refusal:
    """The acquiring Party told that it recognized a transfer of this book. Not while an objection stands here."""
    recognition = _of_partner(transfer, books, context, partner=partner)
    if isinstance(recognition, Refusal):
        return recognition
    if direction_of(transfer, books) != "out":
        return Refusal(RecognitionFault.TRANSFER_UNKNOWN, {"transfer": transfer[:80]})
    refusal = recognizable(recognition)
    if refusal is not None:
        return refusal
    given = replace(
        recognition,
        state=RecognitionState.RECOGNIZED,
        reference=reference[:TEXT_MAX],
        document=document if document is not None and DIGEST.match(document) else None,
        recognized_on=on,
    )
    return _noted(given, context)


def _noted(recognition: Recognition, context: Context) -> Entry:
    kept = record(RECOGNITION, recognition.transfer, recognition)
    return Entry(Act.NOTICE_TAKEN, context.on, records=(kept,), details={"transfer": recognition.transfer})


def _of_partner(transfer: str, books: Books, context: Context, *, partner: Party) -> Recognition | Refusal:
    """How far the recognition of a transfer between this Party and that partner is."""
    recognition = standing_recognition(transfer, books, context)
    if isinstance(recognition, Refusal):
        return recognition
    if recognition.partner != partner:
        return Refusal(RecognitionFault.TRANSFER_UNKNOWN, {"transfer": transfer[:80]})
    return recognition


def objected_there(
    transfer: TransferId, books: Books, context: Context, *, partner: Party, on: date, reason: str
) -> Entry | Refusal:
    """The other Party told that it objects: in time by the day on which it can have done so (`day_of_entry`)."""
    recognition = _of_partner(transfer, books, context, partner=partner)
    if isinstance(recognition, Refusal):
        return recognition
    refusal = objectionable(recognition, on=on)
    if refusal is not None:
        return refusal
    told = f"{partner}: {reason.strip()}"[:TEXT_MAX]
    objected = replace(recognition, state=RecognitionState.OBJECTED, objection=told, objector=partner, answer="")
    return _noted(objected, context)


def answered_there(
    transfer: TransferId, books: Books, context: Context, *, partner: Party, answer: str
) -> Entry | Refusal:
    """The other Party told that its objection was answered, or taken back. Of this Party's own it cannot say so."""
    recognition = _of_partner(transfer, books, context, partner=partner)
    if isinstance(recognition, Refusal):
        return recognition
    refusal = liftable(recognition, by=partner)
    if refusal is not None:
        return refusal
    told = f"{partner}: {answer.strip()}"[:TEXT_MAX]
    return _noted(replace(recognition, state=RecognitionState.ANSWERED, answer=told), context)
