"""A registry that grows, and beside it a bare table with the same journal rows: what it is compared with grows too."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

from counterfoil.application.ports import JournalRow, Store
from counterfoil.application.writer import Writer
from counterfoil.entrypoints.bench.ground import Disk, Ground
from counterfoil.entrypoints.bench.ledger_report import TOP
from counterfoil.entrypoints.bench.raw_insert import RawInsert
from counterfoil.entrypoints.bench.rivals import raw_on
from counterfoil.entrypoints.bench.subject import begin, run, settle_garbage, writer_on
from counterfoil.entrypoints.bench.workload import Workload
from counterfoil.entrypoints.bootstrap import Folder

Told = Callable[[int], None]


@dataclass(slots=True)
class Turns:
    """What each repetition found: acts and bare rows per second, and processor microseconds of an act."""

    acts: list[float] = field(default_factory=list)
    raw: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)

    def add(self, other: "Turns") -> None:
        self.acts += other.acts
        self.raw += other.raw
        self.cpu_us += other.cpu_us


class Grown:
    """The registry, its load, and its bare table. Open it to let it grow or to measure it."""

    def __init__(self, place: Ground, name: str, disk: Disk, load: Workload) -> None:
        self._place = place
        self._name = name
        self._disk = disk
        self._load = load
        self._raw: RawInsert = raw_on(place, disk, f"{name}_raw")
        self.entries = 0

    @property
    def folder(self) -> Folder:
        return self._place.folder(self._name, self._disk)

    @contextmanager
    def opened(self) -> Iterator["Growing"]:
        """The registry as a server finds it: opened anew, so that nothing which was loaded is searched for garbage."""
        with writer_on(self._place, self._name, self._disk) as (writer, world):
            growing = Growing(writer, world.store, self._load, self._raw)
            try:
                yield growing
            finally:
                self.entries = writer.size

    def close(self) -> None:
        """Let go of the bare table; the registry's folder stays."""
        self._raw.close()

    def remove(self) -> None:
        """Free the disk, as far as it is ours: schemas go with the whole run."""
        self.close()
        for name in (self._name, f"{self._name}_raw"):
            shutil.rmtree(self._place.path / name)


@dataclass(frozen=True, slots=True)
class Growing:
    """A registry that is open: the real writer with all its rules, in the largest batch that it takes."""

    writer: Writer
    store: Store
    load: Workload
    raw: RawInsert

    def issue(self, told: Told) -> None:
        """Found the registry and issue every block."""
        rest = self.load.beginning()
        while some := list(islice(rest, TOP)):
            before = self.writer.size
            begin(self.writer, some)
            self.raw.run(self._rows(before), TOP)
            told(self.writer.size)

    def fill(self, target: int, *, until: float, told: Told) -> None:
        """Transfer whole blocks, so that they do not multiply, until there are so many entries or the time is up.

        Args:
            until: The moment, as `time.monotonic` counts, after which no batch is begun.
        """
        while (missing := target - self.writer.size) > 0 and time.monotonic() < until:
            before = self.writer.size
            run(self.writer, self.load.whole_transfers(min(TOP, missing)), TOP)
            self.raw.run(self._rows(before), TOP)
            told(self.writer.size)

    def turn(self, count: int) -> Turns:
        """One repetition: acts of the usual workload, and then the rows that they left into the bare table."""
        acts = self.load.acts(count)
        settle_garbage()
        before, worked = self.writer.size, time.process_time()
        seconds = run(self.writer, acts, TOP)
        worked = time.process_time() - worked
        raw = self.raw.run(self._rows(before), TOP)
        return Turns([count / seconds], [raw], [worked / count * 1_000_000])

    def _rows(self, before: int) -> list[JournalRow]:
        reading = self.store.reading()
        try:
            return list(reading.journal(before))
        finally:
            reading.close()
