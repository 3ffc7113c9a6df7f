"""A partner that lies in its answers: it is refused, or not believed, and nothing of ours is frozen by it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from counterfoil.application.command import Units
from counterfoil.application.reconciling.reconciler import Reconciled
from counterfoil.application.reconciling.talk import Talk
from counterfoil.domain.federation.case import Mender
from counterfoil.domain.kernel.refusal import Refusal
from tests.reconciling.neighbours import CLASS, Neighbours, Registry

Lie = Callable[[Mapping[str, Any]], Any]
HASH = "f" * 64


def liar(office: Registry, lie: Lie) -> Callable[[bytes], bytes]:
    """Answers as the office would, where it tells no lie; every answer bears its good signature."""

    def carry(question: bytes) -> bytes:
        talk = Talk(office.world, lambda: office.writer.registry)
        told = talk.heard_question(question, office.store.reading())
        assert not isinstance(told, Refusal), told
        said = lie(told.body)
        if said is not None:
            return talk.answer(told, said)
        answer = office.reconciler.answer(question)
        assert isinstance(answer, bytes)
        return answer

    return carry


def claiming(claims: Any, *, more: bool = False) -> Lie:
    """Says that its book has units 600 to 650, which never left."""

    def lie(question: Mapping[str, Any]) -> Any:
        come = question.get("way") == "in"
        match question["ask"]:
            case "summary" if come:
                return {"digest": HASH, "ranges": 1, "units": 51}
            case "classes" if come:
                return {"classes": [[CLASS, HASH]], "more": False}
            case "ranges" if come:
                return {"ranges": [[600, 650]], "more": False}
            case "claims":
                return {"claims": claims, "more": more}
        return None

    return lie


def claim(first: int, last: int, entry: int = 3, way: str = "in") -> list[Any]:
    return [CLASS, first, last, way, entry, "t-9", "2025-01-15T09:00:00Z", False]


@pytest.fixture
def neighbours() -> Neighbours:
    return Neighbours()


def test_units_that_are_only_claimed_stay_free(neighbours: Neighbours) -> None:
    a, b = neighbours.a, neighbours.b
    told = a.reconciler.run("XBB", liar(b, claiming([claim(600, 650)])))
    assert isinstance(told, Reconciled) and told.open_cases == 1
    (case,) = a.cases()
    assert (case.mender, case.blocked) == (Mender.NOBODY, False)
    assert not isinstance(neighbours.propose(a, neighbours.c, 600, 650, "t-1"), Refusal)
    again = a.reconciler.run("XBB", liar(b, claiming([claim(600, 650)])))
    assert isinstance(again, Reconciled) and again.opened == ()
    # The honest answer closes it.
    honest = neighbours.reconcile(a, b)
    assert honest.agreed and honest.confirmed == (case.id,)


def test_somebody_elses_receipt_proves_nothing(neighbours: Neighbours) -> None:
    """XBB shows a real entry of XAA, about units that it did acquire, for units that it did not."""
    a, b = neighbours.a, neighbours.b
    neighbours.move(a, b, 1, 50, "t-0")
    acquired = b.writer.books.holdings(CLASS, 1, 50)[0].seq
    lie = claiming([claim(600, 650, entry=acquired)])
    assert isinstance(a.reconciler.run("XBB", liar(b, lie)), Reconciled)
    case = next(case for case in a.cases() if case.units == (Units(CLASS, 600, 650),))
    assert (case.mender, case.blocked) == (Mender.NOBODY, False)


BAD: tuple[Any, ...] = (
    {},
    "x",
    [["x"]],
    [claim(600, 651)],
    [claim(600, 620), claim(620, 650)],
    [claim(600, 650, entry=-1)],
    [claim(600, 650, way="up")],
    [claim(650, 600)],
)


@pytest.mark.parametrize("claims", BAD)
def test_claims_that_are_none_are_refused_and_change_nothing(neighbours: Neighbours, claims: Any) -> None:
    a, b = neighbours.a, neighbours.b
    told = a.reconciler.run("XBB", liar(b, claiming(claims)))
    assert isinstance(told, Refusal) and told.code == "reconciliation.answer_unreadable"
    assert a.cases() == []


def test_a_partner_that_never_says_all_is_left(neighbours: Neighbours) -> None:
    a, b = neighbours.a, neighbours.b
    told = a.reconciler.run("XBB", liar(b, claiming([], more=True)))
    assert isinstance(told, Refusal) and told.code == "reconciliation.answer_unreadable"


def test_a_partner_that_refuses_is_named(neighbours: Neighbours) -> None:
    a, b = neighbours.a, neighbours.b
    refuses = liar(b, lambda question: {"refused": "no"} if question["ask"] == "summary" else None)
    told = a.reconciler.run("XBB", refuses)
    assert isinstance(told, Refusal) and told.code == "reconciliation.partner_refuses"


def test_a_checkpoint_of_another_log_is_not_cosigned(neighbours: Neighbours) -> None:
    """XBB shows XCC's checkpoint as its own."""
    a, b, c = neighbours.a, neighbours.b, neighbours.c
    kept: list[str] = []

    def overhear(question: Mapping[str, Any]) -> Any:
        if question["ask"] == "witness":
            kept.append(question["request"])
        return None

    c.reconciler.run("XAA", liar(a, overhear))
    lie = liar(b, lambda question: {"request": kept[0]} if question["ask"] == "checkpoint" else None)
    told = a.reconciler.run("XBB", lie)
    assert isinstance(told, Reconciled)
    assert told.watched.refusal is not None and told.watched.refusal.code == "witness.log_unknown"
    assert a.writer.books.record("partner_log", "XBB") is None


def test_a_suspended_partner_may_be_compared_with_and_a_merely_proposed_one_not(neighbours: Neighbours) -> None:
    from counterfoil.application.commands.link import ChangeLink
    from counterfoil.domain.federation.link import LinkState

    a, b = neighbours.a, neighbours.b
    change = ChangeLink(party=b.party, reason="r", state=LinkState.SUSPENDED)
    a.do(change)
    assert neighbours.reconcile(a, b).agreed
    a.do(replace(change, state=LinkState.PROPOSED))
    refused = a.reconciler.run("XBB", liar(b, lambda _: None))
    assert isinstance(refused, Refusal) and refused.code == "link.not_live"


def test_many_differences_become_cases_of_bounded_size(neighbours: Neighbours) -> None:
    a, b = neighbours.a, neighbours.b
    before = a.moment()
    for number in range(40):
        neighbours.move(a, b, 10 * number + 1, 10 * number + 5, f"t-{number}")
    a.lose(before)
    told = neighbours.reconcile(a, b)
    assert len(told.opened) == 40 and told.complete
    assert sum(units.last - units.first + 1 for case in a.cases() for units in case.units) == 200
    from tests.reconciling.neighbours import close

    a.do(*(close(case.id) for case in a.cases()))
    assert neighbours.reconcile(a, b).agreed and neighbours.reconcile(b, a).agreed
    assert not a.held() & b.held()
    assert a.audit().findings == ()
