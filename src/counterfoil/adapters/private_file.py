"""One SQLite file beside the ledger, private to its owner, that grows by numbered steps.

It keeps a write-ahead log and overwrites what is deleted. One connection writes, another reads beside it; each is used
by one thread at a time. The formats of such a file are steps that whoever opens it takes; none ever changes.
Source: ADR-0026.
"""

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from counterfoil.adapters.storage_fault import StorageFault, of_system
from counterfoil.application.ports import Outage

BUSY_MS: Final = 5_000
_CACHE_KIB: Final = 4_096

Values = Sequence[Any] | Mapping[str, Any]


Steps = Sequence[Sequence[str]]


class PrivateFile:
    """The open file. Statements of a thread that is inside `change()` go to the writing connection."""

    def __init__(self, path: Path, *, application: int, steps: Steps) -> None:
        """Open the file, lay it out when it is new, and take the steps that it has not taken.

        Args:
            application: The number in the file's header that says whose it is.

        Raises:
            Outage: it is not ours, of a newer format, open to others, or cannot be used.
        """
        self.path = path
        _made_private(path)
        self._writer = _connected(path)
        self._turn = threading.Lock()
        self._owner: int | None = None
        self._unscrubbed = False
        self._synced = True
        try:
            self._found(application, steps)
            self._reader = _connected(path)
        except BaseException as error:
            self._writer.close()
            if isinstance(error, sqlite3.Error):
                raise self._outage(error) from error
            raise
        self._reader.execute("PRAGMA query_only = ON")
        self._look = threading.Lock()

    @contextlib.contextmanager
    def change(self, *, synced: bool = True) -> Iterator[None]:
        """One transaction, durable at its end; an exception takes it back.

        Args:
            synced: Without it nobody waits for the disk: the loss of power may take the change back, whole, and those
                after it up to the next one that is synced. A killed process takes nothing back.
        """
        assert self._owner != threading.get_ident(), "changes are not nested"
        with self._turn:
            if synced is not self._synced:
                self._writer.execute(f"PRAGMA synchronous = {'FULL' if synced else 'NORMAL'}")
                self._synced = synced
            self._begin(self._writer)
            self._owner = threading.get_ident()
            try:
                yield
                self._writer.execute("COMMIT")
            except BaseException as error:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise self._outage(error) from error
                raise
            finally:
                self._owner = None
            if self._unscrubbed:
                # The change stands whatever becomes of the log: what fails here is tried again after the next one.
                with self._look, contextlib.suppress(sqlite3.Error):
                    self._unscrubbed = not self._log_cut(wait_ms=0)

    def rows(self, sql: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """Every row of a question."""
        try:
            if self._owner == threading.get_ident():
                return self._writer.execute(sql, values).fetchall()
            with self._look:
                return self._reader.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._outage(error) from error

    def run(self, sql: str, values: Values = ()) -> int:
        """Run a statement that writes, and say how many rows it changed."""
        assert self._owner == threading.get_ident(), "a change stands inside change()"
        return self._writer.execute(sql, values).rowcount

    def inserted(self, sql: str, values: Values = ()) -> bool:
        """Insert a row; False when one with its key is there."""
        try:
            return self.run(sql, values) == 1
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
                return False
            raise

    def run_each(self, sql: str, rows: Sequence[Values]) -> None:
        """Run a statement that writes, once for each row of values."""
        assert self._owner == threading.get_ident(), "a change stands inside change()"
        self._writer.executemany(sql, rows)

    def scrub(self) -> None:
        """Move the log into the file and cut it: `secure_delete` has overwritten there what was deleted.

        While another process reads an older state, the log cannot be cut: then it is after a later change, or when the
        last process closes the file.
        """
        with self._turn, self._look:
            try:
                self._unscrubbed = True
                self._unscrubbed = not self._log_cut(wait_ms=BUSY_MS)
            except sqlite3.Error as error:
                raise self._outage(error) from error

    def _log_cut(self, *, wait_ms: int) -> bool:
        """Whether the log could be cut. SQLite answers that it was busy, and raises nothing."""
        self._writer.execute(f"PRAGMA busy_timeout = {wait_ms}").fetchall()
        try:
            busy, *_ = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            self._writer.execute(f"PRAGMA busy_timeout = {BUSY_MS}").fetchall()
        return not busy

    def close(self) -> None:
        with self._turn, self._look:
            self._reader.close()
            self._writer.close()

    def _begin(self, connection: sqlite3.Connection) -> None:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise self._outage(error) from error

    def _found(self, own: int, every: Steps) -> None:
        connection = self._writer
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if application != own and (application or tables):
            raise Outage(StorageFault.NOT_OURS, {"path": str(self.path)})
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if connection.execute("PRAGMA user_version").fetchone()[0] == len(every):
            return
        connection.execute("BEGIN IMMEDIATE")
        # Asked within the transaction: another process may have come first.
        taken = connection.execute("PRAGMA user_version").fetchone()[0]
        if taken > len(every):
            facts = {"path": str(self.path), "format": taken, "format_max": len(every)}
            connection.execute("ROLLBACK")
            raise Outage(StorageFault.NEWER_FORMAT, facts)
        for statement in (statement for step in every[taken:] for statement in step):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {own}")
        connection.execute(f"PRAGMA user_version = {len(every)}")
        connection.execute("COMMIT")

    def _outage(self, error: sqlite3.Error) -> Outage:
        number = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        fault = _FAULTS.get(number, StorageFault.IO_ERROR)
        retry = fault in (StorageFault.BUSY, StorageFault.DISK_FULL)
        return Outage(fault, {"path": str(self.path), "detail": str(error)[:200]}, retry=retry)


_FAULTS: Final = {
    sqlite3.SQLITE_FULL: StorageFault.DISK_FULL,
    sqlite3.SQLITE_BUSY: StorageFault.BUSY,
    sqlite3.SQLITE_LOCKED: StorageFault.BUSY,
    sqlite3.SQLITE_CORRUPT: StorageFault.CORRUPT,
    sqlite3.SQLITE_NOTADB: StorageFault.NOT_OURS,
    sqlite3.SQLITE_CONSTRAINT: StorageFault.CONFLICT,
}


def _made_private(path: Path) -> None:
    """A file that only its owner reads, also where a hand had opened it to others; SQLite gives its mode to the log."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            os.fchmod(file, 0o600)
        finally:
            os.close(file)
    except OSError as error:
        raise of_system(error, path) from error


def _connected(path: Path) -> sqlite3.Connection:
    try:
        # No implicit transactions. One thread at a time uses a connection, but not always the same one.
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=128)
    except sqlite3.Error as error:
        raise Outage(StorageFault.IO_ERROR, {"path": str(path), "detail": str(error)[:200]}) from error
    for pragma in (
        f"busy_timeout = {BUSY_MS}",
        "synchronous = FULL",
        "foreign_keys = ON",
        "trusted_schema = OFF",
        "secure_delete = ON",
        "temp_store = MEMORY",
        f"cache_size = -{_CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection
