"""The people of a served demonstration: one fictitious person for each role, named by the role.

They have no password and no other factor, so none of them can sign in anywhere but through the one-click entrance that
`serve --demo` opens on loopback.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, TypeVar

import msgspec

from counterfoil.application.command import Command
from counterfoil.application.office import proposals, sessions, trail
from counterfoil.application.office.application import Application, ApplicationState, Owner
from counterfoil.application.office.applying import apply
from counterfoil.application.office.invitations import Guest, grant, invite
from counterfoil.application.office.people import add_organisation
from counterfoil.application.office.ports import Office, PersonState
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.application_book import application_book
from counterfoil.entrypoints.approvals_at_hand import approval_desk
from counterfoil.entrypoints.bootstrap import Folder, open_for_writing
from counterfoil.entrypoints.demo.desks import COMPANY, DEVELOPER, NAMES, ROOFS, VERIFIER, Desks
from counterfoil.entrypoints.demo.stage import PlayFailed
from counterfoil.entrypoints.gate import Gate
from counterfoil.entrypoints.office_at_hand import OfficeAtHand
from counterfoil.entrypoints.permission_table import permission_table
from counterfoil.entrypoints.wire import command_json

T = TypeVar("T")
BY: Final = "demonstration"
AUTHORITY: Final = "DEMO-AUTHORITY"
PARTNER: Final = "DEMO-PARTNER"
REVIEW: Final = "DEMO-REVIEW"
REVIEW_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Role:
    """One person of the demonstration: the name by the role, the body (empty: the operator) and the roles in it."""

    key: str
    name: str
    organisation: str
    roles: tuple[str, ...]
    days: int | None = None


_KEEPERS: Final = ("administrator", "operator")
ROLES: Final = (
    Role("authority_1", "Authorizing officer 1 (demonstration) · 授權承辦人員一（示範）", AUTHORITY, ("authority",)),
    Role("authority_2", "Authorizing officer 2 (demonstration) · 授權承辦人員二（示範）", AUTHORITY, ("authority",)),
    Role("administrator_1", "Registry administrator 1 (demonstration) · 登錄管理者一（示範）", "", _KEEPERS),
    Role("administrator_2", "Registry administrator 2 (demonstration) · 登錄管理者二（示範）", "", _KEEPERS),
    Role("developer", "Activity developer (demonstration) · 活動開發者（示範）", DEVELOPER, ("developer", "holder")),
    Role("verifier", "Verifier (demonstration) · 查證人員（示範）", VERIFIER, ("verifier",)),
    Role("partner", "Partner Party's officer (demonstration) · 夥伴締約方人員（示範）", PARTNER, ("partner",)),
    Role("company", "Company under a charge (demonstration) · 負碳費義務之公司（示範）", COMPANY, ("holder",)),
    Role("compiler", "Report compiler (demonstration) · 報告編製人員（示範）", AUTHORITY, ("accountant",)),
    Role("reviewer", "Expert reviewer (demonstration) · 審評專家（示範）", REVIEW, ("reviewer",), REVIEW_DAYS),
)
NEIGHBOURS: Final = (
    Role("officer_1", "Transfer officer 1 (demonstration) · 轉讓承辦人員一（示範）", AUTHORITY, ("authority",)),
    Role("officer_2", "Transfer officer 2 (demonstration) · 轉讓承辦人員二（示範）", AUTHORITY, ("authority",)),
    Role("keeper_1", "Registry administrator 1 (demonstration) · 登錄管理者一（示範）", "", _KEEPERS),
    Role("keeper_2", "Registry administrator 2 (demonstration) · 登錄管理者二（示範）", "", _KEEPERS),
)
"""The people of the partner's registry that is served beside a demonstration."""
_BODIES: Final = {
    AUTHORITY: ("authority", "National authority (demonstration) · 國家主管機關（示範）"),
    DEVELOPER: ("developer", NAMES[DEVELOPER]),
    VERIFIER: ("verifier", NAMES[VERIFIER]),
    COMPANY: ("company", NAMES[COMPANY]),
    PARTNER: ("partner_party", "Partner Party (demonstration) · 夥伴締約方（示範）"),
    REVIEW: ("expert_reviewer", "Review team (demonstration) · 審評小組（示範）"),
}


def people(folder: Folder, desks: Desks, *, today: date) -> Mapping[str, str]:
    """Lay out the registry's office: bodies, persons, and what waits for a second one. Pseudonyms by the role's key.

    Raises:
        PlayFailed: something of it was refused.
    """
    at_hand = OfficeAtHand(folder.path)
    try:
        office = at_hand.office(create=True)
        assert office is not None
        for number, (kind, name) in _BODIES.items():
            _done(add_organisation(office, organisation=number, kind=kind, name=name, actor=BY))
        found = {role.key: _enrolled(office, role, today) for role in ROLES}
        _waiting(folder, at_hand, office, desks, found)
        return found
    finally:
        at_hand.close()


def neighbours_people(folder: Folder, *, today: date) -> Mapping[str, str]:
    """Lay out the office of the registry beside: its authority's officers and its administrators.

    Raises:
        PlayFailed: something of it was refused.
    """
    at_hand = OfficeAtHand(folder.path)
    try:
        office = at_hand.office(create=True)
        assert office is not None
        kind, name = _BODIES[AUTHORITY]
        _done(add_organisation(office, organisation=AUTHORITY, kind=kind, name=name, actor=BY))
        return {role.key: _enrolled(office, role, today) for role in NEIGHBOURS}
    finally:
        at_hand.close()


def _enrolled(office: Office, role: Role, today: date) -> str:
    """Somebody who can act at once, with no factor of their own. The trail says how it came to that."""
    until = None if role.days is None else (today + timedelta(days=role.days)).isoformat()
    guests = [Guest(role.name, f"{role.key}@demo.example", each, role.organisation, "", until) for each in role.roles]
    invited = _done(invite(office, guests[0], actor=BY))
    person = invited.person
    with office.store.change():
        for guest in guests[1:]:
            grant(office, person.person, guest, actor=BY)
        office.store.invitations.withdraw(person.person)
        now = office.clock.now_ms()
        office.store.people.put(replace(person, state=PersonState.ACTIVE, enrolled_ms=now))
        trail.write(office, BY, "person.demonstration", person.person)
    return person.person


def _waiting(folder: Folder, at_hand: OfficeAtHand, office: Office, desks: Desks, found: Mapping[str, str]) -> None:
    """A letter and an issuance that wait for the second officer, and an application for an account."""
    writable = _done(open_for_writing(folder, BY))
    with writable:
        gate = Gate(permission_table(folder.path), at_hand.staffed)
        desk = approval_desk(at_hand, office, writable.driver, gate)
        for who, command in (
            ("authority_1", desks.letter("DEMO-LOA-2", (ROOFS,))),
            ("administrator_1", desks.issue(1_500)),
        ):
            answered = replace(command, answers=desks.answers)
            person = office.store.people.get(found[who])
            assert person is not None
            standing = sessions.standing_of(office, person, _body_of(who))
            _done(proposals.propose(desk, standing, answered, _text(answered), why="Demonstration · 示範"))
        papers = writable.world.evidence.put("Demonstration: supposed papers · 示範：假定之文件\n".encode())
    asked = Application(
        number="",
        organisation="DEMO-APPLICANT",
        kind="company",
        name="Applicant (demonstration) · 申請人（示範）",
        mail="applicant@demo.example",
        account=f"{desks.developer_account.partition(':')[0]}:demo-applicant",
        documents=(papers,),
        owners=(Owner("Owner (demonstration) · 實質受益人（示範）", "CHE", 100),),
        state=ApplicationState.OPEN,
        made_ms=0,
    )
    _done(apply(office, application_book(office), asked, address=""))


def _body_of(key: str) -> str:
    return next(role.organisation for role in ROLES if role.key == key)


def _text(command: Command) -> str:
    value = command_json(command)
    if not command.id:
        value.pop("id", None)
    return msgspec.json.encode(value).decode()


def _done(outcome: T | Refusal) -> T:
    if isinstance(outcome, Refusal):
        raise PlayFailed(outcome)
    return outcome
