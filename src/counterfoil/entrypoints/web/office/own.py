"""One's own account: in what capacity one acts, devices, factors, notices, mandates, and one's own trail."""

import json
from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.notices.notice_desk import wish_of
from counterfoil.application.notices.ports import MailWish, Ways
from counterfoil.application.notices.wording import worded
from counterfoil.application.office import trail
from counterfoil.application.office.ports import Factor, Office, Session, TrailQuestion
from counterfoil.application.office.sessions import Bearer, fresh
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.office.mandates import shown_mandate
from counterfoil.entrypoints.postman import notice_desk
from counterfoil.entrypoints.web.listing import Column, Kind, Listing, Rows
from counterfoil.entrypoints.web.office.asked import of_office
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

NOTICES: Final = 10
_LABELLED: Final = (Factor.PASSWORD, Factor.TOTP, Factor.PASSKEY, Factor.SINGLE_SIGN_ON)


def rows() -> tuple[PageRow, ...]:
    """The list of one's own trail; the page itself stands beside its changes (`own_changes.py`)."""
    return TRAIL.rows()


async def shown(visit: Visit) -> Reply:
    """Open to whoever has a session, whatever its roles: here one changes for whom one acts."""
    if visit.bearer is None:
        return Gone(visit.url("sign-in", next="/desk/me"))
    return await own_page(visit)


async def own_page(visit: Visit, fault: Refusal | None = None, at: str = "") -> Shown:
    """The page; a refusal stands in the section `at` in which it happened."""
    bearer = visit.bearer
    assert bearer is not None, "the page asks for a session"
    facts = await of_office(visit, lambda office: own_facts(office, visit, bearer))
    shown = {**facts, "area": "desk", "fault": fault, "at": at, "done": visit.query.get("done", "")}
    return Shown("office/me.html", shown, status=200 if fault is None else 422, kept=False)


def own_facts(office: Office, visit: Visit, bearer: Bearer) -> Mapping[str, Any]:
    """What the office knows of who asks."""
    person = office.store.people.get(bearer.session.person)
    assert person is not None
    credentials = office.store.credentials.of(person.person)
    desk = notice_desk(visit.ground.room.folder, office, Ways())
    wish = wish_of(desk, person.person)
    inbox = desk.outbox.inbox(person.person, before=2**53, unread=False, limit=NOTICES)
    return {
        "person": person,
        "standing": bearer.standing,
        "ended_mandate": bearer.refused,
        "capacities": _capacities(office, bearer.session),
        "sessions": [_session(each, bearer.session) for each in office.store.sessions.of(person.person)],
        "factors": [each for each in credentials if each.factor in _LABELLED],
        "codes_left": sum(each.factor is Factor.RECOVERY for each in credentials),
        "has_password": any(each.factor is Factor.PASSWORD for each in credentials),
        "fresh": fresh(office, bearer.session) is None,
        "passkeys": office.passkeys is not None,
        "wish": wish,
        "wishes": [each.value for each in MailWish],
        "inbox": [(each, *worded(desk, each.notice, visit.language)) for each in inbox],
        "given": [shown_mandate(each) for each in office.store.mandates.given_by(person.person)],
        "held": [shown_mandate(each) for each in office.store.mandates.of(person.person)],
        "roles": {name: role.label for name, role in visit.ground.gate.table.permissions.roles.items()},
    }


def _session(each: Session, this: Session) -> dict[str, Any]:
    names = ("handle", "device", "method", "organisation", "made_ms", "seen_ms", "ends_ms")
    return {**{name: getattr(each, name) for name in names}, "this": each.digest == this.digest}


def _capacities(office: Office, session: Session) -> list[dict[str, str]]:
    """For which bodies somebody may act today, and in whose place."""
    today = trail.day_of(office.clock.now_ms())
    own = dict.fromkeys(held.organisation for held in office.store.memberships.of(session.person, on=today))
    found = [_capacity(office, session, organisation, "") for organisation in own]
    mandates = [each for each in office.store.mandates.of(session.person) if each.holds(trail.date_of(today))]
    pairs = dict.fromkeys((each.organisation, each.giver) for each in mandates)
    return [*found, *(_capacity(office, session, organisation, giver) for organisation, giver in pairs)]


def _capacity(office: Office, session: Session, organisation: str, giver: str) -> dict[str, str]:
    body = office.store.organisations.get(organisation) if organisation else None
    behind = office.store.people.get(giver) if giver else None
    return {
        "organisation": organisation,
        "name": body.name if body is not None else organisation,
        "giver": giver,
        "giver_name": (behind.name or giver) if behind is not None else giver,
        "now": "yes" if (session.organisation, session.giver) == (organisation, giver) else "",
    }


def trail_item(row: Any) -> dict[str, Any]:
    """A row of the trail for a list."""
    names = ("number", "at_ms", "actor", "act", "subject", "facts")
    return {name: getattr(row, name) for name in names}


def _own_trail(_: Sight, visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows | Refusal:
    """What is kept of who asks: what was done with them. Read forwards, as it is chained."""
    del values
    office = visit.ground.door.at_hand.office()
    assert office is not None and visit.bearer is not None
    place = int(after) if after.isascii() and after.isdecimal() and len(after) <= 18 else 0
    question = TrailQuestion(subject=visit.bearer.session.person, after=place)
    found = office.store.trail.rows(question, limit=limit + 1)
    following = str(found[limit - 1].number) if len(found) > limit else None
    return Rows([trail_item(row) for row in found[:limit]], following)


TRAIL: Final = Listing(
    "/desk/me/trail",
    "web.office.own_trail",
    (
        Column("number", lambda row: row["number"], Kind.NUMBER),
        Column("at", lambda row: row["at_ms"], Kind.MOMENT),
        Column("act", lambda row: row["act"], words="trail"),
        Column("actor", lambda row: row["actor"], words="actor"),
        Column("facts", lambda row: json.loads(row["facts"]), Kind.FACTS),
    ),
    _own_trail,
)
