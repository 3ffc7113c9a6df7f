"""The most that an engine can do: finished journal rows under the same keys, in the same batches, and nothing else."""

import sqlite3
import struct
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from counterfoil.application.ports import JournalRow
from counterfoil.entrypoints.bench.ground import Disk

if TYPE_CHECKING:
    from psycopg import Connection

WAL_PAGES: Final = 4_000
"""As the registry's own engine has it, so that neither side copies its log more often."""
_SQLITE: Final = (
    "CREATE TABLE journal (seq INTEGER PRIMARY KEY, command TEXT NOT NULL UNIQUE, leaf_hash BLOB NOT NULL, "
    "leaf BLOB NOT NULL) STRICT"
)
_POSTGRES: Final = (
    'CREATE TABLE journal (seq bigint PRIMARY KEY, command text COLLATE "C" NOT NULL UNIQUE, '
    "leaf_hash bytea NOT NULL, leaf bytea NOT NULL)"
)


class RawInsert(Protocol):
    def run(self, rows: Sequence[JournalRow], batch: int) -> float:
        """Rows per second."""
        ...

    def close(self) -> None: ...


def sqlite_opened(path: Path) -> sqlite3.Connection:
    """A file with the settings of the registry's own: a log, and each commit waits for the disk."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
    return connection


class SqliteRows:
    """`executemany`, one transaction for each batch."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self._connection = sqlite_opened(path)
        self._connection.execute(_SQLITE)
        self._pause_s = disk.pause_s

    def run(self, rows: Sequence[JournalRow], batch: int) -> float:
        execute, many = self._connection.execute, self._connection.executemany
        begun = time.perf_counter()
        for start in range(0, len(rows), batch):
            execute("BEGIN IMMEDIATE")
            many("INSERT INTO journal VALUES (?, ?, ?, ?)", rows[start : start + batch])
            execute("COMMIT")
            if self._pause_s:
                time.sleep(self._pause_s)
        return len(rows) / (time.perf_counter() - begun)

    def close(self) -> None:
        self._connection.close()


class PostgresRows:
    """Binary COPY, one transaction for each batch. Packing the rows is part of it."""

    def __init__(self, connection: "Connection[tuple[object, ...]]", disk: Disk) -> None:
        self._connection = connection
        self._connection.execute(_POSTGRES)
        self._connection.commit()
        self._pause_s = disk.pause_s

    def run(self, rows: Sequence[JournalRow], batch: int) -> float:
        begun = time.perf_counter()
        for start in range(0, len(rows), batch):
            with self._connection.cursor() as cursor, cursor.copy("COPY journal FROM STDIN (FORMAT binary)") as copy:
                copy.write(_packed(rows[start : start + batch]))
            self._connection.commit()
            if self._pause_s:
                time.sleep(self._pause_s)
        return len(rows) / (time.perf_counter() - begun)

    def close(self) -> None:
        self._connection.close()


def _packed(rows: Sequence[JournalRow]) -> bytes:
    """Rows in the form of COPY: a count of columns, then each column's length and bytes."""
    found = [b"PGCOPY\n\xff\r\n\x00", bytes(8)]
    pack = struct.Struct(">hiqi").pack
    length = struct.Struct(">i").pack
    for seq, command, leaf_hash, leaf in rows:
        name = command.encode()
        found += (pack(4, 8, seq, len(name)), name, length(len(leaf_hash)), leaf_hash, length(len(leaf)), leaf)
    found.append(b"\xff\xff")
    return b"".join(found)
