"""What the mechanism's book issues and tells beside forwarding, for one host and for several."""

from datetime import date

from counterfoil.application.command import Units
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.contribute import ContributeToAdaptationFund
from counterfoil.application.commands.import_activities import ImportActivity
from counterfoil.application.commands.issue import Issue
from counterfoil.application.commands.monitor import SubmitMonitoring, Verify
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.state_authorization import StateAuthorization
from counterfoil.application.receipt import Receipt
from counterfoil.domain.activities.activity import ActivityKind
from counterfoil.domain.federation.notice import NoticeState
from counterfoil.domain.kernel.ids import ActivityId, Party
from counterfoil.domain.mrv.verification import VintageQuantity
from counterfoil.domain.policy.stages import Stage
from counterfoil.domain.units.unit_type import MitigationType
from tests.movements.mechanism import ANSWERS, AT_MECHANISM, CLASS, LETTER, STOVES, Mechanism, code


def test_a_holder_in_the_mechanism_gives_and_cancels_and_the_host_adds_it() -> None:
    """By a letter that leaves the Parties open: what is voluntary is told from what the mechanism's rules took."""
    books = Mechanism(authorized_parties=(), any_party=True)
    books.issued()
    books.un.do(
        ContributeToAdaptationFund(units=Units(CLASS, 71, 80), account=AT_MECHANISM),
        Cancel(units=Units(CLASS, 81, 85), account=AT_MECHANISM, purpose=CancellationPurpose.OMGE),
    )
    books.tell("XUN")
    assert books.net("XAA") == {"2023": 85}
    subtypes = [row.action_subtype for row in books.reports()["XAA"].actions]
    assert subtypes[2:] == [
        "Voluntary transfer to the Adaptation Fund (A6.4 ERs)",
        "Voluntary cancellation to deliver OMGE",
    ]
    assert books.inconsistencies() == []
    books.sound()


def test_the_host_issues_nothing_of_what_it_stated_and_the_mechanism_nothing_that_was_not_stated() -> None:
    books = Mechanism()
    books.un.do()  # nothing was stated yet
    assert code(unstated(books)) == "mechanism.not_stated"
    books.stated()
    asked = Issue(activity=STOVES, verification="M1-V", vintage=2023, quantity=1, account=books.host.holder)
    digest = books.host.world.evidence.put(b"readings")
    verified_at_home(books, digest)
    assert code(books.host.ask(asked)[0]) == "mechanism.host_issues_there"


def unstated(books: Mechanism) -> object:
    """What the mechanism answers to an issuance of an activity that it knows from a public record only."""

    known = ActivityId("XA-OTHER")
    books.un.do(
        ImportActivity(
            activity=known,
            title="Known",
            host="XAA",
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
    )
    books.verified(10, key="M9", activity=known)
    return books.un.ask(
        Issue(activity=known, verification="M9-V", vintage=2023, quantity=1, account=AT_MECHANISM, answers=ANSWERS)
    )[0]


def verified_at_home(books: Mechanism, digest: str) -> None:

    amounts = (VintageQuantity(2023, 10),)
    books.host.do(
        SubmitMonitoring(
            monitoring="M1",
            activity=STOVES,
            first_day=date(2023, 1, 1),
            last_day=date(2023, 12, 31),
            monitored=amounts,
            evidence=(digest,),
        ),
        Verify(verification="M1-V", monitoring="M1", verifier="body", verified=amounts, statement="as monitored"),
    )


def test_two_hosts_may_call_their_letters_alike_and_each_is_told_of_its_own_units() -> None:
    books = Mechanism("XBB", "XCC")
    books.issued()
    other = second_host(books)
    books.forward(71, 170)
    books.forward(71, 90, "f-2", source="xun:other", parts=(Units(other, 71, 90),))
    assert [name.split(":")[2] for name in books.notices("XUN", NoticeState.OWED)] == ["XAA", "XCC"]
    books.tell("XUN")
    assert (books.net("XAA"), books.net("XCC")) == ({"2023": 170}, {"2023": 90})
    records = books.un.writer.books.records.items()
    counts = {key: value for (kind, key), value in records if kind == "first_transferred_quantity"}
    assert counts == {f"XAA:{LETTER}": 170, f"XCC:{LETTER}": 90}
    assert books.inconsistencies() == []
    books.sound()


def second_host(books: Mechanism) -> str:
    """XCC hosts too: another activity, and a letter of the same name. The class of its units."""
    activity, first = ActivityId("XC-STOVES"), books.host
    books.host = books.offices["XCC"]
    books.registered(activity, authorized_parties=(Party("XBB"),))
    books.host.do(StateAuthorization(activity=activity, partner=Party("XUN"), authorization=LETTER))
    books.tell("XCC")
    books.host = first
    books.verified(key="M2", activity=activity)
    books.un.do(OpenAccount(account="xun:other", holder="Another developer", party=Party("XCC")))
    outcome = books.issue(key="M2", activity=activity, account="xun:other")
    assert isinstance(outcome, Receipt), outcome
    books.tell("XUN")
    return CLASS.replace("XAA", "XCC")


def test_books_compare_alike_after_units_came_home_by_way_of_a_buyer() -> None:
    """For the host they came from the buyer, although its own book never let them go."""
    books = Mechanism()
    books.issued()
    books.forward(71, 170)
    books.tell("XUN")
    books.send(71, 170, "t-1", by="XBB", to="XAA", parts=(Units(CLASS, 71, 170),))
    for party, other in (("XAA", "XBB"), ("XBB", "XAA"), ("XUN", "XBB"), ("XAA", "XUN")):
        assert books.mended(party, other) == []
        cases = [key for (kind, key), _ in books.offices[party].writer.books.records.items() if kind == "case"]
        assert cases == [], f"{party} and {other} disagree"
