"""The administrators' desk: everything that they look after, with what asks for a look now."""

from typing import Any, Final

from counterfoil.application.office.two_administrators import OPEN_MAX
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.keeping.errand import place_of
from counterfoil.entrypoints.personnel_at_hand import personnel_of
from counterfoil.entrypoints.web.office.backups import backups_in
from counterfoil.entrypoints.web.office.state import health
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

ROOMS: Final = (
    ("first", "/desk/first"),
    ("people", "/desk/admin/people"),
    ("bodies", "/desk/admin/organisations"),
    ("requests", "/desk/admin/requests"),
    ("rights", "/desk/admin/permissions"),
    ("audit", "/desk/admin/audit"),
    ("packs", "/desk/admin/packs"),
    ("opening", "/desk/admin/opening"),
    ("health", "/desk/admin/health"),
    ("keys", "/desk/admin/keys"),
    ("backups", "/desk/admin/backups"),
    ("deliveries", "/desk/admin/deliveries"),
    ("tokens", "/desk/admin/tokens"),
)
OLD_BACKUP_DAYS: Final = 7


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/desk/admin", reading(_shown)),)


def _shown(sight: Sight, visit: Visit) -> Reply | Refusal:
    rooms = [(name, path.strip("/").split("/")) for name, path in ROOMS if visit.may(f"GET {path}")]
    return Shown("office/desk.html", {"rooms": rooms, "looks": _looks(sight, visit)}, kept=False)


def _looks(sight: Sight, visit: Visit) -> list[tuple[str, list[str], dict[str, Any]]]:
    """What asks for a look: the key of its text, where it leads, and its numbers."""
    found: list[tuple[str, list[str], dict[str, Any]]] = []
    office = visit.ground.door.at_hand.office()
    waiting = [] if office is None else personnel_of(office, visit.standing).requests.listed(limit=OPEN_MAX)
    open_now = sum(visit.now_ms < each.ends_ms for each in waiting)
    if open_now:
        found.append(("requests", ["desk", "admin", "requests"], {"count": open_now}))
    state = health(sight, visit)
    if state["low"]:
        found.append(("disk", ["desk", "admin", "health"], {}))
    if state["dead"]:
        found.append(("dead", ["desk", "admin", "deliveries"], {"count": state["dead"]}))
    if state["incidents"]:
        found.append(("incidents", ["desk", "admin", "health"], {"count": len(state["incidents"])}))
    newest = max((each["at_ms"] for each in backups_in(place_of(visit.ground.room.folder))), default=0)
    if visit.now_ms - newest > OLD_BACKUP_DAYS * 24 * 60 * 60 * 1000:
        found.append(("backup", ["desk", "admin", "backups"], {"days": OLD_BACKUP_DAYS}))
    return found
