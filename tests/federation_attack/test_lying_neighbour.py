"""Reconciliation with a partner that lies, repeats what it overheard, or takes its time."""

from collections.abc import Iterator
from typing import Any

import pytest

from counterfoil.application.ports import Outage
from counterfoil.domain.federation.link import PARTNER
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints import reconciler_at_hand
from tests.reconciling.neighbours import CLASS, Neighbours, carrier


@pytest.fixture
def neighbours() -> Iterator[Neighbours]:
    made = Neighbours()
    yield made
    for each in made.all.values():
        assert each.audit().findings == ()


def test_an_overheard_question_that_comes_again_raises_no_alarm(neighbours: Neighbours) -> None:
    """XAA shows its log, which grows. Who overheard the first question repeats it: it proves no log that shrank."""
    a, b = neighbours.a, neighbours.b
    overheard: list[bytes] = []

    def carry(question: bytes) -> bytes:
        overheard.append(question)
        return carrier(b)(question)

    a.reconciler.run(b.party, carry)
    for each in (a, b):
        each.clock.move_to(each.clock.now_ms() + 60_000)
    neighbours.move(a, b, 1, 10, "t-1")
    a.reconciler.run(b.party, carrier(b))
    for question in overheard:
        b.reconciler.answer(question)
    assert b.writer.books.record(PARTNER, a.party)["state"] == "live"
    assert b.cases() == []


class Lying:
    """Answers every question as it is told, signed as it should be."""

    def __init__(self, asked: Any, asker: Any, answers: dict[str, Any]) -> None:
        self._asked, self._answers = asked, answers
        self._talk = asked.reconciler._talk
        self._asker = asker

    def __call__(self, question: bytes) -> bytes:
        reading = self._asked.store.reading()
        told = self._talk.heard_question(question, reading)
        reading.close()
        assert not isinstance(told, Refusal), told
        answer = self._answers.get(told.body["ask"])
        if answer is None:
            found = self._asked.reconciler.answer(question)
            assert isinstance(found, bytes)
            return found
        return self._talk.answer(told, answer)


BAD: list[Any] = [None, [], "x", -1, {"a": 1}, [[]], [[CLASS, "a", "b"]], [[CLASS, 1, 2, "out", 0, "", "", False]] * 3]


@pytest.mark.parametrize("value", BAD, ids=range(len(BAD)))
@pytest.mark.parametrize(
    "ask", ["seen", "checkpoint", "witness", "keep", "classes", "claims", "proofs", "slices", "ranges"]
)
def test_answers_that_are_none_are_refusals_and_break_nothing(neighbours: Neighbours, ask: str, value: Any) -> None:
    a, b = neighbours.a, neighbours.b
    neighbours.move(a, b, 1, 10, "t-1")
    names = ("size", "request", "line", "kept", "classes", "claims", "more", "proofs", "slices", "ranges")
    lies: dict[str, Any] = {"classes": {"classes": [], "more": False}, ask: dict.fromkeys(names, value)}
    outcome = a.reconciler.run(b.party, Lying(b, a, lies))
    assert outcome is not None


def test_a_partner_that_claims_all_serials_blocks_none(neighbours: Neighbours) -> None:
    a, b = neighbours.a, neighbours.b
    lies = {
        "classes": {"classes": [[CLASS, "0" * 64]], "more": False},
        "ranges": {"ranges": [[1, 1_000]], "more": False},
        "claims": {"claims": [[CLASS, 1, 1_000, "in", 3, "t-7", "2025-01-01T00:00:00Z", False]], "more": False},
    }
    outcome = a.reconciler.run(b.party, Lying(b, a, lies))
    assert not isinstance(outcome, Refusal), outcome
    assert not any(case.blocked for case in a.cases())
    neighbours.move(a, b, 1, 1_000, "t-8")
    assert b.holds(1, 1_000) == b.holder


def test_a_partner_that_takes_its_time_does_not_hold_a_reconciliation_for_days(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0

    def slow(_: bytes) -> bytes:
        nonlocal now
        now += 59
        return b""

    monkeypatch.setattr(reconciler_at_hand.time, "monotonic", lambda: now)
    ask = reconciler_at_hand.patient(slow)
    with pytest.raises(Outage):
        for _ in range(1_000):
            ask(b"")
