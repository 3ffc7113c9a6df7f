"""The rivals of one pass over the ledger: which there are on an engine, and where each of them stands."""

import importlib.util
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

from counterfoil.entrypoints.bench.ground import Disk, Ground
from counterfoil.entrypoints.bench.ledger_report import CONNECTIONS
from counterfoil.entrypoints.bench.raw_insert import PostgresRows, RawInsert, SqliteRows
from counterfoil.entrypoints.bench.rival import Contest, Rival, Stock
from counterfoil.entrypoints.bench.tuned import PostgresTuned, SqliteTuned, postgres_opened
from counterfoil.entrypoints.bench.workload import Workload

_ACT_BYTES: Final = 400
"""What a rival keeps of each act: about the length of a transfer's journal row."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured.

    Attributes:
        acts: Acts of a repetition at the largest batch; smaller batches take an eighth of it, or one batch.
        rival_acts, rival_s: Acts of a rival's repetition, and the seconds after which it is stopped.
        budget_s: No repetition is begun after so many seconds.
    """

    blocks: int
    accounts: int
    acts: int
    rival_acts: int
    rival_s: float
    latency_s: float
    times: int
    budget_s: float


@dataclass(slots=True)
class Rivals:
    """Those that take turns with the registry: finished rows, and each contest by its kind."""

    raw: RawInsert | None
    contests: dict[str, Contest]

    def go(self, size: Size) -> None:
        for contest in self.contests.values():
            contest.go(size.rival_acts, size.rival_s)


@contextmanager
def rivals_on(place: Ground, disk: Disk, size: Size, *, name: str, tuned_only: bool = False) -> Iterator[Rivals]:
    """All rivals of a pass, each with its own tables and its own copy of the workload."""
    with ExitStack() as stack:
        contests: dict[str, Contest] = {}
        for kind in _kinds(place, tuned_only=tuned_only):
            load = Workload(blocks=size.blocks, accounts=size.accounts)
            folder = place.path / f"{name}_{kind}"
            folder.mkdir()
            schema = place.schema(f"{name}_{kind}") if place.engine == "postgres" else ""
            rival = _rival(kind, Stock(folder, schema, disk, load.accounts, load.blocks(), _ACT_BYTES))
            stack.callback(rival.close)
            contests[kind] = Contest(rival, load)
        raw = None if tuned_only or not place.durable else raw_on(place, disk, "raw")
        if raw is not None:
            stack.callback(raw.close)
        yield Rivals(raw, contests)


def _kinds(place: Ground, *, tuned_only: bool) -> list[str]:
    match place.engine:
        case "postgres":
            kinds = ["tuned_pg_1", "tuned_pg_8"]
            orm = "orm_pg"
        case "sqlite":
            kinds = ["tuned_sqlite"]
            orm = "orm_sqlite"
        case _:
            return []
    with_orm = not tuned_only and importlib.util.find_spec("sqlalchemy") is not None
    return [orm, *kinds] if with_orm else kinds


def _rival(kind: str, stock: Stock) -> Rival:
    match kind:
        case "tuned_sqlite":
            return SqliteTuned(stock)
        case "tuned_pg_1":
            return PostgresTuned(stock, lanes=1)
        case "tuned_pg_8":
            return PostgresTuned(stock, lanes=CONNECTIONS)
    from counterfoil.entrypoints.bench.orm import OrmRequests

    return OrmRequests(stock, postgres=kind == "orm_pg")


def raw_on(place: Ground, disk: Disk, name: str) -> RawInsert:
    """A bare table of that name for finished rows."""
    folder = place.path / name
    folder.mkdir()
    if place.engine == "sqlite":
        return SqliteRows(folder / "raw.db", disk)
    stock = Stock(folder, place.schema(name), disk, (), (), 0)
    return PostgresRows(postgres_opened(stock), disk)
