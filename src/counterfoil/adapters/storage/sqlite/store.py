"""The embedded engine as the single writer sees it: whole batches into one file, durable on return.

Read next: `adapters/storage/sqlite/reading.py`.
Source: ADR-0010.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from counterfoil.adapters.storage.sqlite.batch import write
from counterfoil.adapters.storage.sqlite.kept_connections import KeptConnections
from counterfoil.adapters.storage.sqlite.log import require_whole_log
from counterfoil.adapters.storage.sqlite.outage import sync_failed, translated
from counterfoil.adapters.storage.sqlite.reading import OPENINGS, SqliteReading
from counterfoil.adapters.storage.sqlite.rows import Rows
from counterfoil.adapters.storage.sqlite.schema import open_for_writing
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.ports import Batch, CosignatureRow, JournalRow, OpeningRow, Outage

_COSIGN: Final = (
    "INSERT INTO cosignature (number, name, line) SELECT ?1, ?2, ?3 "
    "WHERE NOT EXISTS (SELECT 1 FROM cosignature WHERE number = ?1 AND name = ?2)"
)


class SqliteStore:
    """A registry's file, held by its one writer."""

    __slots__ = ("_connection", "_halted", "_kept", "_path", "_rows")

    def __init__(self, path: Path, *, create: bool) -> None:
        """Open a registry's file, or with `create` lay out a new one where none is.

        Raises:
            Outage: the file is absent, exists already, is not ours, is of another format, or cannot be opened; or its
                log is damaged before its end.
        """
        self._path = path
        if not create:
            require_whole_log(path)
        self._connection = open_for_writing(path, create=create)
        self._take_over()
        self._rows = Rows(self._connection, path)
        self._kept = KeptConnections()
        self._halted = False

    @property
    def epoch(self) -> int:
        """Always 1: the registry's lock keeps a second writer away."""
        return 1

    def reading(self) -> SqliteReading:
        return SqliteReading(self._path, self._kept)

    def commit(self, batch: Batch) -> None:
        """Write a batch in one transaction; on return it survives the loss of power.

        Raises:
            Outage: the batch is not there; or it is not known whether it is, and then the store takes no more.
        """
        if self._halted:
            raise Outage(StorageFault.HALTED, {"path": str(self._path)})
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._write(batch)
        except BaseException as error:
            self._roll_back()
            if isinstance(error, sqlite3.DatabaseError):
                raise translated(error, self._path) from error
            raise
        try:
            self._connection.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            self._settle(batch, error)
        except BaseException:
            self._roll_back()
            raise

    def commands(self, ids: Sequence[str]) -> dict[str, int]:
        return self._rows.commands(ids)

    def row(self, seq: int) -> JournalRow | None:
        return self._rows.row(seq)

    def openings(self, seq: int) -> list[OpeningRow]:
        return self._rows.all(OpeningRow._make, f"{OPENINGS} WHERE seq = ? ORDER BY field", (seq,))

    def erase(self, seq: int, field: str) -> bool:
        """Erase one opening, and overwrite its bytes in the file and in the log.

        A reading that is open may keep the log from being cut; later commits overwrite it then. Copies and backups are
        the operator's to erase.
        """
        if self._halted:
            raise Outage(StorageFault.HALTED, {"path": str(self._path)})
        try:
            self._connection.execute("PRAGMA secure_delete = ON")
            erased = self._connection.execute("DELETE FROM opening WHERE seq = ? AND field = ?", (seq, field)).rowcount
            self._connection.execute("PRAGMA secure_delete = OFF")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.DatabaseError as error:
            self._halted = sync_failed(error)
            raise translated(error, self._path) from error
        return erased == 1

    def cosign(self, row: CosignatureRow) -> bool:
        """Keep a witness's line beside its checkpoint; False when that witness's line is there already.

        Raises:
            Outage: there is no such checkpoint (`storage.conflict`), or the line is not there for certain. Handing it
                in again does no harm.
        """
        if self._halted:
            raise Outage(StorageFault.HALTED, {"path": str(self._path)})
        try:
            return self._connection.execute(_COSIGN, row).rowcount == 1
        except sqlite3.DatabaseError as error:
            self._halted = sync_failed(error)
            raise translated(error, self._path) from error

    def close(self) -> None:
        self._kept.close()
        self._connection.close()

    def _take_over(self) -> None:
        """See that the file can be written, and move what an earlier process left in the log into it.

        So one log is torn by one power cut at most. Where a reading stands in the way it stays, which does no harm.
        """
        try:
            # SQLite opens a file that it may only read without a word, and says so at the first change.
            version = self._connection.execute("PRAGMA user_version").fetchone()[0]
            self._connection.executescript(f"BEGIN IMMEDIATE; PRAGMA user_version = {version}; ROLLBACK;")
            patience = self._connection.execute("PRAGMA busy_timeout").fetchone()[0]
            self._connection.execute("PRAGMA busy_timeout = 0")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._connection.execute(f"PRAGMA busy_timeout = {patience}")
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise translated(error, self._path) from error

    def _write(self, batch: Batch) -> None:
        self._require_next(batch)
        write(self._connection, batch)

    def _require_next(self, batch: Batch) -> None:
        """Entries follow the last one, as nobody else writes here; the tree cannot have a gap."""
        last = self._connection.execute("SELECT coalesce(max(seq), -1) FROM journal").fetchone()[0]
        if any(row.seq != seq for seq, row in enumerate(batch.journal, last + 1)):
            detail = "entry numbers do not follow the journal's"
            raise Outage(StorageFault.CONFLICT, {"path": str(self._path), "detail": detail})

    def _roll_back(self) -> None:
        """Undo the transaction, if one is open. A file that cannot even be rolled back takes no more."""
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.DatabaseError:
            self._halted = True

    def _settle(self, batch: Batch, error: sqlite3.DatabaseError) -> None:
        """After a failed COMMIT, find out by reading whether the batch is there.

        A failed fsync is another matter: the log may hold the batch and bring it back at the next start, and a second
        fsync would succeed without writing what the first one lost. So nothing is asked, and nothing more is written.
        """
        self._roll_back()
        outage = translated(error, self._path)
        there = None if sync_failed(error) else self._holds(batch)
        if there is None:
            self._halted = True
            raise Outage(StorageFault.OUTCOME_UNKNOWN, outage.facts) from error
        if not there:
            raise outage from error

    def _holds(self, batch: Batch) -> bool | None:
        """Whether the batch's checkpoint, of which each has one, is committed; None when that cannot be read."""
        try:
            reading = self.reading()
        except Outage:
            return None
        try:
            last = reading.last_checkpoint()
        except Outage:
            return None
        finally:
            reading.close()
        return last == batch.checkpoint
