"""Show one thing of the register, or list things of a kind: what people and the API ask for most.

Every answer is plain JSON. Lists page by key, in constant time.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from itertools import islice
from typing import Any, Final

from counterfoil.application.commands.authorize import AUTHORIZATION_VERSION, FIRST_TRANSFERRED_QUANTITY
from counterfoil.application.commands.correct import CORRECTED
from counterfoil.application.commands.open_account import ACCOUNT_RECORD
from counterfoil.application.queries.activity_life import life_view
from counterfoil.application.queries.balance import balance_of
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.unit_facts import UnitFacts, unit_facts
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import HOLD, Holding
from counterfoil.domain.units.identifier import identifier, unit_identifier

LIMIT_MAX: Final = 1_000


class ShowFault(StrEnum):
    NOT_FOUND = "show.not_found"
    KIND_UNKNOWN = "show.kind_unknown"
    UNIT_UNKNOWN = "show.unit_unknown"


KINDS: Final = (
    "activity",
    "approach",
    "account",
    "authorization",
    "agreement",
    "using_authorization",
    "acknowledgement",
    "participation",
    "entity",
    "monitoring",
    "verification",
    "transfer",
    "agreed_transfer",
    "partner",
    "hold",
    "aef",
    "report",
    "report_version",
    "submission",
    "submission_version",
    "submission_answer",
    "consistency_result",
    "review_finding",
    "review_answer",
    "ndc",
    "inventory",
    "period_account",
    "operating_cost",
    "contribution",
    "quota",
    "decision",
    "recognition",
    "verifier",
    "methodology",
    "activity_finding",
    "grievance",
    "consultation",
    "listing",
    "sale_mandate",
    "offer",
    "invoice",
    "opening_book",
    "trade",
    "case",
    "reconciliation",
)


def show(sight: Sight, what: str, key: str, *, after: str = "", limit: int = 100) -> Mapping[str, Any] | Refusal:
    """One thing by its key; `after` and `limit` page the blocks of an account."""
    match what:
        case "registry":
            return registry_view(sight)
        case "unit":
            return unit_view(sight, key)
        case "account":
            return account_view(sight, key, after=after, limit=limit)
        case "balance":
            return balance_of(sight, key)
        case "entry":
            return entry_view(sight, key)
        case "checkpoint":
            return checkpoint_view(sight)
        case _:
            return _record_view(sight, what, key)


def listing(sight: Sight, kind: str, *, after: str = "", limit: int = 100) -> Mapping[str, Any] | Refusal:
    """Records of one kind after a key: `items` with their keys, and the key after which to go on."""
    if kind not in KINDS:
        return Refusal(ShowFault.KIND_UNKNOWN, {"kind": kind[:40], "kinds": ", ".join(KINDS)})
    size = max(1, min(limit, LIMIT_MAX))
    found = list(islice(sight.records(kind, after=after, limit=size + 1), size + 1))
    items = [{"key": key, **_mapping(value)} for key, value in found[:size]]
    return {"items": items, "next": found[size - 1][0] if len(found) > size else None}


def registry_view(sight: Sight) -> dict[str, Any]:
    """Who keeps this book, and where its journal stands."""
    registry = sight.record("registry", "self")
    return {**_mapping(registry), **checkpoint_view(sight)}


def checkpoint_view(sight: Sight) -> dict[str, Any]:
    """The last signed checkpoint as a note."""
    row = sight.reading.last_checkpoint()
    if row is None:
        return {"checkpoint": None, "entries": 0}
    return {"checkpoint": row.note, "entries": row.size, "checkpoints": row.number}


def unit_view(sight: Sight, text: str) -> dict[str, Any] | Refusal:
    """One unit: its block, where it stands, its facts, its holds, and the entry that last touched it."""
    read = unit_identifier(text)
    if isinstance(read, Refusal):
        return read
    of, serial = read
    found = sight.holdings_between(of.key, serial, serial)
    if not found:
        return Refusal(ShowFault.UNIT_UNKNOWN, {"identifier": identifier(of.key, serial)})
    holding = found[0]
    facts = unit_facts(holding.facts)
    entry = sight.entry(holding.seq)
    return {
        "identifier": identifier(of.key, serial),
        "unit_class": of.key,
        "serial": serial,
        "block": _block(holding),
        "state": state_of(holding, facts),
        "account": holding.account,
        "status": facts.status.value,
        "facts": dict(holding.facts),
        "underlying": _underlying(facts, serial),
        "holds": holds_on(sight, of.key, serial),
        "last_entry": holding.seq,
        "last_act": None if entry is None else entry.entry.act.value,
    }


def state_of(holding: Holding, facts: UnitFacts) -> str:
    """A unit's whereabouts in one word: held, in_flight, abroad, used, cancelled, retired."""
    del facts
    match role(holding.account):
        case AccountRole.HOLDING:
            return "held"
        case AccountRole.PENDING:
            return "in_flight"
        case AccountRole.ABROAD:
            return "abroad"
        case AccountRole.TERMINAL | AccountRole.SOURCE:
            return holding.account.partition(":")[0]


def account_view(sight: Sight, code: str, *, after: str, limit: int) -> dict[str, Any] | Refusal:
    """An account: who holds it, its totals by class, and a page of its blocks."""
    account = sight.record(ACCOUNT_RECORD, code)
    number = sight.number("account", code)
    if account is None and number is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": "account", "key": code[:120]})
    totals: dict[str, int] = {}
    blocks: list[dict[str, Any]] = []
    following = None
    if number is not None:
        for holding in _blocks_of(sight, number):
            totals[holding.unit_class] = totals.get(holding.unit_class, 0) + holding.serials.size
            place = f"{holding.unit_class} {holding.serials.first:019d}"
            if place > after and following is None:
                if len(blocks) == max(1, min(limit, LIMIT_MAX)):
                    following = blocks[-1]["place"]
                else:
                    blocks.append({"place": place, **_block(holding), "status": unit_facts(holding.facts).status.value})
    return {
        "account": code,
        "role": role(code).value,
        **(_mapping(account) if account is not None else {}),
        "units": sum(totals.values()),
        "totals": totals,
        "blocks": blocks,
        "next": following,
    }


def _blocks_of(sight: Sight, number: int) -> list[Holding]:
    found: list[Holding] = []
    after: tuple[int, int] | None = None
    while True:
        rows = sight.reading.blocks_of(number, after=after, limit=10_000)
        found.extend(sight.holding(row) for row in rows)
        if len(rows) < 10_000:
            return sorted(found, key=_place)
        after = (rows[-1].unit_class, rows[-1].first)


def _place(holding: Holding) -> tuple[str, int]:
    return holding.unit_class, holding.serials.first


def entry_view(sight: Sight, key: str) -> dict[str, Any] | Refusal:
    """One public leaf, with the mark of a later correction where there is one."""
    seq = int(key) if key.isdecimal() and len(key) < 19 else -1
    # "007" is another spelling of a number, under which its correction would not be found.
    row = sight.reading.row(seq) if str(seq) == key else None
    if row is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": "entry", "key": key[:40]})
    leaf = sight.codec.decode(row.leaf)
    return {**leaf, "leaf_hash": row.leaf_hash.hex(), "corrected": sight.record(CORRECTED, key)}


def _record_view(sight: Sight, what: str, key: str) -> dict[str, Any] | Refusal:
    if what not in KINDS:
        return Refusal(ShowFault.KIND_UNKNOWN, {"kind": what[:40], "kinds": ", ".join(KINDS)})
    value = sight.record(what, key)
    if value is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": what, "key": key[:120]})
    extra: Callable[[Sight, str, Any], dict[str, Any]] = _EXTRAS.get(what, _nothing)
    return {**_mapping(value), **extra(sight, key, value)}


def _nothing(sight: Sight, key: str, value: Any) -> dict[str, Any]:
    del sight, key, value
    return {}


def _activity_extras(sight: Sight, key: str, value: Any) -> dict[str, Any]:
    """What was monitored, verified and issued for an activity, and the authorizations that name it."""
    del value
    reports = sight.record("monitoring_of", key) or []
    verified = [sight.record("verified", report) for report in reports]
    verifications = [sight.record("verification", each) for each in verified if each is not None]
    covering = [name for name, authorization in sight.records("authorization") if key in authorization["activities"]]
    return {
        **life_view(sight, key),
        "monitoring": [sight.record("monitoring", report) for report in reports],
        "verifications": verifications,
        "issued": sum(entry["quantity"] for each in verifications for entry in each["issued"]),
        "authorizations": covering,
    }


def _authorization_extras(sight: Sight, key: str, value: Any) -> dict[str, Any]:
    """Every published version, and how much of the authorized quantity is left."""
    first_transferred = sight.record(FIRST_TRANSFERRED_QUANTITY, key) or 0
    limit = value["authorized_quantity"]
    if value.get("estimated"):
        limit = value["confirmed_quantity"] or 0
    versions = [
        version for name, version in sight.records(AUTHORIZATION_VERSION, after=f"{key}@") if name.startswith(f"{key}@")
    ]
    return {
        "versions": versions,
        "first_transferred": first_transferred,
        "left": None if limit is None else limit - first_transferred,
    }


def _quota_extras(sight: Sight, key: str, value: Any) -> dict[str, Any]:
    """What is left of a quota, in tonnes."""
    del sight, key
    return {"left_t": value["quantity_t"] - value["allocated_t"] - value["drawn_t"]}


_EXTRAS: Final[dict[str, Callable[[Sight, str, Any], dict[str, Any]]]] = {
    "activity": _activity_extras,
    "authorization": _authorization_extras,
    "quota": _quota_extras,
}


def _block(holding: Holding) -> dict[str, Any]:
    return {
        "unit_class": holding.unit_class,
        "first": holding.serials.first,
        "last": holding.serials.last,
        "quantity": holding.serials.size,
        "first_id": identifier(holding.unit_class, holding.serials.first),
        "last_id": identifier(holding.unit_class, holding.serials.last),
    }


def _underlying(facts: UnitFacts, serial: int) -> dict[str, str] | None:
    if facts.underlying is None:
        return None
    return {"registry": facts.underlying.registry, "unit": facts.underlying.identifier(serial)}


def holds_on(sight: Sight, unit_class: str, serial: int) -> list[dict[str, Any]]:
    """The holds that lie on a unit, as the records of these books say."""
    return [
        {"hold": key, **hold}
        for key, hold in sight.records(HOLD)
        if hold["released_on"] is None and hold["unit_class"] == unit_class and hold["first"] <= serial <= hold["last"]
    ]


def _mapping(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {"value": value}
