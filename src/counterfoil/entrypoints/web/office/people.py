"""The people of a registry: who they are, inviting them, their roles, and keeping them out."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any, Final

from counterfoil.application.office import mandates, people, trail, two_administrators
from counterfoil.application.office.admin_request import AdminRequest
from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.invitations import Guest, Invited
from counterfoil.application.office.ports import Office, Person
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.office.administration import shown_membership, shown_person
from counterfoil.entrypoints.http.office.mandates import shown_mandate
from counterfoil.entrypoints.personnel_at_hand import personnel_of
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing, Rows
from counterfoil.entrypoints.web.office.asked import actor, done, of_office
from counterfoil.entrypoints.web.office.kept import RESUME
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

PEOPLE: Final = ("desk", "admin", "people")


def rows() -> tuple[PageRow, ...]:
    page, file = LIST.rows()
    one = PageRow("/desk/admin/people/{person}", _shown, _changed, resumes=True)
    return (PageRow(page.path, page.get, _invite, resumes=True), file, one)


def _office(visit: Visit) -> Office | None:
    return visit.ground.door.at_hand.office()


def _listed(_: Sight, visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows | Refusal:
    """By their pseudonyms. A filter of the state looks on until the page is full."""
    office, state = _office(visit), values.get("state", "")
    if office is None:
        return Rows([])
    today = trail.day_of(office.clock.now_ms())
    found: list[Person] = []
    while len(found) <= limit:
        page = office.store.people.listed(after=after, limit=limit + 1)
        found += [each for each in page if not state or each.state.value == state]
        if len(page) <= limit:
            break
        after = page[-1].person
    items = [{**shown_person(each), "roles": _roles(office, visit, each, today)} for each in found[:limit]]
    return Rows(items, found[limit - 1].person if len(found) > limit else None)


def _roles(office: Office, visit: Visit, person: Person, today: str) -> str:
    held = office.store.memberships.of(person.person, on=today)
    return visit.wording.listed(list(dict.fromkeys(role_text(visit, each.role) for each in held)))


def role_text(visit: Visit, role: str) -> str:
    """A role's name in the visitor's language."""
    known = visit.ground.gate.table.permissions.roles.get(role)
    return role if known is None else known.label.in_language(visit.language)


def _states(_: Sight, visit: Visit) -> list[tuple[str, str]]:
    return [(each, visit.texts(f"web.office.state.{each}")) for each in ("active", "invited", "suspended", "erased")]


def invite_facts(visit: Visit) -> dict[str, Any]:
    """What the form of an invitation offers."""
    office = _office(visit)
    bodies = [] if office is None else office.store.organisations.listed(after="", limit=500)
    named = visit.ground.gate.table.permissions.roles
    return {
        "bodies": [(each.organisation, each.name) for each in bodies],
        "role_choices": [(name, role.label.in_language(visit.language)) for name, role in named.items()],
        "done": visit.query.get("done", ""),
        "may_invite": visit.may("POST /desk/admin/people"),
        "fault": None,
        "open": False,
    }


LIST: Final = Listing(
    "/desk/admin/people",
    "web.office.people",
    (
        Column("person", lambda row: row["person"], Kind.CODE, link=lambda row: (*PEOPLE, row["person"])),
        Column("name", lambda row: row["name"] or "–"),
        Column("mail", lambda row: row["mail"] or "–"),
        Column("state", lambda row: row["state"], Kind.TAG, words="web.office.state"),
        Column("roles", lambda row: row["roles"] or "–"),
        Column("enrolled", lambda row: row["enrolled_ms"], Kind.MOMENT),
    ),
    _listed,
    filters=(Filter("state", _states),),
    template="office/people.html",
    facts=lambda _sight, visit: invite_facts(visit),
)


def guest_of(visit: Visit) -> Guest | Refusal:
    """Who is invited, or given a role, as the form says."""
    form = visit.form
    until = form.get("until")
    try:
        last = date.fromisoformat(until).isoformat() if until else None
    except ValueError:
        return Refusal(OfficeFault.DAYS_REVERSED, {"until": until[:20]})
    return Guest(form.get("name"), form.get("mail"), form.get("role")[:40], form.get("organisation")[:60], "", last)


async def _invite(visit: Visit) -> Reply | Refusal:
    if RESUME in visit.form:
        return await _again(visit, None)
    guest, who = guest_of(visit), visit.standing
    found: Any = guest
    if isinstance(guest, Guest):
        found = await of_office(visit, lambda office: two_administrators.invite(personnel_of(office, who), guest))
    if isinstance(found, Refusal):
        return await _again(visit, found)
    return waiting_or(visit, found)


def waiting_or(visit: Visit, found: Any) -> Reply:
    """An invitation's secret, shown this once; or that another administrator has to confirm."""
    if isinstance(found, AdminRequest):
        return done(visit, "desk", "admin", "requests", what="asked")
    assert isinstance(found, Invited)
    return invited_page(visit, found)


def invited_page(visit: Visit, found: Invited) -> Shown:
    """The one page that shows the secret. The link carries it behind `#`, which no server and no log sees."""
    host = visit.ground.door.at_hand.settings.address or str(visit.request.base_url).rstrip("/")
    facts = {"person": found.person, "secret": found.secret, "ends_ms": found.ends_ms, "address": host}
    return Shown("office/invited.html", facts, kept=False)


async def _again(visit: Visit, fault: Refusal | None) -> Reply | Refusal:
    """The list with the form as it was filled in: what was refused, or what waited for a sign-in."""
    shown = await visit.ask(lambda sight: LIST.page(sight, visit))
    if not isinstance(shown, Shown):
        return shown
    facts = {**shown.facts, "fault": fault, "open": True}
    return Shown(shown.template, facts, status=200 if fault is None else 422, kept=False)


async def _shown(visit: Visit) -> Reply | Refusal:
    return await person_page(visit)


async def person_page(visit: Visit, fault: Refusal | None = None) -> Reply | Refusal:
    """One person with roles, mandates and sessions."""
    key = visit.path["person"]

    def facts(office: Office) -> dict[str, Any] | Refusal:
        person = office.store.people.get(key)
        if person is None:
            return people.unknown(key)
        return {
            "person": person,
            "held": [shown_membership(each) for each in office.store.memberships.of(key)],
            "mandates": [
                shown_mandate(each) for each in (*office.store.mandates.given_by(key), *office.store.mandates.of(key))
            ],
            "sessions": len(office.store.sessions.of(key)),
        }

    found = await of_office(visit, facts)
    if isinstance(found, Refusal):
        return found
    rest = {**invite_facts(visit), "fault": fault, "may_change": visit.may("POST /desk/admin/people/{person}")}
    named = {name: role.label for name, role in visit.ground.gate.table.permissions.roles.items()}
    shown = {**found, **rest, "roles": named}
    return Shown("office/person.html", shown, status=200 if fault is None else 422, kept=False)


async def _changed(visit: Visit) -> Reply | Refusal:
    if RESUME in visit.form:
        return await person_page(visit)
    work = _CHANGES.get(visit.form.get("do"))
    if work is None:
        return Refusal(HttpFault.REQUEST_UNREADABLE)
    found = await work(visit, visit.path["person"])
    if isinstance(found, Refusal):
        return await person_page(visit, found)
    if isinstance(found, AdminRequest):
        return done(visit, "desk", "admin", "requests", what="asked")
    return done(visit, *PEOPLE, visit.path["person"], what=visit.form.get("do"))


async def _suspend(visit: Visit, key: str) -> Any:
    by = actor(visit)
    return await of_office(visit, lambda office: people.suspend(office, key, actor=by))


async def _resume(visit: Visit, key: str) -> Any:
    by = actor(visit)
    return await of_office(visit, lambda office: people.resume(office, key, actor=by))


async def _erase(visit: Visit, key: str) -> Any:
    who = visit.standing
    if visit.form.get("sure") != "yes":
        return Refusal(HttpFault.REQUEST_UNREADABLE)
    return await of_office(visit, lambda office: two_administrators.erase(personnel_of(office, who), key))


async def _give(visit: Visit, key: str) -> Any:
    guest, who = guest_of(visit), visit.standing
    if isinstance(guest, Refusal):
        return guest
    return await of_office(visit, lambda office: two_administrators.give_role(personnel_of(office, who), key, guest))


async def _take(visit: Visit, key: str) -> Any:
    who, role, organisation = visit.standing, visit.form.get("role"), visit.form.get("organisation")

    def take(office: Office) -> Any:
        at = personnel_of(office, who)
        return two_administrators.take_role(at, key, role=role, organisation=organisation)

    return await of_office(visit, take)


async def _end_mandate(visit: Visit, key: str) -> Any:
    sent, by = visit.form.get("number"), actor(visit)
    number = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) <= 18 else 0
    return await of_office(visit, lambda office: mandates.end(office, number, actor=by, by=key))


_CHANGES: Final[dict[str, Callable[[Visit, str], Awaitable[Any]]]] = {
    "suspend": _suspend,
    "resume": _resume,
    "erase": _erase,
    "give_role": _give,
    "take_role": _take,
    "end_mandate": _end_mandate,
}
