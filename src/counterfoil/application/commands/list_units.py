"""List units on an exchange. They stay where they are; the law says which types may be listed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.command import Command, Context, Units, record
from counterfoil.application.commands.reach import reach
from counterfoil.application.commands.reissue import LABEL, LabelFault
from counterfoil.domain.kernel.ids import unfit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, FactChange

LISTING: Final = "listing"
LISTED: Final = "listed"
"""The fact of units that are listed: the name of their listing."""


class ListingFault(StrEnum):
    NO_LAW = "listing.no_law"
    NAME_TAKEN = "listing.name_taken"
    ALREADY_LISTED = "listing.already_listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUnits(Command):
    """List units of an account on an exchange, under the name of the listing. Listed units stay where they are.

    `label` names units of another registry that carry a label of this one instead (see `LabelUnits`).
    """

    listing: str
    exchange: str
    account: str = ""
    units: Units | None = None
    label: str = ""


def list_units(command: ListUnits, books: Books, context: Context) -> Entry | Refusal:
    """The law says which types may be listed. Source: requirement R-IDN-11."""
    nameless = unfit("listing", command.listing) or unfit("exchange", command.exchange)
    if nameless is not None:
        return nameless
    if context.law is None:
        return Refusal(ListingFault.NO_LAW, {"listing": command.listing})
    if books.record(LISTING, command.listing) is not None:
        return Refusal(ListingFault.NAME_TAKEN, {"listing": command.listing})
    value: dict[str, Any] = {"exchange": command.exchange, "account": command.account}
    changes: tuple[FactChange, ...] = ()
    if command.units is None:
        if books.record(LABEL, command.label) is None:
            return Refusal(LabelFault.UNKNOWN, {"label": command.label[:80]})
        value["label"] = command.label
    else:
        reached = reach(books, command.units, account=command.account, on=context.on)
        if isinstance(reached, Refusal):
            return reached
        standing = next((each for each in reached.holdings if each.facts.get(LISTED)), None)
        if standing is not None:
            facts = {"listing": str(standing.facts[LISTED]), "units": f"{reached.of.key} {standing.serials}"}
            return Refusal(ListingFault.ALREADY_LISTED, facts)
        units = command.units
        value |= {"unit_class": units.unit_class, "first": units.first, "last": units.last}
        changes = (FactChange(units.unit_class, units.first, units.last, {LISTED: command.listing}),)
    return Entry(
        Act.LISTED, context.on, facts=changes, records=(record(LISTING, command.listing, value),), details=value
    )
