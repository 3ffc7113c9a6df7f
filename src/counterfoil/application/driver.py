"""A thread that drives the writer: take all that waits, one step, answer, repeat. No timer is needed.

Read before: `writer.py`.
"""

import gc
import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Condition, Thread, current_thread
from time import perf_counter
from typing import Final, NamedTuple, TypeVar

from counterfoil.application.draft import Outcome
from counterfoil.application.ports import Outage, OutageFault, Store
from counterfoil.application.writer import BATCH_MAX, Submission, Writer

WAITING_MAX: Final = 65_536
"""Submissions that may wait; beyond it a caller is told to come back, and memory stays bounded."""

CROWD: Final = 32_768
"""Beyond so many that wait, partners' messages are told to come back: this registry's own acts go first."""

YOUNG_MAX: Final = 5_000
"""Objects that may grow old unlooked at between two batches: looking through so many takes a few milliseconds."""

_LOG: Final = logging.getLogger(__name__)
Answer = Callable[[Sequence[Outcome]], None]
Watch = Callable[[Sequence[Submission], Sequence[Outcome]], None]
"""Told what was answered, after everybody was."""
Meter = Callable[[float, int], None]
"""Seconds of one step, decisions and commit together, and its submissions."""
T = TypeVar("T")


class _Job(NamedTuple):
    submissions: Sequence[Submission]
    answer: Answer


class Driver:
    """Runs one writer in one thread. `submit` may be called from any thread."""

    def __init__(self, writer: Writer, watch: Watch | None = None) -> None:
        self.writer = writer
        self.heed: Watch | None = None
        """Told what was answered, like the watch: of those who follow the journal, so that they need not wait."""
        self.meter: Meter | None = None
        """Told of each step how long it took and how many submissions it had, while somebody measures."""
        self._watch = watch
        self._jobs: deque[_Job] = deque()
        self._asides: deque[Callable[[], None]] = deque()
        self._waiting = 0
        self._changed = Condition()
        self._closing = False
        self._broken = False
        self._thread = Thread(target=self._run, name="counterfoil-writer", daemon=True)
        self._thread.start()

    def submit(self, submissions: Sequence[Submission], answer: Answer) -> None:
        """Queue submissions that are answered together, in the writer's thread, after they are durable.

        Raises:
            Outage: `writer.busy` when too many wait already, `writer.closed` after closing. Nothing was taken then.
        """
        with self._changed:
            if self._closing:
                raise Outage(OutageFault.WRITER_CLOSED, retry=True)
            if self._waiting + len(submissions) > WAITING_MAX:
                raise Outage(OutageFault.WRITER_BUSY, {"waiting": self._waiting}, retry=True)
            for job in _bounded(submissions, answer):
                self._jobs.append(job)
            self._waiting += len(submissions)
            self._changed.notify()

    def do(self, submissions: Sequence[Submission]) -> list[Outcome]:
        """Submit and wait for the answers."""
        future: Future[list[Outcome]] = Future()
        self.submit(submissions, lambda outcomes: future.set_result(list(outcomes)))
        return future.result()

    def aside(self, work: Callable[[Store], T]) -> Future[T]:
        """Work on the writer's store in the writer's thread, between two batches: one thread at a time uses a store.

        Raises:
            Outage: `writer.closed`.
        """
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(work(self.writer.store))
            except BaseException as error:  # noqa: BLE001  whoever waits must be told
                future.set_exception(error)

        with self._changed:
            if self._closing:
                raise Outage(OutageFault.WRITER_CLOSED, retry=True)
            self._asides.append(run)
            self._changed.notify()
        return future

    def within(self, submissions: Sequence[Submission]) -> list[Outcome]:
        """One step for work that is aside, and so in the writer's thread already."""
        assert self._thread is current_thread(), "only work aside steps by itself"
        outcomes: list[Outcome] = []
        for start in range(0, len(submissions), BATCH_MAX):
            part = submissions[start : start + BATCH_MAX]
            answers = self._step(part)
            self._watched(part, answers)
            outcomes.extend(answers)
        return outcomes

    @property
    def crowded(self) -> bool:
        """Whether so much waits that work aside should come back later."""
        return self._waiting > CROWD

    def close(self) -> None:
        """Finish what waits, then end the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while self._work_waits():
            while self._asides:
                self._asides.popleft()()
            jobs = self._take()
            if not jobs:
                continue
            submissions = [submission for job in jobs for submission in job.submissions]
            outcomes = self._step(submissions)
            start = 0
            for job in jobs:
                end = start + len(job.submissions)
                self._answer(job, outcomes[start:end])
                start = end
            self._watched(submissions, outcomes)
            del jobs, outcomes, submissions
            # A batch's own objects are gone here; in the middle of one, the look would be at all of them.
            if gc.get_count()[0] > YOUNG_MAX:
                gc.collect(0)

    def _step(self, submissions: Sequence[Submission]) -> list[Outcome]:
        """One step. A mistake of ours in it ends the writer: what waits is answered, and nothing more is decided."""
        if self._broken:
            return [Outage(OutageFault.WRITER_CLOSED, retry=True)] * len(submissions)
        began = perf_counter()
        try:
            return self.writer.step(submissions)
        except Exception as mistake:  # noqa: BLE001  whoever waits must be answered
            _LOG.exception("the writer has stopped")
            with self._changed:
                self._closing = self._broken = True
            outage = Outage(OutageFault.WRITER_MISTAKE, {"detail": f"{type(mistake).__name__}: {mistake}"[:400]})
            return [outage] * len(submissions)
        finally:
            if self.meter is not None:
                self.meter(perf_counter() - began, len(submissions))

    @staticmethod
    def _answer(job: _Job, outcomes: Sequence[Outcome]) -> None:
        """Answer one caller; one that cannot take its answer must not keep the others from theirs."""
        try:
            job.answer(outcomes)
        except Exception:  # noqa: BLE001  the others must be answered
            _LOG.exception("a caller could not take its answer")

    def _watched(self, submissions: Sequence[Submission], outcomes: Sequence[Outcome]) -> None:
        """Tell the watch. What it cannot do must not stop the writer."""
        for told in (self._watch, self.heed):
            if told is None:
                continue
            try:
                told(submissions, outcomes)
            except Exception:  # noqa: BLE001  everybody was answered
                _LOG.exception("the watch could not look at what was answered")

    def _work_waits(self) -> bool:
        """Wait for work. False when there is none and the driver closes."""
        with self._changed:
            while not (self._jobs or self._asides or self._closing):
                self._changed.wait()
            return bool(self._jobs or self._asides)

    def _take(self) -> list[_Job]:
        """All that waits, up to one batch."""
        with self._changed:
            jobs: list[_Job] = []
            taken = 0
            while self._jobs and taken + len(self._jobs[0].submissions) <= BATCH_MAX:
                job = self._jobs.popleft()
                jobs.append(job)
                taken += len(job.submissions)
            self._waiting -= taken
            return jobs


def _bounded(submissions: Sequence[Submission], answer: Answer) -> list[_Job]:
    """One job, or several of at most a batch whose answers are put together again before they are given."""
    if len(submissions) <= BATCH_MAX:
        return [_Job(submissions, answer)]
    gathered: list[Outcome] = []

    def gather(outcomes: Sequence[Outcome]) -> None:
        gathered.extend(outcomes)
        if len(gathered) == len(submissions):
            answer(gathered)

    return [_Job(submissions[start : start + BATCH_MAX], gather) for start in range(0, len(submissions), BATCH_MAX)]
