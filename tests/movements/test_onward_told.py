"""The book that issued units registers every onward move, so that nobody sells twice what came to him once."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.commands.link import ChangeLink
from counterfoil.application.commands.take_notice import TakeNotice
from counterfoil.application.proving import entry_proof
from counterfoil.application.receipt import Receipt
from counterfoil.domain.federation.message import MessageKind
from counterfoil.domain.federation.notice import NoticeKind, NoticeState
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.kernel.refusal import Refusal
from tests.federation_attack.hostile import Hostile
from tests.movements.books import CLASS, Books

DAY = date(2025, 1, 15)


@pytest.fixture
def books() -> Iterator[Books]:
    """XAA issued; XBB has 1 to 100 of it; XCC and XDD may buy."""
    found = Books("XBB", "XCC", "XDD")
    for one in ("XBB", "XCC", "XDD"):
        for other in ("XBB", "XCC", "XDD"):
            if one != other:
                office = found.offices[one]
                office.do(replace(office.agreement(other), agreement=f"IA-{other}"))
    found.send(1, 100, entity=None)
    tick(found)
    yield found


def tick(books: Books) -> None:
    for office in books.offices.values():
        office.clock.move_to(office.clock.now_ms() + 60_000)


def send(books: Books, transfer: str, by: str, to: str) -> None:
    books.send(1, 100, transfer, by=by, to=to, entity=None)
    tick(books)


def code(outcome: Any) -> str:
    assert isinstance(outcome, Refusal), outcome
    return str(outcome.code)


def resold(books: Books, *, to: str) -> None:
    """XBB sells again what it has sold already, from a book that it has put back to before."""
    thief = books.offices["XBB"]
    held = thief.writer.books.holdings(CLASS, 1, 100)[0]
    assert held.account == "to:XCC"
    liar = Hostile(books, liar="XBB", victim=to)
    receipts = [{**_receipt_of(books, "t-1"), "party": "XAA"}]
    body = {**liar.offer("t-9", 1, 100), "receipts": receipts}
    assert isinstance(liar.say(MessageKind.PROPOSAL, "t-9", body).outcome, Receipt)
    assert isinstance(liar.say(MessageKind.RECEIPT, "t-9", liar.receipt("t-9", (CLASS, 1, 100))).outcome, Receipt)


def _receipt_of(books: Books, transfer: str) -> dict[str, Any]:
    host = books.host
    reading = host.store.reading()
    seq = next(
        row.seq for row in reading.journal() if b'"FirstTransferred"' in row.leaf and transfer.encode() in row.leaf
    )
    return dict(entry_proof(reading, seq, host.world.codec))


def test_an_onward_move_is_registered_where_the_units_were_issued(books: Books) -> None:
    send(books, "t-2", "XBB", "XCC")
    assert books.where("XAA", 1, 100) == ["to:XBB"]
    books.tell("XCC")
    assert books.where("XAA", 1, 100) == ["to:XCC"]
    assert books.notices("XCC", NoticeState.TAKEN) == ["N:XCC01:XAA:1"]
    send(books, "t-3", "XCC", "XDD")
    books.tell("XDD")
    assert books.where("XAA", 1, 100) == ["to:XDD"]
    send(books, "t-4", "XDD", "XAA")
    assert books.where("XAA", 1, 100) == ["xaa:holder"]
    books.sound()


def test_a_middle_holder_that_sells_twice_is_found_out_by_the_second_buyers_notice(books: Books) -> None:
    send(books, "t-2", "XBB", "XCC")
    books.tell("XCC")
    resold(books, to="XDD")
    assert books.where("XDD", 1, 100) == ["xdd:holder"]
    assert code(books.tell("XDD")[0]) == "onward.other_holder"
    assert books.where("XAA", 1, 100) == ["to:XCC"]
    # It stays owed: an honest buyer whose seller's own notice is late is taken the next time.
    assert books.notices("XDD", NoticeState.OWED) == ["N:XDD01:XAA:1"]


def test_where_the_link_asks_for_it_what_was_sold_twice_is_spendable_once(books: Books) -> None:
    for party in ("XCC", "XDD"):
        books.offices[party].do(ChangeLink(party=Party("XBB"), reason="our terms", await_issuer=True))
    send(books, "t-2", "XBB", "XCC")
    assert code(books.propose(1, 10, "t-8", by="XCC", to="XDD", entity=None)) == "units.on_hold"
    books.tell("XCC")
    assert isinstance(books.propose(1, 10, "t-8", by="XCC", to="XAA", entity=None), Receipt)
    resold(books, to="XDD")
    books.tell("XDD")
    assert code(books.propose(1, 10, "t-8", by="XDD", to="XCC", entity=None)) == "units.on_hold"


def test_a_buyer_whose_sellers_notice_is_late_is_taken_afterwards(books: Books) -> None:
    send(books, "t-2", "XBB", "XCC")
    send(books, "t-3", "XCC", "XDD")
    assert code(books.tell("XDD")[0]) == "onward.other_holder"
    books.tell("XCC")
    assert books.where("XAA", 1, 100) == ["to:XCC"]
    books.tell("XDD")
    assert books.where("XAA", 1, 100) == ["to:XDD"]


def test_nobody_takes_units_over_by_his_own_word(books: Books) -> None:
    """XDD tells of an acquisition from XBB that XBB never signed."""
    liar = Hostile(books, liar="XDD", victim="XAA")
    name = "N:XDD01:XAA:1"
    content = {"units": [[CLASS, 1, 100]], "from": "XBB"}
    owed = {
        "id": name, "partner": "XAA", "kind": "arrived", "told_on": "2025-01-15", "content": content, "state": "owed"
    }  # fmt: skip
    moves = [[CLASS, 1, 100, "from:XBB", "xdd:holder"]]
    entry = liar.log({
        "act": "Acquired", "on": "2025-01-15", "at": "2025-01-15T12:00:00.000Z", "seq": 0, "moves": moves,
        "details": {"partner": "XBB", "transfer": "t-9"}, "records": [["notice", name, owed]],
    })  # fmt: skip
    forged = liar.entry("TransferredAbroad", "t-9", moves=[[CLASS, 1, 100, "pending:XDD", "to:XDD"]])
    for shown in ({}, {"receipt": forged}, {"receipt": _receipt_of(books, "t-1")}, {"receipt": 7}):
        assert code(liar.say(MessageKind.NOTICE, name, {"proof": entry, **shown}).outcome) == "message.proof"
    assert books.where("XAA", 1, 100) == ["to:XBB"]


def test_an_old_departure_does_not_take_units_back_to_who_had_them_once(books: Books) -> None:
    """XCC had them from XBB and gave them back. XCC tells once more of the first time."""
    send(books, "t-2", "XBB", "XCC")
    departure = json.loads(next(reversed(list(books.offices["XBB"].store.reading().journal()))).leaf)
    books.tell("XCC")
    send(books, "t-3", "XCC", "XBB")
    books.tell("XBB")
    assert books.where("XAA", 1, 100) == ["to:XBB"]
    again = TakeNotice(
        notice=TransferId("N:XCC01:XAA:2"),
        partner=Party("XCC"),
        kind=NoticeKind.ARRIVED,
        told_on=DAY,
        content={"units": [[CLASS, 1, 100]], "from": "XBB", "left_at": str(departure["at"])},
        message="ab" * 32,
    )
    assert code(books.host.ask(again)[0]) == "onward.other_holder"
