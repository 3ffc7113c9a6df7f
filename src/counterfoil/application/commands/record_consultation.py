"""Record a consultation of the people whom an activity concerns, or the decision of indigenous peoples about it."""

from dataclasses import dataclass, replace
from datetime import date

from counterfoil.application.command import Command, Context, record
from counterfoil.application.commands.living import lived, living
from counterfoil.domain.activities.consultation import (
    CONSULTATION,
    ConsentDecision,
    Consultation,
    ConsultationFault,
    ConsultationKind,
    readable_consultation,
)
from counterfoil.domain.activities.life import Event, Life, LifeEvent
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConsultation(Command):
    """Record who was consulted, from when to when, and what came of it.

    `decision` belongs to the kind `consent`: the last one counts. `community` names a people or a place, never a
    person. Minutes and evidence lie in the evidence store, `documents` by their SHA-256.
    """

    consultation: str
    activity: ActivityId
    kind: ConsultationKind
    first_day: date
    last_day: date
    community: str
    outcome: str
    documents: tuple[str, ...]
    decision: ConsentDecision | None = None
    comments: int = 0


def record_consultation(command: RecordConsultation, books: Books, context: Context) -> Entry | Refusal:
    """A consultation or consent opens its gate; a refusal bars registration, renewal and issuance.

    Source: requirement R-A64-14; A6.4-STAN-METH-002 para. 16.
    """
    known = living(books, command.activity)
    if isinstance(known, Refusal):
        return known
    activity, life = known
    consultation = Consultation(
        command.consultation,
        activity.id,
        command.kind,
        command.first_day,
        command.last_day,
        command.community.strip(),
        command.outcome.strip(),
        command.decision,
        command.comments,
        command.documents,
    )
    refusal = readable_consultation(consultation, context.on)
    if refusal is not None:
        return refusal
    if books.record(CONSULTATION, consultation.id) is not None:
        return Refusal(ConsultationFault.ALREADY_RECORDED, {"consultation": consultation.id})
    event = LifeEvent(
        activity.id,
        0,
        Event.CONSULTED,
        context.on,
        life.stage,
        subject=consultation.id,
        reason=consultation.outcome,
        documents=consultation.documents,
    )
    records = lived(_heard(life, consultation), event)
    if isinstance(records, Refusal):
        return records
    return Entry(
        Act.CONSULTATION_RECORDED,
        context.on,
        records=(record(CONSULTATION, consultation.id, consultation), *records),
        details={"activity": activity.id, "consultation": consultation.id},
    )


def _heard(life: Life, consultation: Consultation) -> Life:
    match consultation.kind:
        case ConsultationKind.CONSENT:
            return replace(life, consent="" if consultation.decision is None else consultation.decision.value)
        case ConsultationKind.LOCAL:
            return replace(life, consulted=consultation.id)
        case ConsultationKind.PUBLIC_COMMENT:
            return life
