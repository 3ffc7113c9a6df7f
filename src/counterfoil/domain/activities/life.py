"""Where an activity stands in its life, and whether a step or an act may follow.

An activity of the first journals has no record of its life: it was registered in one step, and is registered. A
suspension is an overlay on a stage. Units that were issued are never touched by what happens to their activity here.

Read next: `domain/activities/gates.py`. Source: ADR-0028.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.activities.cycle import ENDS, LifeTable
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.stages import LifeAct, Stage

LIFE: Final = "activity_life"
EVENT: Final = "activity_event"
"""What happened in the life of an activity, one record each, by activity and number."""
EVENTS_MAX: Final = 9_999
TEXT_MAX: Final = 500
DOCUMENTS_MAX: Final = 20


class LifeFault(StrEnum):
    STAGE_NOT_NEXT = "activity.stage_not_next"
    NOT_IN_ONE_STEP = "activity.not_in_one_step"
    NOT_REGISTERED = "activity.not_registered"
    OVER = "activity.over"
    SUSPENDED = "activity.suspended"
    NOT_SUSPENDED = "activity.not_suspended"
    PARENT_STANDS = "activity.parent_stands"
    AFTER_WITHDRAWAL = "activity.after_withdrawal"
    NOTICE_TOO_SHORT = "activity.notice_too_short"
    TEXT_UNCLEAR = "activity.text_unclear"
    DOCUMENT_UNREADABLE = "activity.document_unreadable"
    EVENTS_FULL = "activity.events_full"


class Event(StrEnum):
    """What can happen in the life of an activity."""

    PROPOSED = "proposed"
    REGISTERED = "registered"
    ADVANCED = "advanced"
    CHANGED = "changed"
    PARTICIPANTS_CHANGED = "participants_changed"
    RENEWED = "renewed"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    WITHDRAWN = "withdrawn"
    CONSULTED = "consulted"
    FINDING_RECORDED = "finding_recorded"
    FINDING_CLOSED = "finding_closed"
    GRIEVANCE_FILED = "grievance_filed"
    GRIEVANCE_ANSWERED = "grievance_answered"


@dataclass(frozen=True, slots=True)
class Life:
    """Where an activity stands.

    `since`: from when, where it is known. `passed`: the stages that it came through, the present one included.
    `commented_from`: when the public comment was opened. `validator`: the body that validated it. `verified`: whether
    anything was verified since its registration or renewal. `consent`: the last decision of the peoples concerned.
    `closing`: the open findings that bar it; `forward`: those that bar the next verification only. `events`: how many
    happened. `due` is the last day of its stage by the table that held when it came there, `provision` where that
    stands. `letter`: the authorization that it goes by.
    """

    activity: ActivityId
    stage: Stage
    since: date | None = None
    passed: tuple[Stage, ...] = ()
    events: int = 0
    commented_from: date | None = None
    validator: str = ""
    methodology_version: str = ""
    consulted: str = ""
    consent: str = ""
    closing: tuple[str, ...] = ()
    suspended_on: date | None = None
    withdrawn_on: date | None = None
    renewals: int = 0
    verified: bool = False
    due: date | None = None
    provision: str = ""
    letter: str = ""
    forward: tuple[str, ...] = ()

    @property
    def was_registered(self) -> bool:
        return Stage.REGISTERED in self.passed


@dataclass(frozen=True, slots=True)
class Difference:
    """One field before and after a change, each as its record says it."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """One event: where the activity stood after it, who acted in public, and on what it stands."""

    activity: ActivityId
    number: int
    event: Event
    on: date
    stage: Stage
    body: str = ""
    subject: str = ""
    reason: str = ""
    provision: str = ""
    documents: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()


def registered_before(activity: ActivityId) -> Life:
    """The life of an activity of a journal from before lives were kept."""
    return Life(activity, Stage.REGISTERED, passed=(Stage.REGISTERED,))


def begun(activity: ActivityId, stage: Stage, on: date) -> Life:
    """A life that begins: with its first stage, or with registration in one step."""
    comment = on if stage is Stage.CONSULTATION else None
    return Life(activity, stage, on, passed=(stage,), commented_from=comment)


def event_key(activity: str, number: int) -> str:
    """Where an event is kept, in the order of its number.

    >>> event_key("BUSES", 7)
    'BUSES@0007'
    """
    return f"{activity}@{number:04d}"


def facts_of(life: Life, table: LifeTable, act: str) -> dict[str, JSON]:
    """What every refusal about a life says: the activity, its stage, what was asked, and the provision."""
    return {"activity": life.activity, "stage": life.stage.value, "act": act, "provision": table.provision}


def next_stage(life: Life, stage: Stage, table: LifeTable) -> Refusal | None:
    """Whether a stage may follow the present one. Nothing but its withdrawal follows while an activity is suspended."""
    facts = facts_of(life, table, stage.value)
    if life.suspended_on is not None:
        return Refusal(LifeFault.SUSPENDED, {**facts, "since": life.suspended_on.isoformat()})
    following = table.following.get(life.stage, ())
    if stage not in following:
        return Refusal(LifeFault.STAGE_NOT_NEXT, {**facts, "next": ", ".join(following) or "-"})
    return None


def entered(life: Life, stage: Stage, on: date, *, validator: str = "", version: str = "", letter: str = "") -> Life:
    """The life at another stage. Going back forgets what has to be done again.

    Args:
        validator: The body that validates, where the step names one.
        version: The version of the methodology that holds from here on.
        letter: The authorization that the activity goes by from here on.
    """
    passed = life.passed[: life.passed.index(stage)] if stage in life.passed else life.passed
    return replace(
        life,
        stage=stage,
        since=on,
        passed=(*passed, stage),
        commented_from=on if stage is Stage.CONSULTATION else life.commented_from,
        validator=validator or life.validator,
        methodology_version=version or life.methodology_version,
        letter=letter or life.letter,
    )


def permitted(life: Life, act: LifeAct, table: LifeTable, *, parent: Life | None = None) -> Refusal | None:
    """Whether an act may be done at this stage: after registration, and while nothing is suspended that stops it.

    A component stands with its programme: where that is suspended, the component's acts stop with it, and where it is
    withdrawn, no component is renewed. What a component did before a withdrawal: `before_withdrawal`.
    """
    facts = facts_of(life, table, act.value)
    if not life.was_registered:
        return Refusal(LifeFault.NOT_REGISTERED, facts)
    if life.suspended_on is not None and stopped(act, table):
        return Refusal(LifeFault.SUSPENDED, {**facts, "since": life.suspended_on.isoformat()})
    if parent is not None and stopped(act, table) and _halts(parent, act):
        return Refusal(LifeFault.PARENT_STANDS, {**facts, "parent": parent.activity, "at": parent.stage.value})
    return None


def _halts(parent: Life, act: LifeAct) -> bool:
    """Whether a programme in this state stops an act of its components that can be stopped."""
    ended = act is LifeAct.RENEW and parent.stage in ENDS
    return parent.suspended_on is not None or not parent.was_registered or ended


def stopped(act: LifeAct, table: LifeTable) -> bool:
    """Whether a suspension stops an act. Issuance, renewal and changes always; what else, the table says."""
    return act in (LifeAct.ISSUE, LifeAct.RENEW, LifeAct.CHANGE, LifeAct.PARTICIPANTS) or act in table.stops


def before_withdrawal(life: Life, act: LifeAct, table: LifeTable, last_day: date) -> Refusal | None:
    """Outcomes up to the withdrawal are still monitored, verified and issued. Source: A6.4-PROC-AC-002 para. 268.

    It is asked of an activity, and of the programme of a component.
    """
    if life.withdrawn_on is None or last_day <= life.withdrawn_on:
        return None
    days = {"last_day": last_day.isoformat(), "withdrawn_on": life.withdrawn_on.isoformat()}
    return Refusal(LifeFault.AFTER_WITHDRAWAL, {**facts_of(life, table, act.value), **days})


def suspended(life: Life, table: LifeTable, on: date) -> Life | Refusal:
    facts = facts_of(life, table, Event.SUSPENDED.value)
    if life.stage in ENDS:
        return Refusal(LifeFault.OVER, facts)
    if life.suspended_on is not None:
        return Refusal(LifeFault.SUSPENDED, {**facts, "since": life.suspended_on.isoformat()})
    return replace(life, suspended_on=on)


def resumed(life: Life, table: LifeTable) -> Life | Refusal:
    if life.suspended_on is None:
        return Refusal(LifeFault.NOT_SUSPENDED, facts_of(life, table, Event.RESUMED.value))
    return replace(life, suspended_on=None)


def withdrawn(life: Life, table: LifeTable, *, on: date, effective_on: date, justified: bool) -> Life | Refusal:
    """The end of a life that nobody continues. Units that were issued stay what they are; a suspension stays, too.

    Source: A6.4-PROC-AC-002 paras. 260-268.
    """
    facts = facts_of(life, table, Stage.WITHDRAWN.value)
    if life.stage in ENDS:
        return Refusal(LifeFault.OVER, facts)
    notice = table.within.get("withdrawal")
    earliest = on if notice is None or justified else notice.after(on)
    if effective_on < earliest:
        return Refusal(LifeFault.NOTICE_TOO_SHORT, {**facts, "earliest": earliest.isoformat()})
    return replace(
        life,
        stage=Stage.WITHDRAWN,
        since=on,
        passed=(*life.passed, Stage.WITHDRAWN),
        withdrawn_on=effective_on,
        due=None,
        provision=table.provision,
    )


def timed(life: Life, table: LifeTable) -> Life:
    """The life with the last day of its stage, where the table gives that stage a term."""
    term = table.within.get(life.stage.value)
    due = None if term is None or life.since is None else term.after(life.since)
    return replace(life, due=due, provision=table.provision)
