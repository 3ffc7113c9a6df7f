"""The registry that is measured: the real writer on the engine that was asked for, in a folder that goes away."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from counterfoil.application.command import Command
from counterfoil.application.ports import Batch, Store, World
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import BATCH_MAX, Submission, Writer
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, create_key, memory_world, open_for_writing


class _Slowed:
    """A store whose commits take longer by a fixed time, as on a disk with a slower fsync."""

    def __init__(self, store: Store, delay_s: float) -> None:
        self._store = store
        self._delay_s = delay_s

    def commit(self, batch: Batch) -> None:
        self._store.commit(batch)
        time.sleep(self._delay_s)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


@contextmanager
def writer_on(engine: str, path: Path, *, delay_s: float) -> Iterator[tuple[Writer, World]]:
    """A writer without its thread, so that a step is a step."""
    folder = Folder(path)
    signer = create_key(folder, name="bench")
    if engine == "memory":
        world = memory_world(signer)
        yield Writer(world), world
        return
    opened = open_for_writing(folder, "bench", create=True)
    assert not isinstance(opened, Refusal)
    with opened:
        opened.driver.close()
        slowed: Any = _Slowed(opened.world.store, delay_s)
        world = replace(opened.world, store=slowed) if delay_s else opened.world
        yield Writer(world), world


def begin(writer: Writer, commands: Iterable[Command]) -> None:
    """Hand in what comes before the measuring."""
    rest = iter(commands)
    while some := list(islice(rest, BATCH_MAX)):
        run(writer, submissions(some), BATCH_MAX)


def submissions(commands: Sequence[Command]) -> list[Submission]:
    return [Submission(command, "bench") for command in commands]


def run(writer: Writer, waiting: Sequence[Submission], batch: int) -> float:
    """Accepted acts per second, each durable when its step ends."""
    accepted = 0
    begun = time.perf_counter()
    for start in range(0, len(waiting), batch):
        accepted += sum(isinstance(outcome, Receipt) for outcome in writer.step(waiting[start : start + batch]))
    seconds = time.perf_counter() - begun
    assert accepted == len(waiting), "the workload makes only acts that can be accepted"
    return accepted / seconds
