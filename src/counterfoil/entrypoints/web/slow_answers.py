"""Answers that read the whole journal, kept until they are old: one at a time is worked on, whoever asks.

A quick one is made anew after every commit. A slow one is shown as it was, with the number of entries it knows, while
the next is being made; only who asks first waits.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.application.ports import Outage
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.reading_room import ReadingRoom

KEPT_MAX: Final = 64
WAITING_MAX: Final = 8
"""Different questions that may wait for their turn; beyond them a visitor is told to come back."""
QUICK_SECONDS: Final = 0.25

Question = Callable[[Sight], Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, the entries that it knows, and whether it knows all that are there now."""

    value: Any
    entries: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    moment: str
    value: Any
    entries: int
    seconds: float


class SlowAnswers:
    """What one server keeps. It belongs to one event loop."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._running: dict[str, asyncio.Task[_Kept]] = {}
        self._turn: asyncio.Lock | None = None

    async def ask(self, room: ReadingRoom, key: str, question: Question) -> Answered:
        """The answer to the question of that key.

        Raises:
            Outage: `http.busy`, or what the store says.
        """
        kept = self._kept.get(key)
        if kept is not None and kept.moment == room.moment:
            return Answered(kept.value, kept.entries, fresh=True)
        task = self._task(room, key, question)
        if kept is not None and kept.seconds > QUICK_SECONDS:
            return Answered(kept.value, kept.entries, fresh=False)
        made = await asyncio.shield(task)
        return Answered(made.value, made.entries, fresh=True)

    def _task(self, room: ReadingRoom, key: str, question: Question) -> "asyncio.Task[_Kept]":
        running = self._running.get(key)
        if running is not None:
            return running
        if len(self._running) >= WAITING_MAX:
            raise Outage(HttpFault.BUSY, {"waiting": len(self._running)}, retry=True)
        task = asyncio.create_task(self._made(room, key, question))
        self._running[key] = task
        # Where nobody waits for it any more, a failure is told to who asks next.
        task.add_done_callback(lambda done: self._running.pop(key, None) and (done.cancelled() or done.exception()))
        return task

    async def _made(self, room: ReadingRoom, key: str, question: Question) -> _Kept:
        self._turn = self._turn or asyncio.Lock()
        async with self._turn:
            moment, begun = room.moment, time.perf_counter()
            value, entries = await room.ask(lambda sight: (question(sight), _entries(sight)))
            made = _Kept(moment, value, entries, time.perf_counter() - begun)
        self._kept.pop(key, None)
        self._kept[key] = made
        while len(self._kept) > KEPT_MAX:
            del self._kept[next(iter(self._kept))]
        return made


def _entries(sight: Sight) -> int:
    last = sight.reading.last_checkpoint()
    return 0 if last is None else last.size
