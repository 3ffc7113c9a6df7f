"""A trade as an exchange reports it: matched, then settled by delivery, or failed with a reason.

Money is only told: a price in minor units for each unit, with its currency, or sealed. Nothing here pays. A trade has
one name on its exchange and ends once, so a report that comes twice changes nothing.

Source: requirements R-CMP-04, R-TWN-02, R-INT-04.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.kernel.ids import DIGEST, NAME, unfit
from counterfoil.domain.kernel.refusal import Refusal

TRADE: Final = "trade"
TRADED: Final = "traded"
"""The fact of units that a matched trade waits for: the key of that trade."""
BOUGHT: Final = "bought_through"
"""The fact of units that a trade delivered: its exchange."""
PRICE: Final = "price"
"""The name of the price, as a field and as a sealed one."""
PRICE_MAX: Final = 10**12
REASON_MAX: Final = 500
_CURRENCY: Final = re.compile(r"[A-Z]{3}\Z")


class TradeFault(StrEnum):
    ID_UNREADABLE = "trade.id_unreadable"
    ALREADY_RECORDED = "trade.already_recorded"
    DAY_AHEAD = "trade.day_ahead"
    PRICE_UNREADABLE = "trade.price_unreadable"
    PRICE_CONFIDENTIAL = "trade.price_confidential"
    REPORT_UNREADABLE = "trade.report_unreadable"
    NOT_LISTED = "trade.not_listed"
    UNITS_COMMITTED = "trade.units_committed"
    UNKNOWN = "trade.unknown"
    ENDED = "trade.ended"
    REASON_MISSING = "trade.reason_missing"


class TradeState(StrEnum):
    MATCHED = "matched"
    SETTLED = "settled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Trade:
    """Units `first` to `last` of a class, sold by one account to another.

    `price` counts minor units of `currency` for each unit; None where it is sealed. `report` is the SHA-256 of the file
    or message in which the exchange said so.
    """

    id: str
    exchange: str
    listing: str
    seller: str
    buyer: str
    unit_class: str
    first: int
    last: int
    traded_on: date
    currency: str
    price: int | None
    report: str
    recorded_on: date
    state: TradeState = TradeState.MATCHED
    mandate: str = ""
    ended_on: date | None = None
    reason: str = ""

    @property
    def key(self) -> str:
        return trade_key(self.exchange, self.id)

    @property
    def quantity(self) -> int:
        return self.last - self.first + 1


def trade_key(exchange: str, trade: str) -> str:
    """The name of a trade in this register: a trade's own name has no `@`, so two never share a key.

    >>> trade_key("TCX", "2026/17")
    '2026/17@TCX'
    """
    return f"{trade}@{exchange}"


def readable_trade(trade: Trade, *, sealed: object) -> Refusal | None:
    """Whether a report can be kept, in this order: names, the day, where it comes from, the price.

    Args:
        sealed: The price among the confidential fields; None where there is none.
    """
    nameless = unfit("exchange", trade.exchange) or unfit("trade", trade.key)
    if not NAME.match(trade.id) or nameless is not None:
        return Refusal(TradeFault.ID_UNREADABLE, {"trade": trade.id[:80], "exchange": trade.exchange[:80]})
    if trade.traded_on > trade.recorded_on:
        days = {"traded_on": trade.traded_on.isoformat(), "on": trade.recorded_on.isoformat()}
        return Refusal(TradeFault.DAY_AHEAD, {"trade": trade.key, **days})
    if not DIGEST.match(trade.report):
        return Refusal(TradeFault.REPORT_UNREADABLE, {"trade": trade.key})
    said = [each for each in (trade.price, sealed) if each is not None]
    if len(said) != 1 or not is_price(said[0]) or not _CURRENCY.match(trade.currency):
        return Refusal(TradeFault.PRICE_UNREADABLE, {"trade": trade.key, "price_max": PRICE_MAX})
    return None


def is_price(value: Any) -> bool:
    """Whether a value can be a price: a whole number of minor units from 0 to `PRICE_MAX`."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= PRICE_MAX


def settled(trade: Trade, *, mandate: str, on: date) -> Trade | Refusal:
    """The trade after its delivery."""
    return _open(trade) or replace(trade, state=TradeState.SETTLED, mandate=mandate, ended_on=on)


def failed(trade: Trade, *, reason: str, on: date) -> Trade | Refusal:
    """The trade after it failed; a reason is always said."""
    if not 0 < len(reason.strip()) <= REASON_MAX:
        return _open(trade) or Refusal(TradeFault.REASON_MISSING, {"trade": trade.key, "text_max": REASON_MAX})
    return _open(trade) or replace(trade, state=TradeState.FAILED, reason=reason.strip(), ended_on=on)


def _open(trade: Trade) -> Refusal | None:
    if trade.state is TradeState.MATCHED:
        return None
    ended = trade.ended_on.isoformat() if trade.ended_on is not None else "-"
    return Refusal(TradeFault.ENDED, {"trade": trade.key, "state": trade.state.value, "on": ended})
