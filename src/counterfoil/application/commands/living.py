"""What the commands about the life of an activity share: where it stands, and the records of an event.

Read before: `domain/activities/life.py`. Source: ADR-0028.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from counterfoil.application.command import Context, record, stored
from counterfoil.application.commands.authorize import authorization_in_force
from counterfoil.domain.activities.activity import ACTIVITY, Activity, ActivityFault
from counterfoil.domain.activities.cycle import LifeTable
from counterfoil.domain.activities.gates import Step, gates_refusal
from counterfoil.domain.activities.life import (
    DOCUMENTS_MAX,
    EVENT,
    EVENTS_MAX,
    LIFE,
    TEXT_MAX,
    Life,
    LifeEvent,
    LifeFault,
    event_key,
    permitted,
    registered_before,
)
from counterfoil.domain.activities.methodology import METHODOLOGY, Methodology
from counterfoil.domain.activities.verifier import VERIFIER, Task, Verifier
from counterfoil.domain.authorizations.coverage import names
from counterfoil.domain.kernel.ids import DIGEST, ActivityId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Record
from counterfoil.domain.policy.stages import LifeAct


def life_of(books: Books, activity: str) -> Life:
    """Where an activity stands; one from before lives were kept is registered."""
    return stored(books, LIFE, activity, Life) or registered_before(ActivityId(activity))


def living(books: Books, activity: str) -> tuple[Activity, Life] | Refusal:
    """An activity with its life, or the refusal that there is none of this name."""
    known = stored(books, ACTIVITY, activity, Activity)
    if known is None:
        return Refusal(ActivityFault.UNKNOWN, {"activity": activity[:80]})
    return known, life_of(books, activity)


def step_of(
    target: str,
    known: tuple[Activity, Life],
    books: Books,
    context: Context,
    *,
    documents: tuple[str, ...] = (),
    body: str = "",
    task: Task = Task.VALIDATION,
    letter: str = "",
) -> Step:
    """A step with what the registers say of its body, the activity's methodology and its letter: look-ups by name."""
    activity, life = known
    letter = letter or life.letter
    authorization = authorization_in_force(books, letter, on=context.on) if letter else None
    return Step(
        target=target,
        activity=activity,
        life=life,
        on=context.on,
        documents=documents,
        body=body,
        registered=stored(books, VERIFIER, body, Verifier) if body else None,
        task=task,
        methodology=stored(books, METHODOLOGY, activity.methodology, Methodology) if activity.methodology else None,
        letter=letter,
        authorized=authorization is not None and names(authorization, activity.id, on=context.on),
    )


def act_refusal(
    act: LifeAct, known: tuple[Activity, Life], table: LifeTable, books: Books, context: Context, **named: Any
) -> Refusal | None:
    """Whether an act may be done at the activity's stage, and its gates are met."""
    activity, life = known
    parent = None if activity.parent is None else life_of(books, activity.parent)
    refusal = permitted(life, act, table, parent=parent)
    return refusal or gates_refusal(step_of(act.value, known, books, context, **named), table)


def text_refusal(activity: str, *texts: str, documents: Sequence[str] = ()) -> Refusal | None:
    """Refuses texts that are empty or a book, and documents that are not named by their SHA-256."""
    if not all(0 < len(text.strip()) <= TEXT_MAX for text in texts):
        return Refusal(LifeFault.TEXT_UNCLEAR, {"activity": activity, "text_max": TEXT_MAX})
    if len(documents) > DOCUMENTS_MAX or not all(DIGEST.match(each) for each in documents):
        return Refusal(LifeFault.DOCUMENT_UNREADABLE, {"activity": activity, "most": DOCUMENTS_MAX})
    return None


def lived(life: Life, event: LifeEvent) -> tuple[Record, ...] | Refusal:
    """The records of an event and of the life after it. Events are numbered from 1, and there is a last one.

    Args:
        event: Its number and stage are set here.
    """
    number = life.events + 1
    if number > EVENTS_MAX:
        return Refusal(LifeFault.EVENTS_FULL, {"activity": life.activity, "most": EVENTS_MAX})
    told = replace(event, number=number, stage=life.stage)
    key = event_key(life.activity, number)
    return (
        record(LIFE, life.activity, replace(life, events=number)),
        record(EVENT, key, told),
    )
