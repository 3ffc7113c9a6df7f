"""What buyers' and standards' lists say of units, beside what their States said: two sides that may differ.

A list decides what its owner takes. It never decides what a unit is: an authorized unit that a list does not accept
stays valid, and the answer says so. Lists are packs whose rules are about the act `accept`.

Source: requirements R-FRI-01, R-FRI-06, R-INT-08, R-EUR-02.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.accounting.unit_facts import Status
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.kinds.requirement import REQUIREMENT
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.permits import permits
from counterfoil.domain.policy.ruling import Outcome, Ruling

UNMET: Final = "unmet"
"""The note of a condition that is told only: what is not met."""


class ConditionsFault(StrEnum):
    NOT_A_LIST = "conditions.not_a_list"
    FACT_UNKNOWN = "conditions.fact_unknown"
    ANSWER_IS_KNOWN = "conditions.answer_is_known"
    LISTS_MISSING = "conditions.lists_missing"


class Acceptance(StrEnum):
    """What a list comes to. Open: it asks for something that nobody said."""

    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    OPEN = "open"
    SILENT = "silent"
    """Nothing in it is in force on the day."""


class Place(StrEnum):
    """Where units stand: held, on their way, gone to another book, or at their end."""

    HELD = "held"
    IN_FLIGHT = "in_flight"
    LEFT = "left"
    SPENT = "spent"


_PLACES: Final = {
    AccountRole.PENDING: Place.IN_FLIGHT,
    AccountRole.ABROAD: Place.LEFT,
    AccountRole.TERMINAL: Place.SPENT,
}


def place_of(account: str) -> Place:
    """Where units of an account stand.

    >>> place_of("tha:dev").value, place_of("cancelled:OMGE").value
    ('held', 'spent')
    """
    return _PLACES.get(role(account), Place.HELD)


def is_list(law: Law) -> bool:
    """Whether a pack says, on any day, what is accepted."""
    return any(Act.ACCEPT in clause.acts for rule in law.rules.values() for clause in rule.versions)


def conditions(law: Law, asked: Asked, on: date) -> tuple[Ruling, ...]:
    """The list's conditions that concern such units on the day, in the order of the pack."""
    return tuple(each for each in permits(law, asked, on) if each.kind == REQUIREMENT.name)


def acceptance(rulings: Iterable[Ruling]) -> Acceptance:
    """What the conditions come to. One that is not met decides, even where others are open."""
    outcomes = {ruling.outcome for ruling in rulings}
    if Outcome.REFUSED in outcomes:
        return Acceptance.NOT_ACCEPTED
    if Outcome.ASKS in outcomes:
        return Acceptance.OPEN
    return Acceptance.ACCEPTED if outcomes else Acceptance.SILENT


def stays_valid(status: Status, found: Iterable[Acceptance]) -> bool:
    """Whether the two sides differ: their State authorized the units, and a list does not accept them.

    Args:
        status: What the State said; unauthorized where it took its letter back before the first transfer.
    """
    return status is not Status.UNAUTHORIZED and Acceptance.NOT_ACCEPTED in set(found)
