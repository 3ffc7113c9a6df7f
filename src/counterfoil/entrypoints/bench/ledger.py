"""Durable acts per second in process, at several sizes of batch, beside the engine's own limit and its rivals.

Read next: `workload.py` for the acts, `rival.py` for what they are compared with.
"""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

from counterfoil.application.ports import JournalRow, World
from counterfoil.application.writer import Writer
from counterfoil.entrypoints.bench.ground import Ground
from counterfoil.entrypoints.bench.latency import open_loop, saturated_rate
from counterfoil.entrypoints.bench.ledger_report import BATCHES, TOP, Rates, report_of
from counterfoil.entrypoints.bench.report import Report
from counterfoil.entrypoints.bench.rival import Contest
from counterfoil.entrypoints.bench.rivals import Rivals, Size, rivals_on
from counterfoil.entrypoints.bench.subject import begin, run, settle_garbage, writer_on
from counterfoil.entrypoints.bench.tree_share import frontier_of, tree_seconds
from counterfoil.entrypoints.bench.workload import FIRST_TRANSFERS, Workload

_REGISTRY: Final = "registry"
_SLOW_MS: Final = 1

FULL: Final = Size(
    blocks=100_000, accounts=2_000, acts=24_576, rival_acts=4_000, rival_s=10, latency_s=60, times=5, budget_s=1_800
)
QUICK: Final = Size(
    blocks=10_000, accounts=500, acts=8_192, rival_acts=800, rival_s=0.6, latency_s=5, times=3, budget_s=14
)


@dataclass(frozen=True, slots=True)
class _Subject:
    """The registry under measure, and the acts for it."""

    writer: Writer
    world: World
    load: Workload


def ledger(place: Ground, *, delay_ms: int, size: Size) -> Report:
    """The figures. Registry and rivals take turns, so that a busy minute of the machine meets them all."""
    end = time.monotonic() + size.budget_s
    load = Workload(blocks=size.blocks, accounts=size.accounts)
    rates = Rates()
    native = place.disk(delay_ms)
    with writer_on(place, _REGISTRY, native) as (writer, _):
        begin(writer, load.beginning())
    with ExitStack() as stack:
        # Opened again, as a server finds it: what was loaded is never searched for garbage.
        writer, world = stack.enter_context(writer_on(place, _REGISTRY, native))
        rivals = stack.enter_context(rivals_on(place, native, size, name="native"))
        for number in range(size.times):
            if number and time.monotonic() > end:
                break
            place.look_at_disk()
            settle_garbage()
            _repetition(_Subject(writer, world, load), size, rates, rivals)
        settle_garbage()
        saturated = saturated_rate(writer, load, seconds=min(2.0, size.latency_s))
        latency = open_loop(writer, load, rate_per_s=saturated / 2, seconds=size.latency_s)
    late = _slow_pass(place, load, size, rates) if place.durable else {}
    report = report_of(rates, rivals.contests, late, latency)
    report.figures = {"blocks_at_beginning": size.blocks, **report.figures}
    return report


def _repetition(subject: _Subject, size: Size, rates: Rates, rivals: Rivals) -> None:
    """Every size of batch with its raw rows, each kind of act alone, and each rival."""
    for batch in BATCHES:
        acts = max(batch, size.acts if batch == TOP else size.acts // 8)
        rows = _measured(subject, acts, batch, rates)
        if rivals.raw is not None:
            rates.raw[batch].append(rivals.raw.run(rows, batch))
    for share, found in ((0.0, rates.transfers), (1.0, rates.first_transfers)):
        subject.load.mix(share)
        alone = subject.load.acts(min(TOP, size.acts))
        found.append(len(alone) / run(subject.writer, alone, TOP))
    subject.load.mix(FIRST_TRANSFERS)
    rivals.go(size)


def _measured(subject: _Subject, count: int, batch: int, rates: Rates) -> list[JournalRow]:
    """One measurement of the registry; the journal rows that it left."""
    made = time.process_time()
    acts = subject.load.acts(count)
    rates.generator_cpu_us.append((time.process_time() - made) / count * 1_000_000)
    reading = subject.world.store.reading()
    before, frontier = subject.writer.size, frontier_of(reading.last_checkpoint())
    reading.close()
    worked = time.process_time()
    seconds = run(subject.writer, acts, batch)
    if batch == TOP:
        rates.writer_cpu_us.append((time.process_time() - worked) / count * 1_000_000)
    rates.acts[batch].append(count / seconds)
    reading = subject.world.store.reading()
    rows = list(reading.journal(before))
    reading.close()
    rates.tree[batch].append(tree_seconds(frontier, rows, batch, subject.world.signer) / seconds)
    rates.act_bytes = sum(len(row.leaf) for row in rows) // len(rows)
    return rows


def _slow_pass(place: Ground, load: Workload, size: Size, rates: Rates) -> Mapping[str, Contest]:
    """Registry and tuned rival once more, as often, where each flush of the disk takes a millisecond longer."""
    disk = place.disk(_SLOW_MS)
    with (
        writer_on(place, _REGISTRY, disk) as (writer, _),
        rivals_on(place, disk, size, name="slow", tuned_only=True) as rivals,
    ):
        for _ in rates.transfers:
            place.look_at_disk()
            acts = load.acts(size.acts)
            rates.slow.append(len(acts) / run(writer, acts, TOP))
            rivals.go(size)
    return rivals.contests
