"""The desk between the event loop and the writer's thread: acts go over in one batch, answers come back in one.

While a batch is with the writer, what arrives is gathered; so batches grow by themselves under load, and a lone act
waits for nobody.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.draft import Outcome
from counterfoil.application.driver import Driver
from counterfoil.application.ports import Outage, OutageFault, Store
from counterfoil.application.writer import Submission

T = TypeVar("T")
ALIVE_SECONDS: Final = 5
_PAUSE_SECONDS: Final = 0.02
_FOR_GOOD: Final = frozenset({StorageFault.OUTCOME_UNKNOWN, StorageFault.HALTED, "storage.fenced"})
"""After these the store takes nothing more until the process starts again."""


class Desk:
    """Hands submissions to a driver and waits for the answers. It belongs to one event loop."""

    def __init__(self, driver: Driver, loop: asyncio.AbstractEventLoop) -> None:
        self._driver = driver
        self._loop = loop
        self._gathered: list[tuple[Submission, asyncio.Future[Outcome]]] = []
        self._away = False
        self._stopped = False

    @property
    def driver(self) -> Driver:
        """For work in threads of their own, which wait for the writer's."""
        return self._driver

    async def act(self, submission: Submission) -> Outcome:
        """One act, decided with those that came meanwhile.

        Raises:
            Outage: `writer.busy` or `writer.closed`; the act was not taken.
        """
        answer: asyncio.Future[Outcome] = self._loop.create_future()
        self._gathered.append((submission, answer))
        if len(self._gathered) == 1 and not self._away:
            # At the end of this turn of the loop, so that acts which arrived together go together.
            self._loop.call_soon(self._send)
        return await answer

    async def batch(self, submissions: Sequence[Submission]) -> Sequence[Outcome]:
        """Many acts, answered together. When the writer is full this waits: a bulk request is slowed, not refused.

        Raises:
            Outage: `writer.closed`.
        """
        answers: asyncio.Future[Sequence[Outcome]] = self._loop.create_future()

        def answer(outcomes: Sequence[Outcome]) -> None:
            self._tell(self._resolve, answers, outcomes)

        while True:
            try:
                self._driver.submit(submissions, answer)
                return await answers
            except Outage as outage:
                if outage.code != OutageFault.WRITER_BUSY:
                    raise
                await asyncio.sleep(_PAUSE_SECONDS)

    async def aside(self, work: Callable[[Store], T]) -> T:
        """Work on the writer's store between two batches.

        Raises:
            Outage: `writer.closed`, or what the store says.
        """
        return await asyncio.wrap_future(self._driver.aside(work))

    async def alive(self) -> bool:
        """Whether the writer still takes work and answers, and its store still keeps what it is given."""
        if self._stopped:
            return False
        try:
            async with asyncio.timeout(ALIVE_SECONDS):
                await self.batch(())
        except (Outage, TimeoutError):
            return False
        return True

    def _send(self) -> None:
        gathered, self._gathered = self._gathered, []
        if not gathered:
            return
        waiting = [answer for _, answer in gathered]

        def answer(outcomes: Sequence[Outcome]) -> None:
            self._tell(self._answered, waiting, outcomes)

        try:
            self._driver.submit([submission for submission, _ in gathered], answer)
            self._away = True
        except Outage as outage:
            for future in waiting:
                if not future.done():
                    future.set_exception(outage)

    def _answered(self, waiting: Sequence[asyncio.Future[Outcome]], outcomes: Sequence[Outcome]) -> None:
        self._away = False
        self._look_over(outcomes)
        for future, outcome in zip(waiting, outcomes, strict=True):
            if not future.done():
                future.set_result(outcome)
        self._send()

    def _tell(self, what: object, *facts: object) -> None:
        """Called in the writer's thread. A loop that has ended meanwhile has nobody left to tell."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(what, *facts)  # type: ignore[arg-type]

    def _resolve(self, future: asyncio.Future[Sequence[Outcome]], outcomes: Sequence[Outcome]) -> None:
        self._look_over(outcomes)
        if not future.done():
            future.set_result(outcomes)

    def _look_over(self, outcomes: Sequence[Outcome]) -> None:
        self._stopped = self._stopped or any(
            isinstance(outcome, Outage) and outcome.code in _FOR_GOOD for outcome in outcomes
        )
