"""The registry that is measured: the real writer on the engine that was asked for, in a folder that goes away."""

import gc
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Any

from counterfoil.application.command import Command
from counterfoil.application.ports import Batch, Store, World
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import BATCH_MAX, Submission, Writer
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bench.ground import Disk, Ground
from counterfoil.entrypoints.bench.workload import Act
from counterfoil.entrypoints.bootstrap import create_key, memory_world, open_for_writing


class Slowed:
    """A store whose commits take longer by a fixed time, as on a disk with a slower fsync."""

    def __init__(self, store: Store, pause_s: float) -> None:
        self._store = store
        self._pause_s = pause_s

    def commit(self, batch: Batch) -> None:
        self._store.commit(batch)
        time.sleep(self._pause_s)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


@contextmanager
def writer_on(place: Ground, name: str, disk: Disk) -> Iterator[tuple[Writer, World]]:
    """A writer without its thread, so that a step is a step. The registry of that name is made, or opened again."""
    folder = place.folder(name, disk)
    if place.engine == "memory":
        world = place.worlds.get(name) or memory_world(create_key(folder, name="bench"))
        place.worlds[name] = world
        yield Writer(world), world
        return
    if not folder.key.exists():
        create_key(folder, name="bench")
    opened = open_for_writing(folder, "bench", create=not folder.founded)
    assert not isinstance(opened, Refusal)
    with opened:
        opened.driver.close()
        if not disk.pause_s:
            yield opened.driver.writer, opened.world
            return
        slowed: Any = Slowed(opened.world.store, disk.pause_s)
        world = replace(opened.world, store=slowed)
        yield Writer(world), world


def settle_garbage() -> None:
    """Free what is garbage now, and search nothing of the rest again.

    A measurement holds far more than a server does (acts, rivals, rows), and searching it would be charged to the
    registry.
    """
    gc.collect()
    gc.freeze()


def begin(writer: Writer, commands: Iterable[Command], batch: int = BATCH_MAX) -> None:
    """Hand in what comes before the measuring."""
    rest = iter(commands)
    while some := list(islice(rest, batch)):
        _step(writer, [Submission(command, "bench") for command in some])


def run(writer: Writer, acts: Sequence[Act], batch: int) -> float:
    """Seconds for acts in batches, each durable when its step ends."""
    waiting = [Submission(act.command, "bench") for act in acts]
    begun = time.perf_counter()
    for start in range(0, len(waiting), batch):
        _step(writer, waiting[start : start + batch])
    return time.perf_counter() - begun


def _step(writer: Writer, waiting: Sequence[Submission]) -> None:
    outcomes = writer.step(waiting)
    refused = next((outcome for outcome in outcomes if not isinstance(outcome, Receipt)), None)
    assert refused is None, refused
