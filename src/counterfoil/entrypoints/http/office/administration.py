"""The routes with which people are administered: persons, their roles, organisations, and the trail."""

from datetime import date
from typing import Any, Final

import msgspec

from counterfoil.application.office import invitations, people, two_administrators
from counterfoil.application.office.admin_request import AdminRequest
from counterfoil.application.office.ports import Membership, Office, Organisation, Person, TrailQuestion, TrailRow
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.asked import unreadable
from counterfoil.entrypoints.http.office.admin_requests import personnel, shown_invitation, waiting
from counterfoil.entrypoints.http.office.call import Access, Answer, Call, OfficeRoute, said
from counterfoil.entrypoints.http.office.signing_in import PLACE, Nothing

LIMIT: Final = 100
LIMIT_MAX: Final = 1_000
_NUMBER_MAX: Final = 18


class Invitee(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    mail: str
    role: str
    organisation: str = ""
    until: date | None = None


class Given(msgspec.Struct, forbid_unknown_fields=True):
    role: str
    organisation: str = ""
    until: date | None = None


class Taken(msgspec.Struct, forbid_unknown_fields=True):
    role: str
    organisation: str = ""


class Body(msgspec.Struct, forbid_unknown_fields=True):
    organisation: str
    kind: str
    name: str


def routes() -> tuple[OfficeRoute, ...]:
    """Every route that the permission table opens."""

    def get(path: str, operation: str, summary: Any, run: Any) -> OfficeRoute:
        return OfficeRoute("GET", f"{PLACE}{path}", operation, summary, run, Access.BY_TABLE)

    def post(path: str, operation: str, summary: Any, run: Any, body: type = Nothing) -> OfficeRoute:
        return OfficeRoute("POST", f"{PLACE}{path}", operation, summary, run, Access.BY_TABLE, body)

    return (
        get("/people", "listPeople", said("The people of the registry", "登錄系統之人員"), _people),
        post("/people", "invitePerson", said("Invite a person", "邀請人員"), _invite, Invitee),
        get(
            "/people/{person}",
            "showPerson",
            said("A person with roles and sessions", "人員及其角色與工作階段"),
            _person,
        ),
        post("/people/{person}/suspend", "suspendPerson", said("Suspend a person", "停權人員"), _suspend),
        post(
            "/people/{person}/resume", "resumePerson", said("Let a suspended person in again", "恢復人員權限"), _resume
        ),
        post("/people/{person}/erase", "erasePerson", said("Erase a person's data", "刪除人員之個人資料"), _erase),
        post("/people/{person}/roles", "giveRole", said("Give a role", "授予角色"), _give, Given),
        post("/people/{person}/roles/end", "endRole", said("End a role", "終止角色"), _take, Taken),
        get(
            "/organisations",
            "listOrganisations",
            said("The organisations for which people act", "人員所代表之組織"),
            _bodies,
        ),
        post("/organisations", "addOrganisation", said("Enter an organisation", "登錄組織"), _add, Body),
        post(
            "/organisations/{organisation}/suspend",
            "suspendOrganisation",
            said("Suspend an organisation", "停權組織"),
            _stop,
        ),
        post(
            "/organisations/{organisation}/resume",
            "resumeOrganisation",
            said("Lift an organisation's suspension", "恢復組織權限"),
            _go,
        ),
        get("/trail", "listTrail", said("The audit trail, filtered", "稽核軌跡（可篩選）"), _trail),
    )


def shown_person(person: Person) -> dict[str, Any]:
    """A person as JSON."""
    return {
        "person": person.person,
        "name": person.name,
        "mail": person.mail,
        "state": person.state.value,
        "made_ms": person.made_ms,
        "enrolled_ms": person.enrolled_ms,
    }


def shown_body(body: Organisation) -> dict[str, Any]:
    """An organisation as JSON."""
    return {
        "organisation": body.organisation,
        "kind": body.kind,
        "name": body.name,
        "suspended": body.suspended,
        "made_ms": body.made_ms,
    }


def shown_membership(held: Membership) -> dict[str, Any]:
    return {"organisation": held.organisation, "role": held.role, "from": held.first_day, "until": held.last_day}


def _people(office: Office, call: Call) -> Answer | Refusal:
    limit = _limit(call)
    found = office.store.people.listed(after=call.query.get("after", ""), limit=limit)
    return Answer(_page([shown_person(each) for each in found], "person", limit))


def _invite(office: Office, call: Call) -> Answer | Refusal:
    body = call.body
    guest = invitations.Guest(body.name, body.mail, body.role, body.organisation, last_day=_day(body.until))
    found = two_administrators.invite(personnel(office, call), guest)
    if isinstance(found, AdminRequest):
        return waiting(found)
    return found if isinstance(found, Refusal) else Answer(shown_invitation(found), 201)


def _person(office: Office, call: Call) -> Answer | Refusal:
    key = call.path["person"]
    person = office.store.people.get(key)
    if person is None:
        return people.unknown(key)
    held = [shown_membership(each) for each in office.store.memberships.of(key)]
    return Answer({**shown_person(person), "roles": held, "sessions": len(office.store.sessions.of(key))})


def _suspend(office: Office, call: Call) -> Answer | Refusal:
    return _changed(people.suspend(office, call.path["person"], actor=call.actor))


def _resume(office: Office, call: Call) -> Answer | Refusal:
    return _changed(people.resume(office, call.path["person"], actor=call.actor))


def _erase(office: Office, call: Call) -> Answer | Refusal:
    found = two_administrators.erase(personnel(office, call), call.path["person"])
    return waiting(found) if isinstance(found, AdminRequest) else _changed(found)


def _changed(found: Person | Refusal) -> Answer | Refusal:
    return found if isinstance(found, Refusal) else Answer(shown_person(found))


def _give(office: Office, call: Call) -> Answer | Refusal:
    body = call.body
    guest = invitations.Guest("", "", body.role, body.organisation, last_day=_day(body.until))
    found = two_administrators.give_role(personnel(office, call), call.path["person"], guest)
    return waiting(found) if isinstance(found, AdminRequest) else found or _person(office, call)


def _take(office: Office, call: Call) -> Answer | Refusal:
    role, organisation = call.body.role, call.body.organisation
    at, person = personnel(office, call), call.path["person"]
    found = two_administrators.take_role(at, person, role=role, organisation=organisation)
    return waiting(found) if isinstance(found, AdminRequest) else found or _person(office, call)


def _bodies(office: Office, call: Call) -> Answer | Refusal:
    limit = _limit(call)
    found = office.store.organisations.listed(after=call.query.get("after", ""), limit=limit)
    return Answer(_page([shown_body(each) for each in found], "organisation", limit))


def _add(office: Office, call: Call) -> Answer | Refusal:
    body = call.body
    found = people.add_organisation(
        office, organisation=body.organisation, kind=body.kind, name=body.name, actor=call.actor
    )
    return found if isinstance(found, Refusal) else Answer(shown_body(found), 201)


def _stop(office: Office, call: Call) -> Answer | Refusal:
    return _body_changed(office, call, suspended=True)


def _go(office: Office, call: Call) -> Answer | Refusal:
    return _body_changed(office, call, suspended=False)


def _body_changed(office: Office, call: Call, *, suspended: bool) -> Answer | Refusal:
    key = call.path["organisation"]
    found = people.suspend_organisation(office, key, suspended=suspended, actor=call.actor)
    return found if isinstance(found, Refusal) else Answer(shown_body(found))


def _trail(office: Office, call: Call) -> Answer | Refusal:
    limit = _limit(call)
    asked = {name: call.query.get(name, "")[:120] for name in ("actor", "act", "subject")}
    question = TrailQuestion(
        **asked,
        since_ms=_number(call, "since_ms", 0),
        until_ms=_number(call, "until_ms", 2**62),
        after=_number(call, "after", 0),
    )
    rows = office.store.trail.rows(question, limit=limit)
    items = [shown_row(row) for row in rows]
    return Answer(_page(items, "number", limit))


def shown_row(row: TrailRow) -> dict[str, Any]:
    """A row of the trail as JSON."""
    return {
        "number": row.number,
        "at_ms": row.at_ms,
        "actor": row.actor,
        "act": row.act,
        "subject": row.subject,
        "facts": msgspec.json.decode(row.facts),
        "digest": row.digest.hex(),
    }


def _page(items: list[dict[str, Any]], key: str, limit: int) -> dict[str, Any]:
    following = str(items[-1][key]) if len(items) == limit else None
    return {"items": items, "next": following}


def _limit(call: Call) -> int:
    limit = _number(call, "limit", LIMIT)
    if not 1 <= limit <= LIMIT_MAX:
        raise unreadable("limit", str(limit))
    return limit


def _number(call: Call, name: str, default: int) -> int:
    sent = call.query.get(name)
    if sent is None:
        return default
    if not sent.isascii() or not sent.isdecimal() or len(sent) > _NUMBER_MAX:
        raise unreadable(name, sent)
    return int(sent)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
