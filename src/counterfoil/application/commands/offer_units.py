"""Offer units to another account of this registry, accept the offer, or take it back.

Read before: `domain/settlement/offer.py`.
"""

from dataclasses import dataclass
from datetime import date

from counterfoil.application.command import Command, Context, Units, record, stored
from counterfoil.application.commands.list_units import LISTED, ListingFault
from counterfoil.application.commands.open_account import holding_open
from counterfoil.application.commands.reach import reach
from counterfoil.application.commands.transfer import Transfer, TransferFault, moved_at_home
from counterfoil.domain.kernel.ids import unfit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, FactChange
from counterfoil.domain.settlement.offer import (
    OFFER,
    OFFERED,
    Offer,
    OfferFault,
    accepted,
    readable_offer,
    withdrawn_offer,
)
from counterfoil.domain.settlement.trade import PRICE


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferUnits(Command):
    """Offer units of an account to another one, or to any, until a day.

    The price of one unit stands in `confidential` under the name `price`, in minor units of `currency`.
    """

    offer: str
    account: str
    units: Units
    until: date
    currency: str
    to: str = ""


def offer_units(command: OfferUnits, books: Books, context: Context) -> Entry | Refusal:
    """Refuses units that are offered or listed already, and an open price. Source: R-CMP-04."""
    units = command.units
    offer = Offer(
        command.offer,
        command.account,
        command.to,
        units.unit_class,
        units.first,
        units.last,
        command.currency,
        context.on,
        command.until,
    )
    refusal = _unfit(command, offer, books)
    if refusal is not None:
        return refusal
    reached = reach(books, units, account=command.account, on=context.on)
    if isinstance(reached, Refusal):
        return reached
    listed = next((each for each in reached.holdings if each.facts.get(LISTED)), None)
    if listed is not None:
        named = {"listing": str(listed.facts[LISTED]), "units": f"{reached.of.key} {listed.serials}"}
        return Refusal(ListingFault.ALREADY_LISTED, {**named})
    return Entry(
        Act.UNITS_OFFERED,
        context.on,
        facts=(FactChange(units.unit_class, units.first, units.last, {OFFERED: list(offer.flag)}),),
        records=(record(OFFER, offer.id, offer),),
        details={"offer": offer.id, "quantity": offer.quantity, "until": offer.until.isoformat()},
    )


def _unfit(command: OfferUnits, offer: Offer, books: Books) -> Refusal | None:
    nameless = unfit("offer", command.offer)
    if nameless is not None:
        return nameless
    if books.record(OFFER, command.offer) is not None:
        return Refusal(OfferFault.NAME_TAKEN, {"offer": command.offer})
    if offer.account == offer.to:
        return Refusal(TransferFault.SAME_ACCOUNT, {"account": offer.account})
    refusal = readable_offer(offer, sealed=command.confidential.get(PRICE)) or holding_open(books, offer.account)
    return refusal or (holding_open(books, offer.to) if offer.to else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptOffer(Command):
    """Accept an offer: its units go to the account. Of several who accept, the first in the journal has them."""

    offer: str
    account: str


def accept_offer(command: AcceptOffer, books: Books, context: Context) -> Entry | Refusal:
    """All that a transfer at home asks, once, and until the offer ends. Source: 2/CMA.3 annex para. 2(a)."""
    known = stored(books, OFFER, command.offer, Offer)
    if known is None:
        return Refusal(OfferFault.UNKNOWN, {"offer": command.offer[:80]})
    after = accepted(known, buyer=command.account, on=context.on)
    if isinstance(after, Refusal):
        return after
    units = Units(known.unit_class, known.first, known.last)
    move = Transfer(units=units, source=known.account, target=command.account)
    entry = moved_at_home(move, books, context, offer=known.id)
    if isinstance(entry, Refusal):
        return entry
    change = FactChange(units.unit_class, units.first, units.last, {OFFERED: None})
    return entry._replace(
        act=Act.OFFER_ACCEPTED,
        facts=(*entry.facts, change),
        records=(*entry.records, record(OFFER, after.id, after)),
        details={"offer": known.id, "quantity": known.quantity},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOffer(Command):
    """Take an offer back. Its units are free at once."""

    offer: str


def withdraw_offer(command: WithdrawOffer, books: Books, context: Context) -> Entry | Refusal:
    """Units that have meanwhile gone elsewhere, after the offer's last day, are left alone. Source: R-CMP-04."""
    known = stored(books, OFFER, command.offer, Offer)
    if known is None:
        return Refusal(OfferFault.UNKNOWN, {"offer": command.offer[:80]})
    after = withdrawn_offer(known, on=context.on)
    if isinstance(after, Refusal):
        return after
    changes = tuple(
        FactChange(known.unit_class, holding.first, holding.last, {OFFERED: None})
        for holding in books.holdings(known.unit_class, known.first, known.last)
        if (holding.facts.get(OFFERED) or [""])[0] == known.id
    )
    return Entry(
        Act.OFFER_WITHDRAWN,
        context.on,
        facts=changes,
        records=(record(OFFER, after.id, after),),
        details={"offer": known.id},
    )
