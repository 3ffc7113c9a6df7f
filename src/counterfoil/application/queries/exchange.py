"""The desk of an exchange: may a block be listed, which trades there are, and what the settled ones come to.

A price that was sealed is shown only to who reads the registry's own folder and asks for it. Source: R-CMP-04.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.commands.list_units import LISTED
from counterfoil.application.publishing import kept_from_public
from counterfoil.application.queries.conditions import Block, block_of, holds_on, list_view, objections_to, units_view
from counterfoil.application.queries.law import answer_view
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.compliance.conditions import Place, place_of
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import Act as Deed
from counterfoil.domain.policy.asked import Act, asked_from
from counterfoil.domain.policy.facts import FACTS
from counterfoil.domain.policy.law import Law
from counterfoil.domain.settlement.statistics import Market, Sale, markets, to_minor_unit
from counterfoil.domain.settlement.trade import PRICE, TRADE, TRADED, Trade, TradeState, is_price

LISTED_MAX: Final = 100_000


class Check(StrEnum):
    """What is looked at before a listing, in this order."""

    HELD = "held"
    FREE_OF_HOLDS = "free_of_holds"
    FREE_OF_OBJECTIONS = "free_of_objections"
    NOT_LISTED = "not_listed"
    LAW = "law"


@dataclass(frozen=True, slots=True)
class Between:
    """Trades of one exchange, or of all where it is empty, that ended from the first to the last day."""

    exchange: str = ""
    first: date | None = None
    last: date | None = None

    def has(self, trade: Trade) -> bool:
        day = trade.ended_on or trade.traded_on
        inside = (self.first is None or self.first <= day) and (self.last is None or day <= self.last)
        return inside and self.exchange in ("", trade.exchange)


def listing_check(
    sight: Sight, unit: str, law: Law | None, lists: Sequence[Law], *, said: Mapping[str, str], on: date
) -> dict[str, Any] | Refusal:
    """Whether the block of a unit may be listed: each check with what stands against it, and what buyers' lists say.

    Lists are shown and do not decide. Without an adopted law nothing may be listed.
    """
    block = block_of(sight, unit, on=on)
    if isinstance(block, Refusal):
        return block
    asked = None if law is None else _asked_of_listing(law, block, said, on)
    if isinstance(asked, Refusal):
        return asked
    shown: list[dict[str, Any]] = []
    for each in lists:
        view = list_view(block, each, said, on)
        if isinstance(view, Refusal):
            return view
        shown.append(view)
    checks = list(_checks(sight, block, asked))
    return {
        "on": on.isoformat(),
        "units": units_view(block.holding),
        "account": block.holding.account,
        "status": block.status.value,
        "listable": all(not each["against"] for each in checks),
        "checks": checks,
        "law": asked,
        "price": "sealed" if kept_from_public(law, PRICE, on=on) else "public",
        "lists": shown,
    }


def _asked_of_listing(law: Law, block: Block, said: Mapping[str, str], on: date) -> dict[str, Any] | Refusal:
    asked = {**block.answers, **said, **block.known}
    own = {name: value for name, value in asked.items() if name in FACTS or name in law.facts}
    act = asked_from(Act.LIST.value, own, law.facts)
    return act if isinstance(act, Refusal) else answer_view(law, act, on)


def _checks(sight: Sight, block: Block, law: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    holding = block.holding
    place = place_of(holding.account)
    yield _check(Check.HELD, [] if place is Place.HELD else [place.value])
    yield _check(Check.FREE_OF_HOLDS, holds_on(sight, holding))
    yield _check(Check.FREE_OF_OBJECTIONS, objections_to(sight, block.facts))
    standing = [str(holding.facts[name]) for name in (LISTED, TRADED) if holding.facts.get(name)]
    yield _check(Check.NOT_LISTED, standing)
    yield _check(Check.LAW, ["-"] if law is None else _against(law))


def _check(check: Check, against: list[str]) -> dict[str, Any]:
    return {"check": check.value, "against": against}


def _against(law: Mapping[str, Any]) -> list[str]:
    """The rules that refuse, and the facts that are still asked for."""
    refusing = [each["rule"] for each in law["rulings"] if each["outcome"] == "refused"]
    return [*refusing, *(f"{name}?" for name in law["missing"])]


def trades(sight: Sight, between: Between, *, state: str = "") -> list[dict[str, Any]]:
    """At most `LISTED_MAX` trades by their keys, as the register keeps them."""
    found = (value for _, value in sight.records(TRADE, limit=LISTED_MAX) if state in ("", value["state"]))
    return [value for value in found if between.has(from_json(Trade, value))]


def market_view(sight: Sight, between: Between, *, opened: bool) -> list[dict[str, Any]]:
    """Settled trades by exchange, class of units and currency.

    Args:
        opened: Whether sealed prices that were not erased count as well.
    """
    prices = sealed_prices(sight) if opened else {}
    sales = []
    for _, value in sight.records(TRADE, limit=LISTED_MAX):
        trade = from_json(Trade, value)
        if trade.state is not TradeState.SETTLED or not between.has(trade):
            continue
        price = trade.price if trade.price is not None else prices.get(trade.key)
        on = trade.ended_on or trade.traded_on
        sales.append(Sale(trade.exchange, trade.unit_class, trade.currency, on, trade.quantity, price))
    return [_market(market) for market in markets(sales)]


def sealed_prices(sight: Sight) -> dict[str, int]:
    """The sealed prices that can still be opened, by the keys of their trades."""
    found: dict[str, int] = {}
    for opening in sight.reading.openings():
        if opening.field != PRICE:
            continue
        entry = sight.entry(opening.seq)
        price = sight.codec.decode(opening.value.encode())
        if entry is not None and entry.entry.act is Deed.TRADE_RECORDED and is_price(price):
            found[entry.entry.records[0].key] = price
    return found


def _market(market: Market) -> dict[str, Any]:
    average = market.average
    return {
        "exchange": market.exchange,
        "unit_class": market.unit_class,
        "currency": market.currency,
        "trades": market.trades,
        "volume": market.volume,
        "priced": market.priced,
        "value": market.value if market.priced else None,
        "lowest": market.lowest,
        "highest": market.highest,
        "average": None
        if average is None
        else {"numerator": average.numerator, "denominator": average.denominator, "rounded": to_minor_unit(average)},
    }
