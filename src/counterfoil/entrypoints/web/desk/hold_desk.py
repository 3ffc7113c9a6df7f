"""The desk of holds and suspensions: what stands, by whom, since when, on which provision, and what it stops.

A hold keeps some serials where they are; a suspension keeps an account. Each is placed and lifted by an act with
authority and reason, which the law may put under four eyes: the forms are those of these acts (`forms/flow.py`).
Source: 4/CMA.6 paras. 39-40; requirement R-GOV-02.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final

from counterfoil.application.commands.open_account import ACCOUNT_RECORD
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import HOLD
from counterfoil.domain.people.account_state import ACCOUNT_STATE, Stand
from counterfoil.domain.units.identifier import identifier
from counterfoil.entrypoints.web.forms.flow import Flow
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.portal.sifting import Row, sifted
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/desk/accounts/holds"
SEGMENTS: Final = ("desk", "accounts", "holds")
STATES: Final = ("standing", "over", "released")
BLOCKS_SHOWN: Final = 50
CLASSES_SHOWN: Final = 20
STOPS: Final = ("transfer", "abroad", "use", "cancel", "convert", "correct")
"""What a hold stops: the texts `web.hold.stops.<name>`."""


def rows() -> tuple[PageRow, ...]:
    return (
        *LISTING.rows(),
        *(row for each in _flows() for row in each.rows()),
        PageRow(f"{PATH}/{{key:path}}", reading(_one)),
    )


def _state(hold: Mapping[str, Any], today: str) -> str:
    """Whether a hold stands, is over by its last day and waits to be ended, or was released."""
    if hold["released_on"] is not None:
        return "released"
    until = hold.get("until")
    return "over" if until is not None and until < today else "standing"


def _told(hold: Mapping[str, Any], key: str, visit: Visit) -> dict[str, Any]:
    of, first, last = hold["unit_class"], hold["first"], hold["last"]
    return {
        **hold,
        "key": key,
        "state": _state(hold, visit.today.isoformat()),
        "first_id": identifier(of, first),
        "last_id": identifier(of, last),
        "quantity": last - first + 1,
    }


def _source(sight: Sight, visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Any:
    today = visit.today.isoformat()

    def fits(row: Row, wanted: Mapping[str, str]) -> bool:
        return _state(row, today) == wanted["state"] if "state" in wanted else True

    def more(_sight: Sight, row: Row) -> Row:
        return _told(row, row["key"], visit)

    return sifted(HOLD, fits=fits, more=more)(sight, visit, values, after, limit)


def _facts(_sight: Sight, visit: Visit) -> Mapping[str, Any]:
    return {"may_place": visit.may("PlaceHold"), "may_suspend": visit.may("SuspendAccount")}


def _states(_sight: Sight, visit: Visit) -> Sequence[tuple[str, str]]:
    return [(each, visit.texts(f"web.hold.state.{each}")) for each in STATES]


LISTING: Final = Listing(
    PATH,
    "web.holds",
    (
        Column("hold", lambda row: row["key"], Kind.CODE, lambda row: (*SEGMENTS, row["key"])),
        Column("state", lambda row: row["state"], Kind.TAG, words="web.hold.state"),
        Column("first_id", lambda row: row["first_id"], Kind.CODE),
        Column("quantity", lambda row: row["quantity"], Kind.NUMBER),
        Column("authority", lambda row: row.get("authority") or ""),
        Column("reason", lambda row: row["reason"]),
        Column("placed_on", lambda row: row["placed_on"], Kind.DAY),
        Column("until", lambda row: row.get("until"), Kind.DAY),
        Column("released_on", lambda row: row["released_on"], Kind.DAY),
    ),
    _source,
    (Filter("state", _states),),
    template="desk/accounts/holds.html",
    facts=_facts,
)


def _one(sight: Sight, visit: Visit) -> Reply | Refusal:
    key = visit.path["key"]
    hold = sight.record(HOLD, key)
    if hold is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": "hold", "key": key[:120]})
    facts = {"hold": _told(hold, key, visit), "blocks": _blocks(sight, hold), "stops": STOPS, "acts": _acts(visit)}
    return Shown("desk/accounts/hold.html", facts, kept=False)


def _acts(visit: Visit) -> set[str]:
    return {name for name in ("ReleaseHold", "EndHold", "PlaceHold") if visit.may(name)}


def _blocks(sight: Sight, hold: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Where the units of a hold stand now, as far as they are shown."""
    of, first, last = hold["unit_class"], int(hold["first"]), int(hold["last"])
    if sight.number("class", of) is None:
        return []
    found = islice(sight.holdings_between(of, first, last), BLOCKS_SHOWN)
    return [_block(each, first, last) for each in found]


def _block(holding: Any, first: int, last: int) -> dict[str, Any]:
    begin, end = max(first, holding.first), min(last, holding.last)
    return {"first_id": identifier(holding.unit_class, begin), "quantity": end - begin + 1, "account": holding.account}


# The acts


def _flows() -> tuple[Flow, ...]:
    return (
        Flow(
            "PlaceHold",
            path=f"{PATH}/new",
            shown=("hold", "units", "authority", "reason", "until", "source"),
            template="desk/accounts/hold_form.html",
            facts=_about_new,
        ),
        *(_on_hold(command, word) for command, word in (("ReleaseHold", "release"), ("EndHold", "end"))),
        *(
            Flow(
                command,
                path=f"/desk/accounts/{word}",
                shown=shown,
                template="desk/accounts/suspend.html",
                facts=_about_account,
            )
            for command, word, shown in (
                ("SuspendAccount", "suspend", ("account", "authority", "reason", "until", "incoming")),
                ("ResumeAccount", "resume", ("account", "authority", "reason")),
            )
        ),
    )


def _on_hold(command: str, word: str) -> Flow:
    return Flow(command, path=f"{PATH}/{word}", template="desk/accounts/hold_form.html", facts=_about_hold)


def _said(visit: Visit, name: str) -> str:
    return visit.form.get(f"f.{name}") or visit.query.get(name, "")


def _about_new(sight: Sight, visit: Visit) -> Mapping[str, Any]:
    """The units that the form names, where they stand now."""
    of, first, last = (_said(visit, f"units.{name}") for name in ("unit_class", "first", "last"))
    known = all(each.isascii() and each.isdecimal() and len(each) < 19 for each in (first, last))
    units = {"unit_class": of, "first": first, "last": last}
    return {"hold": None, "blocks": _blocks(sight, units) if known else [], "stops": STOPS}


def _about_hold(sight: Sight, visit: Visit) -> Mapping[str, Any]:
    key = _said(visit, "hold")
    hold = sight.record(HOLD, key) if key else None
    told = None if hold is None else _told(hold, key, visit)
    return {"hold": told, "blocks": [] if hold is None else _blocks(sight, hold), "stops": STOPS}


def _about_account(sight: Sight, visit: Visit) -> Mapping[str, Any]:
    """The account that the form names: its holder, how it stands, and what is in it."""
    key = _said(visit, "account")
    value = sight.record(ACCOUNT_RECORD, key) if key else None
    if value is None:
        return {"account": None}
    state = sight.record(ACCOUNT_STATE, key) or {}
    totals = visit.ground.standings.ask(sight, lambda all_: sorted(all_.of(key).items()))
    return {
        "account": {"key": key, **value},
        "state": state,
        "stand": state.get("stand", Stand.OPEN.value),
        "totals": totals[:CLASSES_SHOWN],
        "units": sum(amount for _, amount in totals),
    }
