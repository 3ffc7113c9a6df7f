"""Onward, home again, converted: what a movement keeps, and what it may no longer become."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import Context, Units
from counterfoil.application.commands.contribute import ContributeToAdaptationFund
from counterfoil.application.commands.convert import Convert, convert
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.application.receipt import Receipt
from counterfoil.domain.kernel.ids import CooperativeApproachId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from tests.domain.commands.test_convert import SOME_LAW
from tests.movements.books import CLASS, Books


@pytest.fixture
def books() -> Iterator[Books]:
    """Three Parties with agreements between each two."""
    books = Books("XBB", "XCC")
    third = books.offices["XCC"]
    books.buyer.do(replace(books.buyer.agreement("XCC"), agreement="IA-2"))
    third.do(replace(third.agreement("XBB"), agreement="IA-2"))
    yield books
    books.sound()


def facts(books: Books, party: str, serial: int) -> dict[str, Any]:
    return dict(books.offices[party].writer.books.holdings(CLASS, serial, serial)[0].facts)


def test_an_onward_transfer_has_no_adjustment_and_the_last_holder_uses(books: Books) -> None:
    books.send()
    books.send(1, 100, "t-2", by="XBB", to="XCC")
    assert (books.net("XAA"), books.net("XBB")) == ({"2023": 400}, {})
    third = books.offices["XCC"]
    third.do(UseTowardsNdc(units=Units(CLASS, 1, 100), account=third.holder, year=2025))
    assert books.net("XCC") == {"2025": -100}
    assert sum(sum(books.net(party).values()) for party in books.offices) == 300, "first transferred, not used"
    assert books.inconsistencies() == []


def test_units_that_come_home_keep_the_facts_of_their_host_s_book(books: Books) -> None:
    books.send()
    before = facts(books, "XAA", 1)
    books.send(1, 100, "t-2", by="XBB", to="XAA")
    assert facts(books, "XAA", 1) == before and before["first_transferred_on"] == "2025-01-15"
    assert books.net("XAA") == {"2023": 400} and books.held("XAA") == 700
    assert books.inconsistencies() == []


def test_units_go_out_again_without_a_second_first_transfer(books: Books) -> None:
    books.send()
    books.send(1, 100, "t-2", by="XBB", to="XAA")
    books.send(1, 100, "t-3", to="XCC")
    assert books.net("XAA") == {"2023": 400}
    assert books.offices["XAA"].writer.books.record("first_transferred_quantity", "XA-LOA-1") == 400


def test_units_that_a_third_brings_home_are_home(books: Books) -> None:
    books.send()
    books.send(1, 100, "t-2", by="XBB", to="XCC")
    books.send(1, 100, "t-3", by="XCC", to="XAA")
    assert books.where("XAA", 1, 100) == ["xaa:holder"] and books.net("XAA") == {"2023": 400}


def test_units_in_flight_are_in_nobody_s_hands(books: Books) -> None:
    books.propose()
    refused = books.host.ask(ContributeToAdaptationFund(units=Units(CLASS, 1, 1), account=books.host.holder))[0]
    assert isinstance(refused, Refusal) and refused.code == "units.in_flight"


@pytest.mark.parametrize("party", ["XAA", "XBB"])
def test_no_book_converts_what_was_first_transferred(party: str) -> None:
    """Conversion by a recognition arrangement comes before the first transfer, or not at all: abroad, and back home."""
    books = Books()
    books.send()
    if party == "XAA":
        books.send(1, 100, "t-2", by="XBB", to="XAA")
    office = books.offices[party]
    act = Convert(units=Units(CLASS, 1, 100), account=office.holder, from_type="ITMO", to_type="SPE", elsewhere="XCC01")
    on = date(2025, 1, 15)
    refused = convert(act, office.writer.books, Context(office.writer.registry, on, on, law=SOME_LAW))
    assert isinstance(refused, Refusal) and refused.code == "convert.first_transferred"


def test_in_the_mechanism_any_move_between_parties_is_the_first_transfer() -> None:
    """Other purposes alone: under an approach of two Parties the move is none, in the mechanism it is."""
    letter: dict[str, Any] = {
        "purposes": (Purpose.OP,),
        "first_transfer_definition": FirstTransferDefinition.USE_OR_CANCELLATION,
        "oimp_detail": "voluntary market",
    }
    for approach, net in (("CA9001", {}), ("CA0001", {"2023": 400})):
        books = Books(approach=CooperativeApproachId(approach), **letter)
        key = f"{approach}-XAA01-XAA-#-2023"
        books.send(parts=(Units(key, 1, 400),))
        assert books.net("XAA") == net
        assert books.where("XBB", 1, 400, key) == ["xbb:holder"]
        books.sound()


def test_a_gift_to_the_adaptation_fund_after_the_first_transfer_adds_nothing(books: Books) -> None:
    books.send()
    outcome = books.buyer.ask(ContributeToAdaptationFund(units=Units(CLASS, 1, 20), account=books.buyer.holder))[0]
    assert isinstance(outcome, Receipt)
    assert books.tell("XBB") == [] and books.net("XAA") == {"2023": 400}
