"""What a host states to the mechanism registry, what that may issue, and which first transfers the host books."""

from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import Command, stored
from counterfoil.application.commands.acquire import AcceptTransfer, Acquire
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.import_activities import ImportActivity
from counterfoil.application.commands.issue import Issue
from counterfoil.application.commands.offered import AcquireFault, OfferedPart
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.register import RegisterCooperativeApproach
from counterfoil.application.commands.state_authorization import StateAuthorization
from counterfoil.application.commands.take_notice import TakeNotice
from counterfoil.domain.activities.activity import ActivityFault, ActivityKind
from counterfoil.domain.authorizations.authorization import AuthorizationFault
from counterfoil.domain.authorizations.coverage import CoverageFault
from counterfoil.domain.federation.link import LinkFault
from counterfoil.domain.federation.mechanism import MECHANISM, STATEMENT, MechanismFault, Statement, ToldFault
from counterfoil.domain.federation.notice import NOTICE, Notice, NoticeFault, NoticeKind
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, CooperativeApproachId, Party, TransferId
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.policy.stages import Stage
from counterfoil.domain.units.identifier import IdentifierFault
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from counterfoil.domain.units.serials import SerialsFault
from counterfoil.domain.units.unit_type import MitigationType
from tests.domain.commands.desk import Case, Desk, after, check_refused, registry, titles
from tests.domain.commands.scene import BUSES, activity, host, letter, partner, report, statement

CA0001 = CooperativeApproachId("CA0001")
STOVES, OTHER = ActivityId("A64-1"), ActivityId("A64-2")
LOA = AuthorizationId("A64-LOA")
V2023 = "CA0001-XUN01-THA-#-2023"
AT = "xun:developer"
TOLD, FIRST = TransferId("N:XUN01:THA:1"), TransferId("N:THA01:XUN:1")


def a64_letter(**changes: Any) -> Authorize:
    content: dict[str, Any] = {"cooperative_approach": CA0001, "activities": (STOVES,), **changes}
    return letter(authorization=LOA, **content)


def stating_host(**letter_changes: Any) -> Desk:
    """THA with two activities of the mechanism, a letter for one of them, and a link to the mechanism's registry."""
    desk = host()
    parties = (Party("THA"), Party("CHE"))
    desk.do(RegisterCooperativeApproach(approach=CA0001, title="Mechanism", participants=parties))
    for name in (STOVES, OTHER):
        desk.do(activity(name, cooperative_approach=CA0001))
    desk.do(a64_letter(**letter_changes))
    desk.do(partner("XUN"))
    return desk


def state(**changes: Any) -> StateAuthorization:
    content: dict[str, Any] = {"activity": STOVES, "partner": Party("XUN"), "authorization": LOA}
    return StateAuthorization(**{**content, **changes})


def stated() -> Desk:
    desk = stating_host()
    desk.do(state())
    return desk


STATING = (
    Case("the mechanism is not linked", LinkFault.UNKNOWN, lambda _: state(partner=Party("NOR"))),
    Case("nobody knows the activity", ActivityFault.UNKNOWN, lambda _: state(activity="A64-9")),
    Case("it is of another approach", MechanismFault.NOT_OF_MECHANISM, lambda _: state(activity=BUSES)),
    Case("the letter is not there", AuthorizationFault.UNKNOWN, lambda _: state(authorization="LOA-9")),
    Case("the letter is for another activity", AuthorizationFault.ACTIVITY_DIFFERS, lambda _: state(activity=OTHER)),
    Case("the same was stated", MechanismFault.ALREADY_STATED, after(state(), then=state())),
    Case(
        "it was stated to another",
        MechanismFault.STATED_ELSEWHERE,
        after(state(), then=state(partner=Party("JPN"))),
    ),
    Case(
        "it was stated under another letter",
        MechanismFault.OTHER_LETTER,
        after(state(), letter(authorization="LOA-2", cooperative_approach=CA0001), then=state(authorization="LOA-2")),
    ),
    Case(
        "units of it were issued at home",
        MechanismFault.ISSUED_BY_HOST,
        after(
            report("M-9", STOVES, (2023, 50)),
            statement("V-9", "M-9", (2023, 50)),
            Issue(activity=STOVES, verification="V-9", vintage=2023, quantity=5, account="tha:dev"),
            then=state(),
        ),
    ),
    Case(
        "the host issues what it has stated",
        MechanismFault.HOST_ISSUES_THERE,
        after(
            report("M-9", STOVES, (2023, 50)),
            statement("V-9", "M-9", (2023, 50)),
            state(),
            then=Issue(activity=STOVES, verification="V-9", vintage=2023, quantity=5, account="tha:dev"),
        ),
    ),
)


@pytest.mark.parametrize("case", STATING, ids=titles)
def test_a_statement_to_the_mechanism_is_refused_when(case: Case) -> None:
    check_refused(case, stating_host())


def test_a_statement_owes_the_mechanism_its_activity_and_letter() -> None:
    desk = stated()
    notice = stored(desk.books, NOTICE, FIRST, Notice)
    assert notice is not None and notice.kind is NoticeKind.STATED
    assert (notice.content["activity"]["id"], notice.content["letter"]["id"]) == (STOVES, LOA)
    assert stored(desk.books, STATEMENT, STOVES, Statement) == Statement(STOVES, Party("XUN"), LOA, 1)


def test_units_without_a_letter_are_contributions_and_a_letter_may_follow() -> None:
    desk = stating_host()
    desk.do(state(authorization=None, may_follow=True))
    assert stored(desk.books, STATEMENT, STOVES, Statement) == Statement(STOVES, Party("XUN"), may_follow=True)
    desk.do(state())
    found = stored(desk.books, STATEMENT, STOVES, Statement)
    assert found is not None and (found.authorization, found.may_follow) == (LOA, False)


# In the mechanism's book


def content() -> dict[str, Any]:
    notice = stored(stated().books, NOTICE, FIRST, Notice)
    assert notice is not None
    return dict(notice.content)


def mechanism() -> Desk:
    desk = Desk(registry("XUN", is_party=False, purpose=MECHANISM, ndc_periods=()))
    for other in ("THA", "CHE", "JPN"):
        desk.do(partner(other))
    desk.do(OpenAccount(account=AT, holder="A developer", party=Party("THA")))
    return desk


def take(told: dict[str, Any] | None = None, **changes: Any) -> TakeNotice:
    taken: dict[str, Any] = {
        "notice": FIRST,
        "partner": Party("THA"),
        "kind": NoticeKind.STATED,
        "told_on": date(2026, 3, 31),
        "content": content() if told is None else told,
        "message": "45" * 32,
        **changes,
    }
    return TakeNotice(**taken)


def changed(member: str, **changes: Any) -> dict[str, Any]:
    told = content()
    return {**told, member: {**told[member], **changes}}


def known_of(party: str, name: str = STOVES) -> ImportActivity:
    return ImportActivity(
        activity=ActivityId(name),
        title="Known",
        host=party,
        standard="CDM",
        methodology="",
        sector="",
        activity_type="",
        kind=ActivityKind.PROJECT,
        mitigation_type=MitigationType.REDUCTION,
        stage=Stage.REGISTERED,
        status="registered",
        provenance="list:1",
    )


def verified(name: ActivityId = STOVES) -> tuple[Command, ...]:
    return report("M-1", name, (2023, 600)), statement("V-1", "M-1", (2023, 600))


def issue(**changes: Any) -> Issue:
    asked: dict[str, Any] = {
        "activity": STOVES,
        "verification": "V-1",
        "vintage": 2023,
        "quantity": 100,
        "account": AT,
        "authorization": LOA,
    }
    return Issue(**{**asked, **changes})


TAKING = (
    Case("its activity is another host's here", MechanismFault.ACTIVITY_TAKEN, after(known_of("JPN"), then=take())),
    Case("it says nothing", NoticeFault.CONTENT_UNREADABLE, lambda _: take({})),
    Case(
        "the activity is not its own", NoticeFault.CONTENT_UNREADABLE, lambda _: take(changed("activity", host="JPN"))
    ),
    Case("the letter is not its own", NoticeFault.CONTENT_UNREADABLE, lambda _: take(changed("letter", host="JPN"))),
    Case(
        "the letter is of another approach",
        NoticeFault.CONTENT_UNREADABLE,
        lambda _: take(changed("letter", cooperative_approach="CA9001")),
    ),
    Case("its title is a book", NoticeFault.CONTENT_UNREADABLE, lambda _: take(changed("activity", title="x" * 301))),
    Case(
        "nobody stated the activity",
        MechanismFault.NOT_STATED,
        after(known_of("THA"), *verified(), then=issue(authorization=None)),
    ),
    Case(
        "units are issued under another letter",
        MechanismFault.OTHER_LETTER,
        after(take(), *verified(), then=issue(authorization="LOA-9")),
    ),
)


@pytest.mark.parametrize("case", TAKING, ids=titles)
def test_the_mechanism_refuses_when(case: Case) -> None:
    check_refused(case, mechanism())


NO_MECHANISM = (
    Case(
        "a Party's registry is told",
        MechanismFault.NOT_THE_MECHANISM,
        lambda _: take(partner=Party("CHE"), notice=TransferId("N:CHE01:THA:1")),
    ),
)


@pytest.mark.parametrize("case", NO_MECHANISM, ids=titles)
def test_no_other_registry_takes_a_statement_when(case: Case) -> None:
    check_refused(case, host())


def issuing_mechanism(told: dict[str, Any] | None = None) -> Desk:
    desk = mechanism()
    desk.do(take(told))
    for command in verified():
        desk.do(command)
    desk.do(issue())
    return desk


def test_the_mechanism_issues_for_the_host_that_stated_and_no_balance_moves() -> None:
    desk = issuing_mechanism()
    assert desk.held(V2023) == [("1..100", AT)] and desk.adjustments() == {}
    assert desk.facts(V2023, 1)["law_type"] == "AER"
    assert desk.books.record(NOTICE, TOLD) is None, "nothing is first transferred by being issued"


def test_where_issuance_is_the_first_transfer_the_entry_tells_the_host() -> None:
    definition = FirstTransferDefinition.ISSUANCE
    desk = stating_host(purposes=(Purpose.IMP,), first_transfer_definition=definition, oimp_detail="aviation")
    desk.do(state())
    notice = stored(desk.books, NOTICE, FIRST, Notice)
    assert notice is not None
    un = issuing_mechanism(dict(notice.content))
    told = stored(un.books, NOTICE, TOLD, Notice)
    assert told is not None and told.kind is NoticeKind.FIRST_TRANSFERRED
    assert told.content["units"] == [[V2023, 1, 100, STOVES, LOA, "issuance"]]
    assert un.adjustments() == {} and un.facts(V2023, 1)["first_transfer_trigger"] == "issuance"


# In the host's book


def row(first: int = 1, last: int = 10, **changes: Any) -> list[JSON]:
    members: dict[str, JSON] = {
        "key": V2023,
        "first": first,
        "last": last,
        "activity": STOVES,
        "letter": LOA,
        "trigger": "international_transfer",
        **changes,
    }
    return list(members.values())


def first_transfer(*rows: list[JSON], **changes: Any) -> TakeNotice:
    """XUN forwarded 1 to 10 to CHE, and tells THA."""
    told: dict[str, Any] = {"units": list(rows) or [row()], "to": "CHE", "act": "FirstTransferred"}
    asked: dict[str, Any] = {"notice": TOLD, "partner": Party("XUN"), "kind": NoticeKind.FIRST_TRANSFERRED, **changes}
    said = asked.pop("said", {})
    return take({**told, **said}, **asked)


def came_home(*, flagged: bool = False) -> AcceptTransfer:
    """XUN, or CHE where they are first transferred, offers 1 to 10 to THA."""
    source = issuing_mechanism()
    facts = dict(source.facts(V2023, 1))
    if flagged:
        facts |= {"first_transferred_on": "2026-03-31", "first_transfer_trigger": "international_transfer"}
    told = content()
    return AcceptTransfer(
        transfer=TransferId("T-9"),
        partner=Party("CHE" if flagged else "XUN"),
        parts=(OfferedPart(V2023, 1, 10, facts),),
        target="tha:dev",
        authorizations=(told["letter"],),
        approaches=(told["approach"],),
        proposal="ef" * 32,
    )


HOME = Acquire(transfer=TransferId("T-9"), receipt="01" * 32, provenance="")
BOOKING = (
    Case("who tells it is nobody known", LinkFault.UNKNOWN, lambda _: first_transfer(partner=Party("NOR"))),
    Case("it names no units", NoticeFault.CONTENT_UNREADABLE, lambda _: first_transfer(said={"units": 3})),
    Case("it names none", NoticeFault.TOO_MANY_PARTS, lambda _: first_transfer(said={"units": []})),
    Case("its act is a word", NoticeFault.CONTENT_UNREADABLE, lambda _: first_transfer(said={"act": "Fun"})),
    Case("its Party is a word", NoticeFault.CONTENT_UNREADABLE, lambda _: first_transfer(said={"to": "che"})),
    Case("a class is a word", IdentifierFault.UNREADABLE, lambda _: first_transfer(row(key="x"))),
    Case("a range runs backwards", SerialsFault.BACKWARDS, lambda _: first_transfer(row(9, 1))),
    Case("it is dated tomorrow", ToldFault.NOT_YET, lambda _: first_transfer(told_on=date(2026, 4, 1))),
    Case("it names units twice", ToldFault.TWICE, lambda _: first_transfer(row(1, 10), row(10, 12))),
    Case(
        "the units are another host's",
        ToldFault.NOT_ISSUED_THERE,
        lambda _: first_transfer(row(key="CA0001-XUN01-JPN-#-2023")),
    ),
    Case(
        "another registry issued them",
        ToldFault.NOT_ISSUED_THERE,
        lambda _: first_transfer(partner=Party("CHE"), notice=TransferId("N:CHE01:THA:1")),
    ),
    Case("this activity was not stated", MechanismFault.NOT_STATED, lambda _: first_transfer(row(activity=OTHER))),
    Case("they are under another letter", MechanismFault.OTHER_LETTER, lambda _: first_transfer(row(letter="LOA-9"))),
    Case("the letter calls no issuance so", ToldFault.NOT_BY_LETTER, lambda _: first_transfer(row(trigger="issuance"))),
    Case("the event is a word", NoticeFault.CONTENT_UNREADABLE, lambda _: first_transfer(row(trigger="fun"))),
    Case(
        "they went on before this book knew them",
        ToldFault.NOT_KNOWN_YET,
        lambda _: first_transfer(said={"act": "TransferredAbroad"}),
    ),
    Case(
        "another host's units went on",
        ToldFault.NOT_ISSUED_THERE,
        lambda _: first_transfer(row(key="CA0001-XUN01-JPN-#-2023"), said={"act": "TransferredAbroad"}),
    ),
    Case("they went to nobody", ToldFault.NOT_BY_LETTER, lambda _: first_transfer(said={"to": ""})),
    Case("they went to their host", ToldFault.NOT_BY_LETTER, lambda _: first_transfer(said={"to": "THA"})),
    Case("the letter does not name the Party", CoverageFault.PARTY, lambda _: first_transfer(said={"to": "NOR"})),
    Case(
        "they came here before",
        ToldFault.STANDS_HERE,
        after(came_home(), HOME, then=first_transfer()),
    ),
    Case(
        "they come home before their host added them",
        AcquireFault.NOT_TOLD_YET,
        lambda _: came_home(flagged=True),
    ),
)


@pytest.mark.parametrize("case", BOOKING, ids=titles)
def test_a_first_transfer_of_the_mechanism_is_not_booked_when(case: Case) -> None:
    check_refused(case, stated())


def test_each_unit_is_added_once_however_it_is_told() -> None:
    desk = stated()
    desk.do(first_transfer(row(1, 10)))
    assert desk.adjustments() == {"ndc:THA:2023:added": 10, "awaiting-use": -10}
    desk.do(first_transfer(row(5, 20), notice=TransferId("N:XUN01:THA:2")))
    assert desk.adjustments()["ndc:THA:2023:added"] == 20
    known = desk.do(first_transfer(row(1, 20), notice=TransferId("N:XUN01:THA:3")))
    assert (known.act, desk.adjustments()["ndc:THA:2023:added"]) == (Act.NOTICE_TAKEN, 20)
    assert desk.held(V2023) == [("1..10", "to:mechanism"), ("11..20", "to:mechanism")]


def test_the_host_believes_ranges_and_events_and_knows_the_rest_itself() -> None:
    desk = stated()
    desk.do(first_transfer())
    facts = desk.facts(V2023, 1)
    assert (facts["sector"], facts["authorization"], facts["activity"]) == ("Transport", LOA, STOVES)
    assert desk.books.record("first_transferred_quantity", LOA) == 10
