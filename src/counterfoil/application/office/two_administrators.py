"""Giving power over the registry, and erasing a person, by two administrators where there are two.

One administrator asks, another one confirms; the folder's owner asks as well, and cannot confirm. Where there is one
administrator, nobody could confirm, so nothing waits. A suspended administrator still counts: nobody becomes the only
one by suspending the other.

Read before: `admin_request.py`, `people.py`, `invitations.py`. Source: ADR-0026; requirement R-GOV-02.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from counterfoil.application.office import invitations, people, trail
from counterfoil.application.office.admin_request import (
    AdminAct,
    AdminRequest,
    AdminRequestFault,
    AdminRequests,
    AdminState,
)
from counterfoil.application.office.invitations import Guest, Invited
from counterfoil.application.office.ports import Office, Person, PersonState
from counterfoil.application.office.retention import Retention, erase_on_request, must_be_kept
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.four_eyes import second_person
from counterfoil.domain.people.pseudonym import LENGTH, pseudonym
from counterfoil.domain.people.role import ADMINISTRATOR
from counterfoil.domain.people.standing import Standing

ENOUGH: Final = 2
OPEN_MAX: Final = 200
VALID_MS: Final = 14 * 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Personnel:
    """The office with its requests, for how long names are kept, and who asks: None for the folder's owner."""

    office: Office
    requests: AdminRequests
    rules: Sequence[Retention] = ()
    who: Standing | None = None

    @property
    def actor(self) -> str:
        return "local" if self.who is None else f"person:{self.who.acting}"


def invite(at: Personnel, guest: Guest) -> Invited | AdminRequest | Refusal:
    """Invite somebody, or ask for it."""
    if not _together(at):
        return invitations.invite(at.office, guest, actor=at.actor)
    refusal = invitations.unfit_guest(at.office, guest)
    return refusal or _asked(at, AdminAct.INVITE, guest=guest)


def give_role(at: Personnel, person: str, guest: Guest) -> AdminRequest | Refusal | None:
    """Give a further role, or ask for it. Of the guest only role, organisation and days are read."""
    if not _together(at):
        return people.give_role(at.office, person, guest, actor=at.actor)
    refusal = invitations.unfit_role(at.office, guest) or _gone(at.office, person)
    return refusal or _asked(at, AdminAct.GIVE_ROLE, person, guest)


def take_role(at: Personnel, person: str, *, role: str, organisation: str) -> AdminRequest | Refusal | None:
    """End a role at once; ask for it where it is an administrator's."""
    if role != ADMINISTRATOR or not _together(at):
        return people.take_role(at.office, person, role=role, organisation=organisation, actor=at.actor)
    guest = Guest("", "", role, organisation)
    return _gone(at.office, person) or _asked(at, AdminAct.END_ADMINISTRATOR, person, guest)


def erase(at: Personnel, person: str) -> Person | AdminRequest | Refusal:
    """Erase somebody, or ask for it."""
    if not _together(at):
        return _erased(at, person, at.actor)
    return must_be_kept(at.office, at.rules, person) or _gone(at.office, person) or _asked(at, AdminAct.ERASE, person)


def confirm(at: Personnel, name: str) -> Invited | Person | Refusal | None:
    """Do what another one asked for. The invitation's secret is shown to who confirms.

    The request is closed first, so that of two who confirm one does it; what is refused after all opens it again.

    Returns:
        What the act gives, `approval.same_person`, `approval.person_needed`, or why it cannot be done.
    """
    found = _open(at, name)
    if isinstance(found, Refusal):
        return found
    refusal = _may_confirm(at, found)
    if refusal is not None:
        return refusal
    assert at.who is not None, "only a person may confirm"
    with at.office.store.change():
        if not at.requests.close(name, AdminState.DONE):
            return _not_open(found)
        facts = {"act": found.act.value, "person": found.person}
        trail.write(at.office, at.actor, "admin_request.confirmed", name, facts)
    done = _DONE[found.act](at, found, f"{found.actor}+{at.actor}")
    if isinstance(done, Refusal):
        with at.office.store.change():
            at.requests.reopen(found)
            trail.write(at.office, at.actor, "admin_request.reopened", name, {"refused": done.code})
    return done


def reject(at: Personnel, name: str) -> AdminRequest | Refusal:
    """Say no. Who asked may take it back in the same way."""
    found = _open(at, name)
    if isinstance(found, Refusal):
        return found
    with at.office.store.change():
        if not at.requests.close(name, AdminState.REJECTED):
            return _not_open(found)
        trail.write(at.office, at.actor, "admin_request.rejected", name, {"act": found.act.value})
    return replace(found, state=AdminState.REJECTED, name="", mail="")


# What a request stands on


def _together(at: Personnel) -> bool:
    today = trail.day_of(at.office.clock.now_ms())
    return len(at.requests.administrators(on=today)) >= ENOUGH


def _asked(at: Personnel, act: AdminAct, person: str = "", guest: Guest | None = None) -> AdminRequest | Refusal:
    office, now = at.office, at.office.clock.now_ms()
    said = guest or Guest("", "", "")
    made = AdminRequest(
        "R" + pseudonym(office.dice.bytes(LENGTH))[1:],
        act,
        "" if at.who is None else at.who.person,
        "" if at.who is None else at.who.giver,
        now,
        now + VALID_MS,
        person=person,
        name=said.name.strip(),
        mail=said.mail.strip().lower(),
        role=said.role,
        organisation=said.organisation,
        last_day=said.last_day or "",
    )
    with office.store.change():
        at.requests.expire(now)
        if len(at.requests.listed(limit=OPEN_MAX)) >= OPEN_MAX:
            return Refusal(AdminRequestFault.TOO_MANY, {"open_max": OPEN_MAX})
        at.requests.add(made)
        facts = {"act": act.value, "person": person, "role": made.role, "organisation": made.organisation}
        trail.write(office, at.actor, "admin_request.made", made.id, facts)
    return made


def _open(at: Personnel, name: str) -> AdminRequest | Refusal:
    found = at.requests.get(name)
    if found is None:
        return Refusal(AdminRequestFault.UNKNOWN, {"request": name[:20]})
    if found.state is AdminState.OPEN and at.office.clock.now_ms() >= found.ends_ms:
        found = replace(found, state=AdminState.EXPIRED)
    return found if found.state is AdminState.OPEN else _not_open(found)


def _may_confirm(at: Personnel, found: AdminRequest) -> Refusal | None:
    """Another person than the asker, who must still be an administrator."""
    standing = at.who or Standing("", "", "", frozenset())
    refusal = second_person({found.asker, found.giver} - {""}, standing)
    if refusal is not None or not found.asker:
        return refusal
    behind = found.giver or found.asker
    today = trail.day_of(at.office.clock.now_ms())
    for person in {found.asker, behind}:
        known = at.office.store.people.get(person)
        if known is None or known.state is not PersonState.ACTIVE:
            return Refusal(AdminRequestFault.ASKER_GONE, {"request": found.id, "person": person})
    if behind not in at.requests.administrators(on=today):
        return Refusal(AdminRequestFault.ASKER_GONE, {"request": found.id, "person": behind})
    return None


def _gone(office: Office, person: str) -> Refusal | None:
    known = office.store.people.get(person)
    return people.unknown(person) if known is None or known.state is PersonState.ERASED else None


def _not_open(found: AdminRequest) -> Refusal:
    return Refusal(AdminRequestFault.NOT_OPEN, {"request": found.id, "state": found.state.value})


# What is done


def _guest(found: AdminRequest) -> Guest:
    return Guest(found.name, found.mail, found.role, found.organisation, last_day=found.last_day or None)


def _invite(at: Personnel, found: AdminRequest, actor: str) -> Invited | Refusal:
    return invitations.invite(at.office, _guest(found), actor=actor)


def _give(at: Personnel, found: AdminRequest, actor: str) -> Refusal | None:
    return people.give_role(at.office, found.person, _guest(found), actor=actor)


def _end(at: Personnel, found: AdminRequest, actor: str) -> Refusal | None:
    said = {"role": found.role, "organisation": found.organisation}
    return people.take_role(at.office, found.person, **said, actor=actor)


def _erase(at: Personnel, found: AdminRequest, actor: str) -> Person | Refusal:
    return _erased(at, found.person, actor)


def _erased(at: Personnel, person: str, actor: str) -> Person | Refusal:
    """Erase somebody, and what waits under the same address: a new invitation that was asked for."""
    known = at.office.store.people.get(person)
    done = erase_on_request(at.office, at.rules, person, actor=actor)
    if not isinstance(done, Refusal):
        with at.office.store.change():
            at.requests.expire(at.office.clock.now_ms())
            if known is not None and known.mail:
                at.requests.forget(known.mail)
        at.office.store.scrub()
    return done


_DONE: Final[dict[AdminAct, Callable[[Personnel, AdminRequest, str], Invited | Person | Refusal | None]]] = {
    AdminAct.INVITE: _invite,
    AdminAct.GIVE_ROLE: _give,
    AdminAct.END_ADMINISTRATOR: _end,
    AdminAct.ERASE: _erase,
}
