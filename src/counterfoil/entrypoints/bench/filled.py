"""A registry with blocks and a history, for what reads one: the audit and the start."""

from dataclasses import dataclass
from typing import Final

from counterfoil.entrypoints.bench.ground import Ground
from counterfoil.entrypoints.bench.subject import begin, run, writer_on
from counterfoil.entrypoints.bench.workload import Workload
from counterfoil.entrypoints.bootstrap import Folder


@dataclass(frozen=True, slots=True)
class Size:
    """Blocks issued at the beginning, acts after them, and repetitions, none of which is begun after `budget_s`."""

    blocks: int
    accounts: int
    acts: int
    times: int
    budget_s: float


_BATCH: Final = 256
"""Acts of a commit, and so of a signed checkpoint: those of a registry that is busy, and not of one that is filled."""
FULL: Final = Size(blocks=100_000, accounts=2_000, acts=20_480, times=5, budget_s=1_800)
QUICK: Final = Size(blocks=10_000, accounts=500, acts=6_144, times=3, budget_s=15)


def filled(place: Ground, name: str, size: Size) -> Folder:
    """The registry's folder; nothing has it open."""
    load = Workload(blocks=size.blocks, accounts=size.accounts)
    with writer_on(place, name, place.disk(0)) as (writer, _):
        begin(writer, load.beginning(), _BATCH)
        run(writer, load.acts(size.acts), _BATCH)
    return place.folder(name, place.disk(0))
