"""The requests for issuance: those that wait, and what became of the others. Read next: `issuance_page.py`."""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.activities.activity import ACTIVITY
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.mrv.issuance_request import ISSUANCE_REQUEST, OPEN_REQUESTS, RequestState
from counterfoil.entrypoints.web.desk import issuance_page
from counterfoil.entrypoints.web.desk.own_body import own_body
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing, Rows
from counterfoil.entrypoints.web.page import PageRow
from counterfoil.entrypoints.web.visit import Visit

LIST: Final = "GET /desk/issuance"
LOOKED_MAX: Final = 1_000
SHOWN: Final = 20
_WAYS: Final = {"Issue": ("desk", "issuance", "new"), "EndIssuanceRequest": ("desk", "acts", "EndIssuanceRequest")}


def rows() -> tuple[PageRow, ...]:
    return (*LISTING.rows(), *issuance_page.rows())


def _source(sight: Sight, visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows | Refusal:
    """Requests that wait are found by the lists of the open ones, which stay short."""
    state, body = values.get("state", ""), own_body(visit, LIST)
    found: list[Mapping[str, Any]] = []
    last = ""
    for looked, row in enumerate(_listed(sight, state, after)):
        if len(found) == limit or looked == LOOKED_MAX:
            return Rows(found, last)
        last = row["at"]
        fits = values.get("activity", row["activity"]) == row["activity"] and state in ("", row["state"])
        if fits and (body is None or _takes_part(sight, row["activity"], body)):
            found.append(row)
    return Rows(found)


def _listed(sight: Sight, state: str, after: str) -> Any:
    """Requests in the order of their verifications where they wait, else of their names; `at` goes on behind one."""
    if state != RequestState.OPEN:
        for key, value in sight.records(ISSUANCE_REQUEST, after=after, limit=LOOKED_MAX + 1):
            yield {**value, "key": key, "at": key}
        return
    verification, _, name = after.partition("\n")
    own = [(verification, sight.record(OPEN_REQUESTS, verification) or ())] if name else []
    following = sight.records(OPEN_REQUESTS, after=verification, limit=LOOKED_MAX + 1)
    for of, names in (*own, *following):
        for each in names:
            if of == verification and each <= name:
                continue
            value = sight.record(ISSUANCE_REQUEST, each)
            yield {**value, "key": each, "at": f"{of}\n{each}"}


def _takes_part(sight: Sight, activity: str, body: str) -> bool:
    return body in ((sight.record(ACTIVITY, activity) or {}).get("participants") or ())


def _states(_sight: Sight, visit: Visit) -> list[tuple[str, str]]:
    return [(each.value, visit.texts(f"web.desk_issuance.state.{each.value}")) for each in RequestState]


def _facts(sight: Sight, visit: Visit) -> Mapping[str, Any]:
    """The first requests that wait, above the list of all."""
    if visit.query.get("after") or visit.query.get("state"):
        return {"waits": (), "ways": ()}
    found = _source(sight, visit, {"state": RequestState.OPEN.value}, "", SHOWN)
    assert isinstance(found, Rows)
    return {"waits": found.items, "ways": [(name, way) for name, way in _WAYS.items() if visit.may(name)]}


LISTING: Final = Listing(
    "/desk/issuance",
    "web.desk_issuance",
    (
        Column("request", lambda row: row["key"], Kind.CODE),
        Column("activity", lambda row: row["activity"], Kind.CODE, lambda row: ("desk", "activities", row["activity"])),
        Column(
            "verification",
            lambda row: row["verification"],
            Kind.CODE,
            lambda row: ("verifications", row["verification"]),
        ),
        Column("vintage", lambda row: row["vintage"], Kind.TEXT),
        Column("quantity", lambda row: row["quantity"], Kind.NUMBER),
        Column("issued", lambda row: row["issued"], Kind.NUMBER),
        Column("account", lambda row: row["account"], Kind.CODE),
        Column("asked_on", lambda row: row["asked_on"], Kind.DAY),
        Column("state", lambda row: row["state"], Kind.TAG, words="web.desk_issuance.state"),
        Column("reason", lambda row: row["reason"]),
        Column(
            "issuance_entry",
            lambda row: row.get("issuance_entry"),
            Kind.CODE,
            lambda row: ("entries", row["issuance_entry"]) if row.get("issuance_entry") is not None else None,
        ),
    ),
    _source,
    (Filter("activity"), Filter("state", _states)),
    template="desk/issuance/list.html",
    facts=_facts,
)
