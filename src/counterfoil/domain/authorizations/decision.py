"""A decision of an authority about an activity or an authorization, as the law asks for it.

One decision may be an approval of a level (a state, the federation), a step of a procedure, and the answer to a
question of the law, each by the law's own word. The latest decision of each word holds; earlier ones stay in sight.

Source: requirements R-MYS-01, R-IDN-17.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

DECISION: Final = "decision"
DECISIONS: Final = "decisions"
"""By what they are about (`activity:…` or `authorization:…`): the ids of decisions, in their order."""
DECISIONS_MAX: Final = 60
"""Decisions about one thing."""
WORD_MAX: Final = 80
QUANTITY_MAX: Final = 10**15


class DecisionFault(StrEnum):
    ID_UNREADABLE = "decision.id_unreadable"
    ALREADY_RECORDED = "decision.already_recorded"
    ABOUT_UNCLEAR = "decision.about_unclear"
    CONTENT_UNREADABLE = "decision.content_unreadable"
    SAYS_NOTHING = "decision.says_nothing"
    QUANTITY_UNCLEAR = "decision.quantity_unclear"
    TOO_MANY = "decision.too_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`granted` is false for a decision against it. `quantity` is the most that a level approves, in whole units."""

    id: str
    about: str
    authority: str
    decided_on: date
    granted: bool = True
    level: str = ""
    cycle: str = ""
    step: str = ""
    fact: str = ""
    quantity: int | None = None
    reference: str = ""
    document: str | None = None
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What the decisions come to on a day: approved levels with their quantities, steps done, and answers."""

    approved: dict[str, int | None]
    done: frozenset[str]
    answers: dict[str, bool]


def standing(decisions: Iterable[Decision], *, on: date) -> Standing:
    """The latest decision of each word, of those in force on the day. What was decided against is not approved."""
    approved: dict[str, int | None] = {}
    done: set[str] = set()
    answers: dict[str, bool] = {}
    for decision in sorted(decisions, key=lambda each: each.decided_on):
        if decision.decided_on > on:
            continue
        if decision.level:
            approved.pop(decision.level, None)
            if decision.granted:
                approved[decision.level] = decision.quantity
        if decision.step:
            (done.add if decision.granted else done.discard)(decision.step)
        if decision.fact:
            answers[decision.fact] = decision.granted
    return Standing(approved, frozenset(done), answers)
