"""Transfer units between accounts of this registry: a domestic move, which adjusts nothing and reaches no AEF."""

from dataclasses import dataclass
from enum import StrEnum

from counterfoil.application.command import Command, Context, Units
from counterfoil.application.commands.open_account import ACCOUNT_RECORD, holding_open, under_one_party
from counterfoil.application.commands.reach import reach
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Move


class TransferFault(StrEnum):
    SAME_ACCOUNT = "transfer.same_account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Command):
    """Move units from one holding account to another."""

    units: Units
    source: str
    target: str


def transfer(command: Transfer, books: Books, context: Context) -> Entry | Refusal:
    """A move between entities of one Party is no transfer in the sense of the AEF; between two Parties it would be one.

    Source: 2/CMA.3 annex para. 2(a).
    """
    return moved_at_home(command, books, context)


def moved_at_home(
    command: Transfer, books: Books, context: Context, *, offer: str = "", hold: str = ""
) -> Entry | Refusal:
    """The move of a transfer, of an accepted `offer` too, and of units that a `hold` keeps for it."""
    refusal = holding_open(books, command.source) or holding_open(books, command.target)
    if refusal is not None:
        return refusal
    if command.source == command.target:
        return Refusal(TransferFault.SAME_ACCOUNT, {"account": command.source})
    reached = reach(books, command.units, account=command.source, on=context.on, offer=offer, hold=hold)
    if isinstance(reached, Refusal):
        return reached
    if reached.of.cooperative_approach is not None:
        party = books.record(ACCOUNT_RECORD, command.source)["party"]
        crossing = under_one_party(books, command.target, party=party)
        if crossing is not None:
            return crossing
    units = command.units
    move = Move(units.unit_class, units.first, units.last, command.source, command.target)
    return Entry(Act.TRANSFERRED, context.on, moves=(move,))
