"""Give a mandate, and end it. Who gives one, who has one, and who administers people may end it, from that moment on.

Read before: `domain/people/mandate.py`. Every step is a row of the trail.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from counterfoil.application.office import trail
from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.people import unknown
from counterfoil.application.office.ports import Office, PersonState
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.mandate import DeputyFault, Mandate, mandate
from counterfoil.domain.people.standing import Standing

IN_FORCE_MAX: Final = 50
"""Mandates of one giver, or for one person, that have not ended."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Who is to act, in which roles, from when (left out: today) to which last day."""

    person: str
    roles: frozenset[str]
    last_day: date
    first_day: date | None = None


def give(office: Office, giver: Standing, wish: Wish, *, actor: str) -> Mandate | Refusal:
    """Let another person of the registry act in the giver's place.

    Returns:
        The mandate with its number; the refusals of `domain/people/mandate.py`; `deputy.days_backwards` also where it
        would have ended before today; `person.unknown`, `person.state` or `deputy.too_many`.
    """
    today = _today(office)
    made = mandate(
        giver,
        person=wish.person,
        roles=wish.roles,
        first_day=wish.first_day or today,
        last_day=wish.last_day,
    )
    if isinstance(made, Refusal):
        return made
    if made.last_day < today:
        days = {"first_day": today.isoformat(), "last_day": made.last_day.isoformat()}
        return Refusal(DeputyFault.DAYS_BACKWARDS, days)
    with office.store.change():
        refusal = _deputy_refused(office, made, today)
        if refusal is not None:
            return refusal
        number = office.store.mandates.add(made, made_ms=office.clock.now_ms())
        made = replace(made, number=number)
        trail.write(office, actor, "mandate.given", made.person, _facts(made))
    return made


def end(office: Office, number: int, *, actor: str, by: str | None = None) -> Mandate | Refusal:
    """End a mandate from this moment on.

    Args:
        by: The person who ends it, who must be one of the two; left out, whoever administers people.

    Returns:
        The mandate as it ended, or the refusal `deputy.unknown`. One that has ended already stays as it is.
    """
    today = _today(office)
    with office.store.change():
        found = office.store.mandates.get(number)
        if found is None or (by is not None and by not in (found.giver, found.person)):
            return Refusal(DeputyFault.UNKNOWN, {"number": number})
        if found.ends_on < today:
            return found
        office.store.mandates.revoke(number, today)
        trail.write(office, actor, "mandate.ended", found.person, _facts(found))
    return replace(found, revoked_on=today)


def _deputy_refused(office: Office, made: Mandate, today: date) -> Refusal | None:
    person = office.store.people.get(made.person)
    if person is None:
        return unknown(made.person)
    if person.state is not PersonState.ACTIVE:
        return Refusal(OfficeFault.PERSON_STATE, {"person": made.person, "state": person.state.value})
    for held in (office.store.mandates.given_by(made.giver), office.store.mandates.of(made.person)):
        if sum(each.ends_on >= today for each in held) >= IN_FORCE_MAX:
            return Refusal(DeputyFault.TOO_MANY, {"most": IN_FORCE_MAX})
    return None


def _facts(made: Mandate) -> dict[str, str | int]:
    return {
        "mandate": made.number,
        "giver": made.giver,
        "organisation": made.organisation,
        "roles": ", ".join(sorted(made.roles)),
        "from": made.first_day.isoformat(),
        "until": made.last_day.isoformat(),
    }


def _today(office: Office) -> date:
    return trail.date_of(trail.day_of(office.clock.now_ms()))
