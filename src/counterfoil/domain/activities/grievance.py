"""Grievances of people whom an activity harms: filed without an account, answered in public by a day.

What a person writes may say who they are, so it stays out of the journal, for ever: the journal keeps the number, the
day and the hash of the letter. The answer is public, and says nothing about the person.

Source: A6.4-PROC-GOV-006 (grievances); requirement R-A64-14.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import DIGEST, NAME
from counterfoil.domain.kernel.refusal import Refusal

GRIEVANCE: Final = "grievance"
OPEN_GRIEVANCES: Final = "open_grievances"
"""The open grievances about one activity."""
OPEN_MAX: Final = 200
TEXT_MAX: Final = 2_000


class GrievanceFault(StrEnum):
    ID_UNREADABLE = "grievance.id_unreadable"
    ALREADY_FILED = "grievance.already_filed"
    LETTER_UNREADABLE = "grievance.letter_unreadable"
    TOO_MANY = "grievance.too_many"
    UNKNOWN = "grievance.unknown"
    ANSWERED = "grievance.answered"
    ANSWER_UNCLEAR = "grievance.answer_unclear"


class GrievanceOutcome(StrEnum):
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"
    NOT_ADMISSIBLE = "not_admissible"


@dataclass(frozen=True, slots=True)
class Grievance:
    """`letter` is the SHA-256 of what was written, with a number of chance in it, so that it cannot be guessed."""

    id: str
    activity: str
    letter: str
    filed_on: date
    answer_by: date
    answered_on: date | None = None
    outcome: GrievanceOutcome | None = None
    answer: str = ""
    by: str = ""
    provision: str = ""

    def overdue(self, on: date) -> bool:
        return self.answered_on is None and on > self.answer_by


def readable_grievance(grievance: Grievance) -> Refusal | None:
    """Whether a grievance has a usable number, and a letter that can be told by its hash."""
    facts = {"grievance": grievance.id[:80]}
    if not NAME.match(grievance.id):
        return Refusal(GrievanceFault.ID_UNREADABLE, facts)
    return None if DIGEST.match(grievance.letter) else Refusal(GrievanceFault.LETTER_UNREADABLE, facts)


def answered(grievance: Grievance, *, outcome: GrievanceOutcome, answer: str, by: str, on: date) -> Grievance | Refusal:
    """A grievance is answered once; who is not content files another."""
    facts = {"grievance": grievance.id}
    if grievance.answered_on is not None:
        return Refusal(GrievanceFault.ANSWERED, {**facts, "on": grievance.answered_on.isoformat()})
    if not (0 < len(answer.strip()) <= TEXT_MAX and 0 < len(by.strip()) <= TEXT_MAX):
        return Refusal(GrievanceFault.ANSWER_UNCLEAR, {**facts, "text_max": TEXT_MAX})
    return replace(grievance, answered_on=on, outcome=outcome, answer=answer.strip(), by=by.strip())
