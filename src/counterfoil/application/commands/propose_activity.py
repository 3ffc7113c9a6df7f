"""Propose an activity, and take it from stage to stage until it is registered, and to the end of its crediting."""

from dataclasses import dataclass, replace

from counterfoil.application.command import Command, Context, later, record
from counterfoil.application.commands.beginning import begun_life, registrable
from counterfoil.application.commands.describing import ActivityDescription, described
from counterfoil.application.commands.living import lived, living, step_of, text_refusal
from counterfoil.application.life_law import table_of
from counterfoil.domain.activities.activity import ACTIVITY, Activity
from counterfoil.domain.activities.life import Event, Life, LifeEvent, entered, next_stage, timed
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.policy.stages import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeActivity(ActivityDescription):
    """Put an activity into the register before it is registered: as an idea, or at a later of the early stages."""

    stage: Stage = Stage.IDEA
    documents: tuple[str, ...] = ()


def propose_activity(command: ProposeActivity, books: Books, context: Context) -> Entry | Refusal:
    """It stands under its name from here on; nothing is monitored or issued before it is registered.

    Source: A6.4-PROC-AC-002 paras. 15-20; ADR-0028.
    """
    activity = described(command, books, context)
    if isinstance(activity, Refusal):
        return activity
    refusal = text_refusal(activity.id, documents=command.documents)
    if refusal is not None:
        return refusal
    begun = begun_life(activity, command.stage, books, context, documents=command.documents)
    if isinstance(begun, Refusal):
        return begun
    return Entry(
        Act.ACTIVITY_PROPOSED,
        context.on,
        records=(record(ACTIVITY, activity.id, activity), *begun),
        details={"activity": activity.id, "stage": command.stage.value},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceActivity(Command):
    """Take an activity to another stage: on to the next one, or back where something has to be done again.

    `body` is the body that validates it. `documents` are named by their SHA-256 in the evidence store. `letter` is the
    authorization that the activity goes by from here on.
    """

    activity: ActivityId
    stage: Stage
    body: str = ""
    documents: tuple[str, ...] = ()
    reason: str = ""
    letter: str = later("")


def advance_activity(command: AdvanceActivity, books: Books, context: Context) -> Entry | Refusal:
    """Refuses a stage that does not follow, then the first gate of the stage that is not met.

    Source: A6.4-PROC-AC-002 (activity cycle); ADR-0028.
    """
    known = living(books, command.activity)
    if isinstance(known, Refusal):
        return known
    activity, life = known
    table = table_of(activity, context)
    if isinstance(table, Refusal):
        return table
    reason = (command.reason,) if command.reason else ()
    body = command.body.strip()
    letter = command.letter.strip()
    named = tuple(word for word in (body, letter) if word)
    refusal = text_refusal(activity.id, *reason, *named, documents=command.documents)
    refusal = refusal or next_stage(life, command.stage, table)
    if refusal is not None:
        return refusal
    validator = body if command.stage is Stage.VALIDATION else ""
    version = _version(command, known, books, context)
    after = entered(life, command.stage, context.on, validator=validator, version=version, letter=letter)
    # The gates are asked of the life before the step: what it adds does not open a gate for itself.
    asked = replace(life, stage=command.stage)
    judge = body or life.validator
    refusal = registrable(
        activity, asked, table, books, context, documents=command.documents, body=judge, letter=letter
    )
    if refusal is not None:
        return Refusal(refusal.code, {**refusal.facts, "stage": life.stage.value})
    event = LifeEvent(
        activity.id,
        0,
        Event.REGISTERED if command.stage is Stage.REGISTERED else Event.ADVANCED,
        context.on,
        command.stage,
        body=body,
        reason=command.reason.strip(),
        provision=table.provision,
        documents=command.documents,
    )
    records = lived(timed(after, table), event)
    if isinstance(records, Refusal):
        return records
    details = {"activity": activity.id, "stage": command.stage.value, "from": life.stage.value}
    return Entry(Act.ACTIVITY_ADVANCED, context.on, records=records, details=details)


def _version(command: AdvanceActivity, known: tuple[Activity, Life], books: Books, context: Context) -> str:
    """The version of the methodology that holds on the day of registration: units show it for ever."""
    if command.stage is not Stage.REGISTERED:
        return ""
    methodology = step_of(command.stage.value, known, books, context).methodology
    version = None if methodology is None else methodology.on(context.on)
    return "" if version is None else version.version
