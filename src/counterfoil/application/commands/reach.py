"""The units that a command names, as pieces with their facts, when the account may dispose of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from counterfoil.application.command import Units
from counterfoil.domain.accounting.unit_facts import UnitFacts, unit_facts
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.availability import available
from counterfoil.domain.ledger.books import Books, Holding
from counterfoil.domain.units.identifier import UnitClass, unit_class
from counterfoil.domain.units.serials import SerialRange, serial_range


@dataclass(frozen=True, slots=True)
class Piece:
    """A homogeneous part of what a command names: one lot, one account."""

    serials: SerialRange
    facts: UnitFacts


@dataclass(frozen=True, slots=True)
class Reached:
    """Units that may be disposed of, with their class read."""

    of: UnitClass
    serials: SerialRange
    holdings: Sequence[Holding]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces with their facts read, which a plain transfer never asks for."""
        return tuple(Piece(holding.serials, unit_facts(holding.facts)) for holding in self.holdings)


def reach(books: Books, units: Units, *, account: str) -> Reached | Refusal:
    """Read the class and the range, and check that the account holds all of it free of holds."""
    serials = serial_range(units.first, units.last)
    if isinstance(serials, Refusal):
        return serials
    of = unit_class(units.unit_class)
    if isinstance(of, Refusal):
        return of
    holdings = books.holdings(units.unit_class, serials.first, serials.last)
    refusal = available(
        units.unit_class,
        serials,
        account=account,
        holdings=holdings,
        holds=books.holds(units.unit_class, serials.first, serials.last),
    )
    if refusal is not None:
        return refusal
    return Reached(of, serials, holdings)
