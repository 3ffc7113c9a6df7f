"""Change what an activity says, or who takes part in it, field by field."""

from dataclasses import dataclass

from counterfoil.application.command import Command, Context, later, record
from counterfoil.application.commands.living import act_refusal, lived, living, text_refusal
from counterfoil.application.life_law import table_of
from counterfoil.domain.activities.activity import ACTIVITY, Activity, CreditingPeriod, ExpectedYear
from counterfoil.domain.activities.change import (
    CHANGEABLE,
    changed,
    differences,
    only_shorter,
    participants_changed,
)
from counterfoil.domain.activities.crediting import too_long
from counterfoil.domain.activities.cycle import LifeTable
from counterfoil.domain.activities.description import description_refusal
from counterfoil.domain.activities.integrity import Attribute
from counterfoil.domain.activities.life import Event, Life, LifeEvent, LifeFault, facts_of
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.policy.stages import LifeAct, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeActivity(Command):
    """Change fields of an activity. A field that is left out stays as it is; both values are kept of each that changes.

    `body` is the body that validated the change, where the table asks for one. Who takes part is changed with
    `ChangeParticipants`; what every unit carries (host, type, metric, approach) never changes.
    """

    activity: ActivityId
    reason: str
    title: str | None = None
    sector: str | None = None
    activity_type: str | None = None
    standard: str | None = None
    methodology: str | None = None
    underlying_registry: str | None = None
    boundary: str | None = None
    expected: tuple[ExpectedYear, ...] | None = None
    crediting_periods: tuple[CreditingPeriod, ...] | None = None
    body: str = ""
    documents: tuple[str, ...] = ()
    integrity: tuple[Attribute, ...] | None = later(None)


def change_activity(command: ChangeActivity, books: Books, context: Context) -> Entry | Refusal:
    """Before registration anything of the list may change; after it a crediting period may only end earlier.

    Source: A6.4-PROC-AC-002 (changes after registration); ADR-0028.
    """
    found = _ground(command.activity, books, context)
    if isinstance(found, Refusal):
        return found
    activity, life, table = found
    body = (command.body,) if command.body else ()
    refusal = text_refusal(activity.id, command.reason, *body, documents=command.documents)
    if refusal is None and life.was_registered:
        named = {"documents": command.documents, "body": command.body.strip()}
        refusal = act_refusal(LifeAct.CHANGE, (activity, life), table, books, context, **named)
    if refusal is not None:
        return refusal
    after = changed(activity, **{name: getattr(command, name) for name in CHANGEABLE})
    if isinstance(after, Refusal):
        return after
    refusal = _holds_together(activity, after, life, table, books)
    if refusal is not None:
        return refusal
    event = _event(Event.CHANGED, command, (activity, after), life, table=table, context=context)
    return _entry(Act.ACTIVITY_CHANGED, event, after, life, context)


def _holds_together(before: Activity, after: Activity, life: Life, table: LifeTable, books: Books) -> Refusal | None:
    parent = None if after.parent is None else _parent(books, after.parent)
    refusal = description_refusal(after, parent)
    if refusal is None and life.was_registered and before.crediting_periods:
        refusal = only_shorter(before, after)
    return refusal or too_long(after.id, after.mitigation_type.value, after.crediting_periods, table)


def _parent(books: Books, name: str) -> Activity | None:
    known = living(books, name)
    return None if isinstance(known, Refusal) else known[0]


@dataclass(frozen=True, slots=True)
class Agreement:
    """A participant that joins or leaves, and the SHA-256 of the document in which it agrees."""

    participant: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeParticipants(Command):
    """Change who takes part in an activity: each that joins or leaves has agreed in a document."""

    activity: ActivityId
    reason: str
    joining: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    documents: tuple[str, ...] = ()


def change_participants(command: ChangeParticipants, books: Books, context: Context) -> Entry | Refusal:
    """Refuses a change that one of those concerned has not agreed to. Source: A6.4-PROC-AC-002 paras. 32-37."""
    found = _ground(command.activity, books, context)
    if isinstance(found, Refusal):
        return found
    activity, life, table = found
    refusal = text_refusal(activity.id, command.reason, documents=command.documents)
    if refusal is None and life.was_registered:
        named = {"documents": command.documents}
        refusal = act_refusal(LifeAct.PARTICIPANTS, (activity, life), table, books, context, **named)
    if refusal is not None:
        return refusal
    after = participants_changed(
        activity,
        joining=command.joining,
        leaving=command.leaving,
        consents={each.participant: each.document for each in command.agreements},
    )
    if isinstance(after, Refusal):
        return after
    event = _event(Event.PARTICIPANTS_CHANGED, command, (activity, after), life, table=table, context=context)
    return _entry(Act.PARTICIPANTS_CHANGED, event, after, life, context)


def _ground(name: str, books: Books, context: Context) -> tuple[Activity, Life, LifeTable] | Refusal:
    """What a change stands on; what is over is not changed."""
    known = living(books, name)
    if isinstance(known, Refusal):
        return known
    activity, life = known
    table = table_of(activity, context)
    if isinstance(table, Refusal):
        return table
    if life.stage in (Stage.CLOSED, Stage.WITHDRAWN):
        return Refusal(LifeFault.OVER, facts_of(life, table, LifeAct.CHANGE.value))
    return activity, life, table


def _event(
    event: Event,
    command: ChangeActivity | ChangeParticipants,
    pair: tuple[Activity, Activity],
    life: Life,
    *,
    table: LifeTable,
    context: Context,
) -> LifeEvent:
    documents = (*command.documents, *(each.document for each in getattr(command, "agreements", ())))
    return LifeEvent(
        life.activity,
        0,
        event,
        context.on,
        life.stage,
        body=getattr(command, "body", ""),
        reason=command.reason.strip(),
        provision=table.provision,
        documents=documents,
        differences=differences(*pair),
    )


def _entry(act: Act, event: LifeEvent, after: Activity, life: Life, context: Context) -> Entry | Refusal:
    records = lived(life, event)
    if isinstance(records, Refusal):
        return records
    changed_fields = [each.field for each in event.differences]
    return Entry(
        act,
        context.on,
        records=(record(ACTIVITY, after.id, after), *records),
        details={"activity": after.id, "changed": changed_fields},
    )
