"""Answers that read the whole journal: one at a time, none twice, an old one while the new one is made, and bounded."""

import asyncio
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from counterfoil.application.ports import Outage
from counterfoil.entrypoints.web import slow_answers
from counterfoil.entrypoints.web.slow_answers import SlowAnswers

pytestmark = pytest.mark.anyio


class _Room:
    """Books with so many entries, whose readers are threads."""

    def __init__(self) -> None:
        self.entries = 1
        self.at_once = self.most = 0

    @property
    def moment(self) -> str:
        return str(self.entries)

    async def ask(self, question: Callable[[Any], Any]) -> Any:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        size = self.entries
        reading = SimpleNamespace(last_checkpoint=lambda: SimpleNamespace(size=size))
        try:
            return await asyncio.to_thread(question, SimpleNamespace(reading=reading))
        finally:
            self.at_once -= 1


async def test_who_asks_together_shares_one_answer_until_the_books_change() -> None:
    room, slow, made = _Room(), SlowAnswers(), list[int]()

    def question(sight: Any) -> int:
        made.append(sight.reading.last_checkpoint().size)
        return len(made)

    answers = await asyncio.gather(*(slow.ask(room, "a", question) for _ in range(20)))  # type: ignore[arg-type]
    assert {each.value for each in answers} == {1} and made == [1]
    room.entries = 2
    again = await slow.ask(room, "a", question)  # type: ignore[arg-type]
    assert (again.value, again.entries, again.fresh) == (2, 2, True), "a quick answer is made anew"


async def test_a_slow_answer_is_shown_as_it_was_while_the_next_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_answers, "QUICK_SECONDS", -1.0)
    room, slow, gate = _Room(), SlowAnswers(), threading.Event()
    first = await slow.ask(room, "a", lambda _: "old")  # type: ignore[arg-type]
    room.entries = 7

    def question(_: Any) -> str:
        gate.wait(10)
        return "new"

    old = await slow.ask(room, "a", question)  # type: ignore[arg-type]
    assert (old.value, old.entries, old.fresh) == ("old", 1, False) and first.fresh
    gate.set()
    for _ in range(200):
        now = await slow.ask(room, "a", question)  # type: ignore[arg-type]
        if now.fresh:
            break
        await asyncio.sleep(0.01)
    assert (now.value, now.entries) == ("new", 7)


async def test_one_is_worked_on_at_a_time_and_too_many_are_sent_away() -> None:
    room, slow, gate = _Room(), SlowAnswers(), threading.Event()
    waiting = [
        asyncio.create_task(slow.ask(room, str(number), lambda _: gate.wait(10)))  # type: ignore[arg-type]
        for number in range(slow_answers.WAITING_MAX)
    ]
    await asyncio.sleep(0.05)
    with pytest.raises(Outage) as busy:
        await slow.ask(room, "one more", lambda _: None)  # type: ignore[arg-type]
    assert busy.value.code == "http.busy" and busy.value.retry
    gate.set()
    await asyncio.gather(*waiting)
    assert room.most == 1


async def test_a_failure_is_told_and_the_next_one_asks_again() -> None:
    room, slow = _Room(), SlowAnswers()

    def broken(_: Any) -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await slow.ask(room, "a", broken)  # type: ignore[arg-type]
    assert (await slow.ask(room, "a", lambda _: 3)).value == 3  # type: ignore[arg-type]


async def test_no_more_answers_are_kept_than_the_bound() -> None:
    room, slow, made = _Room(), SlowAnswers(), list[str]()
    for number in range(slow_answers.KEPT_MAX + 1):
        await slow.ask(room, str(number), lambda _: made.append("made"))  # type: ignore[arg-type]
    await slow.ask(room, "0", lambda _: made.append("again"))  # type: ignore[arg-type]
    assert made[-1] == "again", "the oldest went"
