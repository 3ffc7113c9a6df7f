"""Take units off an exchange: the owner's act, for units that no trade waits for."""

from dataclasses import dataclass
from enum import StrEnum

from counterfoil.application.command import Command, Context, Units
from counterfoil.application.commands.list_units import LISTED
from counterfoil.application.commands.reach import reach
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, FactChange
from counterfoil.domain.settlement.trade import TRADED, TradeFault


class EndListingFault(StrEnum):
    NOT_LISTED = "listing.not_listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndListing(Command):
    """End the listing of units of an account. They stay where they are and may be listed again."""

    listing: str
    account: str
    units: Units


def end_listing(command: EndListing, books: Books, context: Context) -> Entry | Refusal:
    """Refuses units of another listing, and units that a matched trade waits for. Source: R-CMP-04."""
    reached = reach(books, command.units, account=command.account, on=context.on)
    if isinstance(reached, Refusal):
        return reached
    for holding in reached.holdings:
        named = f"{reached.of.key} {holding.serials}"
        if holding.facts.get(LISTED) != command.listing:
            return Refusal(EndListingFault.NOT_LISTED, {"listing": command.listing[:80], "units": named})
        if holding.facts.get(TRADED):
            facts = {"trade": command.listing, "other": str(holding.facts[TRADED]), "units": named}
            return Refusal(TradeFault.UNITS_COMMITTED, {**facts})
    units = command.units
    change = FactChange(units.unit_class, units.first, units.last, {LISTED: None})
    return Entry(Act.LISTING_ENDED, context.on, facts=(change,), details={"listing": command.listing})
