"""Units for other purposes that end abroad: their host is told, and only its book adds to its balance."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import Units
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.contribute import ContributeToAdaptationFund
from counterfoil.application.commands.correct import Correct
from counterfoil.application.commands.end_abroad import RecordEndAbroad
from counterfoil.application.commands.hold import PlaceHold
from counterfoil.application.receipt import Receipt
from counterfoil.domain.accounting.first_transfer import Trigger
from counterfoil.domain.federation.message import Envelope
from counterfoil.domain.federation.notice import NoticeState
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_rows import ActionRow
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from tests.movements.books import CLASS, Books

TERMS: dict[str, Any] = {
    "purposes": (Purpose.OP,),
    "first_transfer_definition": FirstTransferDefinition.USE_OR_CANCELLATION,
    "oimp_detail": "voluntary market",
}


def cancelled(books: Books, first: int, last: int, purpose: CancellationPurpose = CancellationPurpose.OP) -> Receipt:
    units = Units(CLASS, first, last)
    return books.buyer.do(Cancel(units=units, account=books.buyer.holder, purpose=purpose, beneficiary="A shop"))[0]


@pytest.fixture
def books() -> Iterator[Books]:
    """400 units with the buyer, none of them first transferred: the host calls use or cancellation so."""
    books = Books(**TERMS)
    books.send()
    assert books.net("XAA") == {} and books.held("XBB") == 400
    yield books
    books.sound()


def rows(books: Books, party: str) -> list[ActionRow]:
    actions = books.reports()[party].actions
    return [row for row in actions if row.using_cancelling_party_id or row.action_type == "First transfer"]


def test_a_cancellation_abroad_is_the_first_transfer_in_the_host_s_book_once_it_is_told(books: Books) -> None:
    cancelled(books, 1, 100)
    assert books.net("XAA") == {} and books.notices("XBB", NoticeState.OWED) == ["N:XBB01:XAA:1"]
    outcomes = books.tell("XBB")
    assert [type(outcome) for outcome in outcomes] == [Receipt, Receipt]
    assert books.net("XAA") == {"2023": 100} and books.net("XBB") == {}
    assert books.notices("XBB", NoticeState.TAKEN) == ["N:XBB01:XAA:1"]
    facts = books.host.writer.books.holdings(CLASS, 1, 100)[0].facts
    assert (facts["first_transferred_on"], facts["first_transfer_trigger"]) == ("2025-01-15", "use_or_cancellation")


def test_of_one_event_the_host_reports_the_first_transfer_and_the_holder_the_cancellation(books: Books) -> None:
    cancelled(books, 1, 100)
    books.tell("XBB")
    (host,), (holder,) = rows(books, "XAA"), rows(books, "XBB")
    assert (host.action_type, host.action_subtype) == ("First transfer", "Use or cancellation")
    assert (host.using_cancelling_party_id, host.purpose_itmo_used_for_oimp, host.quantity_co2) == ("XBB", "OP", 100)
    assert (holder.action_type, holder.action_subtype) == ("Cancellation", "Other cancellations")
    assert books.inconsistencies() == []


def test_a_notice_may_be_repeated_and_counts_once(books: Books) -> None:
    cancelled(books, 1, 100)
    (name,) = books.notices("XBB", NoticeState.OWED)
    for _ in range(3):
        books.links["XBB"].resend(name)
    size = books.host.writer.size
    books.network.deliver()
    assert (books.host.writer.size, books.net("XAA")) == (size + 1, {"2023": 100})


def test_a_lost_notice_stays_owed_and_is_the_same_message_when_it_is_sent_again(books: Books) -> None:
    cancelled(books, 1, 100)
    (name,) = books.notices("XBB", NoticeState.OWED)
    books.links["XBB"].resend(name)
    _, first = books.network.waiting.popleft()
    books.buyer.clock.move_to(books.buyer.clock.now_ms() + 60_000)
    books.links["XBB"].resend(name)
    assert books.network.waiting[0][1].content == first.content
    books.network.deliver()
    assert books.net("XAA") == {"2023": 100}


def test_a_notice_without_the_entry_that_owes_it_changes_nothing(books: Books) -> None:
    """The proof of another entry, or of one whose text was changed, is none."""
    cancelled(books, 1, 100)
    books.links["XBB"].resend("N:XBB01:XAA:1")
    _, envelope = books.network.waiting.popleft()
    message = books.buyer.world.codec.decode(envelope.content)
    size = books.host.writer.size
    for old, new in (("[1,100]", "[1,400]"), (',1,100,"', ',1,400,"'), ("Cancelled", "Transferred")):
        body = {**message["body"], "proof": {**message["body"]["proof"]}}
        body["proof"]["leaf"] = body["proof"]["leaf"].replace(old, new) + ("" if old in body["proof"]["leaf"] else " ")
        outcome = books.links["XAA"].receive(signed(books, {**message, "body": body})).outcome
        assert isinstance(outcome, Refusal) and outcome.code == "message.proof"
    other = signed(books, {**message, "transfer": "N:XBB01:XAA:2"})
    outcome = books.links["XAA"].receive(other).outcome
    assert isinstance(outcome, Refusal) and outcome.code == "message.proof"
    assert books.host.writer.size == size


def signed(books: Books, message: dict[str, Any]) -> Envelope:
    from counterfoil.domain.federation.jws import key_id, signing_input

    content = books.buyer.world.codec.encode(message)
    key = key_id(books.buyer.signer.public_key)
    return Envelope(content, books.buyer.signer.sign(signing_input(content, key=key)), key)


def test_a_cancellation_for_omge_abroad_is_the_host_s_first_transfer_too(books: Books) -> None:
    cancelled(books, 1, 50, CancellationPurpose.OMGE)
    books.tell("XBB")
    assert books.net("XAA") == {"2023": 50}
    (row,) = rows(books, "XAA")
    assert row.action_subtype == "Voluntary cancellation to deliver OMGE" and row.using_cancelling_party_id == "XBB"


def test_a_gift_to_the_adaptation_fund_from_abroad_is_told_to_the_host(books: Books) -> None:
    books.buyer.do(ContributeToAdaptationFund(units=Units(CLASS, 1, 20), account=books.buyer.holder))
    books.tell("XBB")
    assert books.net("XAA") == {"2023": 20}
    (row,) = rows(books, "XAA")
    assert (row.action_type, row.action_subtype) == ("First transfer", "Not yet defined")


def test_what_the_host_refuses_stays_in_sight_and_is_taken_when_the_reason_is_gone(books: Books) -> None:
    """The holder used more than the letter's quantity leaves: the host is told, and tells why it cannot record it."""
    books = Books(**TERMS, authorized_quantity=1_000)
    books.send()
    cancelled(books, 1, 100)
    books.host.day(date(2032, 1, 2))
    books.buyer.day(date(2032, 1, 2))
    refused = books.tell("XBB")
    assert isinstance(refused[0], Refusal) and refused[0].code == "first_transfer.after_deadline"
    assert books.notices("XBB", NoticeState.REFUSED) == ["N:XBB01:XAA:1"] and books.net("XAA") == {}
    assert isinstance(refused[1], Receipt), "the refusal is on record in the holder's book"


def test_a_document_is_recorded_once_and_the_notice_that_comes_later_counts_nothing(books: Books) -> None:
    cancelled(books, 1, 100)
    document = books.host.world.evidence.put(b"a letter of the other registry")
    told = RecordEndAbroad(
        reference="Letter 7",
        document=document,
        partner=Party("XBB"),
        parts=(Units(CLASS, 1, 100),),
        trigger=Trigger.USE_OR_CANCELLATION,
        purpose=Purpose.OP,
        ended_on=date(2025, 1, 15),
    )
    books.host.do(told)
    again = books.host.ask(told)[0]
    assert isinstance(again, Refusal) and again.code == "ended_abroad.already_recorded"
    assert books.net("XAA") == {"2023": 100}
    books.tell("XBB")
    assert books.net("XAA") == {"2023": 100} and books.notices("XBB", NoticeState.TAKEN) == ["N:XBB01:XAA:1"]


def gone_on() -> Books:
    """XBB sent 1 to 100 on to XCC, where they ended. XCC owes the issuer two notices: that they came, and that."""
    books = Books("XBB", "XCC", **TERMS)
    books.send()
    books.send(1, 100, "t-2", by="XBB", to="XCC")
    third = books.offices["XCC"]
    third.do(Cancel(units=Units(CLASS, 1, 100), account=third.holder, purpose=CancellationPurpose.OP))
    return books


def test_of_units_that_went_on_the_registry_speaks_in_whose_book_they_are() -> None:
    books = gone_on()
    books.links["XCC"].resend("N:XCC01:XAA:2")
    refused = books.network.deliver()
    assert isinstance(refused[0], Refusal) and refused[0].code == "ended_abroad.not_there"
    books.tell("XCC")
    books.links["XCC"].resend("N:XCC01:XAA:2")
    books.network.deliver()
    assert books.notices("XCC", NoticeState.TAKEN) == ["N:XCC01:XAA:1", "N:XCC01:XAA:2"]
    assert books.net("XAA") == {"2023": 100}
    books.sound()


def test_of_units_whose_way_is_not_registered_the_issuer_records_what_it_is_written() -> None:
    books = gone_on()
    document = books.host.world.evidence.put(b"what the third registry wrote")
    told = RecordEndAbroad(
        reference="Letter 8",
        document=document,
        partner=Party("XCC"),
        parts=(Units(CLASS, 1, 100),),
        trigger=Trigger.USE_OR_CANCELLATION,
        purpose=Purpose.OP,
        ended_on=date(2025, 1, 15),
    )
    books.host.do(told)
    books.links["XCC"].resend("N:XCC01:XAA:2")
    books.network.deliver()
    assert books.notices("XCC", NoticeState.TAKEN) == ["N:XCC01:XAA:2"] and books.net("XAA") == {"2023": 100}
    books.sound()


def test_what_the_host_was_told_of_is_not_taken_back_by_the_holder_alone(books: Books) -> None:
    receipt = cancelled(books, 1, 100)
    refused = books.buyer.ask(Correct(entry=receipt.seq, authority="registrar", reason="a slip"))[0]
    assert isinstance(refused, Refusal) and refused.code == "correction.not_correctable"


def test_units_that_ended_abroad_do_not_move_again(books: Books) -> None:
    cancelled(books, 1, 100)
    books.tell("XBB")
    books.propose(1, 10, "t-9", by="XBB", to="XAA")
    assert not books.network.waiting, "nothing is proposed of what is cancelled"
    again = books.buyer.ask(
        Cancel(units=Units(CLASS, 1, 10), account=books.buyer.holder, purpose=CancellationPurpose.OP)
    )[0]
    assert isinstance(again, Refusal) and again.code == "cancellation.already_cancelled"


def test_a_held_unit_is_not_cancelled_and_nobody_is_told(books: Books) -> None:
    books.buyer.do(PlaceHold(hold="h-1", units=Units(CLASS, 5, 5), authority="registrar", reason="a question"))
    units = Units(CLASS, 1, 10)
    refused = books.buyer.ask(Cancel(units=units, account=books.buyer.holder, purpose=CancellationPurpose.OP))[0]
    assert isinstance(refused, Refusal) and refused.code == "units.on_hold"
    assert books.notices("XBB", NoticeState.OWED) == []
