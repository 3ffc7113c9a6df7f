"""What every rival of the registry has in common: the moves it gets, what it keeps, and how its rate is taken.

A rival does the moves of the same workload. It knows blocks, accounts and acts, checks that both accounts exist and
that one block of the source holds the range, splits it in the same way, refuses a second act of one id, and is durable
after each commit. It has no tree, no signature, no authorization and no adjustment: whatever it saves there favours it.
"""

import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from counterfoil.entrypoints.bench.ground import Disk
from counterfoil.entrypoints.bench.workload import Move, Workload

_CHUNK: Final = 64


class Stock(NamedTuple):
    """What a rival begins with, where it stands, and the bytes of each act that it keeps."""

    folder: Path
    schema: str
    disk: Disk
    accounts: Sequence[str]
    blocks: Sequence[tuple[int, int, str]]
    act_bytes: int


class Rival(Protocol):
    """Takes moves in as many lanes as it has connections; moves of different lanes do not touch each other."""

    lanes: int

    def run(self, lanes: Sequence[Sequence[Move]]) -> None: ...
    def blocks(self) -> list[tuple[int, int, str]]: ...
    def close(self) -> None: ...


class Contest:
    """A rival with a workload of its own, which begins where the registry began."""

    def __init__(self, rival: Rival, load: Workload) -> None:
        self.rival = rival
        self.parts = load.parts(rival.lanes)
        self.rates: list[float] = []

    def go(self, acts: int, seconds: float) -> None:
        """One repetition: so many acts, or as many as fit into the seconds. Making the acts is not counted."""
        done, spent = 0, 0.0
        while done < acts and spent < seconds:
            each = max(1, min(_CHUNK, (acts - done) // len(self.parts)))
            lanes = [[act.move for act in part.acts(each)] for part in self.parts]
            begun = time.perf_counter()
            self.rival.run(lanes)
            spent += time.perf_counter() - begun
            done += each * len(lanes)
        self.rates.append(done / spent)

    @property
    def median(self) -> float:
        return statistics.median(self.rates)


def cut(block: tuple[int, int, str], move: Move) -> tuple[tuple[int, int, str] | None, tuple[int, int, str] | None]:
    """What is left of a block below and above the range that moves; the checks that every rival makes.

    >>> cut((1, 10, "a"), Move("id", 3, 10, "a", "b"))
    ((1, 2, 'a'), None)
    """
    low, high, account = block
    assert account == move.source and low <= move.first and move.last <= high, (block, move)
    below = (low, move.first - 1, account) if low < move.first else None
    above = (move.last + 1, high, account) if move.last < high else None
    return below, above
