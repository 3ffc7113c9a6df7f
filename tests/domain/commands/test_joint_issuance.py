"""A joint decision in two books: each refusal, of this side's word, of the partner's, and of the issuance."""

from typing import Any

import pytest

from counterfoil.application.commands.issue import Issue, IssueFault
from counterfoil.application.commands.joint_issuance import AgreeJointIssuance
from counterfoil.application.commands.take_notice import TakeNotice
from counterfoil.domain.activities.activity import ActivityFault
from counterfoil.domain.federation.joint_issuance import JointFault
from counterfoil.domain.federation.link import LinkFault
from counterfoil.domain.federation.notice import NoticeFault, NoticeKind
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.ledger.account import AccountFault
from counterfoil.domain.ledger.entry import Act
from tests.domain.commands.desk import TODAY, Case, Desk, after, check_refused, titles
from tests.domain.commands.scene import BUSES, DEV, V2023, host, issue

DOCUMENT = "ab" * 32
HALVES = {"THA": 50, "JPN": 50}


def agree(**changes: Any) -> AgreeJointIssuance:
    """THA's word: 100 t of BUSES, half each; each book issues its own."""
    content: dict[str, Any] = {
        "decision": "JC-1",
        "partner": Party("JPN"),
        "activity": BUSES,
        "vintage": 2023,
        "quantity": 100,
        "shares": HALVES,
        "document": DOCUMENT,
        "verification": "V-1",
        "account": DEV,
    }
    return AgreeJointIssuance(**{**content, **changes})


def there(number: int = 1, **changes: Any) -> TakeNotice:
    """JPN's word on the same."""
    content: dict[str, Any] = {
        "decision": "JC-1",
        "activity": BUSES,
        "vintage": 2023,
        "quantity": 100,
        "shares": HALVES,
        "document": DOCUMENT,
        "originating": "",
        "transit": "",
        **changes,
    }
    return told(NoticeKind.JOINT_AGREED, content, number)


def told(kind: NoticeKind, content: dict[str, Any], number: int = 1) -> TakeNotice:
    return TakeNotice(
        notice=TransferId(f"N:JPN01:THA:{number}"),
        partner=Party("JPN"),
        kind=kind,
        told_on=TODAY,
        content=content,
        message="45" * 32,
    )


def issued_there(**changes: Any) -> TakeNotice:
    return told(NoticeKind.JOINTLY_ISSUED, {"decision": "JC-1", "issued": 50, **changes}, 2)


def jointly(**changes: Any) -> Issue:
    return issue(**{"decision": "JC-1", "authorization": None, **changes})


UNCLEAR = JointFault.SHARES_UNCLEAR
REFUSALS = (
    Case("the shares are not the whole", UNCLEAR, lambda _: agree(shares={"THA": 50, "JPN": 49})),
    Case("a share is below zero", UNCLEAR, lambda _: agree(shares={"THA": 150, "JPN": -50})),
    Case("a third has a share", UNCLEAR, lambda _: agree(shares={"THA": 50, "CHE": 50})),
    Case("there is nothing to share", UNCLEAR, lambda _: agree(quantity=0, shares={"THA": 0, "JPN": 0})),
    Case("a third originates", UNCLEAR, lambda _: agree(originating="CHE")),
    Case("there is no document", UNCLEAR, lambda _: agree(document="")),
    Case("nobody is linked", LinkFault.UNKNOWN, lambda _: agree(partner="NOR", shares={"THA": 50, "NOR": 50})),
    Case("the activity is unknown", ActivityFault.UNKNOWN, lambda _: agree(activity="RICE")),
    Case("it was said before", JointFault.ALREADY_AGREED, after(agree(), then=agree())),
    Case("the partner said otherwise", JointFault.DIFFERS, after(there(vintage=2024), then=agree())),
    Case("this side said otherwise", JointFault.DIFFERS, after(agree(), then=there(vintage=2024))),
    Case("the partner said it before", JointFault.ALREADY_AGREED, after(there(), then=there(2))),
    Case("the partner shares unclearly", UNCLEAR, lambda _: there(shares={"THA": 1, "JPN": 1})),
    Case("the partner says too little", NoticeFault.CONTENT_UNREADABLE, lambda _: told(NoticeKind.JOINT_AGREED, {})),
    Case("the partner has not spoken", JointFault.PARTNER_AWAITED, after(agree(), then=jointly())),
    Case("less is issued", JointFault.OTHER_TERMS, after(agree(), there(), then=jointly(quantity=99))),
    Case(
        "the partner's book issues all",
        JointFault.ORIGINATES_ELSEWHERE,
        after(agree(originating="JPN"), there(originating="JPN"), then=jointly()),
    ),
    Case(
        "the transit account is not open",
        AccountFault.UNKNOWN,
        after(
            agree(originating="THA", transit="tha:nowhere"),
            there(originating="THA", transit="tha:nowhere"),
            then=jointly(),
        ),
    ),
    Case("it was issued", IssueFault.DECISION_USED, after(agree(), there(), jointly(), then=jointly())),
    Case("nobody agreed to what they issued", JointFault.UNKNOWN, lambda _: issued_there()),
    Case("they issued another share", JointFault.SHARE_DIFFERS, after(agree(), there(), then=issued_there(issued=51))),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_joint_issuance_is_refused_when(case: Case) -> None:
    check_refused(case, host())


def standing(**changes: Any) -> Desk:
    desk = host()
    desk.do(agree(**changes))
    desk.do(there(**changes))
    return desk


def test_this_book_issues_its_share_and_the_whole_counts_against_the_verification() -> None:
    desk = standing()
    entry = desk.do(jointly())
    assert desk.held(V2023) == [("1..50", DEV)]
    assert (entry.act, entry.details["shares"]) == (Act.ISSUED, {"JPN": 50, "THA": 50})
    assert desk.books.record("verification", "V-1")["issued"] == [{"vintage": 2023, "quantity": 100}]


@pytest.mark.parametrize("transit", ["tha:shop", ""])
def test_the_originating_book_issues_all_with_a_transit_account_or_without(transit: str) -> None:
    desk = standing(originating="THA", transit=transit)
    desk.do(jointly())
    assert desk.held(V2023) == [("1..50", DEV), ("51..100", transit or DEV)]
