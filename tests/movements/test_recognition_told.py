"""Recognition is booked by both: only the acquiring Party recognizes, either may object, and each tells the other."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import Context, Units
from counterfoil.application.commands.recognition_told import answered_there
from counterfoil.application.commands.recognize import AnswerObjection, ObjectToRecognition, RecordRecognition
from counterfoil.application.commands.register import RegisterCooperativeApproach
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.application.commands.witness_partner import WitnessPartner
from counterfoil.application.receipt import Receipt
from counterfoil.domain.federation.notice import NoticeState
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.kernel.refusal import Refusal
from tests.application.office import APPROACH
from tests.movements.books import CLASS, Books

T1 = TransferId("t-1")
STATEMENT = RecordRecognition(transfer=T1, reference="Statement 1")
OBJECTION = ObjectToRecognition(transfer=T1, reason="the report is not public")


@pytest.fixture
def swiss() -> Iterator[Books]:
    """400 units with the buyer, who must recognize them; either may object within 90 days, due in 30."""
    books = Books()
    days = {"host_days": 90, "recognition_days": 30, "objection_days": 90}
    for office, other in ((books.host, "XBB"), (books.buyer, "XAA")):
        office.do(replace(office.agreement(other), **days))  # type: ignore[arg-type]
    books.buyer.do(
        RegisterCooperativeApproach(
            approach=APPROACH, title="XA-XB", participants=(Party("XAA"), Party("XBB")), recognition_required=True
        )
    )
    books.send()
    yield books
    books.sound()


def standing(books: Books, party: str) -> dict[str, Any]:
    known: dict[str, Any] = books.offices[party].writer.books.record("recognition", "t-1")
    return known


def use(books: Books) -> object:
    return books.buyer.ask(UseTowardsNdc(units=Units(CLASS, 1, 10), account=books.buyer.holder, year=2025))[0]


def refused(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    return str(outcome.code)


def test_recognition_is_an_event_of_its_own_and_stands_in_both_books(swiss: Books) -> None:
    assert refused(use(swiss)) == "recognition.missing"
    swiss.buyer.do(STATEMENT)
    assert [type(outcome) for outcome in swiss.tell("XBB")] == [Receipt, Receipt]
    for party in ("XAA", "XBB"):
        known = standing(swiss, party)
        assert (known["state"], known["reference"]) == ("recognized", "Statement 1")
    assert isinstance(use(swiss), Receipt)
    assert swiss.notices("XBB", NoticeState.TAKEN) == ["N:XBB01:XAA:1"]


def test_the_party_that_transferred_does_not_recognize(swiss: Books) -> None:
    assert refused(swiss.host.ask(STATEMENT)[0]) == "recognition.transfer_unknown"


def test_an_objection_of_the_source_bars_recognition_in_the_other_book(swiss: Books) -> None:
    swiss.host.do(OBJECTION)
    swiss.tell("XAA")
    assert standing(swiss, "XBB")["objection"] == "XAA: the report is not public"
    assert refused(swiss.buyer.ask(STATEMENT)[0]) == "recognition.objection_stands"
    assert refused(use(swiss)) == "recognition.missing"


def test_whoever_objected_lifts_the_objection_in_both_books(swiss: Books) -> None:
    swiss.host.do(OBJECTION)
    swiss.tell("XAA")
    answer = AnswerObjection(transfer=T1, answer="it was published")
    assert refused(swiss.buyer.ask(answer)[0]) == "recognition.other_objector"
    swiss.host.do(answer)
    swiss.tell("XAA")
    assert standing(swiss, "XAA")["state"] == standing(swiss, "XBB")["state"] == "answered"
    swiss.buyer.do(STATEMENT)
    swiss.tell("XBB")
    assert standing(swiss, "XAA")["state"] == "recognized"


def test_an_objection_counts_by_the_day_on_which_it_was_raised_whenever_its_notice_comes(swiss: Books) -> None:
    swiss.host.day(date(2025, 4, 15))
    swiss.host.do(OBJECTION)
    swiss.buyer.day(date(2025, 5, 2))
    swiss.host.day(date(2025, 5, 2))
    swiss.tell("XAA")
    assert standing(swiss, "XBB")["state"] == "objected"


def test_a_partner_does_not_lift_an_objection_of_this_party(swiss: Books) -> None:
    """Its book may say so, by another program: here the objection stands."""
    swiss.buyer.do(OBJECTION)
    swiss.tell("XBB")
    context = Context(swiss.buyer.writer.registry, date(2025, 1, 16), date(2025, 1, 16))
    lifted = answered_there(T1, swiss.buyer.writer.books, context, partner=Party("XAA"), answer="never mind")
    assert refused(lifted) == "recognition.other_objector"
    assert refused(swiss.buyer.ask(STATEMENT)[0]) == "recognition.objection_stands"


def test_an_objection_is_not_dated_back_behind_a_day_on_which_the_log_was_seen_without_it(swiss: Books) -> None:
    """The objection names 15 April, the last day. On the 20th this registry saw the other's log without it."""
    swiss.host.day(date(2025, 4, 15))
    swiss.host.do(OBJECTION)
    made = swiss.host.writer.books.record("notice", swiss.notices("XAA", NoticeState.OWED)[0])
    assert made is not None
    seen = swiss.host.store.reading().last_checkpoint()
    assert seen is not None
    swiss.buyer.day(date(2025, 4, 20))
    look = WitnessPartner(partner=Party("XAA"), old=0, size=seen.size - 1, root="ab" * 32, note="cd" * 32)
    swiss.buyer.do(look)
    swiss.buyer.day(date(2025, 4, 22))
    assert refused(swiss.tell("XAA")[0]) == "recognition.objection_late"


def test_an_objection_of_long_ago_counts_from_a_month_before_it_was_told(swiss: Books) -> None:
    swiss.host.day(date(2025, 4, 15))
    swiss.host.do(OBJECTION)
    swiss.buyer.day(date(2025, 5, 16))
    swiss.host.day(date(2025, 5, 16))
    assert refused(swiss.tell("XAA")[0]) == "recognition.objection_late"


def test_after_the_days_of_the_agreement_the_source_does_not_object(swiss: Books) -> None:
    swiss.host.day(date(2025, 4, 16))
    assert refused(swiss.host.ask(OBJECTION)[0]) == "recognition.objection_late"


def test_an_objection_that_crosses_the_recognition_changes_neither_and_both_see_it(swiss: Books) -> None:
    swiss.host.do(OBJECTION)
    swiss.buyer.do(STATEMENT)
    assert refused(swiss.tell("XAA")[0]) == "recognition.already_given"
    assert refused(swiss.tell("XBB")[0]) == "recognition.objection_stands"
    assert (standing(swiss, "XAA")["state"], standing(swiss, "XBB")["state"]) == ("objected", "recognized")
    for party in ("XAA", "XBB"):
        assert len(swiss.notices(party, NoticeState.REFUSED)) == 1


def test_a_registry_speaks_only_of_its_own_transfers() -> None:
    """A third registry cannot object to, or recognize, what two others did."""
    books = Books("XBB", "XCC")
    books.send()
    third = books.offices["XCC"]
    books.send(500, 600, "t-2", to="XCC", entity=None)
    third.do(ObjectToRecognition(transfer=TransferId("t-2"), reason="a question"))
    (name,) = books.notices("XCC", NoticeState.OWED)
    record = third.writer.books.record("notice", name)
    assert record["partner"] == "XAA"
    books.tell("XCC")
    assert standing_of(books, "t-1") is None and standing_of(books, "t-2")["state"] == "objected"
    books.sound()


def standing_of(books: Books, transfer: str) -> Any:
    return books.host.writer.books.record("recognition", transfer)
