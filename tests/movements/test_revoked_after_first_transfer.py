"""A revocation reaches first transferred units only by the letter's own terms, and their holders are told."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from counterfoil.application.command import Units
from counterfoil.application.commands.change_authorization import RevokeAuthorization
from counterfoil.application.commands.hold import ReleaseHold
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.application.receipt import Receipt
from counterfoil.domain.federation.notice import NoticeState
from counterfoil.domain.kernel.refusal import Refusal
from tests.application.office import LETTER
from tests.movements.books import CLASS, Books

REVOKE = RevokeAuthorization(
    authorization=LETTER, statement="counted once", reason="over-issued", reach_first_transferred=True
)


@pytest.fixture
def books() -> Iterator[Books]:
    """400 units first transferred to the buyer under a letter whose terms reach them; 100 are used."""
    books = Books(terms_allow_change_after_first_transfer=True)
    books.send()
    books.buyer.do(UseTowardsNdc(units=Units(CLASS, 1, 100), account=books.buyer.holder, year=2025))
    yield books
    books.sound()


def refused(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    return str(outcome.code)


def test_what_the_holder_still_has_is_held_and_what_is_used_stays_used(books: Books) -> None:
    books.host.do(REVOKE)
    assert [type(outcome) for outcome in books.tell("XAA")] == [Receipt, Receipt]
    use = UseTowardsNdc(units=Units(CLASS, 101, 110), account=books.buyer.holder, year=2025)
    assert refused(books.buyer.ask(use)[0]) == "units.on_hold"
    assert refused(books.propose(101, 110, "t-2", by="XBB", to="XAA")) == "units.on_hold"
    assert (books.net("XAA"), books.net("XBB")) == ({"2023": 400}, {"2025": -100})
    taken = books.buyer.writer.books.record("taken_notice", "N:XAA01:XBB:1")
    assert taken["content"]["units"] == [[CLASS, 1, 400]]


def test_released_by_the_holder_s_authority_the_units_go_home(books: Books) -> None:
    books.host.do(REVOKE)
    books.tell("XAA")
    books.buyer.do(ReleaseHold(hold="N:XAA01:XBB:1:1", authority="the holder's authority", reason="they go home"))
    books.send(101, 400, "t-2", by="XBB", to="XAA")
    assert books.where("XAA", 101, 400) == ["xaa:holder"]


def test_nothing_goes_out_under_a_revoked_letter(books: Books) -> None:
    books.host.do(REVOKE)
    assert refused(books.propose(401, 410, "t-3")) == "coverage.revoked"


def test_a_holder_whose_copy_of_the_letter_has_no_such_terms_refuses() -> None:
    """What was agreed binds: a host that finds such terms later holds nobody's units by them."""
    books = Books()
    books.send()
    record = books.host.writer.books.record("authorization", LETTER)
    books.host.writer.books.records[("authorization", LETTER)] = {
        **record,
        "terms_allow_change_after_first_transfer": True,
    }
    books.host.writer.books.commit()
    books.host.do(REVOKE)
    assert refused(books.tell("XAA")[0]) == "authorization.change_touches_first_transferred"
    assert books.notices("XAA", NoticeState.REFUSED) == ["N:XAA01:XBB:1"]
    assert isinstance(
        books.buyer.ask(UseTowardsNdc(units=Units(CLASS, 1, 10), account=books.buyer.holder, year=2025))[0], Receipt
    )


def test_a_partner_holds_no_units_of_another_host() -> None:
    """Each host speaks for its own letters: the notice goes to where its own units are, and names no others."""
    books = Books("XBB", "XCC", terms_allow_change_after_first_transfer=True)
    books.send(1, 100)
    books.send(101, 200, "t-2", to="XCC")
    books.host.do(REVOKE)
    assert books.notices("XAA", NoticeState.OWED) == ["N:XAA01:XBB:1", "N:XAA01:XCC:1"]
    books.tell("XAA")
    for party, last in (("XBB", 100), ("XCC", 200)):
        office = books.offices[party]
        use = UseTowardsNdc(units=Units(CLASS, last - 9, last), account=office.holder, year=2025)
        assert refused(office.ask(use)[0]) == "units.on_hold"
    books.sound()


def test_of_a_range_in_many_hands_one_hold_keeps_all_that_is_left(books: Books) -> None:
    """However the holder has cut the range since, the entry that holds it stays small."""
    for first in range(101, 181, 4):
        act = UseTowardsNdc(units=Units(CLASS, first, first), account=books.buyer.holder, year=2025)
        books.buyer.do(act)
    books.host.do(REVOKE)
    assert [type(outcome) for outcome in books.tell("XAA")] == [Receipt, Receipt]
    for serial in (102, 179, 400):
        act = UseTowardsNdc(units=Units(CLASS, serial, serial), account=books.buyer.holder, year=2025)
        assert refused(books.buyer.ask(act)[0]) == "units.on_hold"


def test_a_third_holder_is_told_as_well_once_its_arrival_is_registered() -> None:
    """XBB passed 1 to 100 on to XCC, and XCC has told the host of it."""
    books = Books("XBB", "XCC", terms_allow_change_after_first_transfer=True)
    for one, other in (("XBB", "XCC"), ("XCC", "XBB")):
        office = books.offices[one]
        office.do(replace(office.agreement(other), agreement=f"IA-{other}"))
    books.send(1, 100, entity=None)
    books.send(1, 100, "t-2", by="XBB", to="XCC", entity=None)
    books.tell("XCC")
    books.host.do(REVOKE)
    assert books.notices("XAA", NoticeState.OWED) == ["N:XAA01:XCC:1"]
    books.tell("XAA")
    third = books.offices["XCC"]
    use = UseTowardsNdc(units=Units(CLASS, 1, 10), account=third.holder, year=2025)
    assert refused(third.ask(use)[0]) == "units.on_hold"
    books.sound()
