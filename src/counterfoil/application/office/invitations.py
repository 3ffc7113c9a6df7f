"""Inviting a person: a pseudonym, a role, and a secret that is shown once and works once.

There is no default account and no default password: the folder's owner invites the first administrator.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from counterfoil.application.office import trail
from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.ports import Invitation, Membership, Office, Person, PersonState
from counterfoil.application.office.secret import digest
from counterfoil.application.office.sessions import OPERATOR
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.organisation import OrganisationKind, membership
from counterfoil.domain.people.pseudonym import LENGTH, pseudonym
from counterfoil.domain.people.role import ADMINISTRATOR

PEOPLE_MAX: Final = 100_000
NAME_MAX: Final = 120
MAIL_MAX: Final = 254
"""Source: RFC 5321 section 4.5.3.1.3."""
VALID_MS: Final = 7 * 24 * 60 * 60 * 1000
_MAIL: Final = re.compile(r"[^\s@<>\"(),;:\\\[\]\x00-\x1f]{1,64}@[^\s@<>\"(),;:\\\[\]\x00-\x1f]{1,189}\Z")


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation just made. Nobody can be shown its secret again."""

    person: Person
    secret: str
    ends_ms: int


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is invited, as what: the role in the organisation (empty: the operator's own), from day to day (ISO 8601)."""

    name: str
    mail: str
    role: str
    organisation: str = ""
    first_day: str = ""
    last_day: str | None = None


def invite(office: Office, guest: Guest, *, actor: str) -> Invited | Refusal:
    """Invite somebody. Who was invited before and has not enrolled gets a new secret, and the old one ends.

    Raises:
        Outage: the office's file cannot be written.
    """
    mail = guest.mail.strip().lower()
    refusal = _unreadable(guest.name, mail) or unfit_role(office, guest)
    if refusal is not None:
        return refusal
    with office.store.change():
        found = office.store.people.by_mail(mail)
        if found is not None and found.state is not PersonState.INVITED:
            return Refusal(OfficeFault.MAIL_TAKEN, {"mail": mail})
        if found is None and office.store.people.count() >= PEOPLE_MAX:
            return Refusal(OfficeFault.PEOPLE_TOO_MANY, {"people_max": PEOPLE_MAX})
        person = found or _new_person(office, guest.name.strip(), mail)
        grant(office, person.person, guest, actor=actor)
        return _invitation(office, person, actor)


def invite_administrator(office: Office, *, name: str, mail: str, recovery: bool = False) -> Invited | Refusal:
    """The way in for the folder's owner: the first administrator, or one more when all have lost their factors.

    Returns:
        The invitation, or `person.administrator_exists` where one can sign in and it is not asked for as a recovery.
    """
    today = trail.day_of(office.clock.now_ms())
    if not recovery and (standing := office.store.memberships.holders(ADMINISTRATOR, on=today)):
        return Refusal(OfficeFault.ADMINISTRATOR_EXISTS, {"person": standing[0]})
    if office.store.people.staffed():
        # Before the invitation, so that no way leaves it out: every administrator is told of this row.
        with office.store.change():
            trail.write(office, "local", "administrator.recovery")
    return invite(office, Guest(name, mail, ADMINISTRATOR), actor="local")


def grant(office: Office, person: str, guest: Guest, *, actor: str) -> None:
    """Inside a change: the role, unless it is held already."""
    first_day = guest.first_day or trail.day_of(office.clock.now_ms())
    for held in office.store.memberships.of(person):
        if (held.organisation, held.role, held.last_day) == (guest.organisation, guest.role, guest.last_day):
            return
    row = Membership(0, person, guest.organisation, guest.role, first_day, guest.last_day)
    office.store.memberships.add(row)
    facts = {"organisation": guest.organisation, "role": guest.role, "from": first_day, "until": guest.last_day}
    trail.write(office, actor, "membership.given", person, facts)


def kind_of(office: Office, organisation: str) -> OrganisationKind | Refusal:
    """The kind of a body, of the operator where none is named."""
    if organisation == "":
        return office.kinds[OPERATOR]
    found = office.store.organisations.get(organisation)
    if found is None:
        return Refusal(OfficeFault.ORGANISATION_UNKNOWN, {"organisation": organisation[:60]})
    return office.kinds[found.kind]


def unfit_guest(office: Office, guest: Guest) -> Refusal | None:
    """Why somebody could not be invited now."""
    mail = guest.mail.strip().lower()
    refusal = _unreadable(guest.name, mail) or unfit_role(office, guest)
    found = office.store.people.by_mail(mail) if refusal is None else None
    taken = found is not None and found.state is not PersonState.INVITED
    return Refusal(OfficeFault.MAIL_TAKEN, {"mail": mail}) if taken else refusal


def unfit_role(office: Office, guest: Guest) -> Refusal | None:
    """Why nobody may hold this role in this body, or to this day."""
    kind = kind_of(office, guest.organisation)
    if isinstance(kind, Refusal):
        return kind
    until = None if guest.last_day is None else date.fromisoformat(guest.last_day)
    if guest.last_day is not None and guest.last_day < (guest.first_day or trail.day_of(office.clock.now_ms())):
        return Refusal(OfficeFault.DAYS_REVERSED, {"until": guest.last_day})
    return membership(kind, role=guest.role, until=until)


def _unreadable(name: str, mail: str) -> Refusal | None:
    plain = name.strip()
    if not plain or len(plain) > NAME_MAX or any(not char.isprintable() for char in plain):
        return Refusal(OfficeFault.NAME_UNREADABLE, {"characters_max": NAME_MAX})
    if len(mail) > MAIL_MAX or not _MAIL.match(mail):
        return Refusal(OfficeFault.MAIL_UNREADABLE, {"mail": mail[:60]})
    return None


def _new_person(office: Office, name: str, mail: str) -> Person:
    while True:
        made = pseudonym(office.dice.bytes(LENGTH))
        person = Person(made, name, mail, PersonState.INVITED, office.clock.now_ms())
        # The mail address is free inside this change, so only a pseudonym can be taken: then it is drawn again.
        if office.store.people.add(person):
            return person


def _invitation(office: Office, person: Person, actor: str) -> Invited:
    secret, now = office.dice.secret(), office.clock.now_ms()
    office.store.invitations.withdraw(person.person)
    row = Invitation(digest(secret), person.person, now, now + VALID_MS, office.codes.secret())
    office.store.invitations.add(row)
    trail.write(office, actor, "person.invited", person.person, {"until_ms": row.ends_ms})
    return Invited(person, secret, row.ends_ms)
