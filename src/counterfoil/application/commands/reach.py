"""The units that a command names, as pieces with their facts, when the account may dispose of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from counterfoil.application.command import Units
from counterfoil.domain.accounting.unit_facts import UnitFacts, unit_facts
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.availability import available
from counterfoil.domain.ledger.books import Books, Holding
from counterfoil.domain.settlement.offer import OFFERED, OfferFault, standing_offer
from counterfoil.domain.units.identifier import UnitClass, unit_class
from counterfoil.domain.units.serials import SerialRange, no_range


@dataclass(frozen=True, slots=True)
class Piece:
    """A homogeneous part of what a command names: one lot, one account."""

    serials: SerialRange
    facts: UnitFacts


class Reached(NamedTuple):
    """Units `first` to `last` that may be disposed of, with their class read."""

    of: UnitClass
    first: int
    last: int
    holdings: Sequence[Holding]

    @property
    def serials(self) -> SerialRange:
        return SerialRange(self.first, self.last)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces with their facts read, which a plain transfer never asks for."""
        return tuple(Piece(holding.serials, unit_facts(holding.facts)) for holding in self.holdings)


def reach(
    books: Books, units: Units, *, account: str, on: date | None = None, offer: str = "", hold: str = ""
) -> Reached | Refusal:
    """Read the class and the range, and check that the account holds all of it, free of holds and of offers.

    Args:
        on: The day of the act, on which an offer may have lapsed; without it, an offer stands until it is taken back.
        offer: The offer that is being accepted, which does not stand in its own way.
        hold: The hold of the request that is being carried out, likewise.
    """
    key, first, last = units.unit_class, units.first, units.last
    unreadable = no_range(first, last)
    if unreadable is not None:
        return unreadable
    of = unit_class(key)
    if isinstance(of, Refusal):
        return of
    holdings = books.holdings(key, first, last)
    holds = books.holds(key, first, last)
    if hold:
        holds = tuple(each for each in holds if each.key != hold)
    refusal = available(key, first, last, account=account, holdings=holdings, holds=holds)
    if refusal is not None:
        return refusal
    for holding in holdings:
        standing = standing_offer(holding.facts, on) if OFFERED in holding.facts else ""
        if standing and standing != offer:
            return Refusal(OfferFault.UNITS_OFFERED, {"units": f"{key} {holding.serials}", "offer": standing})
    return Reached(of, first, last, holdings)
