"""Whether the writer keeps its rate while the journal grows, and how a registry starts that has grown.

Beside each size that is measured, a registry of the beginning's size is made anew, and the two take turns: a slow
minute of the disk or a busy neighbour meets both. Either has its own bare table with as many rows as its journal.

Read next: `grown.py`.
"""

import os
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from counterfoil.application.ports import Outage
from counterfoil.entrypoints.bench import filled
from counterfoil.entrypoints.bench.ground import Disk, Ground
from counterfoil.entrypoints.bench.grown import Grown, Turns
from counterfoil.entrypoints.bench.ledger_report import TOP
from counterfoil.entrypoints.bench.postgres_server import CONNINFO
from counterfoil.entrypoints.bench.report import Report
from counterfoil.entrypoints.bench.start import start_of
from counterfoil.entrypoints.bench.stored import stored_bytes
from counterfoil.entrypoints.bench.workload import Workload

Progress = Callable[[int, int], None]
"""Hears how many entries there are, and of how many."""

_BYTES_PER_ENTRY: Final = 2_000
"""What an entry takes of the disk at most, in the registry and in the bare table with their logs.

SQLite was measured at 1,150; PostgreSQL keeps more of its log.
"""
_BEFORE_BLOCKS: Final = 50
"""Entries before the first block, beside one for each account; a few more than there are."""
_ON_THE_WAY: Final = (1_000_000,)
_MEBI: Final = 1024 * 1024
_TENFOLD: Final = 10
"""Entries for each block, and at least so many times the beginning's, where a number of entries is asked for."""


class GrowthFault(StrEnum):
    NO_ROOM = "bench.no_room"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured.

    Attributes:
        entries: How far the journal grows; at least as far as issuing the blocks takes it.
        base: Entries of the registry that it is compared with.
        acts: Acts of a repetition.
        seconds: After so many, the filling stops where it is and the last size is measured there.
    """

    entries: int
    blocks: int
    accounts: int
    base: int
    acts: int
    times: int
    seconds: float

    @property
    def stations(self) -> tuple[int, ...]:
        """The sizes at which the rate is measured, the last one at the end."""
        return (*(at for at in _ON_THE_WAY if self.base < at < self.entries), self.entries)

    def to(self, entries: int) -> "Size":
        """The same up to another number of entries: a block for ten of them, and a beginning that is small enough."""
        base = min(self.base, entries // _TENFOLD)
        accounts = min(self.accounts, base // _TENFOLD)
        return replace(self, entries=entries, blocks=max(1, entries // _TENFOLD), base=base, accounts=accounts)


FULL: Final = Size(10_000_000, blocks=1_000_000, accounts=2_000, base=100_000, acts=2 * TOP, times=5, seconds=7_200)
QUICK: Final = Size(100_000, blocks=10_000, accounts=500, base=10_000, acts=TOP // 2, times=3, seconds=15)


@dataclass(slots=True)
class _Found:
    """Rates by station, each with those of the small registry that took turns with it."""

    large: dict[str, Turns] = field(default_factory=dict)
    small: dict[str, Turns] = field(default_factory=dict)
    entries: dict[str, int] = field(default_factory=dict)


def growth(place: Ground, *, delay_ms: int, size: Size, progress: Progress = lambda _, __: None) -> Report:
    """Acts per second at each size against the beginning's, then start, memory and disk of what has grown.

    Raises:
        Outage: `bench.no_room`, when the disk has not the room for it; nothing is begun.
    """
    require_room(place, size.entries)
    until = time.monotonic() + size.seconds
    disk = place.disk(delay_ms)
    found = _Found()

    def told(done: int) -> None:
        progress(done, size.entries)

    large = Grown(place, "grown", disk, Workload(blocks=size.blocks, accounts=size.accounts))
    with large.opened() as growing:
        growing.issue(told)
    for station in size.stations:
        with large.opened() as growing:
            growing.fill(station, until=until, told=told)
        stopped = large.entries < station
        label = "end" if stopped or station == size.entries else label_of(station)
        found.entries[label] = large.entries
        small = _small(place, f"beside_{label}", disk, size)
        found.large[label], found.small[label] = _turns(place, size, large, small)
        small.remove()
        if stopped:
            break
    large.close()
    return _report(place, size, large, found)


def _small(place: Ground, name: str, disk: Disk, size: Size) -> Grown:
    """A registry that is where the large one was at the beginning: blocks just issued, and hardly a transfer."""
    blocks = max(1, min(size.blocks, size.base - size.accounts - _BEFORE_BLOCKS))
    small = Grown(place, name, disk, Workload(blocks=blocks, accounts=size.accounts))
    with small.opened() as growing:
        growing.issue(lambda _: None)
        growing.fill(size.base, until=float("inf"), told=lambda _: None)
    return small


def _turns(place: Ground, size: Size, large: Grown, small: Grown) -> tuple[Turns, Turns]:
    """Measure both by turns; who goes first changes each time."""
    both = Turns(), Turns()
    with ExitStack() as stack:
        opened = [stack.enter_context(registry.opened()) for registry in (large, small)]
        pair = list(zip(opened, both, strict=True))
        for growing, _ in pair:
            growing.turn(min(TOP, size.acts))  # what a registry has just opened is in no cache yet
        for number in range(size.times):
            place.look_at_disk()
            for growing, turns in pair if number % 2 else reversed(pair):
                turns.add(growing.turn(size.acts))
    return both


def _report(place: Ground, size: Size, large: Grown, found: _Found) -> Report:
    """How the registry starts that has grown, and the rates on the way there."""
    stored = stored_bytes(place, large.folder)
    read = filled.Size(size.blocks, size.accounts, 0, times=min(size.times, 3), budget_s=600)
    report = start_of(place, large.folder, size=read)
    report.figures = {
        "entries": large.entries,
        **report.figures,
        "starts": report.figures["repetitions"],
        "repetitions": size.times,
        "acts_in_a_repetition": size.acts,
        "disk_mib": round(stored / _MEBI),
        "disk_bytes_per_entry": round(stored / large.entries),
    }
    base = label_of(size.base)
    beginning = Turns()
    for label, turns in found.large.items():
        report.figures[f"entries_at_{label}"] = found.entries[label]
        _rates_in(report, label, turns)
        small = found.small[label]
        beginning.add(small)
        report.ratio(f"rate_at_{label}_vs_{base}", turns.acts, small.acts)
        # Upside down, so that like the rate it falls below 1 where the large one is slower.
        report.ratio(f"cpu_rate_at_{label}_vs_{base}", small.cpu_us, turns.cpu_us)
        report.ratio(f"raw_insert_at_{label}_vs_{base}", turns.raw, small.raw)
    _rates_in(report, base, beginning)
    report.ratios.setdefault("rate_at_end_vs_100k", None)
    return report


def _rates_in(report: Report, label: str, turns: Turns) -> None:
    report.figure(f"acts_per_s_at_{label}", turns.acts)
    report.figure(f"writer_cpu_us_per_act_at_{label}", turns.cpu_us, 1)
    report.baseline(f"raw_insert_at_{label}", turns.raw)
    report.ratio(f"vs_raw_insert_at_{label}", turns.acts, turns.raw)


def label_of(entries: int) -> str:
    """A size as names have it.

    >>> label_of(100_000), label_of(2_000_000), label_of(1_234)
    ('100k', '2m', '1234')
    """
    if entries >= 1_000_000 and entries % 1_000_000 == 0:
        return f"{entries // 1_000_000}m"
    return f"{entries // 1_000}k" if entries % 1_000 == 0 else str(entries)


def require_room(place: Ground, entries: int) -> None:
    """Refuse what the disk cannot hold. Of a server that the operator named, nobody here knows the disk."""
    if place.engine == "postgres" and os.environ.get(CONNINFO):
        return
    needed, free = entries * _BYTES_PER_ENTRY, shutil.disk_usage(place.path).free
    if free < needed:
        facts = {"folder": str(place.path.parent), "needed_mib": needed // _MEBI, "free_mib": free // _MEBI}
        raise Outage(GrowthFault.NO_ROOM, facts)
