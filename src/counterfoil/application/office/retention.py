"""How long a person's name must be kept after the last role, by dated rules of the operator's law; before, no erasure.

Source: Regulation (EU) 2016/679 art. 17(3)(b), as an example of a right that yields to a duty; ADR-0026.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from counterfoil.application.office.people import erase
from counterfoil.application.office.ports import Office, Person
from counterfoil.application.office.trail import date_of, day_of
from counterfoil.domain.kernel.refusal import Refusal


class RetentionFault(StrEnum):
    MUST_BE_KEPT = "person.must_be_kept"
    SETTINGS_UNREADABLE = "retention.settings_unreadable"


@dataclass(frozen=True, slots=True)
class Retention:
    """From a day on, who held a role is kept for so many days after its last day, by this provision."""

    first_day: date
    days: int
    basis: str


def erase_on_request(office: Office, rules: Sequence[Retention], person: str, *, actor: str) -> Person | Refusal:
    """Erase somebody, or say `person.must_be_kept` with the day and the provision. Who never enrolled is never kept."""
    return must_be_kept(office, rules, person) or erase(office, person, actor=actor)


def must_be_kept(office: Office, rules: Sequence[Retention], person: str) -> Refusal | None:
    """The refusal while a rule in force today keeps somebody; None where none does, or there is no such person."""
    today = date_of(day_of(office.clock.now_ms()))
    rule = max((each for each in rules if each.first_day <= today), key=lambda each: each.first_day, default=None)
    found = office.store.people.get(person)
    if rule is None or found is None or found.enrolled_ms is None:
        return None
    held = office.store.memberships.of(person)
    last = max((today if each.last_day is None else min(today, date_of(each.last_day)) for each in held), default=None)
    if last is None:
        return None
    until = last + timedelta(days=rule.days)
    if today > until:
        return None
    return Refusal(RetentionFault.MUST_BE_KEPT, {"person": person, "until": until.isoformat(), "basis": rule.basis})
