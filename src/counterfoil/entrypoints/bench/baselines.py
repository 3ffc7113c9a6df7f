"""What the writer is measured against, on the same disk in the same run, with rules and tree left out.

`RawInserts` is the most that this engine can do with finished journal rows; `RequestTransactions` is what a tuned
registry without group commit does: for each act one transaction, the blocks in SQL, no tree and no signature.
"""

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.ports import JournalRow

_JOURNAL: Final = (
    "CREATE TABLE journal (seq INTEGER PRIMARY KEY, command TEXT NOT NULL UNIQUE, leaf_hash BLOB NOT NULL, "
    "leaf BLOB NOT NULL) STRICT"
)
_BLOCK: Final = "CREATE TABLE block (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, account TEXT NOT NULL) STRICT"
_WAL_PAGES: Final = 4_000
"""As the registry's own engine has it, so that neither side copies its log more often."""


def _opened(path: Path, *tables: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")
    for table in tables:
        connection.execute(table)
    return connection


class RawInserts:
    """Finished journal rows by `executemany`, with the unique index, one transaction for each batch."""

    def __init__(self, folder: Path, *, delay_s: float) -> None:
        self._connection = _opened(folder / "raw.db", _JOURNAL)
        self._delay_s = delay_s

    def run(self, rows: Sequence[JournalRow], batch: int) -> float:
        """Rows per second."""
        execute, many = self._connection.execute, self._connection.executemany
        begun = time.perf_counter()
        for start in range(0, len(rows), batch):
            execute("BEGIN IMMEDIATE")
            many("INSERT INTO journal VALUES (?, ?, ?, ?)", rows[start : start + batch])
            execute("COMMIT")
            time.sleep(self._delay_s)
        return len(rows) / (time.perf_counter() - begun)

    def close(self) -> None:
        self._connection.close()


class RequestTransactions:
    """Each transfer in a transaction of its own: find the block, check it, split it, note the act, commit."""

    def __init__(self, folder: Path, blocks: Sequence[tuple[int, int, str]], *, delay_s: float) -> None:
        self._connection = _opened(folder / "tuned.db", _JOURNAL, _BLOCK)
        self._delay_s = delay_s
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT INTO block VALUES (?, ?, ?)", sorted(blocks))
        self._connection.execute("COMMIT")
        self._seq = 0

    def run(self, acts: Sequence[Transfer], rows: Sequence[JournalRow]) -> float:
        """Acts per second. `rows` are the journal rows to note, one for each act."""
        begun = time.perf_counter()
        for act, row in zip(acts, rows, strict=True):
            self._one(act, row)
            time.sleep(self._delay_s)
        return len(acts) / (time.perf_counter() - begun)

    def _one(self, act: Transfer, row: JournalRow) -> None:
        execute = self._connection.execute
        first, last = act.units.first, act.units.last
        execute("BEGIN IMMEDIATE")
        nearest = "SELECT first, last, account FROM block WHERE first <= ? ORDER BY first DESC LIMIT 1"
        low, high, account = execute(nearest, (first,)).fetchone()
        assert (account, high >= last) == (act.source, True)
        if low < first:
            execute("UPDATE block SET last = ? WHERE first = ?", (first - 1, low))
            execute("INSERT INTO block VALUES (?, ?, ?)", (first, last, act.target))
        else:
            execute("UPDATE block SET last = ?, account = ? WHERE first = ?", (last, act.target, low))
        if last < high:
            execute("INSERT INTO block VALUES (?, ?, ?)", (last + 1, high, account))
        execute("INSERT INTO journal VALUES (?, ?, ?, ?)", (self._seq, row.command, row.leaf_hash, row.leaf))
        execute("COMMIT")
        self._seq += 1

    def close(self) -> None:
        self._connection.close()
