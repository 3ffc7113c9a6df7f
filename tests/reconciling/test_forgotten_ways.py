"""A restored book that has forgotten more than one crossing of the same units makes each good, in order."""

from collections.abc import Iterator
from typing import Any

import pytest

from counterfoil.application.command import Units
from counterfoil.application.commands.close_case import Closing
from counterfoil.application.commands.open_case import CaseState
from counterfoil.application.writer import Submission
from counterfoil.domain.federation.case import CaseKind, Mender
from counterfoil.domain.kernel.refusal import Refusal
from tests.reconciling.neighbours import CLASS, Neighbours, Registry, close
from tests.reconciling.test_hostile_partner import liar
from tests.reconciling.test_reconciling import later, net

ROUNDS = 4


@pytest.fixture
def neighbours() -> Iterator[Neighbours]:
    yield Neighbours()


def mend(neighbours: Neighbours, office: Registry) -> list[str]:
    """What a restored registry does: it compares with everybody and closes what it has to mend, until nothing is left.

    While a case stands, no unit can be spent in two books.
    """
    codes: list[str] = []
    others = [other for other in neighbours.all.values() if other is not office]
    for _ in range(ROUNDS):
        for other in others:
            neighbours.reconcile(office, other)
        for case in office.cases():
            if case.state is CaseState.OPEN and case.kind is CaseKind.IN_BOTH:
                outcome = office.step([Submission(close(case.id), "DNA")])[0]
                codes += [outcome.code] if isinstance(outcome, Refusal) else []
    return codes


def blocked(office: Registry) -> set[int]:
    return {
        serial
        for case in office.cases()
        if case.state is not CaseState.CLOSED and case.blocked
        for units in case.units
        for serial in range(units.first, units.last + 1)
    }


def agree(neighbours: Neighbours) -> bool:
    """Whether every two of them compare alike, and no case is open anywhere."""
    pairs = [(one, two) for one in neighbours.all.values() for two in neighbours.all.values() if one is not two]
    told = [neighbours.reconcile(one, two) for _ in range(2) for one, two in pairs]
    return all(each.agreed and not each.open_cases for each in told[len(pairs) :])


def test_units_of_another_registry_that_came_and_went_back_come_again_and_are_given_up(neighbours: Neighbours) -> None:
    a, b = neighbours.a, neighbours.b
    before = b.moment()
    neighbours.move(a, b, 1, 40, "t-1")
    neighbours.move(b, a, 1, 40, "t-2")
    b.lose(before)
    later(neighbours, 4)
    neighbours.reconcile(b, a)
    # The arrival is taken again at once, and blocked by the departure that is lost, too.
    assert b.holds(1, 40) == b.holder and blocked(b) == set(range(1, 41))
    assert {(case.kind, case.mender) for case in b.cases()} == {
        (CaseKind.IN_BOTH, Mender.US),
        (CaseKind.IN_NEITHER, Mender.US),
    }
    assert mend(neighbours, b) == []
    assert b.holds(1, 40) == "to:XAA" and not a.held() & b.held()
    assert agree(neighbours)


def test_units_that_came_from_one_and_went_to_another_are_given_up_after_they_came(neighbours: Neighbours) -> None:
    a, b, c = neighbours.a, neighbours.b, neighbours.c
    before = b.moment()
    neighbours.move(a, b, 1, 40, "t-1")
    neighbours.move(b, a, 1, 40, "t-2")
    neighbours.move(a, b, 11, 20, "t-3")
    neighbours.move(b, c, 11, 20, "t-4")
    neighbours.move(c, a, 15, 20, "t-5")
    b.lose(before)
    later(neighbours, 4)
    mend(neighbours, b)
    assert not (a.held() & b.held() or b.held() & c.held() or a.held() & c.held())
    assert set(b.holds(11, 20).split()) == {"to:XCC"} and set(b.holds(21, 40).split()) == {"to:XAA"}
    assert agree(neighbours)


def test_what_went_and_came_back_was_first_transferred_all_the_same(neighbours: Neighbours) -> None:
    """No return undoes an adjustment: a host that has forgotten both books the first transfer again."""
    a, b = neighbours.a, neighbours.b
    before = a.moment()
    neighbours.move(a, b, 1, 40, "t-1")
    neighbours.move(b, a, 5, 10, "t-2")
    after = net(a)
    a.lose(before)
    later(neighbours, 4)
    assert mend(neighbours, a) == []
    assert a.holds(5, 10) == a.holder and not a.held() & b.held()
    assert net(a) == after == 40
    assert agree(neighbours)


def test_departures_to_two_partners_are_given_up_in_the_order_in_which_they_were(neighbours: Neighbours) -> None:
    a, b, c = neighbours.a, neighbours.b, neighbours.c
    before = a.moment()
    neighbours.move(a, b, 1, 40, "t-1")
    neighbours.move(b, a, 1, 40, "t-2")
    neighbours.move(a, c, 1, 40, "t-3")
    a.lose(before)
    later(neighbours, 4)
    neighbours.reconcile(a, c)
    neighbours.reconcile(a, b)
    to_c = next(case for case in a.cases() if case.partner == "XCC")
    refused = a.step([Submission(close(to_c.id), "DNA")])[0]
    assert isinstance(refused, Refusal) and refused.code == "case.earlier_first"
    mend(neighbours, a)
    assert a.holds(1, 40) == "to:XCC" and net(a) == 40
    assert agree(neighbours)


def test_a_way_that_a_partner_makes_up_blocks_nothing(neighbours: Neighbours) -> None:
    """It has its own signed entries for what it sent, and none of ours for what we never sent."""
    a, b = neighbours.a, neighbours.b
    neighbours.move(a, b, 1, 40, "t-1")
    neighbours.move(b, a, 1, 40, "t-2")
    entry = next(iter(b.writer.books.holdings(CLASS, 1, 40))).seq

    def lie(question: Any) -> Any:
        rows = [[CLASS, 1, 40, "out", entry, "t-2", "2025-01-15T09:00:00Z", True]]
        rows += [[CLASS, 1, 40, "in", entry + 90, "t-77", "2025-01-15T10:00:00Z", False]]
        match question["ask"]:
            case "summary" if question["way"] == "in":
                return {"digest": "f" * 64, "ranges": 1, "units": 40}
            case "classes" if question["way"] == "in":
                return {"classes": [[CLASS, "f" * 64]], "more": False}
            case "ranges" if question["way"] == "in":
                return {"ranges": [[1, 40]], "more": False}
            case "claims":
                return {"claims": rows[1:], "held": [], "more": False}
            case "history":
                return {"history": rows, "more": False}
        return None

    a.reconciler.run("XBB", liar(b, lie))
    assert blocked(a) == set()
    assert not isinstance(neighbours.propose(a, b, 1, 5, "t-3"), Refusal)


@pytest.mark.parametrize(
    "said",
    [
        {"history": "x", "more": False},
        {"history": [[CLASS, 1]], "more": False},
        {"history": [[CLASS, 500, 600, "in", 3, "t", "", False]], "more": False},
        {"history": [], "more": True},
        {"refused": "reconciliation.question_unreadable", "facts": {}},
        {},
    ],
    ids=["no list", "no row", "other units", "too many", "an older version", "nothing"],
)
def test_a_partner_that_tells_no_way_is_believed_by_its_last_word(neighbours: Neighbours, said: Any) -> None:
    a, b = neighbours.a, neighbours.b
    before = a.moment()
    neighbours.move(a, b, 1, 40, "t-1")
    a.lose(before)
    a.reconciler.run("XBB", liar(b, lambda question: said if question["ask"] == "history" else None))
    (case,) = a.cases()
    assert (case.mender, case.units) == (Mender.US, (Units(CLASS, 1, 40),))


def test_nobody_reads_more_of_a_journal_by_one_question_than_is_bounded(
    neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    from counterfoil.application.reconciling import history

    a, b = neighbours.a, neighbours.b
    neighbours.move(a, b, 1, 40, "t-1")
    neighbours.move(b, a, 1, 40, "t-2")
    reading = a.store.reading()
    asked = [[CLASS, 1, 40]]
    assert len(history.told_history(asked, "XBB", reading, a.world.codec)["history"]) == 2  # type: ignore[arg-type]
    monkeypatch.setattr(history, "LEAVES_MAX", 1)
    assert history.told_history(asked, "XBB", reading, a.world.codec) == {"history": [], "more": True}


def test_units_that_came_from_a_registry_that_is_gone_only_passed_as_an_authority_decides(
    neighbours: Neighbours,
) -> None:
    """XCC sent them to XBB, which sent them to XAA; then XBB lost both, and XCC does not answer any more."""
    a, b, c = neighbours.a, neighbours.b, neighbours.c
    neighbours.move(a, c, 1, 40, "t-1")
    before = b.moment()
    neighbours.move(c, b, 1, 40, "t-2")
    neighbours.move(b, a, 1, 40, "t-3")
    b.lose(before)
    later(neighbours, 4)
    neighbours.reconcile(b, a)
    (case,) = b.cases()
    refused = b.step([Submission(close(case.id), "DNA")])[0]
    assert isinstance(refused, Refusal) and refused.code == "case.units_unknown"
    b.do(close(case.id, Closing.PASSED_ON))
    assert (b.holds(1, 40), b.held()) == ("to:XAA", set())
    for asking, asked in ((a, b), (b, a)):
        told = neighbours.reconcile(asking, asked)
        assert told.agreed and not told.open_cases
    # They come back like any others that have left,.
    neighbours.move(a, b, 1, 40, "t-4")
    assert b.holds(1, 40) == b.holder and not a.held() & b.held()
