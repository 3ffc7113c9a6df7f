"""The life of one unit for people: where it stood at a moment, the seven stations of its way, and what may be said.

Read before: `application/queries/trace.py`, which follows the thread, and `domain/compliance/unit_claim.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.queries.show import ShowFault, holds_on
from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.trace import trace
from counterfoil.application.thread import Span, thread
from counterfoil.domain.accounting.unit_facts import unit_facts
from counterfoil.domain.compliance.claim import claims_of, end_status
from counterfoil.domain.compliance.unit_claim import (
    UnitClaim,
    Value,
    claims_at_end,
    claims_before_end,
    value_at_end,
    value_before_end,
)
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.units.purpose import Purpose

_STATES: Final = {AccountRole.HOLDING: "held", AccountRole.PENDING: "in_flight", AccountRole.ABROAD: "abroad"}
_CROSSINGS: Final = frozenset({"FirstTransferred", "TransferredAbroad", "Acquired", "FirstTransferredThere"})
_END_ACTS: Final = frozenset({"UsedTowardsNdc", "Cancelled", "Retired", "ContributedToAdaptationFund"})


class Station(StrEnum):
    """Where a unit passes on its way from a sensor to its end."""

    SENSOR = "sensor"
    VERIFICATION = "verification"
    ISSUANCE = "issuance"
    AUTHORIZATION = "authorization"
    HOLDING = "holding"
    TRANSFER = "transfer"
    END = "end"


class Passed(StrEnum):
    """Whether it was there: it was, it stands there now, another book knows, or it was not."""

    DONE = "done"
    HERE = "here"
    ELSEWHERE = "elsewhere"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Stop:
    """One station as it was passed: the day, who or what, the entry, and the register that recorded it."""

    station: Station
    passed: Passed
    on: str = ""
    what: str = ""
    entry: int | None = None
    registry: str = ""


@dataclass(frozen=True, slots=True)
class UnitLife:
    """`view` is what `trace` told, as of the moment; `steps` are the newest first.

    `value` is what it is worth for an obligation; None where it may still be used and so is not decided.
    """

    view: Mapping[str, Any]
    stops: tuple[Stop, ...]
    claims: tuple[UnitClaim, ...]
    value: Value | None = None


def unit_life(sight: Sight, text: str, *, size: int | None = None, then: Sight | None = None) -> UnitLife | Refusal:
    """A unit's life, now or as it was known after `size` entries. Holds are those of `then`, or of now."""
    found = trace(sight, text)
    if isinstance(found, Refusal):
        return found
    view = {**found}
    if size is not None and size <= view["last_entry"]:
        earlier = _earlier(sight, view, size)
        if earlier is None:
            return Refusal(ShowFault.UNIT_UNKNOWN, {"identifier": view["identifier"]})
        view |= earlier
    if then is not None:
        view["holds"] = holds_on(then, view["unit_class"], view["serial"])
    return UnitLife(view, tuple(_stops(sight, view)), *_claims(view))


def _earlier(sight: Sight, view: Mapping[str, Any], size: int) -> dict[str, Any] | None:
    """State, account, facts and steps after so many entries, from the unit's own thread; None before its birth."""
    span = Span(view["unit_class"], view["serial"], view["serial"])
    leaves = [leaf for leaf in thread(sight.reading, sight.codec, view["last_entry"], [span]) if leaf["seq"] < size]
    if not leaves:
        return None
    account = ""
    facts: dict[str, Any] = {}
    for leaf in reversed(leaves):
        for unit_class, first, last, _, target in leaf.get("moves", ()):
            account = target if _in(span, unit_class, first, last) else account
        for unit_class, first, last, changed in leaf.get("facts", ()):
            if _in(span, unit_class, first, last):
                facts |= changed
    facts = {name: value for name, value in facts.items() if value is not None}
    own, kept = sight.registry.registry, {leaf["seq"] for leaf in leaves}
    born_abroad = any(leaf["act"] == "Acquired" for leaf in leaves)
    steps = [each for each in view["steps"] if (each["seq"] in kept if each["registry"] == own else born_abroad)]
    of = role(account)
    return {
        "account": account,
        "state": _STATES.get(of, account.partition(":")[0]),
        "status": unit_facts(facts).status.value,
        "facts": facts,
        "steps": steps,
        "last_entry": leaves[0]["seq"],
        "last_act": leaves[0]["act"],
    }


def _in(span: Span, unit_class: str, first: int, last: int) -> bool:
    return unit_class == span.unit_class and first <= span.first <= last


def _claims(view: Mapping[str, Any]) -> tuple[tuple[UnitClaim, ...], Value | None]:
    facts = unit_facts(view["facts"])
    last = next((each for each in view["steps"] if each["act"] in _END_ACTS), None)
    if last is not None and view["state"] not in ("held", "in_flight"):
        surrendered = (last["details"].get("compliance") or {}).get("accepted_t", 0)
        status = end_status(last["act"], str(last["details"].get("purpose", "")))
        claims = claims_of(status, quantity=1, surrendered_t=min(1, int(surrendered)))
        return claims_at_end(claims), value_at_end(claims)
    told = claims_before_end(
        facts, whereabouts=view["state"], purposes=_purposes(view, facts.authorization), on_hold=bool(view["holds"])
    )
    return told, value_before_end(facts)


def _purposes(view: Mapping[str, Any], authorization: str | None) -> tuple[Purpose, ...]:
    """Those of the version that the newest step cites, among the letters that the thread brought."""
    cited = [each["because"] for each in view["steps"] if each["because"] in view["authorizations"]]
    letters = [view["authorizations"][each] for each in cited]
    own = [each for each in letters if each.get("id") == authorization] or letters
    return tuple(Purpose(each) for each in own[0].get("purposes", ())) if own else ()


def _stops(sight: Sight, view: Mapping[str, Any]) -> Iterator[Stop]:
    """The seven stations, in the order of this unit's life."""
    oldest_first = list(reversed(view["steps"]))
    birth = next((each for each in oldest_first if each.get("monitoring") or each.get("activity")), None)
    came = next((each for each in oldest_first if each["act"] == "Acquired"), None)
    yield from _before_birth(sight, birth, came)
    yield _authorized(view, oldest_first)
    held, transferred = _held(view, oldest_first), _transferred(view, oldest_first)
    # Who acquired a unit holds it after the transfer, who gave it away before.
    yield from (held, transferred) if came is None else (transferred, held)
    yield _ended(view)


def _before_birth(sight: Sight, birth: Mapping[str, Any] | None, came: Mapping[str, Any] | None) -> Iterator[Stop]:
    if birth is None:
        where = Passed.ELSEWHERE if came is not None else Passed.NOT
        whose = str(came["details"].get("partner", "")) if came is not None else ""
        yield from (Stop(each, where, what=whose) for each in (Station.SENSOR, Station.VERIFICATION, Station.ISSUANCE))
        return
    registry, own = birth["registry"], sight.registry.registry == birth["registry"]
    monitoring, verification = birth.get("monitoring") or {}, birth.get("verification") or {}
    if monitoring:
        seq, _ = _recorded(sight, "monitoring", monitoring["id"]) if own else (None, "")
        days = f"{monitoring['first_day']}/{monitoring['last_day']}"
        yield Stop(Station.SENSOR, Passed.DONE, days, monitoring["id"], seq, registry)
    else:
        yield Stop(Station.SENSOR, Passed.NOT)
    if verification:
        # Issuing sets the verification again, so the entry that verified is the one that linked it to its report.
        seq, on = _recorded(sight, "verified", verification["monitoring"]) if own else (None, "")
        yield Stop(Station.VERIFICATION, Passed.DONE, on, verification["verifier"], seq, registry)
    else:
        yield Stop(Station.VERIFICATION, Passed.NOT)
    title = str((birth.get("activity") or {}).get("title", ""))
    yield Stop(Station.ISSUANCE, Passed.DONE, birth["on"], title, birth["seq"], registry)


def _recorded(sight: Sight, kind: str, key: str) -> tuple[int | None, str]:
    """The entry that set a record, and its legal day."""
    row = sight.reading.record(kind, key)
    entry = None if row is None else sight.entry(row.seq)
    return (None, "") if row is None or entry is None else (row.seq, entry.entry.effective_on.isoformat())


def _authorized(view: Mapping[str, Any], steps: list[Any]) -> Stop:
    for step in steps:
        letter = view["authorizations"].get(step["because"])
        if letter is not None:
            on = str(letter.get("effective_on") or letter.get("authorized_on") or "")
            return Stop(Station.AUTHORIZATION, Passed.DONE, on, step["because"], None, step["registry"])
    known = view["facts"].get("authorization")
    return Stop(Station.AUTHORIZATION, Passed.DONE if known else Passed.NOT, what=str(known or ""))


def _held(view: Mapping[str, Any], steps: list[Any]) -> Stop:
    moves = [
        (step, move)
        for step in steps
        for move in step["moves"]
        if role(move["target"]) is AccountRole.HOLDING and move["first"] <= view["serial"] <= move["last"]
    ]
    if not moves:
        return Stop(Station.HOLDING, Passed.NOT)
    step, move = moves[-1]
    passed = Passed.HERE if view["state"] == "held" else Passed.DONE
    return Stop(Station.HOLDING, passed, step["on"], move["target"], step["seq"], step["registry"])


def _transferred(view: Mapping[str, Any], steps: list[Any]) -> Stop:
    for step in reversed(steps):
        if step["act"] in _CROSSINGS:
            ends = (str(step["details"].get("partner", "")), str(step["registry"]))
            what = " → ".join(ends if step["act"] == "Acquired" else reversed(ends))
            passed = Passed.HERE if view["state"] == "abroad" else Passed.DONE
            return Stop(Station.TRANSFER, passed, step["on"], what, step["seq"], step["registry"])
    if view["state"] == "in_flight":
        last = steps[-1]
        what = view["account"].partition(":")[2]
        return Stop(Station.TRANSFER, Passed.HERE, last["on"], what, last["seq"], last["registry"])
    return Stop(Station.TRANSFER, Passed.NOT)


def _ended(view: Mapping[str, Any]) -> Stop:
    step = next((each for each in view["steps"] if each["act"] in _END_ACTS), None)
    if step is not None:
        return Stop(Station.END, Passed.HERE, step["on"], view["account"], step["seq"], step["registry"])
    if view["state"] == "abroad":
        return Stop(Station.END, Passed.ELSEWHERE, what=view["account"].partition(":")[2])
    return Stop(Station.END, Passed.NOT)
