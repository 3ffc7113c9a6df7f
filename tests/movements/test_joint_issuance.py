"""One decision of two Parties, issuance in two books: neither alone, both by the shares that both have said alike."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import Units
from counterfoil.application.commands.issue import Issue
from counterfoil.application.commands.joint_issuance import AgreeJointIssuance
from counterfoil.application.commands.monitor import SubmitMonitoring, Verify
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.register import RegisterActivity
from counterfoil.application.queries.notices import notices
from counterfoil.application.receipt import Receipt
from counterfoil.domain.federation.notice import NoticeState
from counterfoil.domain.kernel.ids import ActivityId, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.mrv.verification import VintageQuantity
from counterfoil.domain.units.unit_type import MitigationType, UnitType
from tests.application.office import Office
from tests.movements.books import Books

SOLAR = ActivityId("SOLAR")
HOST, OTHER = "XAA01-JCM-#-2024", "XBB01-JCM-#-2024"
WHOLE = (VintageQuantity(2024, 1_000),)


def agreed_activity(office: Office) -> None:
    """The activity SOLAR with 1,000 t of 2024 verified."""
    digest = office.world.evidence.put(b"readings")
    office.do(
        RegisterActivity(
            activity=SOLAR,
            title="A solar plant",
            mitigation_type=MitigationType.REDUCTION,
            sector="Energy",
            activity_type="Solar",
        ),
        SubmitMonitoring(
            monitoring="S-M",
            activity=SOLAR,
            first_day=date(2024, 1, 1),
            last_day=date(2024, 12, 31),
            monitored=WHOLE,
            evidence=(digest,),
        ),
        Verify(verification="S-V", monitoring="S-M", verifier="body", verified=WHOLE, statement="as monitored"),
    )


@pytest.fixture
def books() -> Iterator[Books]:
    """1,000 t of the activity SOLAR verified in the books of both Parties."""
    books = Books()
    for office in books.offices.values():
        agreed_activity(office)
    yield books
    books.sound()


def word(party: str, partner: str, **changes: Any) -> AgreeJointIssuance:
    content: dict[str, Any] = {
        "decision": "JC-1",
        "partner": Party(partner),
        "activity": SOLAR,
        "vintage": 2024,
        "quantity": 1_000,
        "shares": {"XAA": 400, "XBB": 600},
        "document": "ab" * 32,
        "verification": "S-V",
        "account": f"{party.lower()}:holder",
        "unit_type": UnitType.DOMESTIC,
        "scheme": "JCM",
    }
    return AgreeJointIssuance(**{**content, **changes})


def issue(party: str, **changes: Any) -> Issue:
    content: dict[str, Any] = {
        "activity": SOLAR,
        "verification": "S-V",
        "vintage": 2024,
        "quantity": 1_000,
        "account": f"{party.lower()}:holder",
        "unit_type": UnitType.DOMESTIC,
        "scheme": "JCM",
        "decision": "JC-1",
    }
    return Issue(**{**content, **changes})


def agreed(books: Books, **changes: Any) -> list[object]:
    """Both say the same, and tell each other."""
    books.host.do(word("XAA", "XBB", **changes))
    books.buyer.do(word("XBB", "XAA", **changes))
    return [*books.tell("XAA"), *books.tell("XBB")]


def born(books: Books, party: str, key: str) -> int:
    return sum(each.serials.size for each in books.offices[party].writer.books.holdings(key, 1, 10_000))


def refused(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    return str(outcome.code)


def test_one_issuance_brings_the_other_in_the_partner_s_book(books: Books) -> None:
    assert all(isinstance(outcome, Receipt) for outcome in agreed(books))
    books.buyer.do(issue("XBB"))
    assert (born(books, "XAA", HOST), born(books, "XBB", OTHER)) == (0, 600)
    books.tell("XBB")
    assert (born(books, "XAA", HOST), born(books, "XBB", OTHER)) == (400, 600)
    books.tell("XAA")
    assert books.notices("XAA", NoticeState.OWED) == books.notices("XBB", NoticeState.OWED) == []


@pytest.mark.parametrize("party", ["XAA", "XBB"])
def test_neither_book_issues_before_both_have_said_the_same(books: Books, party: str) -> None:
    other = {"XAA": "XBB", "XBB": "XAA"}[party]
    books.offices[party].do(word(party, other))
    assert refused(books.offices[party].ask(issue(party))[0]) == "joint_issuance.partner_awaited"
    books.offices[other].do(word(other, party))
    books.tell(other)
    assert isinstance(books.offices[party].ask(issue(party))[0], Receipt)


@pytest.mark.parametrize(
    ("changed", "member"),
    [
        ({"shares": {"XAA": 500, "XBB": 500}}, "shares"),
        ({"quantity": 900, "shares": {"XAA": 300, "XBB": 600}}, "quantity, shares"),
        ({"document": "cd" * 32}, "document"),
        ({"vintage": 2023}, "vintage"),
    ],
)
def test_words_that_differ_are_refused_in_both_books(books: Books, changed: dict[str, Any], member: str) -> None:
    books.host.do(word("XAA", "XBB"))
    books.buyer.do(word("XBB", "XAA", **changed))
    (outcome, *_) = books.tell("XAA")
    assert refused(outcome) == "joint_issuance.differs" and outcome.facts["members"] == member  # type: ignore[attr-defined]
    (outcome, *_) = books.tell("XBB")
    assert refused(outcome) == "joint_issuance.differs"
    for party in ("XAA", "XBB"):
        assert refused(books.offices[party].ask(issue(party))[0]) == "joint_issuance.partner_awaited"


def test_a_word_that_the_partner_said_otherwise_is_not_given(books: Books) -> None:
    books.host.do(word("XAA", "XBB"))
    books.tell("XAA")
    other = word("XBB", "XAA", shares={"XAA": 500, "XBB": 500})
    assert refused(books.buyer.ask(other)[0]) == "joint_issuance.differs"


def test_under_one_decision_each_book_issues_once_and_only_what_was_agreed(books: Books) -> None:
    agreed(books)
    assert refused(books.host.ask(issue("XAA", quantity=999))[0]) == "joint_issuance.other_terms"
    books.host.do(issue("XAA"))
    assert refused(books.host.ask(issue("XAA"))[0]) == "issue.decision_used"
    for _ in range(2):
        books.links["XAA"].resend("N:XAA01:XBB:2")
    books.network.deliver()
    assert (born(books, "XAA", HOST), born(books, "XBB", OTHER)) == (400, 600)


def test_what_the_other_book_could_not_issue_at_once_it_issues_when_it_is_told_again(books: Books) -> None:
    """The account of its share is not open yet: its share stays due, and comes when the account is there."""
    books.host.do(word("XAA", "XBB"))
    books.buyer.do(word("XBB", "XAA", account="xbb:later"))
    books.tell("XAA")
    books.tell("XBB")
    books.host.do(issue("XAA"))
    books.tell("XAA")
    assert (born(books, "XAA", HOST), born(books, "XBB", OTHER)) == (400, 0)
    assert [each["decision"] for each in due(books)] == ["JC-1"]
    books.buyer.do(OpenAccount(account="xbb:later", holder="E-1"))
    books.buyer.do(issue("XBB", account="xbb:later"))
    assert born(books, "XBB", OTHER) == 600 and due(books) == []


def due(books: Books) -> list[dict[str, Any]]:
    return notices(books.buyer.sight(), on=date(2025, 1, 20))["due"]


TRANSIT = "xaa:transit"


@pytest.mark.parametrize("transit", [TRANSIT, ""])
def test_where_the_host_originates_all_its_holdings_follow_with_transit_and_without(transit: str) -> None:
    """Checks C50 and C55 hold either way: the partner's share is the host's until its first transfer."""
    books = Books()
    books.host.verified(quantity=1_000, vintage=2024, key="M2")
    books.host.do(OpenAccount(account=TRANSIT, holder="XAA"))
    terms: dict[str, Any] = {
        "activity": "XA-BUSES",
        "verification": "M2-V",
        "originating": "XAA",
        "transit": transit,
        "unit_type": UnitType.ITMO,
        "scheme": "",
    }
    books.buyer.do(
        RegisterActivity(
            activity=ActivityId("XA-BUSES"),
            title="Buses",
            mitigation_type=MitigationType.REDUCTION,
            sector="Transportation",
            activity_type="Transport",
        )
    )
    books.host.do(replace(word("XAA", "XBB", **terms), authorization="XA-LOA-1"))
    books.buyer.do(word("XBB", "XAA", **terms))
    assert all(isinstance(each, Receipt) for each in [*books.tell("XAA"), *books.tell("XBB")])
    alone = issue("XBB", activity="XA-BUSES", verification="M2-V")
    assert refused(books.buyer.ask(alone)[0]) == "verification.unknown"
    books.host.do(
        issue(
            "XAA",
            activity="XA-BUSES",
            verification="M2-V",
            unit_type=UnitType.ITMO,
            scheme="",
            authorization="XA-LOA-1",
        )
    )
    key = "CA9001-XAA01-XAA-#-2024"
    assert books.where("XAA", 401, 1_000, key) == [transit or "xaa:holder"]
    books.tell("XAA")
    books.send(1, 1, "t-2", parts=(Units(key, 401, 1_000),), source=transit or "xaa:holder")
    assert books.net("XAA") == {"2024": 600}
    assert books.where("XBB", 401, 1_000, key) == ["xbb:holder"]
    assert books.inconsistencies() == []
    books.sound()
