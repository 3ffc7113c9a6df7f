"""Transfers between two registries over HTTP, from the proposal to final in both books, every step durable.

What comes after, that their books are reconciled, is measured beside them (`reconciling.py`).

A single transfer moves one block. A batch is 40 transfers of 25 blocks each, 1,000 blocks, which are proposed in one
request; an entry cannot hold many more blocks with their facts. Batches follow each other without a pause. Their rate
counts blocks, as a ledger's own rate does, whose acts move one block each. Each repetition measures the two ends and
the baselines beside each other.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from counterfoil.application.commands.abroad import ProposeTransfer
from counterfoil.application.driver import Driver
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.entrypoints.bench.ground import Ground
from counterfoil.entrypoints.bench.machine import quantile
from counterfoil.entrypoints.bench.network_ground import SOURCE, TARGET, Pair, pair
from counterfoil.entrypoints.bench.reconciling import FULL as BLOCKS_FULL
from counterfoil.entrypoints.bench.reconciling import QUICK as BLOCKS_QUICK
from counterfoil.entrypoints.bench.reconciling import Reconciling, reconcile_once
from counterfoil.entrypoints.bench.report import Report
from counterfoil.entrypoints.bench.subject import begin, settle_garbage, writer_on
from counterfoil.entrypoints.bench.workload import Workload

BATCH: Final = 40
BLOCKS: Final = 25
"""Transfers of one batch, and blocks of each of them."""
_CHUNK: Final = 1_000
_POLL_S: Final = 0.0005
_BATCH_POLL_S: Final = 0.01
_ENDED_SECONDS: Final = 120


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured in one repetition; none is begun after `budget_s` seconds."""

    singles: int
    batches: int
    own_acts: int
    reconciled: int
    times: int
    budget_s: float


FULL: Final = Size(singles=200, batches=20, own_acts=20_000, reconciled=BLOCKS_FULL, times=5, budget_s=1_800)
QUICK: Final = Size(singles=40, batches=4, own_acts=5_000, reconciled=BLOCKS_QUICK, times=3, budget_s=15)


@dataclass(slots=True)
class _Found:
    """What the repetitions found: seconds of each single step, and rates per second."""

    singles_ms: list[float] = field(default_factory=list)
    singles_p99_ms: list[float] = field(default_factory=list)
    singles_rate: list[float] = field(default_factory=list)
    acts_ms: list[float] = field(default_factory=list)
    blocks_rate: list[float] = field(default_factory=list)
    transfers_rate: list[float] = field(default_factory=list)
    own_rate: list[float] = field(default_factory=list)
    reconciling: Reconciling = field(default_factory=Reconciling)


def network(place: Ground, *, size: Size) -> Report:
    """Both registries and this process share the processors, as they do in every measurement here."""
    end = time.monotonic() + size.budget_s
    found = _Found()
    inside = Workload(blocks=1_000, accounts=500, first_transfers=0)
    with writer_on(place, "own", place.disk(0)) as (writer, _):
        begin(writer, inside.beginning())
    with pair(place.path / "network") as two:
        _single(two, size.singles)  # both processes have seen a transfer before one is measured
        for number in range(size.times):
            if number and time.monotonic() > end:
                break
            place.look_at_disk()
            _own(place, inside, size, found)
            _durable_acts(two, size, found)
            _singles(two, size, found)
            _batches(two, size, found)
    for _ in found.own_rate:
        reconcile_once(found.reconciling, size.reconciled)
    return _report(found, size)


def _own(place: Ground, inside: Workload, size: Size, found: _Found) -> None:
    """One ledger's own acts in its own process, each moving one block, in batches of a thousand."""
    waiting = [Submission(act.command, "bench") for act in inside.acts(size.own_acts)]
    with writer_on(place, "own", place.disk(0)) as (writer, _):
        settle_garbage()
        driver = Driver(writer)
        begun = time.perf_counter()
        for start in range(0, len(waiting), _CHUNK):
            outcomes = driver.do(waiting[start : start + _CHUNK])
            assert all(isinstance(outcome, Receipt) for outcome in outcomes)
        found.own_rate.append(len(waiting) / (time.perf_counter() - begun))
        driver.close()


def _durable_acts(two: Pair, size: Size, found: _Found) -> None:
    """One act of the source's own at a time, asked and answered over the same socket as the proposals."""
    took = [_timed(lambda move=move: _accepted(two, [move])) for move in two.moves(size.singles)]  # type: ignore[misc]
    found.acts_ms.append(quantile(took, 0.5) * 1_000)


def _singles(two: Pair, size: Size, found: _Found) -> None:
    took = _single(two, size.singles)
    found.singles_ms.append(quantile(took, 0.5) * 1_000)
    found.singles_p99_ms.append(quantile(took, 0.99) * 1_000)
    found.singles_rate.append(len(took) / sum(took))


def _single(two: Pair, count: int) -> list[float]:
    """Seconds of transfers of one block, one after the other, each from the proposal to final in both books."""
    took = []
    for transfer in two.transfers(count):
        begun = time.perf_counter()
        _accepted(two, [transfer])
        _final(two, transfer)
        took.append(time.perf_counter() - begun)
    return took


def _batches(two: Pair, size: Size, found: _Found) -> None:
    batches = [two.transfers(BATCH, parts=BLOCKS) for _ in range(size.batches)]
    begun = time.perf_counter()
    for batch in batches:
        _accepted(two, batch)
    for batch in reversed(batches):
        for transfer in reversed(batch):
            _final(two, transfer, _BATCH_POLL_S)
    spent = time.perf_counter() - begun
    transfers = BATCH * size.batches
    found.transfers_rate.append(transfers / spent)
    found.blocks_rate.append(transfers * BLOCKS / spent)


def _timed(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _accepted(two: Pair, commands: Sequence[Any]) -> None:
    answers = two.source.do(commands)
    assert all(answer["status"] == "accepted" for answer in answers), answers[0]


def _final(two: Pair, transfer: ProposeTransfer, pause_s: float = _POLL_S) -> None:
    """Wait until a transfer is final in both books: what the target has acquired has left the source before."""
    end_at = time.monotonic() + _ENDED_SECONDS
    while not two.acquired(transfer.transfer):
        assert time.monotonic() < end_at, (transfer.transfer, two.stage.ending(SOURCE, TARGET, transfer.transfer))
        time.sleep(pause_s)


def _report(found: _Found, size: Size) -> Report:
    report = Report()
    report.figures = {
        "repetitions": len(found.own_rate),
        "single_transfers": size.singles,
        "batches": size.batches,
        "transfers_of_a_batch": BATCH,
        "blocks_of_a_batch": BATCH * BLOCKS,
    }
    report.figure("single_transfers_per_s", found.singles_rate, 1)
    report.figure("single_p50_ms", found.singles_ms, 2)
    report.figure("single_p99_ms", found.singles_p99_ms, 2)
    report.figure("batch_transfers_per_s", found.transfers_rate)
    report.figure("batch_blocks_per_s", found.blocks_rate)
    report.baseline("own_acts_per_s", found.own_rate)
    report.baseline("durable_act_p50_ms", found.acts_ms, 2)
    report.ratio("batch_blocks_vs_own_acts", found.blocks_rate, found.own_rate)
    found.reconciling.into(report, size.reconciled)
    report.ratio("single_p50_vs_durable_act_p50", found.singles_ms, found.acts_ms, 2)
    return report
