"""Settle a trade: deliver its units inside the registry, under the owner's mandate."""

from dataclasses import dataclass

from counterfoil.application.command import Command, Context, Units, record, stored
from counterfoil.application.commands.list_units import LISTED
from counterfoil.application.commands.record_trade import known_trade
from counterfoil.application.commands.transfer import Transfer, transfer
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, FactChange
from counterfoil.domain.settlement.mandate import MANDATE, Delivery, Mandate, MandateFault, delivered
from counterfoil.domain.settlement.trade import BOUGHT, TRADE, TRADED, settled


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleTrade(Command):
    """Deliver the units of a matched trade to its buyer. `mandate` is what the seller allowed.

    Payment is the exchange's own affair: the registry delivers when it is told to.
    """

    exchange: str
    trade: str
    mandate: str


def settle_trade(command: SettleTrade, books: Books, context: Context) -> Entry | Refusal:
    """All that a transfer at home asks, and the owner's mandate. The units are no longer listed afterwards.

    Source: requirement R-CMP-04; 2/CMA.3 annex para. 2(a).
    """
    known = known_trade(books, command.exchange, command.trade)
    if isinstance(known, Refusal):
        return known
    after = settled(known, mandate=command.mandate, on=context.on)
    if isinstance(after, Refusal):
        return after
    mandate = stored(books, MANDATE, command.mandate, Mandate)
    if mandate is None:
        return Refusal(MandateFault.UNKNOWN, {"mandate": command.mandate[:80]})
    delivery = Delivery(known.exchange, known.id, known.seller, known.unit_class, known.quantity)
    used = delivered(mandate, delivery, on=context.on)
    if isinstance(used, Refusal):
        return used
    units = Units(known.unit_class, known.first, known.last)
    entry = transfer(Transfer(units=units, source=known.seller, target=known.buyer), books, context)
    if isinstance(entry, Refusal):
        return entry
    said = {LISTED: None, TRADED: None, BOUGHT: known.exchange}
    change = FactChange(units.unit_class, units.first, units.last, said)
    return entry._replace(
        act=Act.TRADE_SETTLED,
        facts=(*entry.facts, change),
        records=(record(TRADE, after.key, after), record(MANDATE, used.id, used)),
        details={"exchange": known.exchange, "trade": known.id, "mandate": used.id},
    )
