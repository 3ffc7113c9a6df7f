"""Record a trade that an exchange reports, or that it failed. Nothing moves before it is settled.

Read next: `settle_trade.py`.
"""

from dataclasses import dataclass, replace
from datetime import date

from counterfoil.application.command import Command, Context, Units, record, stored
from counterfoil.application.commands.list_units import LISTED, LISTING
from counterfoil.application.commands.open_account import holding_open
from counterfoil.application.commands.reach import Reached, reach
from counterfoil.application.commands.transfer import TransferFault
from counterfoil.application.publishing import kept_from_public
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, FactChange
from counterfoil.domain.settlement.trade import (
    PRICE,
    TRADE,
    TRADED,
    Trade,
    TradeFault,
    failed,
    readable_trade,
    trade_key,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTrade(Command):
    """Record that an exchange matched a trade in listed units.

    `price` counts minor units of `currency` for each unit; where it is confidential it stands in `confidential` under
    the name `price` instead. `report` is the SHA-256 of the exchange's file in the evidence store.
    """

    exchange: str
    trade: str
    seller: str
    buyer: str
    units: Units
    traded_on: date
    currency: str
    report: str
    price: int | None = None


def record_trade(command: RecordTrade, books: Books, context: Context) -> Entry | Refusal:
    """Refuses units that are not listed there, that wait for another trade, or that the seller cannot dispose of.

    Source: requirements R-CMP-04, R-TWN-02, R-INT-04.
    """
    units = command.units
    trade = Trade(
        command.trade,
        command.exchange,
        "",
        command.seller,
        command.buyer,
        units.unit_class,
        units.first,
        units.last,
        command.traded_on,
        command.currency,
        command.price,
        command.report,
        context.on,
    )
    refusal = _unfit(command, trade, books, context)
    if refusal is not None:
        return refusal
    reached = reach(books, units, account=command.seller, on=context.on)
    if isinstance(reached, Refusal):
        return reached
    listing = _listing(reached, trade, books)
    if isinstance(listing, Refusal):
        return listing
    change = FactChange(units.unit_class, units.first, units.last, {TRADED: trade.key})
    details: dict[str, JSON] = {"exchange": trade.exchange, "trade": trade.id, "listing": listing}
    value = record(TRADE, trade.key, replace(trade, listing=listing))
    return Entry(
        Act.TRADE_RECORDED,
        context.on,
        facts=(change,),
        records=(value,),
        details={**details, "quantity": trade.quantity},
    )


def _unfit(command: RecordTrade, trade: Trade, books: Books, context: Context) -> Refusal | None:
    refusal = readable_trade(trade, sealed=command.confidential.get(PRICE))
    if refusal is not None:
        return refusal
    if books.record(TRADE, trade.key) is not None:
        return Refusal(TradeFault.ALREADY_RECORDED, {"trade": trade.key})
    if trade.price is not None and kept_from_public(context.law, PRICE, on=context.on):
        return Refusal(TradeFault.PRICE_CONFIDENTIAL, {"trade": trade.key})
    if trade.seller == trade.buyer:
        return Refusal(TransferFault.SAME_ACCOUNT, {"account": trade.seller})
    return holding_open(books, trade.seller) or holding_open(books, trade.buyer)


def _listing(reached: Reached, trade: Trade, books: Books) -> str | Refusal:
    """The listing on this exchange under which all of the units stand."""
    names = {str(holding.facts.get(LISTED) or "") for holding in reached.holdings}
    name = names.pop() if len(names) == 1 else ""
    known = books.record(LISTING, name) if name else None
    if known is None or known["exchange"] != trade.exchange:
        facts = {"trade": trade.key, "units": f"{reached.of.key} {reached.serials}", "exchange": trade.exchange}
        return Refusal(TradeFault.NOT_LISTED, {**facts})
    waiting = next((holding for holding in reached.holdings if holding.facts.get(TRADED)), None)
    if waiting is not None:
        facts = {
            "trade": trade.key,
            "other": str(waiting.facts[TRADED]),
            "units": f"{reached.of.key} {waiting.serials}",
        }
        return Refusal(TradeFault.UNITS_COMMITTED, {**facts})
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class FailTrade(Command):
    """Record that a trade was not settled, and why. Its units stay listed, and may be traded again."""

    exchange: str
    trade: str
    reason: str


def fail_trade(command: FailTrade, books: Books, context: Context) -> Entry | Refusal:
    """A trade ends once. Source: R-CMP-04."""
    known = known_trade(books, command.exchange, command.trade)
    if isinstance(known, Refusal):
        return known
    after = failed(known, reason=command.reason, on=context.on)
    if isinstance(after, Refusal):
        return after
    changes = tuple(
        FactChange(known.unit_class, holding.first, holding.last, {TRADED: None})
        for holding in books.holdings(known.unit_class, known.first, known.last)
        if holding.facts.get(TRADED) == known.key
    )
    details = {"exchange": known.exchange, "trade": known.id, "reason": after.reason}
    return Entry(
        Act.TRADE_FAILED, context.on, facts=changes, records=(record(TRADE, after.key, after),), details=details
    )


def known_trade(books: Books, exchange: str, trade: str) -> Trade | Refusal:
    """A trade by its exchange and its name there."""
    key = trade_key(exchange, trade)
    known = stored(books, TRADE, key, Trade)
    return known or Refusal(TradeFault.UNKNOWN, {"trade": key[:160]})
