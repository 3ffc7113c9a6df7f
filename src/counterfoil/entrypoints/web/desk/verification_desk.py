"""The desk of verifiers: the monitoring reports that wait for a verification, and the way to each.

Read next: `verification_page.py`, `verification_statement.py`. Source: 2/CMA.3 annex para. 1(a).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.mrv.verification import MONITORING, VERIFIED
from counterfoil.entrypoints.web.desk import verification_page, verification_statement
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing, Rows
from counterfoil.entrypoints.web.page import PageRow
from counterfoil.entrypoints.web.visit import Visit

LOOKED_MAX: Final = 1_000
"""Reports that one page looks at: it then goes on after the last one."""
SHOWN: Final = 20
WAITING, DONE = "waiting", "verified"
_STATES: Final = (WAITING, DONE)


def rows() -> tuple[PageRow, ...]:
    return (*LISTING.rows(), *verification_page.rows(), *verification_statement.rows())


def _source(sight: Sight, _visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows | Refusal:
    """Reports of one activity are found by its name, all others by looking on."""
    state = values.get("state", "")
    if values.get("activity"):
        names = sorted(name for name in sight.record("monitoring_of", values["activity"]) or () if name > after)
        records = iter([(name, sight.record(MONITORING, name)) for name in names[: LOOKED_MAX + 1]])
    else:
        records = sight.records(MONITORING, after=after, limit=LOOKED_MAX + 1)
    return _page(sight, records, state, limit)


def _page(sight: Sight, records: Iterator[tuple[str, Any]], state: str, limit: int) -> Rows:
    found: list[Mapping[str, Any]] = []
    last = ""
    for looked, (key, value) in enumerate(records):
        if len(found) == limit or looked == LOOKED_MAX:
            return Rows(found, last)
        last = key
        row = _row(sight, key, value)
        if state not in _STATES or row["state"] == state:
            found.append(row)
    return Rows(found)


def _row(sight: Sight, key: str, value: Mapping[str, Any]) -> Mapping[str, Any]:
    verification = sight.record(VERIFIED, key) or ""
    quantity = sum(each["quantity"] for each in value["monitored"])
    return {
        **value,
        "key": key,
        "quantity": quantity,
        "verification": verification,
        "state": DONE if verification else WAITING,
    }


def _way(row: Mapping[str, Any]) -> tuple[str, ...]:
    if row["verification"]:
        return ("verifications", row["verification"])
    return ("desk", "verification", "of", row["key"])


def _facts(sight: Sight, visit: Visit) -> Mapping[str, Any]:
    """The first reports that wait, above the list of all."""
    if visit.query.get("after") or visit.query.get("state"):
        return {"waits": ()}
    return {"waits": _page(sight, sight.records(MONITORING, limit=LOOKED_MAX), WAITING, SHOWN).items}


def _states(_sight: Sight, visit: Visit) -> list[tuple[str, str]]:
    return [(each, visit.texts(f"web.desk_verification.state.{each}")) for each in _STATES]


LISTING: Final = Listing(
    "/desk/verification",
    "web.desk_verification",
    (
        Column("monitoring", lambda row: row["key"], Kind.CODE, _way),
        Column("activity", lambda row: row["activity"], Kind.CODE),
        Column("first_day", lambda row: row["first_day"], Kind.DAY),
        Column("last_day", lambda row: row["last_day"], Kind.DAY),
        Column("quantity", lambda row: row["quantity"], Kind.NUMBER),
        Column("state", lambda row: row["state"], Kind.TAG, words="web.desk_verification.state"),
    ),
    _source,
    (Filter("activity"), Filter("state", _states)),
    template="desk/verification/list.html",
    facts=_facts,
)
