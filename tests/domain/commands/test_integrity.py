"""What an activity states of its quality: kept, changed with its differences, refused when it cannot be read."""

from typing import Any

import pytest

from counterfoil.application.command import stored
from counterfoil.domain.activities.activity import ACTIVITY, Activity
from counterfoil.domain.activities.integrity import VALUES_MAX, Attribute, IntegrityFault, IntegrityKind
from counterfoil.domain.activities.life import EVENT, LifeEvent, event_key
from tests.domain.commands.desk import Case, check_refused, titles
from tests.domain.commands.lives import DAM, PAPER, change, idea
from tests.domain.commands.scene import host

WHY = Attribute(IntegrityKind.ADDITIONALITY, ("barrier", "common_practice"), PAPER)
GOALS = Attribute(IntegrityKind.GOALS, ("7", "13"))
MANY = tuple(f"w{number}" for number in range(VALUES_MAX + 1))


def stating(*stated: Attribute) -> Any:
    return lambda _: idea(integrity=stated)


REFUSALS = (
    Case("a kind is stated twice", IntegrityFault.UNCLEAR, stating(GOALS, GOALS)),
    Case("there is no such goal", IntegrityFault.UNCLEAR, stating(Attribute(IntegrityKind.GOALS, ("18",)))),
    Case("a goal is no number", IntegrityFault.UNCLEAR, stating(Attribute(IntegrityKind.GOALS, ("climate",)))),
    Case("nothing is stated", IntegrityFault.UNCLEAR, stating(Attribute(IntegrityKind.BASELINE, ()))),
    Case("it states a word twice", IntegrityFault.UNCLEAR, stating(Attribute(IntegrityKind.BASELINE, ("a", "a")))),
    Case("it states a book", IntegrityFault.UNCLEAR, stating(Attribute(IntegrityKind.SAFEGUARDS, MANY))),
    Case("it is prose", IntegrityFault.UNCLEAR, stating(Attribute(IntegrityKind.SAFEGUARDS, ("No harm.",)))),
    Case("its document is a title", IntegrityFault.UNCLEAR, stating(Attribute(IntegrityKind.GOALS, ("7",), "PDD"))),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_statement_is_refused_when(case: Case) -> None:
    check_refused(case, host())


def test_what_is_stated_stands_with_the_activity_and_a_change_keeps_both() -> None:
    desk = host()
    desk.do(idea(integrity=(WHY,)))
    desk.do(change(integrity=(WHY, GOALS)))
    activity = stored(desk.books, ACTIVITY, DAM, Activity)
    event = stored(desk.books, EVENT, event_key(DAM, 2), LifeEvent)
    assert activity is not None and activity.integrity == (WHY, GOALS)
    assert event is not None and [each.field for each in event.differences] == ["integrity"]
    assert (len(event.differences[0].before), len(event.differences[0].after)) == (1, 2)
