"""How long a registry takes to open and to answer and what it holds in memory, beside a server without a registry."""

import http.client
import sqlite3
import time
from dataclasses import dataclass, field, replace
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bench.filled import Size, filled
from counterfoil.entrypoints.bench.ground import Ground
from counterfoil.entrypoints.bench.http_server import server
from counterfoil.entrypoints.bench.machine import resident_bytes
from counterfoil.entrypoints.bench.report import Report
from counterfoil.entrypoints.bootstrap import Folder, open_for_writing

_FEW: Final = 100
_MEBI: Final = 1024 * 1024


@dataclass(slots=True)
class _Found:
    """What each repetition found."""

    opened: list[float] = field(default_factory=list)
    handed: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    empty: list[float] = field(default_factory=list)
    idle: list[int] = field(default_factory=list)
    idle_few: list[int] = field(default_factory=list)
    idle_empty: list[int] = field(default_factory=list)


def start(place: Ground, *, size: Size) -> Report:
    """Opening for writing, from the start of the process to the first answer, and memory when nothing happens."""
    begun = time.monotonic()
    folder = filled(place, "started", size)
    return start_of(place, folder, size=replace(size, budget_s=size.budget_s - (time.monotonic() - begun)))


def start_of(place: Ground, folder: Folder, *, size: Size) -> Report:
    """The same of a registry that is there already, beside one with as many accounts and few blocks."""
    end = time.monotonic() + size.budget_s
    few = filled(place, "few", replace(size, blocks=_FEW, acts=_FEW))
    found = _Found()
    blocks = few_blocks = 0
    for number in range(size.times):
        if number and time.monotonic() > end:
            break
        place.look_at_disk()
        blocks, seconds = _opened(folder)
        few_blocks, _ = _opened(few)
        found.opened.append(seconds)
        found.handed.append(_handed_over(place, folder))
        _answered(found.empty, found.idle_empty, "empty")
        _answered(found.answered, found.idle, "serve", str(folder.path), "0")
        _answered([], found.idle_few, "serve", str(few.path), "0")
    return _report(found, blocks, few_blocks)


def _report(found: _Found, blocks: int, few_blocks: int) -> Report:
    report = Report(figures={"blocks": blocks, "repetitions": len(found.opened)})
    report.figure("open_s", found.opened, 3)
    report.figure("blocks_loaded_per_s", [blocks / seconds for seconds in found.opened])
    report.figure("start_to_first_answer_s", found.answered, 3)
    report.figure("idle_mib", [held / _MEBI for held in found.idle], 1)
    grown = zip(found.idle, found.idle_few, strict=True)
    report.figure("bytes_per_block", [(many - few) / (blocks - few_blocks) for many, few in grown])
    report.baseline("rows_handed_over_per_s", [blocks / seconds for seconds in found.handed])
    report.baseline("empty_server_first_answer_s", found.empty, 3)
    report.baseline("empty_server_idle_mib", [held / _MEBI for held in found.idle_empty], 1)
    report.ratio("open_vs_rows", found.handed, found.opened)
    report.ratio("start_vs_empty_server", found.answered, found.empty, 2)
    return report


def _opened(folder: Folder) -> tuple[int, float]:
    begun = time.perf_counter()
    opened = open_for_writing(folder, "bench")
    assert not isinstance(opened, Refusal)
    with opened:
        seconds = time.perf_counter() - begun
        return len(opened.driver.writer.books.blocks), seconds


def _answered(seconds: list[float], held: list[int], *arguments: str) -> None:
    """One start of a server, from nothing to the first whole answer; then what it holds in memory."""
    begun = time.perf_counter()
    with server(*arguments) as served:
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
        connection.request("GET", "/api/v1/health")
        answer = connection.getresponse()
        answer.read()
        seconds.append(time.perf_counter() - begun)
        assert answer.status == 200, answer.status
        held += filter(None, [resident_bytes(served.pid)])
        connection.close()


def _handed_over(place: Ground, folder: Folder) -> float:
    """Seconds in which the engine hands over the block table, and nothing is made of it."""
    begun = time.perf_counter()
    if place.engine == "postgres":
        import psycopg
        from psycopg import sql

        table = sql.Identifier(place.schema(folder.path.name), "block")
        with psycopg.connect(place.conninfo) as session:
            session.execute(sql.SQL("SELECT * FROM {}").format(table), binary=True).fetchall()
    else:
        connection = sqlite3.connect(folder.ledger)
        connection.execute("SELECT * FROM block").fetchall()
        connection.close()
    return time.perf_counter() - begun
