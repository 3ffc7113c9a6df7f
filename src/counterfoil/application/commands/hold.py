"""Hold units: an overlay with a reason that stops movements of exactly those serials until it is released."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from counterfoil.application.command import Command, Context, Units, later, stored
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import unfit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.availability import UnitsFault, first_missing
from counterfoil.domain.ledger.books import HOLD, Books
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.reporting.consistency_result import CONSISTENCY_RESULT, ConsistencyResult
from counterfoil.domain.units.serials import serial_range


class HoldFault(StrEnum):
    ALREADY_PLACED = "hold.already_placed"
    UNKNOWN = "hold.unknown"
    ALREADY_RELEASED = "hold.already_released"
    REASON_MISSING = "hold.reason_missing"
    SOURCE_UNKNOWN = "hold.source_unknown"
    NOT_IN_RESULT = "hold.not_in_result"
    AUTHORITY_MISSING = "hold.authority_missing"
    UNTIL_PAST = "hold.until_past"
    OF_A_REQUEST = "hold.of_a_request"
    NOT_OVER = "hold.not_over"
    OF_A_CASE = "hold.of_a_case"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold(Command):
    """Hold units under a key, by an authority, for a reason that anyone may read.

    `source` names the secretariat's recorded result that flags these serials; without it the authority itself decides.
    With `until`, its last day, anybody with the duty may end it afterwards. Before, it is released by decision of an
    authority, which need not be the one that placed it: a court may lift what a ministry ordered.
    """

    hold: str
    units: Units
    authority: str
    reason: str
    source: str = later("")
    until: date | None = later(None)


def place_hold(command: PlaceHold, books: Books, context: Context) -> Entry | Refusal:
    """Several holds may stand on a unit at once. Source: 4/CMA.6 para. 40 (flagged ITMOs are not to be used)."""
    nameless = unfit("hold", command.hold)
    if nameless is not None:
        return nameless
    if books.record(HOLD, command.hold) is not None:
        return Refusal(HoldFault.ALREADY_PLACED, {"hold": command.hold})
    unreasoned = _unreasoned(command, context)
    if unreasoned is not None:
        return unreasoned
    units = command.units
    serials = serial_range(units.first, units.last)
    if isinstance(serials, Refusal):
        return serials
    missing = first_missing(units.first, units.last, books.holdings(units.unit_class, units.first, units.last))
    if missing is not None:
        return Refusal(UnitsFault.UNKNOWN, {"units": f"{units.unit_class} {serials}", "account": "", "serial": missing})
    unfounded = _unfounded(command, books)
    if unfounded is not None:
        return unfounded
    value: dict[str, JSON] = {
        "unit_class": units.unit_class,
        "first": units.first,
        "last": units.last,
        "authority": command.authority,
        "reason": command.reason,
        "placed_on": context.on.isoformat(),
        "released_on": None,
        **({"source": command.source} if command.source else {}),
        **({"until": command.until.isoformat()} if command.until is not None else {}),
    }
    return Entry(Act.HELD, context.on, records=(Record(HOLD, command.hold, value),))


def _unreasoned(command: PlaceHold, context: Context) -> Refusal | None:
    if not command.reason.strip():
        return Refusal(HoldFault.REASON_MISSING, {"hold": command.hold})
    if not command.authority.strip():
        return Refusal(HoldFault.AUTHORITY_MISSING, {"hold": command.hold})
    if command.until is not None and command.until < context.today:
        return Refusal(HoldFault.UNTIL_PAST, {"hold": command.hold, "until": command.until.isoformat()})
    return None


def _unfounded(command: PlaceHold, books: Books) -> Refusal | None:
    """A hold that cites the secretariat's result holds what that result flags, and nothing else."""
    if not command.source:
        return None
    facts: dict[str, JSON] = {"hold": command.hold, "source": command.source[:120]}
    result = stored(books, CONSISTENCY_RESULT, command.source, ConsistencyResult)
    if result is None:
        return Refusal(HoldFault.SOURCE_UNKNOWN, facts)
    units = command.units
    if not result.flags(units.unit_class, units.first, units.last):
        return Refusal(HoldFault.NOT_IN_RESULT, {**facts, "units": f"{units.unit_class} {units.first}-{units.last}"})
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHold(Command):
    """Release a hold by decision of the `authority` that is named, with a public reason."""

    hold: str
    authority: str
    reason: str


def release_hold(command: ReleaseHold, books: Books, context: Context) -> Entry | Refusal:
    """Source: 4/CMA.6 paras. 39-40."""
    held = _standing(command.hold, books)
    if isinstance(held, Refusal):
        return held
    if not command.reason.strip():
        return Refusal(HoldFault.REASON_MISSING, {"hold": command.hold})
    if not command.authority.strip():
        return Refusal(HoldFault.AUTHORITY_MISSING, {"hold": command.hold})
    value = {**held, "released_on": context.on.isoformat(), "release_reason": command.reason}
    return Entry(
        Act.HOLD_RELEASED,
        context.on,
        records=(Record(HOLD, command.hold, value),),
        details={"authority": command.authority},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EndHold(Command):
    """End a hold whose last day has passed. Nothing is decided by it, so it needs no authority."""

    hold: str


def end_hold(command: EndHold, books: Books, context: Context) -> Entry | Refusal:
    """On its last day a hold still holds; one without a last day is released by an authority. Source: R-GOV-02."""
    held = _standing(command.hold, books)
    if isinstance(held, Refusal):
        return held
    until = held.get("until")
    if until is None or context.today.isoformat() <= until:
        return Refusal(HoldFault.NOT_OVER, {"hold": command.hold, "until": until or "-"})
    value = {**held, "released_on": context.on.isoformat(), "release_reason": f"its last day, {until}, has passed"}
    return Entry(Act.HOLD_RELEASED, context.on, records=(Record(HOLD, command.hold, value),))


def _standing(hold: str, books: Books) -> Any:
    """The record of a hold that stands, and is not kept by a request; or the refusal."""
    held = books.record(HOLD, hold)
    if held is None:
        return Refusal(HoldFault.UNKNOWN, {"hold": hold[:120]})
    if held["released_on"] is not None:
        return Refusal(HoldFault.ALREADY_RELEASED, {"hold": hold})
    if "request" in held:
        return Refusal(HoldFault.OF_A_REQUEST, {"hold": hold, "request": held["request"]})
    if "case" in held:
        return Refusal(HoldFault.OF_A_CASE, {"hold": hold, "case": held["case"]})
    return held
