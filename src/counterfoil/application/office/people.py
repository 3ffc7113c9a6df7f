"""Suspending, letting in again and erasing people; the bodies for which they act."""

import re
from dataclasses import replace
from typing import Final

from counterfoil.application.office import trail
from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.invitations import NAME_MAX, Guest, grant, kind_of
from counterfoil.application.office.ports import Office, Organisation, Person, PersonState
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.organisation import membership
from counterfoil.domain.people.role import ADMINISTRATOR

_NUMBER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,59}\Z")


def suspend(office: Office, person: str, *, actor: str) -> Person | Refusal:
    """Keep somebody out from this moment: every session ends, nothing is lost."""
    return _put(office, person, PersonState.SUSPENDED, (PersonState.ACTIVE,), actor, "person.suspended")


def resume(office: Office, person: str, *, actor: str) -> Person | Refusal:
    """Let a suspended person in again."""
    return _put(office, person, PersonState.ACTIVE, (PersonState.SUSPENDED,), actor, "person.resumed")


def erase(office: Office, person: str, *, actor: str) -> Person | Refusal:
    """Forget who somebody is: name, mail address, factors and sessions. The pseudonym and the trail stay.

    Source: Regulation (EU) 2016/679 art. 17, as one law of this right.
    """
    living = (PersonState.INVITED, PersonState.ACTIVE, PersonState.SUSPENDED)
    erased = _put(office, person, PersonState.ERASED, living, actor, "person.erased")
    if not isinstance(erased, Refusal):
        office.store.scrub()
    return erased


def give_role(office: Office, person: str, guest: Guest, *, actor: str) -> Refusal | None:
    """A further role for somebody who is here already. Of the guest only role, organisation and days are read."""
    kind = kind_of(office, guest.organisation)
    if isinstance(kind, Refusal):
        return kind
    refusal = membership(kind, role=guest.role, until=None if guest.last_day is None else trail.date_of(guest.last_day))
    if refusal is not None:
        return refusal
    with office.store.change():
        found = office.store.people.get(person)
        if found is None or found.state is PersonState.ERASED:
            return unknown(person)
        grant(office, person, guest, actor=actor)
    return None


def take_role(office: Office, person: str, *, role: str, organisation: str, actor: str) -> Refusal | None:
    """End a role: yesterday was its last day."""
    now = office.clock.now_ms()
    with office.store.change():
        held = [
            each
            for each in office.store.memberships.of(person, on=trail.day_of(now))
            if (each.role, each.organisation) == (role, organisation)
        ]
        if not held:
            return Refusal(OfficeFault.MEMBER_NOT, {"organisation": organisation[:60]})
        if role == ADMINISTRATOR and _is_last(office, person):
            return Refusal(OfficeFault.LAST_ADMINISTRATOR, {"person": person})
        for each in held:
            office.store.memberships.end(each.number, trail.day_of(now - 24 * 60 * 60 * 1000))
        trail.write(office, actor, "membership.ended", person, {"organisation": organisation, "role": role})
    return None


def add_organisation(office: Office, *, organisation: str, kind: str, name: str, actor: str) -> Organisation | Refusal:
    """Enter a body under its number, so that people can act for it."""
    plain = name.strip()
    if not _NUMBER.match(organisation) or not plain or len(plain) > NAME_MAX or not plain.isprintable():
        return Refusal(OfficeFault.ORGANISATION_UNREADABLE, {"organisation": organisation[:60]})
    if kind not in office.kinds:
        return Refusal(OfficeFault.KIND_UNKNOWN, {"kind": kind[:60], "kinds": ", ".join(office.kinds)})
    made = Organisation(organisation, kind, plain, suspended=False, made_ms=office.clock.now_ms())
    with office.store.change():
        if not office.store.organisations.add(made):
            return Refusal(OfficeFault.ORGANISATION_EXISTS, {"organisation": organisation})
        trail.write(office, actor, "organisation.added", organisation, {"kind": kind})
    return made


def suspend_organisation(office: Office, organisation: str, *, suspended: bool, actor: str) -> Organisation | Refusal:
    """Take from all its people what they may do for it, or give it back. Their sessions go on, without its roles."""
    with office.store.change():
        found = office.store.organisations.get(organisation)
        if found is None:
            return Refusal(OfficeFault.ORGANISATION_UNKNOWN, {"organisation": organisation[:60]})
        changed = replace(found, suspended=suspended)
        office.store.organisations.put(changed)
        act = "organisation.suspended" if suspended else "organisation.resumed"
        trail.write(office, actor, act, organisation)
    return changed


def _put(  # noqa: PLR0917  private, and each of its callers is one line
    office: Office, key: str, state: PersonState, allowed: tuple[PersonState, ...], actor: str, act: str
) -> Person | Refusal:
    store = office.store
    with store.change():
        person = store.people.get(key)
        if person is None:
            return unknown(key)
        if person.state not in allowed:
            return Refusal(OfficeFault.PERSON_STATE, {"person": key, "state": person.state.value})
        if state is not PersonState.ACTIVE and person.state is PersonState.ACTIVE and _is_last(office, key):
            return Refusal(OfficeFault.LAST_ADMINISTRATOR, {"person": key})
        changed = replace(person, state=state)
        if state is PersonState.ERASED:
            changed = replace(changed, name=None, mail=None)
            _forget_factors(office, key)
            store.shelf.clear(key)
        store.people.put(changed)
        if state is not PersonState.ACTIVE:
            store.sessions.end_all(key)
            store.steps.forget(key, office.clock.now_ms())
        trail.write(office, actor, act, key)
    return changed


def _forget_factors(office: Office, person: str) -> None:
    for credential in office.store.credentials.of(person):
        office.store.credentials.remove(credential.number)
    office.store.invitations.withdraw(person)
    today = trail.day_of(office.clock.now_ms())
    for held in office.store.memberships.of(person):
        if held.last_day is None or held.last_day > today:
            office.store.memberships.end(held.number, today)


def _is_last(office: Office, person: str) -> bool:
    return office.store.memberships.holders(ADMINISTRATOR, on=trail.day_of(office.clock.now_ms())) == [person]


def unknown(person: str) -> Refusal:
    """The refusal `person.unknown`."""
    return Refusal(OfficeFault.PERSON_UNKNOWN, {"person": person[:60]})
