"""Trades of an exchange: what is recorded, what is delivered under whose mandate, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.asked_of_trade import publicly, sealed_money, traded
from counterfoil.application.command import Command, Context, stored
from counterfoil.application.commands.cancel import Retire
from counterfoil.application.commands.end_listing import EndListing, EndListingFault
from counterfoil.application.commands.give_mandate import GiveMandate, WithdrawMandate
from counterfoil.application.commands.hold import PlaceHold
from counterfoil.application.commands.list_units import ListUnits
from counterfoil.application.commands.record_trade import FailTrade, RecordTrade
from counterfoil.application.commands.settle_trade import SettleTrade
from counterfoil.application.commands.transfer import Transfer, TransferFault
from counterfoil.application.lawful import judged
from counterfoil.domain.kernel.ids import NamingFault
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.policy.asked import Act as LawAct
from counterfoil.domain.policy.basis import Basis, Confidence, Span, Text
from counterfoil.domain.policy.clause import Clause, Rule
from counterfoil.domain.policy.facts import Fact, FactType
from counterfoil.domain.policy.figure import Figure, quantity
from counterfoil.domain.policy.kinds.price_floor import PriceFloorRule
from counterfoil.domain.policy.kinds.publication import PublicationRule, Reader
from counterfoil.domain.policy.kinds.requirement import RequirementRule
from counterfoil.domain.policy.law import Law
from counterfoil.domain.settlement.mandate import MANDATE, Mandate, MandateFault
from counterfoil.domain.settlement.trade import TRADE, Trade, TradeFault, TradeState
from counterfoil.domain.units.unit_type import UnitType
from tests.domain.commands.desk import TODAY, Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import DEV, HOME, SHOP, host, issue

WORDS = Text("rule", "規則")
HASH = "7" * 64


def law(*rules: tuple[str, Any, LawAct], facts: tuple[str, ...] = ()) -> Law:
    clauses = {}
    for number, (kind, content, act) in enumerate(rules):
        name = f"r{number}"
        basis = Basis("tha", "1.0.0", name, WORDS, Span(date(2021, 1, 1)), "act", "art. 1", Confidence.FOUND)
        clauses[name] = Rule(name, kind, WORDS, (Clause(kind, basis, content, frozenset({act})),))
    declared = {name: Fact(name, FactType.YES_NO, WORDS) for name in facts}
    return Law("tha", "1.0.0", "jurisdiction", "THA", WORDS, rules=clauses, facts=declared)


SECRET = law(("publication", PublicationRule(Reader.PUBLIC, national=("price",)), LawAct.PUBLISH))


def market() -> Desk:
    """THA with one hundred domestic units of the developer, sixty of them listed on FTIX, and a mandate for forty."""
    desk = host()
    desk.do(issue(unit_type=UnitType.DOMESTIC, scheme="TVER", authorization=None))
    desk.law = law()
    desk.do(ListUnits(listing="X-1", exchange="FTIX", account=DEV, units=units(HOME, 1, 60)))
    desk.do(mandate())
    return desk


def mandate(**changes: Any) -> GiveMandate:
    content: dict[str, Any] = {
        "mandate": "M-1", "account": DEV, "exchange": "FTIX", "document": "6" * 64, "quantity_max": 40,
        "last_day": date(2026, 12, 31),
    }  # fmt: skip
    return GiveMandate(**{**content, **changes})


def trade(name: str = "T-1", first: int = 1, last: int = 30, **changes: Any) -> RecordTrade:
    content: dict[str, Any] = {
        "exchange": "FTIX", "trade": name, "seller": DEV, "buyer": SHOP, "units": units(HOME, first, last),
        "traded_on": TODAY, "currency": "THB", "report": HASH, "price": 17_500,
    }  # fmt: skip
    return RecordTrade(**{**content, **changes})


def settle(name: str = "T-1", **changes: Any) -> SettleTrade:
    return SettleTrade(**{"exchange": "FTIX", "trade": name, "mandate": "M-1", **changes})


def fail(name: str = "T-1", reason: str = "not paid") -> FailTrade:
    return FailTrade(exchange="FTIX", trade=name, reason=reason)


def secret(desk: Desk) -> RecordTrade:
    desk.law = SECRET
    return trade()


def end(first: int = 1, last: int = 60, **changes: Any) -> EndListing:
    return EndListing(**{"listing": "X-1", "account": DEV, "units": units(HOME, first, last), **changes})


AWAY = Transfer(units=units(HOME, 1, 5), source=DEV, target=SHOP)
HELD = PlaceHold(hold="H-1", units=units(HOME, 1, 1), authority="office", reason="asked about")


def under(**changes: Any) -> Callable[[Desk], Command]:
    """A delivery under another mandate."""
    return after(trade(), mandate(mandate="M-2", **changes), then=settle(mandate="M-2"))


SEALED_TEXT = trade(price=None, confidential={"price": "17"})
FIRST, SECOND = trade(), trade("T-2", 31, 41)
WITHDRAWAL = WithdrawMandate(mandate="M-1")

REPORTS = (
    Case("its number is no name", TradeFault.ID_UNREADABLE, lambda _: trade("T 1")),
    Case("its day is to come", TradeFault.DAY_AHEAD, lambda _: trade(traded_on=date(2026, 4, 1))),
    Case("nothing reports it", TradeFault.REPORT_UNREADABLE, lambda _: trade(report="a file")),
    Case("it has no price", TradeFault.PRICE_UNREADABLE, lambda _: trade(price=None)),
    Case("it has two prices", TradeFault.PRICE_UNREADABLE, lambda _: trade(confidential={"price": 17_500})),
    Case("its price is below nought", TradeFault.PRICE_UNREADABLE, lambda _: trade(price=-1)),
    Case("its sealed price is a text", TradeFault.PRICE_UNREADABLE, lambda _: SEALED_TEXT),
    Case("its currency is no code", TradeFault.PRICE_UNREADABLE, lambda _: trade(currency="baht")),
    Case("prices are confidential", TradeFault.PRICE_CONFIDENTIAL, secret),
    Case("it was recorded", TradeFault.ALREADY_RECORDED, after(trade(), then=trade(first=31, last=40))),
    Case("it was settled", TradeFault.ALREADY_RECORDED, after(trade(), settle(), then=trade())),
    Case("one sells to itself", TransferFault.SAME_ACCOUNT, lambda _: trade(buyer=DEV)),
    Case("a unit is not listed", TradeFault.NOT_LISTED, lambda _: trade(first=60, last=61)),
    Case("they are listed elsewhere", TradeFault.NOT_LISTED, lambda _: trade(exchange="SETX")),
    Case("they were delivered", UnitsFault.NOT_HELD, after(trade(), settle(), then=trade("T-2"))),
    Case("they wait for another trade", TradeFault.UNITS_COMMITTED, after(trade(), then=trade("T-2", 30, 35))),
    Case("they are held", UnitsFault.ON_HOLD, after(HELD, then=trade())),
)  # fmt: skip
DELIVERIES = (
    Case("nothing was reported", TradeFault.UNKNOWN, lambda _: settle()),
    Case("it was settled", TradeFault.ENDED, after(trade(), settle(), then=settle())),
    Case("it failed", TradeFault.ENDED, after(trade(), fail(), then=settle())),
    Case("nobody allowed it", MandateFault.UNKNOWN, after(trade(), then=settle(mandate="M-9"))),
    Case("it is no longer allowed", MandateFault.WITHDRAWN, after(trade(), WITHDRAWAL, then=settle())),
    Case("another owner allowed it", MandateFault.NOT_COVERING, under(account=SHOP)),
    Case("it was allowed elsewhere", MandateFault.NOT_COVERING, under(exchange="SETX")),
    Case("another trade was allowed", MandateFault.NOT_COVERING, under(trade="T-2")),
    Case("another class was allowed", MandateFault.NOT_COVERING, under(unit_class="X")),
    Case("the mandate is over", MandateFault.NOT_COVERING, after(trade(), then=settle()), on=date(2027, 1, 1)),
    Case("less was allowed", MandateFault.NOT_COVERING, after(FIRST, settle(), SECOND, then=settle("T-2"))),
    Case("they are gone", UnitsFault.NOT_HELD, after(trade(), AWAY, then=settle())),
    Case("they are held", UnitsFault.ON_HOLD, after(trade(), HELD, then=settle())),
)  # fmt: skip
FAILURES = (
    Case("nothing was reported", TradeFault.UNKNOWN, lambda _: fail()),
    Case("it was settled", TradeFault.ENDED, after(trade(), settle(), then=fail())),
    Case("nobody says why", TradeFault.REASON_MISSING, after(trade(), then=fail(reason=" "))),
)
MANDATES = (
    Case("it has no name", MandateFault.ID_UNREADABLE, lambda _: mandate(mandate="")),
    Case("its trade has a NUL", NamingFault.KEY_UNFIT, lambda _: mandate(mandate="M-2", trade="T\0")),
    Case("its class is too long", NamingFault.KEY_UNFIT, lambda _: mandate(mandate="M-2", unit_class="x" * 201)),
    Case("it was given", MandateFault.ALREADY_GIVEN, lambda _: mandate(quantity_max=41)),
    Case("it has no quantity", MandateFault.UNCLEAR, lambda _: mandate(mandate="M-2", quantity_max=0)),
    Case("its day is over", MandateFault.UNCLEAR, lambda _: mandate(mandate="M-2", last_day=date(2026, 3, 30))),
    Case("nothing is written", MandateFault.UNCLEAR, lambda _: mandate(mandate="M-2", document="on the telephone")),
    Case("there is none to withdraw", MandateFault.UNKNOWN, lambda _: WithdrawMandate(mandate="M-9")),
    Case("it was withdrawn", MandateFault.WITHDRAWN, after(WITHDRAWAL, then=WITHDRAWAL)),
)  # fmt: skip
ENDINGS = (
    Case("some are not listed", EndListingFault.NOT_LISTED, lambda _: end(last=61)),
    Case("they are of another listing", EndListingFault.NOT_LISTED, lambda _: end(listing="X-2")),
    Case("a trade waits for them", TradeFault.UNITS_COMMITTED, after(trade(), then=end(30, 40))),
)


@pytest.mark.parametrize("case", REPORTS, ids=titles)
def test_a_trade_is_refused_when(case: Case) -> None:
    check_refused(case, market())


@pytest.mark.parametrize("case", DELIVERIES, ids=titles)
def test_a_trade_is_not_settled_when(case: Case) -> None:
    check_refused(case, market())


@pytest.mark.parametrize("case", FAILURES, ids=titles)
def test_a_trade_does_not_fail_when(case: Case) -> None:
    check_refused(case, market())


@pytest.mark.parametrize("case", MANDATES, ids=titles)
def test_a_mandate_is_refused_when(case: Case) -> None:
    check_refused(case, market())


@pytest.mark.parametrize("case", ENDINGS, ids=titles)
def test_a_listing_does_not_end_when(case: Case) -> None:
    check_refused(case, market())


def test_a_recorded_trade_moves_nothing() -> None:
    desk = market()
    entry = desk.do(trade())
    assert (entry.act, entry.moves, entry.details["listing"]) == (Act.TRADE_RECORDED, (), "X-1")
    assert desk.held(HOME) == [("1..30", DEV), ("31..60", DEV), ("61..100", DEV)]


def test_a_settled_trade_delivers_once_and_counts_against_the_mandate() -> None:
    desk = market()
    desk.do(trade())
    entry = desk.do(settle())
    assert entry.act is Act.TRADE_SETTLED
    assert desk.held(HOME) == [("1..30", SHOP), ("31..60", DEV), ("61..100", DEV)]
    assert desk.adjustments() == {}
    facts = desk.facts(HOME, 30)
    assert ("listed" in facts, "traded" in facts, facts["bought_through"]) == (False, False, "FTIX")
    known = stored(desk.books, MANDATE, "M-1", Mandate)
    kept = stored(desk.books, TRADE, "T-1@FTIX", Trade)
    assert known is not None and kept is not None
    assert (known.delivered, kept.state, kept.mandate) == (30, TradeState.SETTLED, "M-1")
    desk.do(trade("T-2", 31, 40))
    desk.do(settle("T-2"))
    known = stored(desk.books, MANDATE, "M-1", Mandate)
    assert known is not None and known.delivered == 40


def test_an_instruction_covers_its_own_trade() -> None:
    desk = market()
    desk.do(trade())
    desk.do(mandate(mandate="M-2", trade="T-1", unit_class=HOME, quantity_max=30))
    desk.do(settle(mandate="M-2"))


def test_units_of_a_failed_trade_stay_listed_and_are_traded_again() -> None:
    desk = market()
    desk.do(trade())
    assert desk.do(fail()).details["reason"] == "not paid"
    desk.do(trade("T-2"))
    desk.do(settle("T-2"))


def test_a_trade_fails_even_where_its_units_have_gone() -> None:
    desk = market()
    desk.do(trade())
    desk.do(AWAY)
    desk.do(fail(reason="the seller sold them elsewhere"))
    assert "traded" not in desk.facts(HOME, 1) and "traded" not in desk.facts(HOME, 30)


def test_units_that_were_retired_before_settlement_stay_retired_and_the_trade_fails() -> None:
    desk = market()
    desk.do(trade())
    desk.do(Retire(units=units(HOME, 1, 30), account=DEV, reason="own use"))
    check_refused(Case("they are spent", UnitsFault.SPENT, lambda _: settle()), desk)
    desk.do(fail(reason="retired"))
    assert desk.held(HOME)[0] == ("1..30", "retired:domestic")


def test_a_listing_ends_for_what_its_owner_takes_back() -> None:
    desk = market()
    desk.do(end(41, 60))
    check_refused(Case("they are off", TradeFault.NOT_LISTED, lambda _: trade(first=40, last=41)), desk)
    desk.do(ListUnits(listing="X-2", exchange="SETX", account=DEV, units=units(HOME, 41, 60)))


FLOOR = law(("price_floor", PriceFloorRule(Figure(quantity("175 THB/t"))), LawAct.TRADE))


def lawfully(desk: Desk, command: RecordTrade | SettleTrade, of: Law) -> Entry | Refusal:
    """What the decision and then the law say, as the writer asks them."""
    desk.law = of
    entry = desk.ask(command)
    assert isinstance(entry, Entry), entry
    return judged(command, entry, desk.books, Context(desk.registry, TODAY, TODAY, law=of))


def test_a_trade_below_the_floor_of_the_host_is_refused_with_rule_and_provision() -> None:
    assert isinstance(lawfully(market(), trade(), FLOOR), Entry)
    refused = lawfully(market(), trade(price=17_499), FLOOR)
    assert isinstance(refused, Refusal) and refused.code == "policy.price_floor.below"
    assert (refused.facts["rule"], refused.facts["provision"]) == ("r0", "art. 1")
    other = lawfully(market(), trade(currency="SGD"), FLOOR)
    assert isinstance(other, Refusal) and other.code == "policy.price_floor.other_currency"


def test_a_sealed_price_is_judged_and_never_told() -> None:
    sealed = trade(price=None, confidential={"price": 17_499})
    refused = lawfully(market(), sealed, FLOOR)
    assert isinstance(refused, Refusal) and refused.code == "policy.price_floor.below"
    entry = lawfully(market(), replace(sealed, confidential={"price": 17_501}), FLOOR)
    assert isinstance(entry, Entry)
    asked: Any = entry.details["law"]
    assert "17501" not in str(entry) and "price" not in asked["asked"]
    assert sealed_money(trade(confidential={"price": "x", "value": 3})) == {"value": 3}
    assert publicly({"price": 1, "currency": "THB"}, sealed) == {"currency": "THB"}


def test_the_engine_answers_that_an_exchange_stands_between_and_what_was_bought_there() -> None:
    resale = law(
        ("requirement", RequirementRule(needs=("through_exchange",), forbids=("bought_before",)), LawAct.TRADE),
        facts=("through_exchange", "bought_before"),
    )
    desk = market()
    first = trade(answers={"bought_before": False})
    assert isinstance(lawfully(desk, first, resale), Entry)
    desk.do(first)
    desk.do(settle())
    desk.do(ListUnits(listing="X-2", exchange="FTIX", account=SHOP, units=units(HOME, 1, 30)))
    again = trade("T-2", seller=SHOP, buyer=DEV)
    assert traded(again, Entry(Act.LISTED, TODAY), desk.books, Context(desk.registry, TODAY, TODAY, law=resale))[
        "bought_before"
    ]
    refused = lawfully(desk, again, resale)
    assert isinstance(refused, Refusal) and refused.code == "policy.requirement.unmet"


def test_the_move_is_asked_of_the_law_as_a_sale_when_it_is_settled() -> None:
    closed = law(("requirement", RequirementRule(forbids=("sold",)), LawAct.TRANSFER), facts=("sold",))
    desk = market()
    desk.do(trade())
    refused = lawfully(desk, settle(), closed)
    assert isinstance(refused, Refusal) and refused.facts["condition"] == "sold = no"
