"""What a partner offers: whether the units can be taken, and which of the records behind them are kept.

Read next: `shown.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

from counterfoil.application.command import Context
from counterfoil.application.commands.abroad import AbroadFault
from counterfoil.application.commands.clearance import agreed, settled_by_own_record
from counterfoil.application.commands.register import MECHANISM
from counterfoil.application.commands.shown import kept_approaches, shown_approach, shown_letters
from counterfoil.domain.accounting.unit_facts import UnitFacts, unit_facts
from counterfoil.domain.activities.activity import CooperativeApproach
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.authorizations.commitment import committed
from counterfoil.domain.authorizations.coverage import Cover, addresses
from counterfoil.domain.kernel.ids import AUTHORIZATION, COOPERATIVE_APPROACH, PARTY, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import ADAPTATION_FUND, AccountRole, role
from counterfoil.domain.ledger.availability import first_missing
from counterfoil.domain.ledger.books import Books, Holding
from counterfoil.domain.ledger.entry import Record
from counterfoil.domain.units.identifier import UnitClass, unit_class
from counterfoil.domain.units.metric import unfit_metric
from counterfoil.domain.units.purpose import Purpose
from counterfoil.domain.units.serials import serial_range
from counterfoil.domain.units.unit_type import UnitType


class AcquireFault(StrEnum):
    UNITS_KNOWN = "acquisition.units_known"
    APPROACH_DIFFERS = "acquisition.approach_differs"
    FACTS_UNREADABLE = "acquisition.facts_unreadable"
    RECORDS_UNREADABLE = "acquisition.records_unreadable"
    NEVER_ISSUED_HERE = "acquisition.never_issued_here"
    ENDED = "acquisition.ended"
    TOO_LARGE = "acquisition.too_large"
    NOT_TOLD_YET = "acquisition.not_told_yet"
    HOST_NOT_TOLD = "acquisition.host_not_told"


ENDED_THERE: Final = "ended_there"
"""A fact of own units abroad: the Party in whose book they were said to have ended. They do not come home."""


@dataclass(frozen=True, slots=True)
class OfferedPart:
    """Units offered, homogeneous, with the facts that the other book holds about them."""

    unit_class: str
    first: int
    last: int
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a partner offers to an entity of this Party: the units, and its records behind them."""

    partner: Party
    entity: str | None
    parts: tuple[OfferedPart, ...]
    letters: tuple[Authorization, ...]
    approaches: tuple[CooperativeApproach, ...]

    @property
    def named(self) -> bool:
        """Whether every copy has a name that can be a key here, and measures what can be counted.

        Raises:
            TypeError: a name is no text.
        """
        return all(COOPERATIVE_APPROACH.match(each.id) for each in self.approaches) and all(
            AUTHORIZATION.match(each.id)
            and PARTY.match(each.host)
            and each.metric.factor is not None
            and unfit_metric(each.metric) is None
            for each in self.letters
        )


def taken(offer: Offer, books: Books, context: Context) -> list[Record] | Refusal:
    """The records to keep of what stands behind the units, and of nothing else that the partner sent along.

    Refuses units that are here or cannot be, and letters that do not cover them or cannot be believed.

    Source: 6/CMA.4 annex I paras. 9-10; 4/CMA.6 para. 5(b).
    """
    behind: list[Behind] = []
    before: OfferedPart | None = None
    for part in offer.parts:
        if before is not None and (part.unit_class, part.facts) == (before.unit_class, before.facts):
            # Of the same lot as the one before: only its serials are new.
            refusal = _arriving(part, books, context)
            if refusal is not None:
                return refusal
            continue
        found = _acceptable(part, offer, books, context)
        if isinstance(found, Refusal):
            return found
        behind.append(found)
        before = part
    letters = [letter for each in behind for letter in each.letters]
    kept = shown_letters(letters, books, partner=offer.partner)
    if isinstance(kept, Refusal):
        return kept
    return kept + kept_approaches([approach for each in behind for approach in each.approaches], books)


class Behind(NamedTuple):
    """The records behind one part, by its host; none behind units that come home, which this book knows better."""

    letters: tuple[Authorization, ...]
    approaches: tuple[CooperativeApproach, ...]


def _acceptable(part: OfferedPart, offer: Offer, books: Books, context: Context) -> Behind | Refusal:
    read = _readable(part)
    if isinstance(read, Refusal):
        return read
    of, facts = read
    refusal = _new_here(of, part, books, context)
    if refusal is not None:
        return refusal
    assert of.vintage is not None
    known = {"units": f"{of.key} {part.first}..{part.last}"}
    approach = next((each for each in offer.approaches if each.id == of.cooperative_approach), None)
    letters = tuple(each for each in offer.letters if (each.id, each.host) == (facts.authorization, of.party))
    matching = [
        each for each in letters if each.cooperative_approach == of.cooperative_approach and of.vintage in each.vintages
    ]
    if approach is None or not matching:
        return Refusal(AcquireFault.APPROACH_DIFFERS, {**known, "approach": of.cooperative_approach or ""})
    cover = Cover(on=context.on, vintage=of.vintage, party=context.registry.party, entity=offer.entity)
    refusal = addresses(matching[0], cover)
    if refusal is not None or of.party == context.registry.party:
        return refusal or Behind((), ())
    approach = shown_approach(approach, books, by_host=of.party == offer.partner)
    return _between(matching[0], approach, offer, books, context) or Behind(letters, (approach,))


def _readable(part: OfferedPart) -> tuple[UnitClass, UnitFacts] | Refusal:
    serials = serial_range(part.first, part.last)
    of = unit_class(part.unit_class)
    if isinstance(serials, Refusal):
        return serials
    if isinstance(of, Refusal):
        return of
    known = {"units": f"{of.key} {serials}"}
    try:
        facts = unit_facts(part.facts)
        nameless = unfit_metric(facts.metric)
    except (KeyError, ValueError, TypeError):
        return Refusal(AcquireFault.FACTS_UNREADABLE, known)
    if nameless is not None:
        return Refusal(AcquireFault.FACTS_UNREADABLE, known)
    if of.vintage is None or of.cooperative_approach is None or facts.unit_type is not UnitType.ITMO:
        return Refusal(AbroadFault.NOT_AN_ITMO, known)
    return of, facts


def _arriving(part: OfferedPart, books: Books, context: Context) -> Refusal | None:
    """What is asked of the serials of a part whose class and facts are known to be good."""
    serials, of = serial_range(part.first, part.last), unit_class(part.unit_class)
    if isinstance(serials, Refusal):
        return serials
    assert not isinstance(of, Refusal)
    return _new_here(of, part, books, context)


def _new_here(of: UnitClass, part: OfferedPart, books: Books, context: Context) -> Refusal | None:
    """Refuses units that stand here and did not leave, and units of this registry that were never born."""
    known = {"units": f"{of.key} {part.first}..{part.last}"}
    refusal = may_arrive(of.key, part.first, part.last, books)
    if refusal is not None:
        return refusal
    holdings = books.holdings(of.key, part.first, part.last)
    if of.registry == context.registry.registry and first_missing(part.first, part.last, holdings) is not None:
        # Units of this registry are born here alone; what never left cannot come back.
        return Refusal(AcquireFault.NEVER_ISSUED_HERE, known)
    if _of_mechanism(of, context) and "first_transferred_on" in part.facts:
        # This book adds them when the mechanism registry tells it; they do not come home before.
        missing = first_missing(part.first, part.last, holdings)
        return None if missing is None else Refusal(AcquireFault.NOT_TOLD_YET, known)
    return None


def _of_mechanism(of: UnitClass, context: Context) -> bool:
    """Whether units are this Party's own, issued in the mechanism registry."""
    own = context.registry
    return of.party == own.party and of.registry != own.registry and of.cooperative_approach == MECHANISM


def may_arrive(key: str, first: int, last: int, books: Books) -> Refusal | None:
    """Refuses units that stand here and did not leave, and those that were told to have ended where they went.

    Asked when they are offered and when they come: another transfer may have brought them since.
    """
    known = {"units": f"{key} {first}..{last}"}
    for holding in books.holdings(key, first, last):
        if not outside(holding):
            return Refusal(AcquireFault.UNITS_KNOWN, known)
        if ENDED_THERE in holding.facts:
            return Refusal(AcquireFault.ENDED, {**known, "party": str(holding.facts[ENDED_THERE])})
    return None


def _between(
    authorization: Authorization, approach: CooperativeApproach, offer: Offer, books: Books, context: Context
) -> Refusal | None:
    """What stands between two Parties before units that may be used towards an NDC come here: asked on both sides.

    Source: requirement R-A62-19; 2/CMA.3 annex paras. 8, 18(g).
    """
    refusal = committed(authorization)
    if refusal is not None or Purpose.NDC not in authorization.purposes:
        return refusal
    return agreed(books, context, approach=settled_by_own_record(approach, books), partner=offer.partner)


def outside(holding: Holding) -> bool:
    """True for units that this book saw leave for another Party: they may come back. From the Fund none does."""
    return role(holding.account) is AccountRole.ABROAD and holding.account != ADAPTATION_FUND
