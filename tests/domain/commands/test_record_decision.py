"""Decisions of authorities, as the law asks for them."""

from datetime import date
from typing import Any

import pytest

from counterfoil.application.commands.record_decision import RecordDecision, decisions_about
from counterfoil.domain.authorizations.decision import DECISIONS_MAX, Decision, DecisionFault, standing
from counterfoil.domain.ledger.entry import Act
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles
from tests.domain.commands.scene import BUSES, LOA, host


def decision(**changes: Any) -> RecordDecision:
    content: dict[str, Any] = {"decision": "D-1", "authority": "state", "authorization": LOA, "level": "state"}
    return RecordDecision(**{**content, **changes})


def crowded(desk: Desk) -> RecordDecision:
    for number in range(DECISIONS_MAX):
        desk.do(decision(decision=f"D-{number}"))
    return decision(decision="D-last")


REFUSALS = (
    Case("its name has a space", DecisionFault.ID_UNREADABLE, lambda _: decision(decision="D 1")),
    Case("it was recorded before", DecisionFault.ALREADY_RECORDED, after(decision(), then=decision(level="federal"))),
    Case("it is about nothing", DecisionFault.ABOUT_UNCLEAR, lambda _: decision(authorization=None)),
    Case("it is about two things", DecisionFault.ABOUT_UNCLEAR, lambda _: decision(activity=BUSES)),
    Case(
        "its activity is unknown",
        DecisionFault.ABOUT_UNCLEAR,
        lambda _: decision(authorization=None, activity="OTHER"),
    ),
    Case("its authorization has a slash", DecisionFault.ABOUT_UNCLEAR, lambda _: decision(authorization="A/1")),
    Case("nobody decided", DecisionFault.CONTENT_UNREADABLE, lambda _: decision(authority=" ")),
    Case("its document is no digest", DecisionFault.CONTENT_UNREADABLE, lambda _: decision(document="letter.pdf")),
    Case("it says nothing", DecisionFault.SAYS_NOTHING, lambda _: decision(level="")),
    Case("its step is of no procedure", DecisionFault.SAYS_NOTHING, lambda _: decision(step="letter")),
    Case("its quantity is zero", DecisionFault.QUANTITY_UNCLEAR, lambda _: decision(quantity=0)),
    Case("its quantity is refused", DecisionFault.QUANTITY_UNCLEAR, lambda _: decision(quantity=5, granted=False)),
    Case(
        "its quantity is of an activity",
        DecisionFault.QUANTITY_UNCLEAR,
        lambda _: decision(quantity=5, authorization=None, activity=BUSES),
    ),
    Case("there are too many", DecisionFault.TOO_MANY, crowded),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_decision_is_not_recorded_when(case: Case) -> None:
    check_refused(case, host())


def test_a_decision_may_come_before_the_authorization_that_it_is_about() -> None:
    desk = host()
    assert desk.do(decision(quantity=60)).act is Act.DECISION_RECORDED
    (found,) = decisions_about(desk.books, (f"authorization:{LOA}",))
    assert (found.level, found.quantity, found.decided_on) == ("state", 60, desk.today)


def told(number: int, day: date, **changes: Any) -> Decision:
    return Decision(id=f"D-{number}", about="activity:A", authority="a", decided_on=day, **changes)


DAY, NEXT = date(2026, 1, 1), date(2026, 1, 2)


def test_the_latest_decision_of_a_word_holds_and_only_from_its_day() -> None:
    decisions = (
        told(1, NEXT, level="state", granted=False),
        told(2, DAY, level="state", quantity=60),
        told(3, DAY, cycle="approval", step="letter"),
        told(4, NEXT, fact="minister_agrees", granted=False),
    )
    before = standing(decisions, on=DAY)
    assert (before.approved, before.done, before.answers) == ({"state": 60}, {"letter"}, {})
    after_it = standing(decisions, on=NEXT)
    assert (after_it.approved, after_it.answers) == ({}, {"minister_agrees": False})
