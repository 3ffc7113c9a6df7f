"""The file's format: its tables, how a connection is opened, and which files are ours.

Read next: `adapters/storage/sqlite/store.py`.
Source: ADR-0010.
"""

import os
import sqlite3
from pathlib import Path
from typing import Final

from counterfoil.adapters.storage.sqlite.outage import ERRORS, translated
from counterfoil.adapters.storage_fault import StorageFault, of_system
from counterfoil.application.ports import Outage

FORMAT: Final = 1
APPLICATION_ID: Final = 0x4354464C
"""`CTFL` in the file's header, so that neither we nor `file(1)` take another program's database for a registry."""

WAL_PAGES: Final = 4_000
"""Pages (of 4 KiB) after which a commit moves the log into the file.

The log is then reused from its start and never cut: a growing file makes the fsync slow. So it stays near 16 MiB,
unless a reading stays open for long. Larger values make some commits slow; moving it in a thread of its own let the log
grow without end, because it was never wholly moved under load.
"""

BUSY_MS: Final = 5_000
"""How long to wait for another process, such as a backup, before the answer is `storage.busy`."""

# Nothing here may change without a new FORMAT. No index beside the keys: each one would cost every commit.
_TABLES: Final = """
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY CHECK (seq >= 0),
    command TEXT NOT NULL UNIQUE,
    leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
    leaf BLOB NOT NULL
) STRICT;
CREATE TABLE checkpoint (
    number INTEGER PRIMARY KEY CHECK (number >= 1),
    size INTEGER NOT NULL CHECK (size >= 0),
    frontier BLOB NOT NULL,
    note TEXT NOT NULL
) STRICT;
CREATE TABLE term (
    kind TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number >= 0),
    text TEXT NOT NULL,
    PRIMARY KEY (kind, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE block (
    class INTEGER NOT NULL,
    first INTEGER NOT NULL CHECK (first >= 1),
    last INTEGER NOT NULL,
    account INTEGER NOT NULL,
    lot INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (class, first),
    CHECK (last >= first)
) STRICT, WITHOUT ROWID;
CREATE TABLE record (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE balance (
    book TEXT NOT NULL,
    commodity TEXT NOT NULL,
    account TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (book, commodity, account)
) STRICT, WITHOUT ROWID;
CREATE TABLE opening (
    seq INTEGER NOT NULL,
    field TEXT NOT NULL,
    salt BLOB NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (seq, field)
) STRICT, WITHOUT ROWID;
"""

# A hand at the SQL prompt is stopped here; one that drops the triggers is found by `verify`.
_IMMUTABLE: Final = "".join(
    f"CREATE TRIGGER {table}_is_never_{done} BEFORE {verb} ON {table} "
    f"BEGIN SELECT RAISE(ABORT, 'the {table} is append-only'); END;\n"
    for table in ("journal", "checkpoint")
    for verb, done in (("UPDATE", "updated"), ("DELETE", "deleted"))
)


# The second wall behind the writer's own index: no serial in two blocks. It costs 2 to 3 % at a batch of 1,024.
_APART: Final = """
CREATE TRIGGER block_comes_apart AFTER INSERT ON block WHEN
    (SELECT first FROM block WHERE class = NEW.class AND first > NEW.first ORDER BY first LIMIT 1) <= NEW.last
    OR (SELECT last FROM block WHERE class = NEW.class AND first < NEW.first ORDER BY first DESC LIMIT 1) >= NEW.first
BEGIN SELECT RAISE(ABORT, 'a block overlaps its neighbour'); END;
CREATE TRIGGER block_grows_apart AFTER UPDATE ON block WHEN NEW.last > OLD.last AND
    (SELECT first FROM block WHERE class = NEW.class AND first > NEW.first ORDER BY first LIMIT 1) <= NEW.last
BEGIN SELECT RAISE(ABORT, 'a block overlaps its neighbour'); END;
"""


def open_for_writing(path: Path, *, create: bool) -> sqlite3.Connection:
    """The writer's connection. Each commit waits for the disk (`synchronous=FULL`).

    Raises:
        Outage: the file is absent, exists already, is not ours, is of a newer format, or cannot be read.
    """
    if create:
        _made_private(path)
    connection = _connected(f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}", path)
    try:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        if create:
            _found(connection, path)
        else:
            check_format(connection, path)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
    except BaseException as error:
        connection.close()
        if isinstance(error, ERRORS):
            raise translated(error, path) from error
        raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, from any process, beside a running writer or without one.

    Raises:
        Outage: the file is absent, not ours, of a newer format, or cannot be read.
    """
    connection = _connected(f"{path.absolute().as_uri()}?mode=ro", path)
    try:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA trusted_schema = OFF")
        check_format(connection, path)
    except BaseException as error:
        connection.close()
        if isinstance(error, ERRORS):
            raise translated(error, path) from error
        raise
    return connection


def check_format(connection: sqlite3.Connection, path: Path) -> None:
    """Accept a file of this format only."""
    application, version = _marks(connection)
    if application != APPLICATION_ID:
        raise Outage(StorageFault.NOT_OURS, {"path": str(path)})
    if version > FORMAT:
        raise Outage(StorageFault.NEWER_FORMAT, {"path": str(path), "format": version, "format_max": FORMAT})


def _connected(uri: str, path: Path) -> sqlite3.Connection:
    if "mode=rwc" not in uri and not path.is_file():
        raise Outage(StorageFault.ABSENT, {"path": str(path)})
    try:
        # No implicit transactions. One thread at a time uses a connection, but not always the same one.
        return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, cached_statements=64)
    except sqlite3.DatabaseError as error:
        raise translated(error, path) from error


def _made_private(path: Path) -> None:
    """An empty file that only its owner reads: openings of confidential fields lie in it, and SQLite keeps its mode."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise of_system(error, path) from error


def _found(connection: sqlite3.Connection, path: Path) -> None:
    """Lay out a new file, also where an earlier founding was killed before its one transaction ended."""
    taken = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if taken or _marks(connection) != (0, 0):
        raise Outage(StorageFault.EXISTS, {"path": str(path)})
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise Outage(StorageFault.IO_ERROR, {"path": str(path), "detail": f"no write-ahead log here, but {mode}"})
    connection.executescript(
        f"BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT};"
        f"{_TABLES}{_IMMUTABLE}{_APART}COMMIT;"
    )


def _marks(connection: sqlite3.Connection) -> tuple[int, int]:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    return application, connection.execute("PRAGMA user_version").fetchone()[0]
