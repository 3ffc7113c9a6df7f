"""How long the audit and the start take, beside the bare work that neither can do without."""

import sqlite3
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from counterfoil.application.writer import BATCH_MAX
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.merkle import Frontier, leaf_hash
from counterfoil.entrypoints.bench.ledger import Size
from counterfoil.entrypoints.bench.machine import ratio, spread
from counterfoil.entrypoints.bench.subject import begin, run, submissions, writer_on
from counterfoil.entrypoints.bench.workload import Workload
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading, open_for_writing, verify_folder


def verification(path: Path, *, size: Size) -> Mapping[str, Any]:
    """`verify` in entries per second, and the rate at which one core only hashes the same leaves into the tree."""
    folder = _filled(path / "registry", size)
    with open_for_reading(folder) as readable:
        leaves = [row.leaf for row in readable.reading.journal()]
    audits: list[float] = []
    bare: list[float] = []
    for _ in range(size.times):
        begun = time.perf_counter()
        audit = verify_folder(folder)
        audits.append(audit.entries / (time.perf_counter() - begun))
        assert not audit.findings
        bare.append(_hashed(leaves))
    rates, limit = spread(audits), spread(bare)
    return {
        "entries": len(leaves),
        "entries_per_s": rates,
        "leaf_hashes_per_s": limit,
        "share_of_hashing": ratio(rates, limit),
    }


def start(path: Path, *, size: Size) -> Mapping[str, Any]:
    """Opening a registry for writing, in blocks per second, and the rate at which SQLite only hands the blocks over."""
    folder = _filled(path / "registry", size)
    opened: list[float] = []
    bare: list[float] = []
    blocks = 0
    for _ in range(size.times):
        begun = time.perf_counter()
        writable = open_for_writing(folder, "bench")
        assert not isinstance(writable, Refusal)
        with writable:
            seconds = time.perf_counter() - begun
            blocks = len(writable.driver.writer.books.blocks)
        opened.append(blocks / seconds)
        bare.append(_handed_over(folder.ledger))
    rates, limit = spread(opened), spread(bare)
    return {
        "blocks": blocks,
        "seconds": round(blocks / rates["median"], 3),
        "blocks_per_s": rates,
        "rows_handed_over_per_s": limit,
        "share_of_reading": ratio(rates, limit),
    }


def _filled(path: Path, size: Size) -> Folder:
    load = Workload(blocks=size.blocks, accounts=size.accounts)
    with writer_on("sqlite", path, delay_s=0) as (writer, _):
        begin(writer, load.beginning())
        run(writer, submissions(load.transfers(size.acts)), BATCH_MAX)
    return Folder(path)


def _hashed(leaves: Sequence[bytes]) -> float:
    begun = time.perf_counter()
    Frontier().extended([leaf_hash(leaf) for leaf in leaves]).root()
    return len(leaves) / (time.perf_counter() - begun)


def _handed_over(ledger: Path) -> float:
    connection = sqlite3.connect(ledger)
    begun = time.perf_counter()
    rows = connection.execute("SELECT * FROM block").fetchall()
    seconds = time.perf_counter() - begun
    connection.close()
    return len(rows) / seconds
