"""The file's format: its tables, how a connection is opened, and which files are ours.

Read next: `adapters/storage/sqlite/store.py`.
Source: ADR-0010.
"""

import os
import sqlite3
from pathlib import Path
from typing import Final

from counterfoil.adapters.storage.sqlite.layout import check_layout
from counterfoil.adapters.storage.sqlite.outage import ERRORS, translated
from counterfoil.adapters.storage_fault import StorageFault, of_system
from counterfoil.application.ports import Outage

FORMAT: Final = 2
APPLICATION_ID: Final = 0x4354464C
"""`CTFL` in the file's header, so that neither we nor `file(1)` take another program's database for a registry."""

WAL_PAGES: Final = 4_000
"""Pages (of 4 KiB) after which a commit moves the log into the file.

The log is then reused from its start and never cut: a growing file makes the fsync slow. So it stays near 16 MiB,
unless a reading stays open for long. Larger values make some commits slow; moving it in a thread of its own let the log
grow without end, because it was never wholly moved under load.
"""

CACHE_KIB: Final = 32_768
"""Pages that a connection may keep. A batch of 2,048 acts on many blocks touches 8 MiB; what does not fit is written to
the log twice. It is taken as it is needed, so a small registry needs little.
"""

BUSY_MS: Final = 5_000
"""How long to wait for another process, such as a backup, before the answer is `storage.busy`."""

# Nothing here may change without a new FORMAT and a step to it (`migrations.py`). No index beside the keys: each one
# would cost every commit.
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
CREATE TABLE opening (
    seq INTEGER NOT NULL,
    field TEXT NOT NULL,
    salt BLOB NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (seq, field)
) STRICT, WITHOUT ROWID;
"""

# A holding is a block, and a block has a serial at least: so no holder is below zero. What is a balance in the unit
# book is a source's, out of which units come and never more back.
BALANCE: Final = """CREATE TABLE balance (
    book TEXT NOT NULL,
    commodity TEXT NOT NULL,
    account TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (book, commodity, account),
    CHECK (book <> 'units' OR amount <= 0)
) STRICT, WITHOUT ROWID"""

COSIGNATURE: Final = """CREATE TABLE cosignature (
    number INTEGER NOT NULL REFERENCES checkpoint (number),
    name TEXT NOT NULL,
    line TEXT NOT NULL,
    PRIMARY KEY (number, name)
) STRICT, WITHOUT ROWID"""


def _never(table: str, verb: str, done: str, when: str = "") -> str:
    return (
        f"CREATE TRIGGER {table}_is_never_{done} BEFORE {verb} ON {table}{when} "
        f"BEGIN SELECT RAISE(ABORT, 'the {table} is append-only'); END"
    )


# A hand at the SQL prompt is stopped here; one that drops the triggers is found by `verify`.
_IMMUTABLE: Final = tuple(
    _never(table, verb, done)
    for table in ("journal", "checkpoint")
    for verb, done in (("UPDATE", "updated"), ("DELETE", "deleted"))
)

# REPLACE deletes the row that is in its way without asking the trigger above. The journal has no such guard: it would
# cost every entry 1 µs, a tenth of its commit; there `verify` finds it.
WITNESSED: Final = (
    _never("cosignature", "UPDATE", "updated"),
    _never("cosignature", "DELETE", "deleted"),
    _never(
        "cosignature", "INSERT", "replaced",
        " WHEN EXISTS (SELECT 1 FROM cosignature WHERE number = NEW.number AND name = NEW.name)",
    ),
    _never(
        "checkpoint", "INSERT", "replaced", " WHEN EXISTS (SELECT 1 FROM checkpoint WHERE number = NEW.number)"
    ),
)  # fmt: skip

# The second wall behind the writer's own index: no serial in two blocks. From a block's last serial the key is read
# backwards: the block itself must come first, and then one that ends before it. One descent costs less than two.
_OVERLAPS: Final = """EXISTS (
    SELECT 1 FROM (
        SELECT first, last FROM block WHERE class = NEW.class AND first <= NEW.last ORDER BY first DESC LIMIT 2
    ) WHERE first > NEW.first OR (first < NEW.first AND last >= NEW.first)
)"""
_REFUSED: Final = "BEGIN SELECT RAISE(ABORT, 'a block overlaps its neighbour'); END"
_CHANGED: Final = "(NEW.last > OLD.last OR NEW.first <> OLD.first OR NEW.class <> OLD.class)"
APART: Final = (
    f"CREATE TRIGGER block_comes_apart AFTER INSERT ON block WHEN {_OVERLAPS} {_REFUSED}",
    f"CREATE TRIGGER block_grows_apart AFTER UPDATE ON block WHEN {_CHANGED} AND {_OVERLAPS} {_REFUSED}",
)
LAYOUT: Final = (_TABLES, BALANCE, COSIGNATURE, *_IMMUTABLE, *WITNESSED, *APART)


def open_for_writing(path: Path, *, create: bool) -> sqlite3.Connection:
    """The writer's connection. Each commit waits for the disk (`synchronous=FULL`).

    Raises:
        Outage: the file is absent, exists already, is not ours, is of another format, or cannot be read; or its tables
            and guards are not those that were laid out.
    """
    if create:
        _made_private(path)
    else:
        _require_own(path)
    connection = connected(f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}", path)
    try:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        if create:
            _found(connection, path)
        else:
            check_format(connection, path)
            _log_ahead(connection, path)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        # What a statement of many rows would put back when it fails is kept in memory, not in a file elsewhere.
        connection.execute("PRAGMA temp_store = MEMORY")
    except BaseException as error:
        connection.close()
        if isinstance(error, ERRORS):
            raise translated(error, path) from error
        raise
    return connection


def _require_own(path: Path) -> None:
    """Refuse a file that is not as we lay it out, without changing it.

    The connection may only read: closing one that may write would move the log into the file.
    """
    look = open_for_reading(path)
    try:
        check_layout(look, path, LAYOUT)
    except ERRORS as error:
        raise translated(error, path) from error
    finally:
        look.close()


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, from any process, beside a running writer or without one.

    Raises:
        Outage: the file is absent, not ours, of another format, or cannot be read.
    """
    connection = connected(f"{path.absolute().as_uri()}?mode=ro", path)
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
    version = format_of(connection, path)
    if version < FORMAT:
        raise Outage(StorageFault.OLDER_FORMAT, {"path": str(path), "format": version, "format_now": FORMAT})


def format_of(connection: sqlite3.Connection, path: Path) -> int:
    """The format of a file of ours, this one or an older one.

    Raises:
        Outage: the file is not ours, or of a newer format.
    """
    application, version = _marks(connection)
    if application != APPLICATION_ID or version < 1:
        raise Outage(StorageFault.NOT_OURS, {"path": str(path)})
    if version > FORMAT:
        raise Outage(StorageFault.NEWER_FORMAT, {"path": str(path), "format": version, "format_max": FORMAT})
    return version


def connected(uri: str, path: Path) -> sqlite3.Connection:
    """A bare connection, whatever the file holds.

    Raises:
        Outage: the file is absent, or cannot be opened.
    """
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
    _log_ahead(connection, path)
    layout = ";".join(LAYOUT)
    connection.executescript(
        f"BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT}; {layout}; COMMIT;"
    )


def _log_ahead(connection: sqlite3.Connection, path: Path) -> None:
    """Ask for the write-ahead log, also in a file from which a hand has taken it: readers beside us rest on it."""
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise Outage(StorageFault.IO_ERROR, {"path": str(path), "detail": f"no write-ahead log here, but {mode}"})


def _marks(connection: sqlite3.Connection) -> tuple[int, int]:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    return application, connection.execute("PRAGMA user_version").fetchone()[0]
