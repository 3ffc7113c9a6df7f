"""How long an act waits for its answer at a rate that is fixed in advance: an open loop, in one process.

Arrival times do not depend on answers, so a slow answer delays nobody's arrival and hides nothing. As in the server,
one thread takes what arrives and another writes; what is due together is handed over together. Making the acts is part
of the run, in the thread that hands them over.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from counterfoil.application.draft import Outcome
from counterfoil.application.driver import Driver
from counterfoil.application.ports import Outage, OutageFault
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission, Writer
from counterfoil.entrypoints.bench.machine import quantile
from counterfoil.entrypoints.bench.workload import Workload

LATE_S: Final = 1.0
_TICK_S: Final = 0.001
_DRAIN_S: Final = 30.0
_CHUNK: Final = 256
_WAITING: Final = 2_048


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from the moment an act was due to its answer. `lost` were never answered, or refused."""

    acts: int
    rate_per_s: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    late: int
    lost: int
    generator_cpu_us: float


def saturated_rate(writer: Writer, load: Workload, *, seconds: float) -> float:
    """Acts per second of the same arrangement when more always waits: the writer shares the interpreter with the maker.

    Half of the rate without a maker would be most of what the two can do together, and then waiting acts only pile up.
    """
    answered: list[tuple[int, int, int, float]] = []
    driver = Driver(writer)
    begun = time.perf_counter()
    sent = 0
    while time.perf_counter() - begun < seconds:
        if sent - sum(count for _, count, _, _ in answered) < _WAITING:
            waiting = [Submission(act.command, "bench") for act in load.acts(_CHUNK)]
            _hand_over(driver, waiting, _noted(answered, sent))
            sent += _CHUNK
        else:
            time.sleep(_TICK_S)
    _drain(answered, sent)
    rate = sent / (time.perf_counter() - begun)
    driver.close()
    return rate


def open_loop(writer: Writer, load: Workload, *, rate_per_s: float, seconds: float) -> Latency:
    """Acts at an even rate for so long, then wait for what is still under way."""
    answered: list[tuple[int, int, int, float]] = []
    driver = Driver(writer)
    begun_cpu = time.thread_time()
    begun = time.perf_counter() + _TICK_S
    acts = max(1, round(rate_per_s * seconds))
    sent = 0
    while sent < acts:
        due = min(acts, int((time.perf_counter() - begun) * rate_per_s) + 1)
        if due > sent:
            waiting = [Submission(act.command, "bench") for act in load.acts(due - sent)]
            _hand_over(driver, waiting, _noted(answered, sent))
            sent = due
        else:
            time.sleep(_TICK_S)
    generator_cpu_us = (time.thread_time() - begun_cpu) / acts * 1_000_000
    _drain(answered, acts)
    driver.close()
    times = _times_ms(answered, begun, rate_per_s)
    accepted = sum(found for _, _, found, _ in answered)
    return Latency(
        acts=acts,
        rate_per_s=rate_per_s,
        p50_ms=round(quantile(times, 0.5), 3),
        p99_ms=round(quantile(times, 0.99), 3),
        max_ms=round(max(times), 3),
        late=sum(ms > LATE_S * 1_000 for ms in times) + acts - len(times),
        lost=acts - accepted,
        generator_cpu_us=round(generator_cpu_us, 1),
    )


class _noted:  # noqa: N801  it stands for a function
    """Notes an answer with its time, in the writer's thread: number of the first act, acts, accepted, and when."""

    __slots__ = ("_answered", "_first")

    def __init__(self, answered: list[tuple[int, int, int, float]], first: int) -> None:
        self._answered = answered
        self._first = first

    def __call__(self, outcomes: Sequence[Outcome]) -> None:
        accepted = sum(isinstance(outcome, Receipt) for outcome in outcomes)
        self._answered.append((self._first, len(outcomes), accepted, time.perf_counter()))


def _hand_over(driver: Driver, waiting: Sequence[Submission], answer: _noted) -> None:
    """As a bulk request does: where too many wait, this waits too, and the acts grow late."""
    while True:
        try:
            driver.submit(waiting, answer)
        except Outage as outage:
            if outage.code != OutageFault.WRITER_BUSY:
                raise
            time.sleep(_TICK_S)
        else:
            return


def _drain(answered: list[tuple[int, int, int, float]], acts: int) -> None:
    end = time.perf_counter() + _DRAIN_S
    while sum(count for _, count, _, _ in answered) < acts and time.perf_counter() < end:
        time.sleep(_TICK_S)


def _times_ms(answered: Sequence[tuple[int, int, int, float]], begun: float, rate_per_s: float) -> list[float]:
    return [
        (at - begun - number / rate_per_s) * 1_000
        for first, count, _, at in answered
        for number in range(first, first + count)
    ]
