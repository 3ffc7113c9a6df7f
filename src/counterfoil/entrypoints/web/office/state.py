"""How the registry's machine fares: writer, disk, clock, links, notices, incidents; its tokens.

Keys and secrets never pass through a page: what is done with them is done by the command line, which is named here.
"""

import shutil
from datetime import UTC, datetime
from typing import Any, Final

from counterfoil.adapters.incident_file import read_incidents
from counterfoil.application.notices.ports import DeliveryState
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.federation.link import PARTNER
from counterfoil.domain.ledger.entry import from_leaf
from counterfoil.entrypoints.http.tokens import list_tokens
from counterfoil.entrypoints.notice_settings import read_ways
from counterfoil.entrypoints.postman import outbox_of
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

LOW_SHARE: Final = 10
"""A disk with less than one part in so many free is said to be low."""
SHOWN_MAX: Final = 20


def rows() -> tuple[PageRow, ...]:
    return (
        PageRow("/desk/admin/health", reading(_health)),
        PageRow("/desk/admin/tokens", reading(_tokens)),
    )


def _health(sight: Sight, visit: Visit) -> Reply:
    return Shown("office/health.html", health(sight, visit), kept=False)


def health(sight: Sight, visit: Visit) -> dict[str, Any]:
    """What an operator looks at in the morning. Everything here is asked now, of this server."""
    folder, at_hand = visit.ground.room.folder, visit.ground.door.at_hand
    last, disk = sight.reading.last_checkpoint(), shutil.disk_usage(folder)
    row = None if last is None or not last.size else sight.reading.row(last.size - 1)
    month = f"{visit.today:%Y-%m}"
    office = at_hand.office()
    outbox = None if office is None else outbox_of(office)
    ways = read_ways(folder)
    return {
        "entries": 0 if last is None else last.size,
        "last_at": None if row is None else from_leaf(sight.codec.decode(row.leaf)).recorded_at,
        "behind": visit.ground.desk.driver.writer.size - (0 if last is None else last.size),
        "free": disk.free,
        "total": disk.total,
        "low": disk.free * LOW_SHARE < disk.total,
        "links": _links(sight),
        "couriers": sorted(visit.ground.links.couriers),
        "undelivered": 0 if outbox is None else len(outbox.listed(DeliveryState.WAITING, after=0, limit=500)),
        "dead": 0 if outbox is None else len(outbox.listed(DeliveryState.DEAD, after=0, limit=500)),
        "incidents": read_incidents(folder, month=month).incidents[-SHOWN_MAX:],
        "month": month,
        "settings": at_hand.settings,
        "post": ways.post is not None,
        "webhooks": [each.name for each in ways.webhooks],
        "encrypted": visit.request.url.scheme == "https" or at_hand.settings.address.startswith("https://"),
    }


def _links(sight: Sight) -> list[dict[str, Any]]:
    found = []
    for row in sight.reading.records(PARTNER):
        value = sight.codec.decode(row.value)
        found.append({"party": row.key, "registry": value["registry"], "state": value.get("state", "live")})
    return found


def _tokens(_: Sight, visit: Visit) -> Reply:
    now = datetime.fromtimestamp(visit.now_ms / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    found = [
        {
            "name": each.name,
            "scopes": [scope.value for scope in each.scopes],
            "roles": each.roles,
            "organisation": each.organisation,
            "created": each.created,
            "expires": each.expires,
            "state": "good" if each.good(now) else "revoked",
        }
        for each in list_tokens(visit.ground.room.folder)
    ]
    return Shown("office/tokens.html", {"items": found}, kept=False)
