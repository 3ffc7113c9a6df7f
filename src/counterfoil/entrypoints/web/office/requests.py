"""What waits for a second administrator: to confirm it, to reject it, or to take it back."""

from typing import Any, Final

from counterfoil.application.office.invitations import Invited
from counterfoil.application.office.ports import Office
from counterfoil.application.office.two_administrators import OPEN_MAX, confirm, reject
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.personnel_at_hand import personnel_of
from counterfoil.entrypoints.web.office.asked import done, of_office
from counterfoil.entrypoints.web.office.people import invited_page
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

REQUESTS: Final = ("desk", "admin", "requests")


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/desk/admin/requests", _shown, _changed),)


async def _shown(visit: Visit) -> Reply:
    return await _page(visit)


async def _page(visit: Visit, fault: Refusal | None = None) -> Shown:
    who = visit.standing

    def facts(office: Office) -> dict[str, Any]:
        now = office.clock.now_ms()
        open_ones = personnel_of(office, who).requests.listed(limit=OPEN_MAX)
        return {"items": [each for each in open_ones if now < each.ends_ms]}

    found = await of_office(visit, facts)
    rest = {
        "fault": fault,
        "done": visit.query.get("done", ""),
        "may_change": visit.may("POST /desk/admin/requests"),
        "roles": {name: role.label for name, role in visit.ground.gate.table.permissions.roles.items()},
        "own": "" if who is None else who.person,
    }
    return Shown("office/requests.html", {**found, **rest}, status=200 if fault is None else 422, kept=False)


async def _changed(visit: Visit) -> Reply | Refusal:
    who, name = visit.standing, visit.form.get("request")[:40]
    match visit.form.get("do"):
        case "confirm":
            found: Any = await of_office(visit, lambda office: confirm(personnel_of(office, who), name))
        case "reject":
            found = await of_office(visit, lambda office: reject(personnel_of(office, who), name))
        case _:
            return Refusal(HttpFault.REQUEST_UNREADABLE)
    if isinstance(found, Refusal):
        return await _page(visit, found)
    if isinstance(found, Invited):
        return invited_page(visit, found)
    return done(visit, *REQUESTS, what=f"request_{visit.form.get('do')}")
