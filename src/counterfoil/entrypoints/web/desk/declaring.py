"""Declare units against a liability: the form knows the account's liabilities, and what the law's share leaves of each.

A declaration above the share is refused here, with the serial at which it would fit: signed as it stands, it would take
less than it says. Source: requirements R-CMP-01 to R-CMP-03.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.commands.foreign import FOREIGN_AUTHORIZATION, foreign_key
from counterfoil.application.queries.liability_room import free_name, owed_by, rooms_of
from counterfoil.application.queries.sight import Sight
from counterfoil.application.schemes import Room
from counterfoil.domain.accounting.unit_facts import UnitFacts, unit_facts
from counterfoil.domain.compliance.liability import LIABILITY, Liability
from counterfoil.domain.compliance.surrender import AccountingEffect
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.identifier import unit_class
from counterfoil.entrypoints.web.forms.law_asked import law_asked
from counterfoil.entrypoints.web.visit import Visit

ASKED: Final = ("standard", "methodology")
"""What a list of a scheme asks of units born elsewhere."""
_LAST: Final = "f.units.last"


class DeclaringFault(StrEnum):
    ABOVE_SHARE = "declaring.above_share"


def begun(sight: Sight, visit: Visit) -> Mapping[str, Any]:
    """What the address does not say: the liability with room, a free name, and what the letter makes of the units."""
    found = _liability(sight, visit)
    facts = _facts(sight, visit)
    value: dict[str, Any] = {"answers": dict.fromkeys(ASKED, "")}
    if facts is not None:
        value["effect"] = (AccountingEffect.NDC if facts.authorization else AccountingEffect.NONE).value
    if found is not None:
        value |= {"liability": found.id, "surrender": free_name(sight, found.id), "entity": found.entity}
    return value


def beside(sight: Sight, visit: Visit) -> Mapping[str, Any]:
    """The share of the liability that the form names, and the range that would fill it."""
    name = visit.form.get("f.liability") or visit.query.get("liability", "")
    found = _named(sight, name) if name else _liability(sight, visit)
    rooms = () if found is None else rooms_of(sight, found.id, law_asked(sight))
    first, left = _said(visit, "units.first"), _fitting_left(rooms, _facts(sight, visit))
    last = str(int(first) + left - 1) if left and first.isascii() and first.isdecimal() and len(first) < 19 else ""
    fits = last if _beyond(visit, last) else ""
    return {"owed": found, "rooms": rooms, "fits": fits, "references": _references(sight, visit)}


def guard(sight: Sight, _visit: Visit, value: Mapping[str, Any]) -> tuple[Refusal, str] | None:
    """More than the share leaves is refused beside the last serial; a share that is full is for the law to refuse."""
    units = value.get("units") or {}
    if not all(isinstance(units.get(name), int) for name in ("first", "last")):
        return None
    declared = units["last"] - units["first"] + 1
    rooms = rooms_of(sight, str(value.get("liability", "")), law_asked(sight))
    facts = _facts_at(sight, str(units.get("unit_class", "")), units["first"])
    left = _fitting_left(rooms, facts)
    if left is None or not 0 < left < declared:
        return None
    said = {"declared": declared, "left": left, "last": units["first"] + left - 1, "liability": value["liability"]}
    return Refusal(DeclaringFault.ABOVE_SHARE, said), _LAST


def _fitting_left(rooms: tuple[Room, ...], facts: UnitFacts | None) -> int | None:
    """What is left for these units; None where nothing limits them, or where it cannot be told."""
    if facts is None:
        return None
    words = {facts.law_type, facts.unit_type.value}
    return next((room.left_t for room in rooms if room.unit_type in words), None)


def _beyond(visit: Visit, last: str) -> bool:
    """Whether the form names more units than would fill the share."""
    said = _said(visit, "units.last")
    return bool(last) and said.isascii() and said.isdecimal() and len(said) < 19 and int(said) > int(last)


def _liability(sight: Sight, visit: Visit) -> Liability | None:
    """The one that the address names; else the account's first with room."""
    named = _named(sight, visit.query.get("liability", ""))
    if named is not None:
        return named
    law, owed = law_asked(sight), list(owed_by(sight, _said(visit, "account")))
    with_room = (each for each in owed if any(room.left_t for room in rooms_of(sight, each.id, law)))
    return next(with_room, owed[0] if owed else None)


def _named(sight: Sight, name: str) -> Liability | None:
    value = sight.record(LIABILITY, name) if name else None
    return None if value is None else from_json(Liability, value)


def _facts(sight: Sight, visit: Visit) -> UnitFacts | None:
    first = _said(visit, "units.first")
    known = first.isascii() and first.isdecimal() and len(first) < 19
    return _facts_at(sight, _said(visit, "units.unit_class"), int(first)) if known else None


def _facts_at(sight: Sight, of: str, first: int) -> UnitFacts | None:
    holding = None
    if sight.number("class", of) is not None:
        holding = next(iter(sight.holdings_between(of, first, first)), None)
    return None if holding is None else unit_facts(holding.facts)


def _references(sight: Sight, visit: Visit) -> list[str]:
    """Programmes and methodologies that the host's letter names for units born elsewhere: what a list asks of them."""
    facts, of = _facts(sight, visit), unit_class(_said(visit, "units.unit_class"))
    if facts is None or isinstance(of, Refusal):
        return []
    letter = sight.record(FOREIGN_AUTHORIZATION, foreign_key(of.party, facts.authorization or "")) or {}
    return list(letter.get("underlying_references", ()))


def _said(visit: Visit, name: str) -> str:
    return visit.form.get(f"f.{name}") or visit.query.get(name, "")
