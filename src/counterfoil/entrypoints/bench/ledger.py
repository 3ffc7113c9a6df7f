"""Durable acts per second in process, at several sizes of batch, beside the engine's own limit and a tuned rival."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from counterfoil.application.ports import JournalRow, World
from counterfoil.application.writer import Writer
from counterfoil.entrypoints.bench.baselines import RawInserts, RequestTransactions
from counterfoil.entrypoints.bench.machine import ratio, spread
from counterfoil.entrypoints.bench.subject import begin, run, submissions, writer_on
from counterfoil.entrypoints.bench.workload import Workload

BATCHES: Final = (64, 1024, 2048)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: blocks and accounts at the beginning, acts in a repetition, repetitions."""

    blocks: int
    accounts: int
    acts: int
    single_acts: int
    times: int


FULL: Final = Size(blocks=100_000, accounts=2_000, acts=20_480, single_acts=4_000, times=5)
QUICK: Final = Size(blocks=10_000, accounts=500, acts=6_144, single_acts=1_000, times=3)


@dataclass(slots=True)
class _Rates:
    """Acts per second of every repetition; and the writer's processor time per act, which neighbours hardly change."""

    writer: dict[int, list[float]] = field(default_factory=lambda: {batch: [] for batch in BATCHES})
    cpu_us: dict[int, list[float]] = field(default_factory=lambda: {batch: [] for batch in BATCHES})
    raw: dict[int, list[float]] = field(default_factory=lambda: {batch: [] for batch in BATCHES})
    tuned: list[float] = field(default_factory=list)


def ledger(path: Path, *, engine: str, delay_s: float, size: Size) -> Mapping[str, Any]:
    """The figures. Writer and baselines take turns, so that a busy minute of the machine meets them all."""
    load = Workload(blocks=size.blocks, accounts=size.accounts)
    with writer_on(engine, path / "registry", delay_s=delay_s) as (writer, world):
        begin(writer, load.beginning())
        rates = _Rates()
        if engine == "memory":
            for _ in range(size.times):
                _writer_rates(writer, world, load, size, rates)
            return {"durable": False, "blocks_at_beginning": size.blocks, "acts_per_s": _by_batch(rates.writer)}
        raw = RawInserts(path, delay_s=delay_s)
        rival = _Rival(path, size, delay_s=delay_s)
        for _ in range(size.times):
            for batch, rows in _writer_rates(writer, world, load, size, rates).items():
                rates.raw[batch].append(raw.run(rows, batch))
            rates.tuned.append(rival.rate())
        raw.close()
        rival.close()
    return _figures(rates, size.blocks)


def _writer_rates(
    writer: Writer, world: World, load: Workload, size: Size, rates: _Rates
) -> dict[int, list[JournalRow]]:
    """One repetition; the journal rows that each size of batch left."""
    left = {}
    for batch in BATCHES:
        waiting = submissions(load.transfers(size.acts))
        before = writer.size
        begun = time.process_time()
        rates.writer[batch].append(run(writer, waiting, batch))
        rates.cpu_us[batch].append((time.process_time() - begun) / len(waiting) * 1_000_000)
        reading = world.store.reading()
        left[batch] = list(reading.journal(before))
        reading.close()
    return left


class _Rival:
    """The tuned rival with blocks and acts of its own: it begins where the writer began."""

    def __init__(self, path: Path, size: Size, *, delay_s: float) -> None:
        self._load = Workload(blocks=size.blocks, accounts=size.accounts)
        self._acts = size.single_acts
        self._tuned = RequestTransactions(path, self._load.blocks(), delay_s=delay_s)

    def rate(self) -> float:
        acts = self._load.transfers(self._acts)
        # A leaf of the usual length: what is in it makes no difference to the database.
        return self._tuned.run(acts, [JournalRow(0, act.id, bytes(32), bytes(420)) for act in acts])

    def close(self) -> None:
        self._tuned.close()


def _figures(rates: _Rates, blocks: int) -> Mapping[str, Any]:
    tuned = spread(rates.tuned)
    writer, raw = _by_batch(rates.writer), _by_batch(rates.raw)
    return {
        "durable": True,
        "blocks_at_beginning": blocks,
        "acts_per_s": writer,
        "cpu_us_per_act": _by_batch(rates.cpu_us),
        "raw_inserts_per_s": raw,
        "tuned_transaction_per_request_per_s": tuned,
        "share_of_raw": {name: ratio(writer[name], raw[name]) for name in writer},
        "times_tuned": {name: ratio(writer[name], tuned) for name in writer},
        "not_measured": "an ORM session per request",
    }


def _by_batch(rates: Mapping[int, list[float]]) -> dict[str, dict[str, int]]:
    return {f"batch_{batch}": spread(some) for batch, some in rates.items()}
