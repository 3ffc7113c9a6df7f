"""What the engine knows of a sale for the law: the units, the price, and that an exchange stands between.

A price may be sealed. The law hears it all the same, and the public leaf keeps the question without it.

Source: requirements R-CMP-04, R-FRI-04; 2/CMA.3 annex para. 24 (confidential information).
"""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.asked_of_units import moved
from counterfoil.application.command import Command, Context
from counterfoil.application.commands.record_trade import RecordTrade
from counterfoil.application.commands.settle_trade import SettleTrade
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Entry, Move
from counterfoil.domain.policy.law import Law
from counterfoil.domain.settlement.trade import BOUGHT, PRICE, TRADE, Trade, trade_key

MONEY: Final = frozenset({PRICE, "value", "proceeds"})
"""Facts that a confidential field of the same name answers, where it is a whole number."""
SOLD: Final = {"sold": True, "through_exchange": True}
"""Words that the engine answers where a pack declares them as facts."""
BOUGHT_BEFORE: Final = "bought_before"
"""Likewise, of units that a trade delivered to their holder or to somebody before."""


def traded(command: RecordTrade, entry: Entry, books: Books, context: Context) -> Mapping[str, Any]:
    """A trade that was matched: its units, still with the seller, and its price."""
    del entry
    units = command.units
    stays = Move(units.unit_class, units.first, units.last, command.seller, command.seller)
    return {**_sale(stays, books, context), **_money(command.price, command.currency, stays.size)}


def delivered(command: SettleTrade, entry: Entry, books: Books, context: Context) -> Mapping[str, Any]:
    """A trade that is settled: the move, and its price where that is public."""
    trade = from_json(Trade, books.record(TRADE, trade_key(command.exchange, command.trade)))
    (move,) = entry.moves
    return {**_sale(move, books, context), **_money(trade.price, trade.currency, move.size)}


def _sale(move: Move, books: Books, context: Context) -> dict[str, Any]:
    known = moved((move,), books, context)
    said: dict[str, Any] = dict(SOLD)
    if all(each.facts.get(BOUGHT) for each in books.holdings(move.unit_class, move.first, move.last)):
        said[BOUGHT_BEFORE] = True
    declared = context.law.facts if isinstance(context.law, Law) else {}
    return {**known, **{name: value for name, value in said.items() if name in declared}}


def _money(price: int | None, currency: str, quantity: int) -> dict[str, Any]:
    return {"currency": currency} if price is None else {"currency": currency, PRICE: price, "value": price * quantity}


def sealed_money(command: Command) -> dict[str, int]:
    """Amounts that a command seals, by the names of the law's facts."""
    sealed = command.confidential
    return {name: value for name in MONEY & set(sealed) if isinstance(value := sealed[name], int)}


def publicly(asked: Mapping[str, Any], command: Command) -> dict[str, Any]:
    """What was asked of the law, without what the command seals."""
    return {name: value for name, value in asked.items() if name not in command.confidential}
