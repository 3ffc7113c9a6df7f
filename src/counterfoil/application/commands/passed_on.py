"""Units of another registry that came and went within what this book has lost, and nobody can show how they came.

Where the book that sent them still can, its messages come again and the case is closed by giving the units up. Where
that book is gone, or was set aside, an authority decides with the partner's that they only passed: one entry takes
them in and lets them go, as this registry's own signature shows that it did. They are spendable here at no moment, and
come back like any others that have left.
Read before: `close_case.py`. Source: 6/CMA.4 annex I paras. 9-10; ADR-0033.
"""

from collections.abc import Sequence
from enum import StrEnum

from counterfoil.application.command import Context, Units
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import came_from, went_to
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Move
from counterfoil.domain.units.identifier import unit_class
from counterfoil.domain.units.serials import SerialRange


class PassedOnFault(StrEnum):
    BORN_HERE = "case.born_here"
    UNITS_HERE = "case.units_here"


def passage(units: Sequence[Units], partner: Party, books: Books, context: Context) -> tuple[Move, ...] | Refusal:
    """From the partner and to it again; refuses what this book issued, and what it knows.

    What was issued here is issued again, with its numbers and its adjustments, and then given up.
    """
    for part in units:
        of = unit_class(part.unit_class)
        named = f"{part.unit_class} {SerialRange(part.first, part.last)}"
        if isinstance(of, Refusal) or of.registry == context.registry.registry:
            return Refusal(PassedOnFault.BORN_HERE, {"units": named})
        known = books.holdings(part.unit_class, part.first, part.last)
        if known:
            return Refusal(PassedOnFault.UNITS_HERE, {"units": named, "account": known[0].account})
    return tuple(Move(part.unit_class, part.first, part.last, came_from(partner), went_to(partner)) for part in units)
