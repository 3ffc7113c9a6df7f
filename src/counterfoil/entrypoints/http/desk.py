"""The desk between the event loop and the writer's thread: acts go over in one batch, answers come back in one.

While a batch is with the writer, what arrives is gathered; so batches grow by themselves under load, and a lone act
waits for nobody.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final

from counterfoil.application.driver import Driver
from counterfoil.application.ports import Outage, OutageFault
from counterfoil.application.writer import Outcome, Submission

ALIVE_SECONDS: Final = 5
_PAUSE_SECONDS: Final = 0.02


class Desk:
    """Hands submissions to a driver and waits for the answers. It belongs to one event loop."""

    def __init__(self, driver: Driver, loop: asyncio.AbstractEventLoop) -> None:
        self._driver = driver
        self._loop = loop
        self._gathered: list[tuple[Submission, asyncio.Future[Outcome]]] = []
        self._away = False

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
            self._tell(_resolve, answers, outcomes)

        while True:
            try:
                self._driver.submit(submissions, answer)
                return await answers
            except Outage as outage:
                if outage.code != OutageFault.WRITER_BUSY:
                    raise
                await asyncio.sleep(_PAUSE_SECONDS)

    async def alive(self) -> bool:
        """Whether the writer still takes work and answers."""
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
        for future, outcome in zip(waiting, outcomes, strict=True):
            if not future.done():
                future.set_result(outcome)
        self._send()

    def _tell(self, what: object, *facts: object) -> None:
        """Called in the writer's thread. A loop that has ended meanwhile has nobody left to tell."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(what, *facts)  # type: ignore[arg-type]


def _resolve(future: asyncio.Future[Sequence[Outcome]], outcomes: Sequence[Outcome]) -> None:
    if not future.done():
        future.set_result(outcomes)
