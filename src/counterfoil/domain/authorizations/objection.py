"""Objections to a transfer, a letter or an activity: said in public, answered by a day, and until then a bar.

While an objection is open, the units that it is about are neither proposed to another Party nor settled. Every word of
it stands in the public journal: who objects and why, what a mediator noted, and how it ended.

Source: requirement R-FRI-02.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import NAME
from counterfoil.domain.kernel.refusal import Refusal

OBJECTION: Final = "objection"
OPEN_OBJECTIONS: Final = "open_objections"
"""The open objections about one thing, by its kind and name."""
OPEN_MAX: Final = 20
STEPS_MAX: Final = 20
TEXT_MAX: Final = 500


class ObjectionFault(StrEnum):
    ID_UNREADABLE = "objection.id_unreadable"
    ALREADY_RECORDED = "objection.already_recorded"
    TEXT_UNCLEAR = "objection.text_unclear"
    DEADLINE_PAST = "objection.deadline_past"
    ABOUT_UNKNOWN = "objection.about_unknown"
    TOO_LATE = "objection.too_late"
    TOO_MANY = "objection.too_many"
    UNKNOWN = "objection.unknown"
    CLOSED = "objection.closed"
    STANDS = "objection.stands"


class About(StrEnum):
    """What an objection can be about."""

    TRANSFER = "transfer"
    AUTHORIZATION = "authorization"
    ACTIVITY = "activity"
    VERIFICATION = "verification"


class StepKind(StrEnum):
    """A note of a mediator leaves the objection open; an answer or its withdrawal ends it."""

    MEDIATION = "mediation"
    ANSWER = "answer"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Step:
    kind: StepKind
    by: str
    text: str
    on: date


@dataclass(frozen=True, slots=True)
class Objection:
    """`party` is who objects, a Party or anybody else by name; `answer_by` is the last day for an answer."""

    id: str
    kind: About
    about: str
    party: str
    reason: str
    recorded_on: date
    answer_by: date
    steps: tuple[Step, ...] = ()

    @property
    def closed_on(self) -> date | None:
        """The day on which it was answered or taken back."""
        ends = (step.on for step in self.steps if step.kind is not StepKind.MEDIATION)
        return next(ends, None)

    def overdue(self, on: date) -> bool:
        """Whether the day for an answer is over and there is none. An overdue objection still stands."""
        return self.closed_on is None and on > self.answer_by


def about_key(kind: About, about: str) -> str:
    """Where the open objections about a thing are kept.

    >>> about_key(About.TRANSFER, "T-1")
    'transfer:T-1'
    """
    return f"{kind.value}:{about}"


def readable_objection(objection: Objection) -> Refusal | None:
    """Whether an objection has a usable name, says who objects and why, and leaves a day for the answer."""
    if not NAME.match(objection.id):
        return Refusal(ObjectionFault.ID_UNREADABLE, {"objection": objection.id[:80]})
    if not _clear(objection.party) or not _clear(objection.reason):
        return Refusal(ObjectionFault.TEXT_UNCLEAR, {"objection": objection.id, "text_max": TEXT_MAX})
    if objection.answer_by < objection.recorded_on:
        days = {"answer_by": objection.answer_by.isoformat(), "on": objection.recorded_on.isoformat()}
        return Refusal(ObjectionFault.DEADLINE_PAST, {"objection": objection.id, **days})
    return None


def stepped(objection: Objection, step: Step) -> Objection | Refusal:
    """The objection after one more step: a closed one takes none, and a new objection may be raised."""
    if objection.closed_on is not None:
        return Refusal(ObjectionFault.CLOSED, {"objection": objection.id, "on": objection.closed_on.isoformat()})
    if not _clear(step.by) or not _clear(step.text):
        return Refusal(ObjectionFault.TEXT_UNCLEAR, {"objection": objection.id, "text_max": TEXT_MAX})
    if step.kind is StepKind.MEDIATION and len(objection.steps) >= STEPS_MAX:
        return Refusal(ObjectionFault.TOO_MANY, {"objection": objection.id, "most": STEPS_MAX})
    return replace(objection, steps=(*objection.steps, step))


def barred_by(objections: Sequence[Objection]) -> Refusal | None:
    """The refusal by the first of some open objections."""
    for each in objections:
        facts = {"objection": each.id, "party": each.party, "answer_by": each.answer_by.isoformat()}
        return Refusal(ObjectionFault.STANDS, {**facts, "about": about_key(each.kind, each.about)})
    return None


def _clear(text: str) -> bool:
    return 0 < len(text.strip()) <= TEXT_MAX
