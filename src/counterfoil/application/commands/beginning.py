"""How the life of an activity begins: with an idea or another early stage, or with registration in one step."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from counterfoil.application.command import Context
from counterfoil.application.commands.living import life_of, lived, step_of
from counterfoil.application.life_law import table_of
from counterfoil.domain.activities.activity import Activity
from counterfoil.domain.activities.crediting import too_long
from counterfoil.domain.activities.cycle import EARLY, LifeTable
from counterfoil.domain.activities.gates import gates_refusal
from counterfoil.domain.activities.life import Event, Life, LifeEvent, LifeFault, begun, facts_of, timed
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Record
from counterfoil.domain.policy.stages import Stage

EVENTS: Final[Mapping[bool, Event]] = {True: Event.REGISTERED, False: Event.PROPOSED}


def begun_life(
    activity: Activity, stage: Stage | None, books: Books, context: Context, *, documents: tuple[str, ...] = ()
) -> tuple[Record, ...] | Refusal:
    """The records of a life that begins at a stage, with its first event. Without a stage, it is registered at once.

    Refuses a stage at which no life begins under the table in force, and what `registrable` refuses.
    """
    table = table_of(activity, context)
    if isinstance(table, Refusal):
        return table
    registered = stage is None
    stage = stage or Stage.REGISTERED
    life = begun(activity.id, stage, context.on)
    refusal = _first_stage(life, table, in_one_step=registered)
    refusal = refusal or registrable(activity, life, table, books, context, documents=documents)
    if refusal is not None:
        return refusal
    step = step_of(stage.value, (activity, life), books, context)
    version = None if step.methodology is None or not registered else step.methodology.on(context.on)
    life = life if version is None else replace(life, methodology_version=version.version)
    event = LifeEvent(activity.id, 0, EVENTS[registered], context.on, stage, documents=documents)
    return lived(timed(life, table), replace(event, provision=table.provision))


def _first_stage(life: Life, table: LifeTable, *, in_one_step: bool) -> Refusal | None:
    """Registered at once where the table allows it; else at its first stage, or any early one of the default table."""
    facts = facts_of(life, table, life.stage.value)
    first = next((stage for stage in table.steps.values()), None)
    if in_one_step:
        return None if table.one_step else Refusal(LifeFault.NOT_IN_ONE_STEP, {**facts, "first": f"{first or '-'}"})
    possible = EARLY if first is None else (first,)
    if life.stage in possible:
        return None
    return Refusal(LifeFault.STAGE_NOT_NEXT, {**facts, "stage": "-", "next": ", ".join(possible)})


def registrable(
    activity: Activity,
    life: Life,
    table: LifeTable,
    books: Books,
    context: Context,
    *,
    documents: tuple[str, ...] = (),
    body: str = "",
    letter: str = "",
) -> Refusal | None:
    """Whether an activity may stand at this stage: its gates, and once registered its periods and its programme."""
    step = step_of(life.stage.value, (activity, life), books, context, documents=documents, body=body, letter=letter)
    refusal = gates_refusal(step, table)
    if refusal is not None or life.stage is not Stage.REGISTERED:
        return refusal
    kind = activity.mitigation_type.value
    refusal = too_long(activity.id, kind, activity.crediting_periods, table)
    if refusal is not None or activity.parent is None:
        return refusal
    parent = life_of(books, activity.parent)
    if parent.stage is Stage.REGISTERED and parent.suspended_on is None:
        return None
    facts = {**facts_of(life, table, life.stage.value), "parent": parent.activity, "at": parent.stage.value}
    return Refusal(LifeFault.PARENT_STANDS, facts)
