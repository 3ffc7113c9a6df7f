"""A file in which an exchange reports trades, as JSON.

    {"exchange": "TCX", "trades": [{"trade": "17", ...}], "settled": [{"trade": "17", "mandate": "M-1"}],
     "failed": [{"trade": "18", "reason": "..."}]}

Each row has the fields of its command. The exchange's number of a trade is its name: what the register already says in
the same words is left out, so a file may be sent again, and a later one may repeat an earlier one.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final

import msgspec

from counterfoil.application.command import Command
from counterfoil.application.commands.record_trade import FailTrade, RecordTrade
from counterfoil.application.commands.settle_trade import SettleTrade
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.settlement.trade import PRICE, Trade, TradeState, trade_key
from counterfoil.entrypoints.json_once import require_once
from counterfoil.entrypoints.wire import command_of

BYTES_MAX: Final = 16 * 1024 * 1024
ROWS_MAX: Final = 20_000
_PARTS: Final = {"trades": RecordTrade, "settled": SettleTrade, "failed": FailTrade}


class TradeFileFault(StrEnum):
    UNREADABLE = "trade_file.unreadable"


def read_trade_file(data: bytes, name: str, *, sealed: bool) -> list[Command] | Refusal:
    """The commands of a file, trades first; the first unreadable row refuses it whole.

    Args:
        sealed: Whether prices become confidential fields.
    """
    value = _parsed(data, name)
    if isinstance(value, Refusal):
        return value
    commands: list[Command] = []
    report = hashlib.sha256(data).hexdigest()
    for part, kind in _PARTS.items():
        for number, row in enumerate(value.get(part, []), 1):
            fields = dict(row) if isinstance(row, dict) else {}
            if kind is RecordTrade:
                fields |= {"report": report}
                if sealed and PRICE in fields:
                    fields["confidential"] = {PRICE: fields.pop(PRICE)}
            command = command_of({"command": kind.__name__, "exchange": value["exchange"], **fields})
            if isinstance(command, Refusal):
                facts = {**command.facts, "detail": f"{part} {number}: {command.facts.get('detail', '')}"}
                return Refusal(command.code, facts)
            commands.append(replace(command, id=_id(kind.__name__, value["exchange"], str(fields.get("trade")))))
    return commands


def _parsed(data: bytes, name: str) -> dict[str, Any] | Refusal:
    try:
        value = msgspec.json.decode(data)
        require_once(data)
    except (msgspec.DecodeError, ValueError, RecursionError) as wrong:
        return Refusal(TradeFileFault.UNREADABLE, {"file": name, "detail": str(wrong)[:200]})
    members = {"exchange", *_PARTS}
    shaped = isinstance(value, dict) and not set(value) - members and isinstance(value.get("exchange"), str)
    if not shaped or not all(isinstance(value.get(part, []), list) for part in _PARTS):
        return Refusal(TradeFileFault.UNREADABLE, {"file": name, "detail": f"members: {', '.join(sorted(members))}"})
    if sum(len(value.get(part, [])) for part in _PARTS) > ROWS_MAX:
        return Refusal(TradeFileFault.UNREADABLE, {"file": name, "detail": f"more than {ROWS_MAX} rows"})
    return {**value}


def _id(kind: str, exchange: str, trade: str) -> str:
    """A command id that follows from the trade, so that one report causes one act."""
    return f"{kind}:{hashlib.sha256(trade_key(exchange, trade).encode()).hexdigest()[:40]}"


def fresh(
    commands: list[Command], known: Callable[[str], Trade | None], prices: Mapping[str, int]
) -> Iterator[Command]:
    """The commands that say something new.

    Args:
        known: A trade of the register by its key.
        prices: Sealed prices of the register, by the keys of their trades.
    """
    for command in commands:
        assert isinstance(command, RecordTrade | SettleTrade | FailTrade)
        trade = known(trade_key(command.exchange, command.trade))
        if trade is None or not _said(command, trade, prices.get(trade.key)):
            yield command


def _said(command: RecordTrade | SettleTrade | FailTrade, trade: Trade, price: int | None) -> bool:
    """Whether the register already says the same."""
    match command:
        case SettleTrade():
            return trade.state is TradeState.SETTLED and trade.mandate == command.mandate
        case FailTrade():
            return trade.state is TradeState.FAILED and trade.reason == command.reason.strip()
    units = command.units
    asked = (command.seller, command.buyer, units.unit_class, units.first, units.last, command.traded_on)
    found = (trade.seller, trade.buyer, trade.unit_class, trade.first, trade.last, trade.traded_on)
    stated = command.price if command.price is not None else command.confidential.get(PRICE)
    kept = trade.price if trade.price is not None else price
    return asked == found and (command.currency, stated) == (trade.currency, kept)
