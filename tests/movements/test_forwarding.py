"""Forwarding from the mechanism registry: its entry is the first transfer, and the host's own book adds it, once."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import Units
from counterfoil.application.commands import abroad
from counterfoil.application.commands.end_transfer import VoidTransfer
from counterfoil.application.commands.telling_hosts import telling_move
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.application.receipt import Receipt
from counterfoil.domain.federation.notice import NOTICE, NoticeState
from counterfoil.domain.kernel.ids import TransferId
from counterfoil.domain.ledger.entry import Record
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from tests.movements.mechanism import AT_FUND, AT_MECHANISM, CLASS, LETTER, Mechanism, code

BY_ISSUANCE: dict[str, Any] = {
    "purposes": (Purpose.NDC, Purpose.IMP),
    "first_transfer_definition": FirstTransferDefinition.ISSUANCE,
    "oimp_detail": "international aviation",
}
BY_USE: dict[str, Any] = {
    "purposes": (Purpose.IMP,),
    "first_transfer_definition": FirstTransferDefinition.USE_OR_CANCELLATION,
    "oimp_detail": "international aviation",
}


@pytest.fixture
def books() -> Iterator[Mechanism]:
    """1,000 units issued: 1 to 50 with the Adaptation Fund, 51 to 70 cancelled, the rest the developer's."""
    books = Mechanism()
    books.issued()
    assert books.net("XAA") == {"2023": 70} and books.first() == 71
    yield books
    books.sound()


def counted(books: Mechanism) -> int:
    """The quantity that the host's book has counted under its letter."""
    return int(books.host.writer.books.record("first_transferred_quantity", LETTER) or 0)


def test_the_shares_of_an_issuance_are_first_transferred_and_the_rest_is_not(books: Mechanism) -> None:
    """TV-LEV-12: of 1,000 authorized units 70 are added at issuance; 930 follow when they go abroad."""
    facts = books.host.writer.books.holdings(CLASS, 1, 70)
    assert [(each.first, each.last, each.facts["first_transfer_trigger"]) for each in facts] == [
        (1, 50, "adaptation_fund"),
        (51, 70, "omge"),
    ]
    assert {each.account for each in facts} == {"to:mechanism"} and counted(books) == 70


def test_a_forwarding_is_the_first_transfer_and_the_host_s_own_book_adds_it(books: Mechanism) -> None:
    books.forward(71, 170)
    assert books.held("XBB") == 100 and books.net("XAA") == {"2023": 70}, "the host was not told yet"
    assert books.un.writer.books.holdings(CLASS, 71, 170)[0].account == "to:XBB"
    outcomes = books.tell("XUN")
    assert [type(outcome) for outcome in outcomes] == [Receipt, Receipt]
    assert books.net("XAA") == {"2023": 170} and books.net("XBB") == {} and counted(books) == 170
    facts = books.buyer.writer.books.holdings(CLASS, 71, 170)[0].facts
    assert (facts["first_transferred_on"], facts["first_transfer_trigger"]) == ("2025-11-10", "international_transfer")


def test_the_reports_of_host_and_buyer_agree(books: Mechanism) -> None:
    books.forward(71, 170)
    books.tell("XUN")
    books.buyer.do(UseTowardsNdc(units=Units(CLASS, 71, 170), account=books.buyer.holder, year=2025))
    assert books.inconsistencies() == []
    said = [
        (row.action_type, row.action_subtype, row.transferring_party_id, row.acquiring_party_id, row.quantity_co2)
        for report in books.reports().values()
        for row in report.actions
    ]
    assert said == [
        ("First transfer", "Mandatory transfer to the Adaptation Fund (A6.4 ERs)", None, None, 50),
        ("First transfer", "Mandatory cancellation to deliver OMGE", None, None, 20),
        ("First transfer", "First transfer to another Party", None, "XBB", 100),
        ("Acquisition", None, "XAA", None, 100),
        ("Use", None, None, None, 100),
    ]


def test_what_the_host_adds_is_what_the_others_take(books: Mechanism) -> None:
    books.forward(71, 1_000)
    books.tell("XUN")
    books.buyer.do(UseTowardsNdc(units=Units(CLASS, 71, 600), account=books.buyer.holder, year=2025))
    assert (books.net("XAA"), books.net("XBB"), books.net("XUN")) == ({"2023": 1_000}, {"2025": -530}, {})


def test_a_notice_may_be_repeated_and_counts_once(books: Mechanism) -> None:
    books.forward(71, 170)
    (name,) = books.notices("XUN", NoticeState.OWED)
    for _ in range(3):
        books.links["XUN"].resend(name)
    size = books.host.writer.size
    books.network.deliver()
    assert (books.host.writer.size, books.net("XAA")) == (size + 1, {"2023": 170})


def test_a_lost_notice_stays_owed_and_is_the_same_message_when_it_is_sent_again(books: Mechanism) -> None:
    books.forward(71, 170)
    (name,) = books.notices("XUN", NoticeState.OWED)
    books.links["XUN"].resend(name)
    _, first = books.network.waiting.popleft()
    books.un.day(date(2025, 12, 24))
    books.links["XUN"].resend(name)
    assert books.network.waiting[0][1].content == first.content
    books.host.day(date(2025, 12, 24))
    books.network.deliver()
    assert books.net("XAA") == {"2023": 170} and books.notices("XUN", NoticeState.OWED) == []


def test_a_host_that_hears_last_adds_all_the_same_whatever_became_of_the_units(books: Mechanism) -> None:
    """The units were used, and went on, before the host's registry was back; notices come in the wrong order."""
    books.forward(71, 170)
    books.forward(171, 270, "f-2")
    books.buyer.do(UseTowardsNdc(units=Units(CLASS, 71, 170), account=books.buyer.holder, year=2025))
    books.send(171, 270, "t-2", by="XBB", to="XCC", parts=(Units(CLASS, 171, 270),))
    assert books.held("XCC") == 100
    for name in reversed(books.notices("XUN", NoticeState.OWED)):
        books.links["XUN"].resend(name)
    books.network.deliver()
    assert books.net("XAA") == {"2023": 270} and books.notices("XUN", NoticeState.OWED) == []


def test_a_mechanism_that_forgot_what_it_told_tells_again_and_nothing_counts_twice(books: Mechanism) -> None:
    """A restored book gives the name of a notice again, now to other units too; of these the new ones count."""
    backup = books.backup("XUN")
    books.forward(71, 170)
    books.tell("XUN")
    told = books.notices("XUN", NoticeState.TAKEN)
    books.restored("XUN", backup)
    assert books.first() == 71, "the mechanism does not know that they have left"
    books.forward(171, 180, "f-2")
    (again,) = books.notices("XUN", NoticeState.OWED)
    assert again in told
    books.tell("XUN")
    assert books.net("XAA") == {"2023": 180} and books.notices("XUN", NoticeState.OWED) == []
    books.forward(71, 170, "f-3")
    assert books.tell("XUN") == [], "the buyer has them already and refuses, so they do not leave a second time"
    assert books.net("XAA") == {"2023": 180} and books.held("XBB") == 110


@pytest.mark.parametrize("told_before", [True, False], ids=["the host was told", "the host was not told"])
def test_a_forwarding_that_the_mechanism_lost_is_given_up_again_and_added_once(
    books: Mechanism, told_before: bool
) -> None:
    """The buyer proves what left; the mechanism books it anew and tells the host, which may have heard of it or not."""
    backup = books.backup("XUN")
    books.forward(71, 170)
    if told_before:
        books.tell("XUN")
    books.restored("XUN", backup)
    mended = books.mended("XUN", "XBB")
    assert [type(outcome) for outcome in mended] == [Receipt], mended
    assert books.un.writer.books.holdings(CLASS, 71, 170)[0].account == "to:XBB"
    books.tell("XUN")
    assert books.net("XAA") == {"2023": 170} and counted(books) == 170
    assert books.notices("XUN", NoticeState.OWED) == []


def test_where_issuance_is_the_first_transfer_the_host_adds_it_then_and_a_forwarding_adds_nothing() -> None:
    books = Mechanism(**BY_ISSUANCE)
    books.issued()
    assert books.net("XAA") == {"2023": 1_000}
    outcome = books.forward(71, 170)
    assert isinstance(outcome, Receipt) and books.held("XBB") == 100
    books.tell("XUN")
    assert books.net("XAA") == {"2023": 1_000} and books.inconsistencies() == []
    books.sound()


def test_a_move_that_the_host_hears_of_before_the_issuance_waits_and_counts_once() -> None:
    """Notices come in any order: that of the move is owed until the host knows the units, and then it is taken."""
    books = Mechanism(**BY_ISSUANCE)
    books.stated()
    books.verified()
    assert isinstance(books.issue(), Receipt)
    books.forward(71, 170)
    of_issuance, of_move = books.notices("XUN", NoticeState.OWED)
    books.links["XUN"].resend(of_move)
    assert code(books.network.deliver()[0]) == "first_transferred_there.not_known_yet"
    assert books.notices("XUN", NoticeState.OWED) == [of_issuance, of_move] and books.net("XAA") == {}
    books.tell("XUN")
    books.links["XUN"].resend(of_move)
    books.network.deliver()
    assert books.net("XAA") == {"2023": 1_000} and books.notices("XUN", NoticeState.OWED) == []
    assert books.inconsistencies() == []


def test_any_move_between_parties_is_the_first_transfer_in_the_mechanism_for_other_purposes_too() -> None:
    books = Mechanism(**BY_USE)
    books.issued()
    books.forward(71, 170)
    books.tell("XUN")
    assert books.net("XAA") == {"2023": 170} and books.inconsistencies() == []
    books.sound()


def test_what_happened_in_time_is_added_although_it_is_told_after_the_deadline() -> None:
    """The deadline binds the first transfer, which is the mechanism's entry, not the day on which the host hears."""
    books = Mechanism(**BY_USE, today=date(2031, 11, 10), last_use_on=date(2034, 12, 31))
    books.issued()
    books.forward(71, 170)
    for office in books.offices.values():
        office.day(date(2032, 1, 2))
    books.tell("XUN")
    assert books.net("XAA") == {"2023": 170}
    late = books.forward(171, 270, "f-2")
    assert isinstance(late, Receipt), "the mechanism does not know of this host's reports"
    refused = books.tell("XUN")
    assert code(refused[0]) == "first_transfer.after_deadline"
    assert books.notices("XUN", NoticeState.REFUSED) == ["N:UN01:XAA:3"], "people sort it out; both lists show it"


def test_contribution_units_stay_where_they_are_and_nobody_adjusts() -> None:
    books = Mechanism()
    books.issued(letter=None)
    assert books.net("XAA") == {} and books.notices("XUN", NoticeState.OWED) == []
    assert code(books.forward(71, 170)) == "first_transfer.not_authorized"
    assert {each.facts["law_type"] for each in books.un.writer.books.all_holdings()} == {"MCU"}
    books.sound()


def test_the_adaptation_fund_sells_its_share_without_another_first_transfer(books: Mechanism) -> None:
    books.forward(1, 50, source=AT_FUND)
    assert books.held("XBB") == 50 and books.notices("XUN", NoticeState.OWED) == []
    assert books.net("XAA") == {"2023": 70}


def test_the_letter_s_quantity_binds_in_the_mechanism_and_a_proposal_taken_back_gives_it_back() -> None:
    books = Mechanism(authorized_quantity=170)
    books.issued()
    assert code(books.forward(71, 171)) == "coverage.quantity_exceeded"
    proposed = books.propose(71, 170, "f-2", by="XUN", parts=(Units(CLASS, 71, 170),), source=AT_MECHANISM)
    assert isinstance(proposed, Receipt)
    books.un.do(VoidTransfer(transfer=TransferId("f-2"), reason="taken back"))
    assert isinstance(books.forward(71, 170, "f-3"), Receipt)
    books.tell("XUN")
    assert counted(books) == 170 and books.held("XBB") == 100


def test_units_go_to_their_host_s_registry_without_a_first_transfer_and_leave_it_with_one(books: Mechanism) -> None:
    """A move to the host crosses no border between Parties; from there its own book first transfers them."""
    assert isinstance(books.forward(71, 170, to="XAA"), Receipt)
    assert books.held("XAA") == 100 and books.net("XAA") == {"2023": 70}
    assert books.notices("XUN", NoticeState.OWED) == []
    sold = books.send(71, 120, "t-1", parts=(Units(CLASS, 71, 120),))
    assert all(isinstance(outcome, Receipt) for outcome in sold), sold
    assert books.net("XAA") == {"2023": 120} and books.held("XBB") == 50
    assert books.inconsistencies() == []


def test_units_come_home_only_after_their_host_has_added_them(books: Mechanism) -> None:
    books.forward(71, 170)
    home: dict[str, Any] = {"by": "XBB", "to": "XAA", "parts": (Units(CLASS, 71, 170),)}
    refused = books.send(71, 170, "t-1", **home)
    assert code(refused[0]) == "acquisition.not_told_yet" and books.held("XBB") == 100
    books.tell("XUN")
    books.send(71, 170, "t-2", **home)
    assert (books.held("XAA"), books.net("XAA")) == (100, {"2023": 170})
    for name in books.notices("XUN", NoticeState.TAKEN):
        books.links["XUN"].resend(name)
    books.network.deliver()
    assert books.net("XAA") == {"2023": 170} and books.inconsistencies() == []


def test_what_came_home_may_go_again_and_is_no_first_transfer(books: Mechanism) -> None:
    books.forward(71, 170)
    books.tell("XUN")
    books.send(71, 170, "t-1", by="XBB", to="XAA", parts=(Units(CLASS, 71, 170),))
    books.send(71, 170, "t-2", by="XAA", to="XCC", parts=(Units(CLASS, 71, 170),))
    assert (books.held("XCC"), books.net("XAA")) == (100, {"2023": 170})
    assert books.inconsistencies() == []


def test_a_receipt_that_tells_no_host_is_not_believed(books: Mechanism, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the mechanism to first transfer without its notice, the buyer would hold what no host adds."""
    monkeypatch.setattr(abroad, "telling_move", lambda entry, *_, **__: entry)
    books.propose(71, 170, "f-1", by="XUN", parts=(Units(CLASS, 71, 170),), source=AT_MECHANISM)
    outcomes = books.network.deliver()
    assert "acquisition.host_not_told" in [getattr(outcome, "code", "") for outcome in outcomes]
    assert books.held("XBB") == 0


def test_a_notice_that_names_other_units_than_its_entry_made_so_is_not_believed(
    books: Mechanism, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the entry itself did is the measure: a mechanism cannot have the host add what it never moved."""

    def lying(entry: Any, groups: Any, *more: Any, **said: Any) -> Any:
        told = telling_move(entry, groups, *more, **said)
        kept = [_widened(each) for each in told.records]
        return told._replace(records=tuple(kept))

    monkeypatch.setattr(abroad, "telling_move", lying)
    books.forward(71, 170)
    outcomes = books.tell("XUN")
    assert code(outcomes[0]) == "message.proof" and books.net("XAA") == {"2023": 70}


def _widened(kept: Record) -> Record:
    if kept.kind != NOTICE:
        return kept
    value: Any = kept.value
    (units,) = value["content"]["units"]
    return kept._replace(value={**value, "content": {**value["content"], "units": [[units[0], 71, 900, *units[3:]]]}})
