"""What one book tells another, and what the other does with it: each refusal, and what a notice never changes."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import stored
from counterfoil.application.commands.acquire import AcceptTransfer, Acquire
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.end_abroad import EndAbroadFault, RecordEndAbroad
from counterfoil.application.commands.notifying import NOTICES
from counterfoil.application.commands.offered import AcquireFault
from counterfoil.application.commands.onward import OnwardFault
from counterfoil.application.commands.retire_there import ArrivalFault, RetireThere
from counterfoil.application.commands.take_notice import RecordNoticeAnswer, TakeNotice
from counterfoil.domain.accounting.first_transfer import FirstTransferFault, Trigger
from counterfoil.domain.authorizations.coverage import CoverageFault
from counterfoil.domain.federation.link import LinkFault
from counterfoil.domain.federation.notice import (
    NOTICE,
    Notice,
    NoticeFault,
    NoticeKind,
    NoticeState,
    names_sender,
    notice_id,
    told,
)
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.units.identifier import IdentifierFault
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from counterfoil.domain.units.serials import SerialsFault
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import BUYER, DEV, V2023, buyer, deliver, host, issue, offer, oimp_letter, proposal
from tests.domain.commands.scene import letter as loa

N1 = TransferId("N:CHE01:THA:1")
MESSAGE = "45" * 32
ENDED_ON = date(2026, 3, 31)
BY_USE = FirstTransferDefinition.USE_OR_CANCELLATION


def gone(definition: FirstTransferDefinition = BY_USE, **letter: Any) -> Desk:
    """THA after 1 to 40, authorized for IMP and not first transferred, went to CHE."""
    return both(definition, **letter)[0]


def both(definition: FirstTransferDefinition = BY_USE, **letter: Any) -> tuple[Desk, Desk]:
    source, target = host(), buyer()
    source.do(oimp_letter(definition, **letter))
    source.do(issue())
    deliver(source, target, proposal())
    source.today = target.today = date(2026, 4, 2)
    return source, target


def notice(**changes: Any) -> TakeNotice:
    """CHE cancelled 1 to 10 for IMP, and tells THA."""
    content = {"units": [[V2023, 1, 10]], "trigger": "use_or_cancellation", "purpose": "IMP", **changes.pop("said", {})}
    told_by: dict[str, Any] = {
        "notice": N1,
        "partner": Party("CHE"),
        "kind": NoticeKind.ENDED,
        "told_on": ENDED_ON,
        "content": content,
        "message": MESSAGE,
    }
    return TakeNotice(**{**told_by, **changes})


def came(first: int, last: int, *, seller: str = "CHE") -> TakeNotice:
    """JPN says that it acquired units of this book's from a Party."""
    content = {"units": [[V2023, first, last]], "from": seller, "left_at": "2026-04-01T00:00:00.000Z"}
    name = TransferId("N:JPN01:THA:1")
    return replace(notice(), notice=name, partner=Party("JPN"), kind=NoticeKind.ARRIVED, content=content)


def letter(**changes: Any) -> RecordEndAbroad:
    """The same on paper."""
    content: dict[str, Any] = {
        "reference": "Letter 7",
        "document": "67" * 32,
        "partner": Party("CHE"),
        "parts": (units(V2023, 1, 10),),
        "trigger": Trigger.USE_OR_CANCELLATION,
        "purpose": Purpose.IMP,
        "ended_on": ENDED_ON,
    }
    return RecordEndAbroad(**{**content, **changes})


def answer(**changes: Any) -> RecordNoticeAnswer:
    content: dict[str, Any] = {
        "notice": TransferId("N:CHE01:THA:1"),
        "partner": Party("THA"),
        "taken": True,
        "answer": MESSAGE,
        "entry": 9,
    }
    return RecordNoticeAnswer(**{**content, **changes})


REFUSALS = (
    Case("the sender is nobody known", LinkFault.UNKNOWN, lambda _: notice(partner=Party("NOR"))),
    Case("the name is another sender's", NoticeFault.NOT_THE_SENDERS, lambda _: notice(notice="N:JPN01:THA:1")),
    Case("the name is no number", NoticeFault.NOT_THE_SENDERS, lambda _: notice(notice="N:CHE01:THA:x")),
    Case("it was taken before", NoticeFault.ALREADY_TAKEN, after(notice(), then=notice())),
    Case("it names no units", NoticeFault.CONTENT_UNREADABLE, lambda _: notice(content={})),
    Case("its purpose is a word", NoticeFault.CONTENT_UNREADABLE, lambda _: notice(said={"purpose": "fun"})),
    Case("it names too many", NoticeFault.TOO_MANY_PARTS, lambda _: notice(said={"units": [[V2023, 1, 1]] * 65})),
    Case("it names none", NoticeFault.TOO_MANY_PARTS, lambda _: notice(said={"units": []})),
    Case("a range runs backwards", SerialsFault.BACKWARDS, lambda _: notice(said={"units": [[V2023, 9, 1]]})),
    Case("a class is a word", IdentifierFault.UNREADABLE, lambda _: notice(said={"units": [["x", 1, 1]]})),
    Case(
        "the units are another host's",
        EndAbroadFault.NOT_OURS,
        lambda _: notice(said={"units": [["CA9001-JPN01-JPN-#-2023", 1, 1]]}),
    ),
    Case("they are still here", EndAbroadFault.NOT_THERE, lambda _: notice(said={"units": [[V2023, 40, 41]]})),
    Case("they are told of as come, and are still here", OnwardFault.OTHER_HOLDER, lambda _: came(40, 41)),
    Case("they are told of as come from elsewhere", OnwardFault.OTHER_HOLDER, lambda _: came(1, 2, seller="JPN")),
    Case("they are told of as come, and never were", OnwardFault.OTHER_HOLDER, lambda _: came(9_001, 9_002)),
    Case("they went to another", EndAbroadFault.NOT_THERE, lambda _: notice(partner="JPN", notice="N:JPN01:THA:1")),
    Case("the day is tomorrow", EndAbroadFault.NOT_YET, lambda _: notice(told_on=date(2026, 4, 3))),
    Case("it is for nothing", EndAbroadFault.PURPOSE_UNCLEAR, lambda _: notice(said={"purpose": ""})),
    Case("OMGE is no purpose", EndAbroadFault.PURPOSE_UNCLEAR, lambda _: notice(said={"trigger": "omge"})),
    Case("it is for NDC use", EndAbroadFault.PURPOSE_UNCLEAR, lambda _: notice(said={"purpose": "NDC"})),
    Case("the letter says IMP", CoverageFault.PURPOSE, lambda _: notice(said={"purpose": "OP"})),
    Case(
        "it ended before",
        EndAbroadFault.FIRST_TRANSFERRED,
        after(notice(), then=notice(notice="N:CHE01:THA:2", told_on=date(2026, 4, 1))),
    ),
    Case("paper is recorded once", EndAbroadFault.ALREADY_RECORDED, after(letter(), then=letter())),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_notice_of_a_partner_is_refused_when(case: Case) -> None:
    check_refused(case, gone())


LATE = Case("the deadline is over", FirstTransferFault.AFTER_DEADLINE, lambda _: notice(), on=date(2032, 1, 1))
UNKEPT = Case("the paper is not kept", EndAbroadFault.DOCUMENT_MISSING, lambda _: letter())
OTHER_EVENT = Case("another event is the first transfer", EndAbroadFault.NO_FIRST_TRANSFER, lambda _: notice())


def test_a_first_transfer_for_other_purposes_is_not_recorded_after_the_deadline() -> None:
    check_refused(LATE, gone())


def test_a_notification_on_paper_is_refused_without_the_paper() -> None:
    check_refused(UNKEPT, replace(gone(), kept=lambda _: False))


def test_an_event_that_the_letter_does_not_call_first_transfer_is_none() -> None:
    """Units that became ITMOs by issuance were first transferred then; without their flag, nothing pulls it now."""
    desk = gone()
    known = dict(desk.books.record("authorization", "LOA-1"))
    desk.books.records[("authorization", "LOA-1")] = {**known, "first_transfer_definition": "ISSUANCE"}
    desk.books.commit()
    check_refused(OTHER_EVENT, desk)


def test_a_notice_is_the_first_transfer_dated_by_the_day_of_the_end() -> None:
    desk = gone()
    entry = desk.do(notice())
    assert (entry.act, entry.because) == (Act.ENDED_ABROAD, "LOA-1 v1")
    assert desk.facts(V2023, 1)["first_transferred_on"] == "2026-03-31"
    assert "first_transferred_on" not in desk.facts(V2023, 11)
    assert desk.adjustments() == {"ndc:THA:2023:added": 10, "awaiting-use": -10}
    assert desk.books.record("first_transferred_quantity", "LOA-1") == 10


def test_what_the_holder_s_entry_closes_is_what_the_host_s_leaves_waiting() -> None:
    source, target = both()
    target.do(Cancel(units=units(V2023, 1, 10), account=BUYER, purpose=CancellationPurpose.IMP), on=ENDED_ON)
    assert target.adjustments() == {"awaiting-use": 10, "closed:oimp": -10}
    source.do(notice())
    assert source.adjustments()["awaiting-use"] + target.adjustments()["awaiting-use"] == 0


def test_the_entry_of_the_holder_says_what_the_host_is_told() -> None:
    _, target = both()
    entry = target.do(Cancel(units=units(V2023, 1, 10), account=BUYER, purpose=CancellationPurpose.IMP), on=ENDED_ON)
    assert entry.details[NOTICES] == ["N:CHE01:THA:1"]
    owed = stored(target.books, NOTICE, "N:CHE01:THA:1", Notice)
    assert owed is not None and (owed.partner, owed.state, owed.told_on) == ("THA", NoticeState.OWED, ENDED_ON)
    assert owed.content == {"units": [[V2023, 1, 10]], "trigger": "use_or_cancellation", "purpose": "IMP"}


def test_notices_to_a_partner_are_numbered() -> None:
    _, target = both()
    for first in (1, 11):
        target.do(Cancel(units=units(V2023, first, first + 9), account=BUYER, purpose=CancellationPurpose.IMP))
    assert target.books.record("notices_to", "THA") == 2


ANSWERS = (
    Case("nothing was told", NoticeFault.UNKNOWN, lambda _: answer(notice="N:CHE01:THA:7")),
    Case("another Party answers", NoticeFault.UNKNOWN, lambda _: answer(partner=Party("JPN"))),
    Case("it was answered so", NoticeFault.ANSWERED, after(answer(), then=answer())),
    Case("it may be taken yet", NoticeFault.TOLD_AGAIN, lambda _: answer(taken=False, code="onward.other_holder")),
    Case("what was taken stays taken", NoticeFault.ANSWERED, after(answer(), then=answer(taken=False))),
)


def telling() -> Desk:
    _, target = both()
    target.do(Cancel(units=units(V2023, 1, 10), account=BUYER, purpose=CancellationPurpose.IMP))
    return target


@pytest.mark.parametrize("case", ANSWERS, ids=titles)
def test_an_answer_is_refused_when(case: Case) -> None:
    check_refused(case, telling())


def test_what_was_refused_may_be_taken_later() -> None:
    desk = telling()
    desk.do(answer(taken=False, code="first_transfer.after_deadline"))
    known = stored(desk.books, NOTICE, "N:CHE01:THA:1", Notice)
    assert known is not None and (known.state, known.code) == (NoticeState.REFUSED, "first_transfer.after_deadline")
    desk.do(answer())
    known = stored(desk.books, NOTICE, "N:CHE01:THA:1", Notice)
    assert known is not None and known.state is NoticeState.TAKEN


ARRIVALS = (
    Case("fun is no purpose", ArrivalFault.PURPOSE_UNKNOWN, lambda _: proposal(retire=RetireThere(2026, "fun"))),
    Case("the year is to come", ArrivalFault.YEAR_NOT_REACHED, lambda _: proposal(retire=RetireThere(2027))),
)


@pytest.mark.parametrize("case", ARRIVALS, ids=titles)
def test_use_on_arrival_is_refused_at_the_source_when(case: Case) -> None:
    desk = host()
    desk.do(loa())
    desk.do(issue(account=DEV))
    check_refused(case, desk)


@pytest.mark.parametrize("name", ["N:CHE01:THA:", "N:CHE01:THA:1 ", "N:CHE01:CHE:1", "CHE01:THA:1", "N:CHE01:THA:²"])
def test_a_name_that_the_sender_does_not_give_is_not_the_senders(name: str) -> None:
    assert not names_sender(name, registry="CHE01", own="THA")
    assert names_sender(notice_id("CHE01", "THA", 7), registry="CHE01", own="THA")


@pytest.mark.parametrize(
    "row",
    [
        ["notice", "N:CHE01:THA:2", {"partner": "THA", "state": "owed"}],
        ["notice", "N:CHE01:THA:1", {"partner": "JPN", "state": "owed"}],
        ["notice", "N:CHE01:THA:1", {"partner": "THA", "state": "taken"}],
        ["taken_notice", "N:CHE01:THA:1", {"partner": "THA", "state": "owed"}],
        ["notice", "N:CHE01:THA:1", "owed"],
        "notice",
    ],
)
def test_an_entry_that_owes_no_such_notice_tells_nothing(row: Any) -> None:
    assert told({"records": [row]}, "N:CHE01:THA:1", to="THA") is None


OTHER_LETTER = Case(
    "the host names units of another letter",
    NoticeFault.OTHER_LETTER,
    lambda _: TakeNotice(
        notice=TransferId("N:THA01:CHE:1"),
        partner=Party("THA"),
        kind=NoticeKind.REVOKED,
        told_on=ENDED_ON,
        content={"authorization": "LOA-2", "units": [[V2023, 1, 10]], "reason": "r"},
        message=MESSAGE,
    ),
)


def test_a_revocation_reaches_the_units_of_its_own_letter_alone() -> None:
    check_refused(OTHER_LETTER, both()[1])


ENDED = Case("they were said to have ended there", AcquireFault.ENDED, lambda _: returning())


def returning() -> AcceptTransfer:
    """CHE sends home what it told to have cancelled: it lied once, in one of the two."""
    _, target = both()
    target.do(proposal("T-9", "THA", 1, 5, source=BUYER, target=DEV))
    return offer(target, "T-9")


def test_units_that_ended_abroad_do_not_come_home_from_a_partner_that_lies() -> None:
    desk = gone()
    desk.do(notice())
    check_refused(ENDED, desk)


def test_nor_do_they_where_the_offer_was_accepted_before_their_end_was_told() -> None:
    desk = gone()
    desk.do(returning())
    desk.do(notice())
    late = Acquire(transfer=TransferId("T-9"), receipt=MESSAGE, provenance="")
    check_refused(Case("told since", AcquireFault.ENDED, lambda _: late), desk)
