"""Two books that are compared: what agrees is told at once; what differs becomes cases, which both books close."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from counterfoil.application.command import Units
from counterfoil.application.commands.close_case import Closing
from counterfoil.application.commands.consent import ConsentToTransfer, RefuseTransfer
from counterfoil.application.commands.link import ChangeLink
from counterfoil.application.commands.open_case import CaseState
from counterfoil.application.commands.recover import FORGOTTEN_DAYS, BeginRecovery, EndRecovery, recovery_of
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.application.queries.balance import balance_of
from counterfoil.application.reconciling.talk import Talk
from counterfoil.domain.federation.case import CaseKind, Mender
from counterfoil.domain.federation.link import PARTNER
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.kernel.refusal import Refusal
from tests.reconciling.neighbours import CLASS, Neighbours, Registry, carrier, close


@pytest.fixture
def neighbours() -> Iterator[Neighbours]:
    made = Neighbours()
    yield made
    for each in made.all.values():
        assert each.audit().findings == ()


def later(neighbours: Neighbours, days: int) -> None:
    for each in neighbours.all.values():
        each.day(date(2025, 1, 15) + timedelta(days=days))


def test_books_that_agree_need_few_questions_and_open_nothing(neighbours: Neighbours) -> None:
    a, b, c = neighbours.a, neighbours.b, neighbours.c
    neighbours.move(a, b, 1, 400, "t-1")
    neighbours.move(b, c, 1, 100, "t-2")
    neighbours.move(c, a, 1, 50, "t-3")
    neighbours.move(b, a, 390, 400, "t-4")
    b.do(UseTowardsNdc(units=Units(CLASS, 101, 200), account=b.holder, year=2025))
    for asking, asked in ((a, b), (b, a), (b, c), (c, b), (a, c), (c, a)):
        told = neighbours.reconcile(asking, asked)
        assert told.agreed and told.open_cases == 0
        assert told.questions <= 7
    assert (told.units_out, told.units_in) == (50, 0)


def test_a_message_that_is_under_way_is_no_case_until_it_is_late(neighbours: Neighbours) -> None:
    a, b = neighbours.a, neighbours.b
    neighbours.propose(a, b, 1, 10, "t-1")
    neighbours.network.step()
    neighbours.network.step()
    receipt = neighbours.network.waiting.popleft()
    assert (a.holds(1, 10), b.holds(1, 10)) == ("to:XBB", "")
    for asking, asked in ((a, b), (b, a)):
        told = neighbours.reconcile(asking, asked)
        assert (told.differing, told.under_way, told.open_cases) == (1, 1, 0)
    later(neighbours, 4)
    told = neighbours.reconcile(a, b)
    assert (told.under_way, told.open_cases) == (0, 1)
    assert (a.cases()[0].kind, a.cases()[0].mender) == (CaseKind.IN_NEITHER, Mender.THEM)
    told = neighbours.reconcile(b, a)
    (case,) = b.cases()
    assert (case.kind, case.mender, case.blocked) == (CaseKind.IN_NEITHER, Mender.US, True)
    assert case.units == (Units(CLASS, 1, 10),)
    neighbours.network.waiting.append(receipt)
    neighbours.network.deliver()
    assert b.holds(1, 10) == b.holder
    for asking, asked in ((a, b), (b, a)):
        told = neighbours.reconcile(asking, asked)
        assert told.agreed and told.confirmed and told.open_cases == 0
    assert all(case.state is CaseState.CLOSED for each in (a, b) for case in each.cases())


def forgotten_sale(neighbours: Neighbours) -> None:
    """XAA first transferred 101 to 300 to XBB, and was restored from before."""
    a, b = neighbours.a, neighbours.b
    neighbours.move(a, b, 1, 50, "t-0")
    before = a.moment()
    neighbours.move(a, b, 101, 300, "t-1")
    a.lose(before)


def net(office: Registry) -> Any:
    balance = balance_of(office.sight(), office.party)
    assert not isinstance(balance, Refusal)
    return balance["commodities"]["tCO2e"]["years"]["2023"]["net"]


def test_a_book_that_forgot_a_sale_is_shown_its_own_signature_and_gives_the_units_up(neighbours: Neighbours) -> None:
    a, b = neighbours.a, neighbours.b
    forgotten_sale(neighbours)
    assert a.held() & b.held() == set(range(101, 301))
    told = neighbours.reconcile(a, b)
    (case,) = a.cases()
    assert told.opened == (case.id,)
    assert (case.kind, case.mender, case.units) == (CaseKind.IN_BOTH, Mender.US, (Units(CLASS, 101, 300),))
    assert case.departure is not None and case.departure.transfer == "t-1"
    refused = neighbours.propose(a, b, 300, 310, "t-9")
    assert isinstance(refused, Refusal) and refused.code == "units.on_hold"
    assert not isinstance(neighbours.propose(a, neighbours.c, 301, 310, "t-8"), Refusal)
    neighbours.reconcile(b, a)
    assert (b.cases()[0].mender, b.cases()[0].blocked) == (Mender.THEM, False)
    a.do(close(case.id))
    assert (a.holds(101, 300), net(a)) == ("to:XBB", 250)
    assert not a.held() & b.held()
    for asking, asked in ((b, a), (a, b)):
        told = neighbours.reconcile(asking, asked)
        assert told.agreed and told.open_cases == 0
    ours, theirs = a.cases()[0], b.cases()[0]
    assert (ours.state, theirs.state) == (CaseState.CLOSED, CaseState.CLOSED)
    # Each closing names the other book's entry, and keeps what was signed about it.
    assert theirs.partner_entry == next(iter(a.writer.books.holdings(CLASS, 101, 300))).seq
    for office, known in ((a, ours), (b, theirs)):
        assert office.world.evidence.get(known.closing_evidence) is not None
    again = neighbours.reconcile(a, b)
    assert again.opened == () and again.confirmed == ()
    # The transfer goes on to its end: the receipt of the new entry is acknowledged, and can be made again for ever.
    for _ in range(2):
        a.federation.resend("t-1")
        neighbours.network.deliver()
        assert a.writer.books.record("transfer", "t-1")["confirmed_on"] == "2025-01-15"


def test_a_restored_book_moves_nothing_before_every_partner_was_asked(neighbours: Neighbours) -> None:
    a, b, c = neighbours.a, neighbours.b, neighbours.c
    forgotten_sale(neighbours)
    a.do(BeginRecovery(taken_at="2025-01-14T00:00:00Z", entries=10))
    refused = neighbours.propose(a, c, 500, 510, "t-9")
    assert isinstance(refused, Refusal) and refused.code == "recovery.unreconciled"
    assert refused.facts["partners"] == "XBB, XCC"
    assert neighbours.reconcile(a, b).recovered
    refused = neighbours.propose(a, c, 500, 510, "t-9")
    assert isinstance(refused, Refusal) and refused.facts["partners"] == "XCC"
    assert neighbours.reconcile(a, c).recovered
    assert not isinstance(neighbours.propose(a, c, 500, 510, "t-9"), Refusal)
    blocked = neighbours.propose(a, c, 101, 110, "t-10")
    assert isinstance(blocked, Refusal) and blocked.code == "units.on_hold"


def test_a_dead_partner_is_set_aside_by_an_authority(neighbours: Neighbours) -> None:
    a = neighbours.a
    a.do(BeginRecovery(taken_at="2025-01-14T00:00:00Z", entries=10))
    neighbours.reconcile(a, neighbours.b)
    (refused,) = a.ask(EndRecovery(partner=Party("XCC")))
    assert isinstance(refused, Refusal) and refused.code == "recovery.not_reconciled"
    a.do(EndRecovery(partner=Party("XCC"), authority="DNA", reason="its registry was closed"))
    recovery = recovery_of(a.writer.books)
    assert recovery is not None and (recovery.waiting, recovery.set_aside) == ((), ("XCC",))


def test_a_book_that_forgot_an_acquisition_takes_it_again_by_the_same_messages(neighbours: Neighbours) -> None:
    a, b = neighbours.a, neighbours.b
    neighbours.move(a, b, 1, 50, "t-0")
    before = b.moment()
    neighbours.move(a, b, 101, 300, "t-1")
    b.lose(before)
    b.do(BeginRecovery(taken_at="2025-01-14T00:00:00Z", entries=10))
    later(neighbours, 4)
    neighbours.reconcile(b, a)
    (case,) = b.cases()
    assert (case.kind, case.mender, case.blocked) == (CaseKind.IN_NEITHER, Mender.US, True)
    assert [type(outcome).__name__ for outcome in b.taken] == ["Receipt", "Receipt"]
    assert b.holds(101, 300) == b.holder
    refused = neighbours.propose(b, neighbours.c, 101, 110, "t-5")
    assert isinstance(refused, Refusal) and refused.code == "units.on_hold"
    told = neighbours.reconcile(b, a)
    assert told.agreed and told.confirmed == (case.id,)
    refused = neighbours.propose(b, neighbours.c, 101, 110, "t-5")
    assert isinstance(refused, Refusal) and refused.code == "recovery.unreconciled"
    neighbours.reconcile(b, neighbours.c)
    assert not isinstance(neighbours.propose(b, neighbours.c, 101, 110, "t-5"), Refusal)


def test_a_claim_without_proof_blocks_nothing(neighbours: Neighbours) -> None:
    """XBB says that it has units which never left XAA, and shows nothing for it."""
    a, b = neighbours.a, neighbours.b
    neighbours.move(a, b, 1, 50, "t-0")
    before = b.moment()
    moment = a.moment()
    neighbours.move(a, b, 101, 300, "t-1")
    a.lose(moment)
    for name in list(b.world.evidence._kept):  # type: ignore[attr-defined]
        del b.world.evidence._kept[name]  # type: ignore[attr-defined]
    del before
    neighbours.reconcile(a, b)
    (case,) = a.cases()
    assert (case.mender, case.blocked) == (Mender.NOBODY, False)
    a.do(close(case.id, Closing.OWN_BOOK))
    assert neighbours.reconcile(a, b).opened == ()


def test_partners_cosign_each_others_checkpoints(neighbours: Neighbours) -> None:
    a, b = neighbours.a, neighbours.b
    neighbours.move(a, b, 1, 50, "t-0")
    told = neighbours.reconcile(a, b)
    assert told.watched.cosigned and told.watched.refusal is None
    assert {row.name for row in a.store.reading().cosignatures()} == {b.signer.name}
    assert {row.name for row in b.store.reading().cosignatures()} == {a.signer.name}
    assert a.writer.books.record("partner_log", "XBB")["size"] > 0
    neighbours.move(a, b, 51, 60, "t-1")
    assert neighbours.reconcile(b, a).watched.refusal is None


def test_a_log_that_was_cut_back_is_refused_and_suspends_the_link(neighbours: Neighbours) -> None:
    a, b = neighbours.a, neighbours.b
    before = a.moment()
    neighbours.move(a, b, 1, 50, "t-0")
    neighbours.reconcile(a, b)
    a.lose(before)
    told = neighbours.reconcile(a, b)
    assert not told.watched.cosigned and told.watched.refusal is not None
    assert [case.kind for case in b.cases()] == [CaseKind.FORKED]
    assert b.writer.books.record(PARTNER, "XAA")["state"] == "suspended"
    # The books are compared all the same, and nothing is said twice.
    assert [case.kind for case in a.cases()] == [CaseKind.IN_BOTH]
    neighbours.reconcile(b, a)
    assert [case.kind for case in b.cases()].count(CaseKind.FORKED) == 1
    forked = next(case for case in b.cases() if case.kind is CaseKind.FORKED)
    b.do(close(forked.id, Closing.ACCEPT_LOG))
    assert neighbours.reconcile(b, a).watched.refusal is None


def test_a_stranger_and_an_old_question_get_no_answer(neighbours: Neighbours) -> None:
    a, b, c = neighbours.a, neighbours.b, neighbours.c
    heard: list[bytes] = []

    def overheard(question: bytes) -> bytes:
        heard.append(question)
        return carrier(b)(question)

    a.reconciler.run("XBB", overheard)
    assert isinstance(c.reconciler.answer(heard[0]), Refusal)
    assert isinstance(b.reconciler.answer(heard[0][:-4] + b"AAAA"), Refusal)
    later(neighbours, 1)
    refusal = b.reconciler.answer(heard[0])
    assert isinstance(refusal, Refusal) and refusal.code == "reconciliation.old"


def test_an_answer_to_another_question_is_none(neighbours: Neighbours) -> None:
    a, b = neighbours.a, neighbours.b
    first: list[bytes] = []

    def replayed(question: bytes) -> bytes:
        first.append(carrier(b)(question))
        return first[0]

    told = a.reconciler.run("XBB", replayed)
    assert isinstance(told, Refusal) and told.code == "reconciliation.other_question"


@pytest.mark.parametrize("known", [False, True], ids=["nothing is known", "it stands proposed"])
def test_a_late_receipt_of_a_forgotten_sale_brings_nothing_in(neighbours: Neighbours, *, known: bool) -> None:
    """XAA settles, is restored from before while its receipt is on the way, compares, and would sell to XCC."""
    a, b, c = neighbours.a, neighbours.b, neighbours.c
    moment = a.moment()
    neighbours.propose(a, b, 1, 100, "t-1")
    moment = a.moment() if known else moment
    neighbours.network.step()
    neighbours.network.step()
    receipt = neighbours.network.waiting.popleft()
    a.lose(moment)
    a.do(BeginRecovery(taken_at="2025-01-14T00:00:00Z", entries=10))
    neighbours.reconcile(a, b)
    neighbours.reconcile(a, c)
    assert b.writer.books.record("transfer", "t-1")["state"] == "withdrawn"
    if known:
        a.federation.withdraw("t-1", reason="lost in the restore")
    assert not isinstance(neighbours.propose(a, c, 1, 100, "t-2"), Refusal)
    neighbours.network.waiting.append(receipt)
    neighbours.network.deliver()
    assert (b.holds(1, 100), c.holds(1, 100)) == ("", c.holder)
    assert not (a.held() & b.held() or b.held() & c.held() or a.held() & c.held())


def test_what_is_proposed_and_accepted_in_good_order_is_left_alone(neighbours: Neighbours) -> None:
    a, b = neighbours.a, neighbours.b
    neighbours.propose(a, b, 1, 100, "t-1")
    neighbours.network.step()
    assert neighbours.reconcile(a, b).agreed
    assert b.writer.books.record("transfer", "t-1")["state"] == "accepted"
    neighbours.network.deliver()
    assert b.holds(1, 100) == b.holder


def test_only_the_source_of_a_transfer_has_it_closed(neighbours: Neighbours) -> None:
    a, b, c = neighbours.a, neighbours.b, neighbours.c
    neighbours.propose(a, b, 1, 100, "t-1")
    neighbours.network.step()
    neighbours.reconcile(c, b)
    talk = Talk(c.world, lambda: c.writer.registry)
    question, _ = talk.question("XBB", {"ask": "end", "transfers": ["t-1"]})
    assert isinstance(b.reconciler.answer(question), bytes)
    assert b.writer.books.record("transfer", "t-1")["state"] == "accepted"


def test_of_a_forgotten_acquisition_only_what_has_not_left_again_is_taken_again(neighbours: Neighbours) -> None:
    """XBB returns 1 to 40; XAA sends 1 to 10 once more, and is restored from before the return."""
    a, b = neighbours.a, neighbours.b
    neighbours.move(a, b, 1, 40, "t-1")
    before = a.moment()
    neighbours.move(b, a, 1, 40, "t-2")
    neighbours.move(a, b, 1, 10, "t-3")
    a.lose(before)
    later(neighbours, 4)
    told = neighbours.reconcile(a, b)
    assert [case.units for case in a.cases()] == [(Units(CLASS, 11, 40),)]
    assert (a.holds(1, 10), a.holds(11, 40)) == ("to:XBB", a.holder)
    assert not a.held() & b.held()
    told = neighbours.reconcile(a, b)
    assert told.agreed and told.confirmed


@pytest.mark.parametrize("noted", [True, False])
def test_a_book_that_forgot_a_consent_takes_what_left_for_it_by_that_consent(
    neighbours: Neighbours, noted: bool
) -> None:
    """Its person is not asked a second time, and cannot refuse meanwhile what has left its source already."""
    a, b = neighbours.a, neighbours.b
    b.do(ChangeLink(party=Party("XAA"), reason="the ministry decides", by_hand=True))
    before = b.moment()
    neighbours.move(a, b, 1, 50, "t-1")
    if noted:
        before = b.moment()
    consented(b)
    neighbours.network.deliver()
    assert (a.holds(1, 50), b.holds(1, 50)) == ("to:XBB", b.holder)
    b.lose(before)
    b.do(BeginRecovery(taken_at="2025-01-15T02:00:00Z", entries=b.writer.size))
    if noted:
        refused = b.ask(RefuseTransfer(transfer=TransferId("t-1"), reason="no"))[0]
        assert isinstance(refused, Refusal) and refused.code == "recovery.unreconciled"
    neighbours.reconcile(b, a)
    b.federation.resend("t-1")
    neighbours.network.deliver()
    assert (a.holds(1, 50), b.holds(1, 50)) == ("to:XBB", b.holder)
    neighbours.reconcile(b, a)
    for asking, asked in ((a, b), (b, a)):
        told = neighbours.reconcile(asking, asked)
        assert told.agreed and told.open_cases == 0


def consented(b: Registry) -> None:
    b.do(ConsentToTransfer(transfer=TransferId("t-1")))
    b.federation.resend("t-1")


@pytest.mark.parametrize("restored", [False, True])
def test_a_book_that_was_not_restored_of_late_takes_nothing_that_left_without_its_consent(
    neighbours: Neighbours, restored: bool
) -> None:
    """A partner whose book says that it sent units, by a consent that there never was."""
    a, b = neighbours.a, neighbours.b
    if restored:
        b.do(BeginRecovery(taken_at="2025-01-15T02:00:00Z", entries=b.writer.size))
        neighbours.reconcile(b, a)
        neighbours.reconcile(b, neighbours.c)
        later(neighbours, FORGOTTEN_DAYS + 1)
    before = b.moment()
    neighbours.move(a, b, 1, 50, "t-1")
    assert b.holds(1, 50) == b.holder
    b.lose(before)
    b.do(ChangeLink(party=Party("XAA"), reason="the ministry decides", by_hand=True))
    neighbours.reconcile(b, a)
    b.federation.resend("t-1")
    neighbours.network.deliver()
    assert b.holds(1, 50) == ""
