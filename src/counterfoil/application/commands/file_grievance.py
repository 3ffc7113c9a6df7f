"""File a grievance about an activity, and answer it in public."""

from dataclasses import dataclass
from typing import Final

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.application.commands.living import life_of, lived, living
from counterfoil.application.life_law import table_of
from counterfoil.domain.activities.cycle import Term
from counterfoil.domain.activities.grievance import (
    GRIEVANCE,
    OPEN_GRIEVANCES,
    OPEN_MAX,
    Grievance,
    GrievanceFault,
    GrievanceOutcome,
    answered,
    readable_grievance,
)
from counterfoil.domain.activities.life import Event, Life, LifeEvent
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.policy.stages import Clock

ANSWER_WITHIN: Final = Term(60, "days")
"""Where no law says how long an answer may take. Chosen by us, not taken from a law (ADR-0028)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileGrievance(Command):
    """File a grievance. `letter` is the SHA-256 of what was written; who wrote it, and what, never stands here."""

    grievance: str
    activity: ActivityId
    letter: str


def file_grievance(command: FileGrievance, books: Books, context: Context) -> Entry | Refusal:
    """It has no effect of its own: what its answer finds may lead to a finding, a suspension or nothing.

    Source: A6.4-PROC-GOV-006 (grievances); requirement R-A64-14.
    """
    known = living(books, command.activity)
    if isinstance(known, Refusal):
        return known
    activity, life = known
    table = table_of(activity, context)
    if isinstance(table, Refusal):
        return table
    term = table.within.get(Clock.GRIEVANCE, ANSWER_WITHIN)
    answer_by = term.after(context.on)
    grievance = Grievance(
        command.grievance, activity.id, command.letter, context.on, answer_by, provision=table.provision
    )
    refusal = readable_grievance(grievance)
    if refusal is not None:
        return refusal
    if books.record(GRIEVANCE, grievance.id) is not None:
        return Refusal(GrievanceFault.ALREADY_FILED, {"grievance": grievance.id})
    standing = books.record(OPEN_GRIEVANCES, activity.id) or []
    if len(standing) >= OPEN_MAX:
        return Refusal(GrievanceFault.TOO_MANY, {"activity": activity.id, "most": OPEN_MAX})
    standing = [*standing, grievance.id]
    return _entry(Event.GRIEVANCE_FILED, grievance, life, standing=standing, context=context)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGrievance(Command):
    """Answer a grievance in public. The text names nobody; what is private goes to the person by another way."""

    grievance: str
    outcome: GrievanceOutcome
    answer: str
    by: str


def answer_grievance(command: AnswerGrievance, books: Books, context: Context) -> Entry | Refusal:
    """Source: A6.4-PROC-GOV-006 (grievances)."""
    known = stored(books, GRIEVANCE, command.grievance, Grievance)
    if known is None:
        return Refusal(GrievanceFault.UNKNOWN, {"grievance": command.grievance[:80]})
    after = answered(known, outcome=command.outcome, answer=command.answer, by=command.by, on=context.on)
    if isinstance(after, Refusal):
        return after
    standing = [name for name in books.record(OPEN_GRIEVANCES, after.activity) or () if name != after.id]
    life = life_of(books, after.activity)
    return _entry(Event.GRIEVANCE_ANSWERED, after, life, standing=standing, context=context)


def _entry(event: Event, grievance: Grievance, life: Life, *, standing: list[str], context: Context) -> Entry | Refusal:
    told = LifeEvent(life.activity, 0, event, context.on, life.stage, body=grievance.by[:80], subject=grievance.id)
    records = lived(life, told)
    if isinstance(records, Refusal):
        return records
    kept = (record(GRIEVANCE, grievance.id, grievance), record(OPEN_GRIEVANCES, grievance.activity, standing))
    details = {"activity": grievance.activity, "grievance": grievance.id}
    act = Act.GRIEVANCE_FILED if event is Event.GRIEVANCE_FILED else Act.GRIEVANCE_ANSWERED
    return Entry(act, context.on, records=(*kept, *records), details=details)
