"""Hold units: an overlay with a reason that stops movements of exactly those serials until it is released."""

from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold(Command):
    """Hold units under a key, by an authority, for a reason that anyone may read.

    `source` names the secretariat's recorded result that flags these serials; without it the authority itself decides.
    """

    hold: str
    units: Units
    authority: str
    reason: str
    source: str = later("")


def place_hold(command: PlaceHold, books: Books, context: Context) -> Entry | Refusal:
    """Several holds may stand on a unit at once. Source: 4/CMA.6 para. 40 (flagged ITMOs are not to be used)."""
    nameless = unfit("hold", command.hold)
    if nameless is not None:
        return nameless
    if books.record(HOLD, command.hold) is not None:
        return Refusal(HoldFault.ALREADY_PLACED, {"hold": command.hold})
    if not command.reason.strip():
        return Refusal(HoldFault.REASON_MISSING, {"hold": command.hold})
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
    }
    return Entry(Act.HELD, context.on, records=(Record(HOLD, command.hold, value),))


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
    """Release a hold, with a public reason."""

    hold: str
    authority: str
    reason: str


def release_hold(command: ReleaseHold, books: Books, context: Context) -> Entry | Refusal:
    """Source: 4/CMA.6 paras. 39-40."""
    held = books.record(HOLD, command.hold)
    if held is None:
        return Refusal(HoldFault.UNKNOWN, {"hold": command.hold})
    if held["released_on"] is not None:
        return Refusal(HoldFault.ALREADY_RELEASED, {"hold": command.hold})
    if not command.reason.strip():
        return Refusal(HoldFault.REASON_MISSING, {"hold": command.hold})
    value = {**held, "released_on": context.on.isoformat(), "release_reason": command.reason}
    return Entry(
        Act.HOLD_RELEASED,
        context.on,
        records=(Record(HOLD, command.hold, value),),
        details={"authority": command.authority},
    )
