"""The embedded engine as the single writer sees it: whole batches into one file, durable on return.

Read next: `adapters/storage/sqlite/reading.py`.
Source: ADR-0010.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from counterfoil.adapters.storage.sqlite.outage import sync_failed, translated
from counterfoil.adapters.storage.sqlite.reading import OPENINGS, SqliteReading
from counterfoil.adapters.storage.sqlite.rows import Rows
from counterfoil.adapters.storage.sqlite.schema import open_for_writing
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.ports import Batch, JournalRow, OpeningRow, Outage

_JOURNAL: Final = "INSERT INTO journal (seq, command, leaf_hash, leaf) VALUES (?, ?, ?, ?)"
_CHECKPOINT: Final = "INSERT INTO checkpoint (number, size, frontier, note) VALUES (?, ?, ?, ?)"
_TERM: Final = "INSERT INTO term (kind, number, text) VALUES (?, ?, ?)"
_OPENING: Final = "INSERT INTO opening (seq, field, salt, value) VALUES (?, ?, ?, ?)"
_REMOVE: Final = "DELETE FROM block WHERE class = ? AND first = ?"
_BLOCK: Final = (
    "INSERT INTO block (class, first, last, account, lot, seq) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET last = excluded.last, account = excluded.account, lot = excluded.lot, seq = excluded.seq"
)
_RECORD: Final = (
    "INSERT INTO record (kind, key, value, seq) VALUES (?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET value = excluded.value, seq = excluded.seq"
)
_BALANCE: Final = (
    "INSERT INTO balance (book, commodity, account, amount) VALUES (?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET amount = excluded.amount"
)


class SqliteStore:
    """A registry's file, held by its one writer."""

    __slots__ = ("_connection", "_halted", "_path", "_rows")

    def __init__(self, path: Path, *, create: bool) -> None:
        """Open a registry's file, or with `create` lay out a new one where none is.

        Raises:
            Outage: the file is absent, exists already, is not ours, is of a newer format, or cannot be opened.
        """
        self._path = path
        self._connection = open_for_writing(path, create=create)
        self._rows = Rows(self._connection, path)
        self._halted = False

    def reading(self) -> SqliteReading:
        return SqliteReading(self._path)

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

    def close(self) -> None:
        self._connection.close()

    def _write(self, batch: Batch) -> None:
        self._require_next(batch)
        many = self._connection.executemany
        many(_JOURNAL, batch.journal)
        many(_TERM, batch.terms)
        # Rows in key order touch each page of a tree once. Blocks come sorted (ports.Batch).
        many(_REMOVE, batch.removed)
        many(_BLOCK, batch.blocks)
        many(_RECORD, sorted(batch.records))
        many(_BALANCE, sorted(batch.balances))
        many(_OPENING, sorted(batch.openings))
        self._connection.execute(_CHECKPOINT, batch.checkpoint)

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
