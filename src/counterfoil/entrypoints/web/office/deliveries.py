"""What was told on which way, what waits, and what was set aside after too many tries."""

from typing import Any, Final

from counterfoil.application.notices import delivering
from counterfoil.application.notices.ports import DeliveryState, Ways
from counterfoil.application.office.ports import Office
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.postman import notice_desk
from counterfoil.entrypoints.web.office.asked import actor, done, of_office
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

DELIVERIES: Final = ("desk", "admin", "deliveries")
ROWS: Final = 100


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/desk/admin/deliveries", _shown, _retry),)


async def _shown(visit: Visit) -> Reply:
    sent, after = visit.query.get("state", DeliveryState.DEAD.value), _number(visit.query.get("after", ""))
    state = DeliveryState(sent) if sent in tuple(DeliveryState) else DeliveryState.DEAD

    def facts(office: Office) -> dict[str, Any]:
        desk = notice_desk(visit.ground.room.folder, office, Ways())
        items = desk.outbox.listed(state, after=after, limit=ROWS)
        return {"items": items, "following": items[-1].number if len(items) == ROWS else None}

    found = await of_office(visit, facts)
    rest = {
        "state": state.value,
        "states": [each.value for each in DeliveryState],
        "may_change": visit.may("POST /desk/admin/deliveries"),
        "done": visit.query.get("done", ""),
    }
    return Shown("office/deliveries.html", {**found, **rest}, kept=False)


async def _retry(visit: Visit) -> Reply | Refusal:
    number, by = _number(visit.form.get("number")), actor(visit)
    if visit.form.get("do") != "retry":
        return Refusal(HttpFault.REQUEST_UNREADABLE)
    folder = visit.ground.room.folder
    found = await of_office(
        visit, lambda office: delivering.retry(notice_desk(folder, office, Ways()), number, actor=by)
    )
    return found if isinstance(found, Refusal) else done(visit, *DELIVERIES, what="retried")


def _number(sent: str) -> int:
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) <= 18 else 0
