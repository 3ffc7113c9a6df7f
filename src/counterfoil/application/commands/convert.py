"""Give up units of this book for units of another type, here or in another registry.

Which type may become which, at what ratio and under which conditions is the law's: without a pack there is no
conversion. `application/conversion.py` holds the answer of the law against what is asked here.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.command import Command, Context, Units, stored
from counterfoil.application.commands.crediting import not_suspended
from counterfoil.application.commands.issue import Birth, Issue, UnderlyingStart, birth
from counterfoil.application.commands.open_account import holding_open
from counterfoil.application.commands.parts import undivided
from counterfoil.application.commands.reach import Reached, reach
from counterfoil.domain.accounting.unit_facts import Status, UnitFacts
from counterfoil.domain.activities.activity import ACTIVITY, Activity, ActivityFault
from counterfoil.domain.kernel.ids import unfit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import cancelled
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Move
from counterfoil.domain.units.identifier import IdentifierFault, unit_class
from counterfoil.domain.units.identifier import domestic_class as class_of_scheme
from counterfoil.domain.units.unit_type import UnitType

CONVERTED: Final = cancelled("converted")
"""Units given up for units of another type. They never come back."""


class ConvertFault(StrEnum):
    NO_LAW = "convert.no_law"
    FIRST_TRANSFERRED = "convert.first_transferred"
    AUTHORIZED_UNITS = "convert.authorized_units"
    MIXED_ACTIVITIES = "convert.mixed_activities"
    RECEIVED_NOT_POSITIVE = "convert.received_not_positive"
    SAME_TYPE = "convert.same_type"
    OTHER_TYPE = "convert.other_type"


@dataclass(frozen=True, slots=True, kw_only=True)
class Convert(Command):
    """Cancel units of `account` and issue units of `to_type` in their place, in one entry.

    `from_type` and `to_type` are the law's words for the types (such as SPE-GRK). New units of `unit_type` ITMO get the
    identifier of the activity's cooperative approach; domestic ones that of the scheme `to_type`. `target` is the
    account that receives, the same one when left out; `received` their number where it is not one for one. With
    `elsewhere` (the other registry) the units are only cancelled here, which is the proof for the issuance there.
    """

    units: Units
    account: str
    from_type: str
    to_type: str
    target: str = ""
    received: int | None = None
    unit_type: UnitType = UnitType.DOMESTIC
    authorization: str | None = None
    elsewhere: str = ""


def scheme_of(law_type: str) -> str:
    """The scheme in a domestic identifier that stands for a type of the law: `SPE-GRK` is `SPE_GRK` there."""
    return "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in law_type.upper())


def convert(command: Convert, books: Books, context: Context) -> Entry | Refusal:
    """Refuses units that were first transferred, which cross borders under their own identifier, and authorized ones.

    Source: requirements R-IDN-09, R-IDN-13; ADR-0024.
    """
    if context.law is None:
        return Refusal(ConvertFault.NO_LAW, {"from_type": command.from_type[:80], "to_type": command.to_type[:80]})
    refusal = unfit_types(command.from_type, command.to_type)
    if refusal is not None:
        return refusal
    reached = reach(books, command.units, account=command.account, on=context.on)
    if isinstance(reached, Refusal):
        return reached
    refusal = not_suspended(books, context, command.units, act="convert")
    facts = refusal or _convertible(command, reached)
    if isinstance(facts, Refusal):
        return facts
    units = command.units
    given_up = Move(units.unit_class, units.first, units.last, command.account, CONVERTED)
    details: dict[str, Any] = {"from_type": command.from_type, "to_type": command.to_type, "activity": facts.activity}
    if command.elsewhere:
        nameless = unfit("elsewhere", command.elsewhere)
        details["elsewhere"] = command.elsewhere
        return nameless or Entry(Act.CONVERTED, context.on, moves=(given_up,), details=details)
    born = _issued_for(command, reached, facts, books, context)
    if isinstance(born, Refusal):
        return born
    return Entry(
        Act.CONVERTED,
        context.on,
        moves=(given_up, *born.moves),
        facts=born.facts,
        postings=born.postings,
        records=born.records,
        details=details,
        because=born.because,
    )


def unfit_types(source: str, target: str) -> Refusal | None:
    """Types must be told by name, must differ, and the one asked for must fit into an identifier."""
    nameless = unfit("from_type", source) or unfit("to_type", target)
    if nameless is not None:
        return nameless
    if source == target:
        return Refusal(ConvertFault.SAME_TYPE, {"from_type": source, "to_type": target})
    readable = unit_class(class_of_scheme(registry="XAA01", scheme=scheme_of(target), vintage=2021))
    return Refusal(IdentifierFault.UNREADABLE, {"identifier": target}) if isinstance(readable, Refusal) else None


def _convertible(command: Convert, reached: Reached) -> UnitFacts | Refusal:
    """The facts that all units share, when they are of the type that is named and none is promised to others."""
    pieces = reached.pieces
    for piece in pieces:
        facts = {"units": f"{reached.of.key} {piece.serials}"}
        found = piece.facts.law_type or reached.of.scheme or ""
        if found and scheme_of(found) != scheme_of(command.from_type):
            return Refusal(ConvertFault.OTHER_TYPE, {**facts, "from_type": command.from_type, "found": found})
        if piece.facts.status is Status.FIRST_TRANSFERRED:
            return Refusal(ConvertFault.FIRST_TRANSFERRED, facts)
        if piece.facts.status is Status.AUTHORIZED:
            return Refusal(ConvertFault.AUTHORIZED_UNITS, {**facts, "authorization": piece.facts.authorization or ""})
        if piece.facts.activity != pieces[0].facts.activity:
            return Refusal(ConvertFault.MIXED_ACTIVITIES, facts)
    return pieces[0].facts


def _issued_for(
    command: Convert, reached: Reached, facts: UnitFacts, books: Books, context: Context
) -> Birth | Refusal:
    """The new units, each naming the one that was given up for it where it is one for one."""
    received = reached.serials.size if command.received is None else command.received
    if received <= 0:
        return Refusal(ConvertFault.RECEIVED_NOT_POSITIVE, {"received": received})
    activity = stored(books, ACTIVITY, facts.activity, Activity)
    if activity is None or reached.of.vintage is None:
        return Refusal(ActivityFault.UNKNOWN, {"activity": facts.activity})
    target = command.target or command.account
    refusal = holding_open(books, target)
    if refusal is not None:
        return refusal
    prefix, _, suffix = reached.of.key.partition("#")
    one_for_one = received == reached.serials.size
    spec = Issue(
        activity=activity.id,
        verification="",
        vintage=reached.of.vintage,
        quantity=received,
        account=target,
        unit_type=command.unit_type,
        scheme=scheme_of(command.to_type),
        authorization=command.authorization,
        underlying=UnderlyingStart(context.registry.registry, prefix, reached.first, suffix) if one_for_one else None,
    )
    law_type = "" if command.unit_type is UnitType.DOMESTIC else command.to_type
    return birth(spec, activity, undivided(target, received), books, context, law_type=law_type)
