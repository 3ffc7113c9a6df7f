"""Record an objection to a transfer, a letter or an activity, and the steps until it is answered or taken back."""

from dataclasses import dataclass
from datetime import date

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.application.commands.abroad import TRANSFER, TransferRecord, TransferState
from counterfoil.application.commands.contested import open_objections
from counterfoil.domain.activities.activity import ACTIVITY
from counterfoil.domain.authorizations.authorization import AUTHORIZATION_RECORD
from counterfoil.domain.authorizations.objection import (
    OBJECTION,
    OPEN_MAX,
    OPEN_OBJECTIONS,
    About,
    Objection,
    ObjectionFault,
    Step,
    StepKind,
    about_key,
    readable_objection,
    stepped,
)
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.mrv.verification import VERIFICATION, Verification, total


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordObjection(Command):
    """Record that `party` objects to a transfer in flight, a letter or an activity, and by which day it is answered.

    Until then the units concerned are neither proposed to another Party nor settled. While one to a `verification`
    stands, nothing is issued on it.
    """

    objection: str
    kind: About
    about: str
    party: str
    reason: str
    answer_by: date


def record_objection(command: RecordObjection, books: Books, context: Context) -> Entry | Refusal:
    """Several objections may stand at once. What is final is not undone by an objection. Source: R-FRI-02."""
    objection = Objection(
        command.objection,
        command.kind,
        command.about,
        command.party.strip(),
        command.reason.strip(),
        context.on,
        command.answer_by,
    )
    refusal = readable_objection(objection)
    if refusal is not None:
        return refusal
    if books.record(OBJECTION, objection.id) is not None:
        return Refusal(ObjectionFault.ALREADY_RECORDED, {"objection": objection.id})
    refusal = _open_thing(objection, books)
    if refusal is not None:
        return refusal
    standing = [each.id for each in open_objections(books, objection.kind, objection.about)]
    if len(standing) >= OPEN_MAX:
        return Refusal(ObjectionFault.TOO_MANY, {"objection": objection.id, "most": OPEN_MAX})
    return Entry(
        Act.OBJECTION_RECORDED,
        context.on,
        records=(record(OBJECTION, objection.id, objection), _open(objection, [*standing, objection.id])),
        details={"about": about_key(objection.kind, objection.about), "party": objection.party},
    )


def _open_thing(objection: Objection, books: Books) -> Refusal | None:
    """Whether the thing is known here and can still be kept from happening."""
    facts = {"objection": objection.id, "about": about_key(objection.kind, objection.about[:80])}
    match objection.kind:
        case About.TRANSFER:
            transfer = stored(books, TRANSFER, objection.about, TransferRecord)
            if transfer is not None and transfer.state is not TransferState.PROPOSED:
                return Refusal(ObjectionFault.TOO_LATE, {**facts, "state": transfer.state.value})
            known = transfer is not None
        case About.AUTHORIZATION:
            known = books.record(AUTHORIZATION_RECORD, objection.about) is not None
        case About.ACTIVITY:
            known = books.record(ACTIVITY, objection.about) is not None
        case About.VERIFICATION:
            verification = stored(books, VERIFICATION, objection.about, Verification)
            if verification is not None and total(verification.issued) >= total(verification.verified):
                return Refusal(ObjectionFault.TOO_LATE, {**facts, "state": Act.ISSUED.value})
            known = verification is not None
    return None if known else Refusal(ObjectionFault.ABOUT_UNKNOWN, {**facts})


@dataclass(frozen=True, slots=True, kw_only=True)
class RespondToObjection(Command):
    """Record one step: a note of mediation, which leaves the objection open, an answer, or its withdrawal."""

    objection: str
    step: StepKind
    by: str
    text: str


def respond_to_objection(command: RespondToObjection, books: Books, context: Context) -> Entry | Refusal:
    """An answer or withdrawal ends the bar; whoever is not content objects anew. Source: R-FRI-02."""
    known = stored(books, OBJECTION, command.objection, Objection)
    if known is None:
        return Refusal(ObjectionFault.UNKNOWN, {"objection": command.objection[:80]})
    after = stepped(known, Step(command.step, command.by.strip(), command.text.strip(), context.on))
    if isinstance(after, Refusal):
        return after
    records = [record(OBJECTION, after.id, after)]
    if after.closed_on is not None:
        standing = [each.id for each in open_objections(books, after.kind, after.about) if each.id != after.id]
        records.append(_open(after, standing))
    return Entry(
        Act.OBJECTION_RESPONDED,
        context.on,
        records=tuple(records),
        details={"objection": after.id, "step": command.step.value},
    )


def _open(objection: Objection, names: list[str]) -> Record:
    return record(OPEN_OBJECTIONS, about_key(objection.kind, objection.about), names)
