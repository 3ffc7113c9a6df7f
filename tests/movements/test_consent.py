"""Transfers over a link by hand: they wait for a person at the target, who accepts or refuses; both books end alike."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import stored
from counterfoil.application.commands.abroad import TRANSFER, TransferRecord, TransferState
from counterfoil.application.commands.change_authorization import ChangeAuthorization
from counterfoil.application.commands.consent import ConsentToTransfer, RefuseTransfer
from counterfoil.application.commands.end_transfer import Ending
from counterfoil.application.commands.link import ChangeLink
from counterfoil.application.commands.suspend_account import SuspendAccount
from counterfoil.domain.federation.message import Envelope
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.kernel.refusal import Refusal
from tests.application.office import LETTER
from tests.movements.books import Books

T1 = TransferId("t-1")


@pytest.fixture
def books() -> Iterator[Books]:
    books = Books()
    books.buyer.do(ChangeLink(party=Party("XAA"), reason="the ministry decides", by_hand=True))
    yield books
    books.sound()


def states(books: Books) -> tuple[str, str]:
    """How far the transfer is in the book of its source, and in that of its target."""
    found = [stored(office.writer.books, TRANSFER, T1, TransferRecord) for office in (books.host, books.buyer)]
    source, target = ("" if each is None else each.state.value for each in found)
    return source, target


def tell(books: Books) -> list[object]:
    """The target says what it owes."""
    books.links["XBB"].resend(T1)
    return books.network.deliver()


def test_a_sound_proposal_waits_and_nothing_moves(books: Books) -> None:
    books.propose()
    books.network.deliver()
    assert states(books) == ("proposed", "offered")
    assert (books.net("XAA"), books.held("XBB")) == ({}, 0)


def test_a_proposal_that_is_not_sound_is_refused_at_once_without_a_person(books: Books) -> None:
    books.propose(target="xbb:nobody")
    books.network.deliver()
    assert states(books) == ("refused", "")


def test_after_consent_both_books_are_final(books: Books) -> None:
    books.propose()
    books.network.deliver()
    books.buyer.do(ConsentToTransfer(transfer=T1))
    tell(books)
    assert states(books) == ("final", "final")
    assert (books.net("XAA"), books.held("XBB")) == ({"2023": 400}, 400)


def test_a_refusal_gives_the_units_back_and_its_reason_stands_in_both_books(books: Books) -> None:
    books.propose()
    books.network.deliver()
    books.buyer.do(RefuseTransfer(transfer=T1, reason="另定數量 · another volume"))
    tell(books)
    assert states(books) == ("refused", "refused")
    known = stored(books.host.writer.books, TRANSFER, T1, TransferRecord)
    assert known is not None and known.reason == "XBB: 另定數量 · another volume"
    assert books.where("XAA", 1, 400) == [books.host.holder]


@pytest.mark.parametrize("decision", [ConsentToTransfer(transfer=T1), RefuseTransfer(transfer=T1, reason="no")])
def test_a_source_that_asks_again_gets_what_was_decided(books: Books, decision: Any) -> None:
    books.propose()
    books.network.deliver()
    books.links["XAA"].resend(T1)
    books.network.deliver()
    assert states(books)[1] == "offered", "asking again is no decision"
    books.buyer.do(decision)
    books.links["XAA"].resend(T1)
    books.network.deliver()
    assert states(books) in (("final", "final"), ("refused", "refused"))


def test_what_its_source_takes_back_waits_no_longer(books: Books) -> None:
    books.propose()
    books.network.deliver()
    books.links["XAA"].withdraw(T1, reason="a mistake", ending=Ending.WITHDRAWN)
    books.network.deliver()
    assert states(books) == ("withdrawn", "withdrawn")


def test_a_refusal_and_a_withdrawal_that_cross_end_it_in_both_books(books: Books) -> None:
    books.propose()
    books.network.deliver()
    books.buyer.do(RefuseTransfer(transfer=T1, reason="no"))
    books.links["XAA"].withdraw(T1, reason="a mistake", ending=Ending.WITHDRAWN)
    tell(books)
    assert states(books) == ("withdrawn", "refused")
    assert books.where("XAA", 1, 400) == [books.host.holder]


def test_messages_that_come_twice_change_nothing(books: Books) -> None:
    books.propose()
    seen: list[tuple[str, Envelope]] = []
    while books.network.waiting:
        seen.append(books.network.waiting[0])
        books.network.step()
    books.buyer.do(ConsentToTransfer(transfer=T1))
    books.links["XBB"].resend(T1)
    while books.network.waiting:
        seen.append(books.network.waiting[0])
        books.network.step()
    books.network.waiting.extend(seen)
    books.network.deliver()
    assert states(books) == ("final", "final") and books.held("XBB") == 400


def test_a_link_that_accepts_at_once_again_accepts_what_waits_when_it_is_asked_again(books: Books) -> None:
    books.propose()
    books.network.deliver()
    books.buyer.do(ChangeLink(party=Party("XAA"), reason="the ministry trusts it", by_hand=False))
    books.links["XAA"].resend(T1)
    books.network.deliver()
    assert states(books) == ("final", "final")
    assert TransferState.OFFERED.value not in states(books)


def test_what_waits_goes_on_waiting_when_the_letter_behind_it_changes(books: Books) -> None:
    """The source proposes it again from its books as they stand: the same units, and a later version of the letter."""
    books.propose()
    books.network.deliver()
    statement = "No unit counts twice."
    books.host.do(
        ChangeAuthorization(authorization=LETTER, statement=statement, reason="agreed", last_use_on=date(2031, 12, 31))
    )
    books.links["XAA"].resend(T1)
    books.network.deliver()
    assert states(books) == ("proposed", "offered")
    books.buyer.do(ConsentToTransfer(transfer=T1))
    tell(books)
    assert states(books) == ("final", "final")


def suspended(books: Books) -> None:
    account, reason = books.buyer.holder, "a dispute"
    books.buyer.do(SuspendAccount(account=account, authority="Court", reason=reason, incoming=True))


def test_nobody_is_asked_about_what_is_for_an_account_that_may_take_nothing(books: Books) -> None:
    suspended(books)
    books.propose()
    books.network.deliver()
    assert states(books) == ("refused", "")


def test_nobody_consents_to_what_is_for_an_account_that_may_take_nothing_any_more(books: Books) -> None:
    books.propose()
    books.network.deliver()
    suspended(books)
    refused = books.buyer.ask(ConsentToTransfer(transfer=T1))[0]
    assert isinstance(refused, Refusal) and refused.code == "account.suspended"
    assert states(books) == ("proposed", "offered")
