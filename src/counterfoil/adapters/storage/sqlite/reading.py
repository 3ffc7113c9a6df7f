"""Reads of one committed moment, on a connection that cannot write.

The writer goes on meanwhile, in this process or in another. Close a reading soon: while it is open, the log behind it
cannot be reused and grows.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from counterfoil.adapters.storage.sqlite.kept_connections import KeptConnections
from counterfoil.adapters.storage.sqlite.outage import ERRORS, translated
from counterfoil.adapters.storage.sqlite.rows import JOURNAL, Rows
from counterfoil.adapters.storage.sqlite.schema import open_for_reading
from counterfoil.application.ports import (
    SEQ_MAX,
    BalanceRow,
    BlockRow,
    CheckpointRow,
    CosignatureRow,
    JournalRow,
    OpeningRow,
    RecordRow,
    SumRow,
    TermRow,
)

OPENINGS: Final = "SELECT seq, field, salt, value FROM opening"
_BLOCKS: Final = "SELECT class, first, last, account, lot, seq FROM block"
_SUMS: Final = "SELECT class, account, sum(last - first + 1) FROM block GROUP BY class, account"
_RECORDS: Final = "SELECT kind, key, value, seq FROM record"
_CHECKPOINTS: Final = "SELECT number, size, frontier, note FROM checkpoint"
_COSIGNATURES: Final = "SELECT number, name, line FROM cosignature"
_BALANCES: Final = "SELECT book, commodity, account, amount FROM balance"
_NO_LIMIT: Final = -1


class SqliteReading:
    """A snapshot of a registry's file. One thread at a time uses it."""

    __slots__ = ("_connection", "_kept", "_rows")

    def __init__(self, path: Path, kept: KeptConnections | None = None) -> None:
        """Open the file as it stands now.

        Args:
            kept: Where a connection is taken from, if one is idle there, and given back to.

        Raises:
            Outage: the file is absent, not ours, of another format, or cannot be read.
        """
        connection = (None if kept is None else kept.take()) or open_for_reading(path)
        self._connection: sqlite3.Connection | None = connection
        self._kept = kept
        self._rows = Rows(connection, path)
        try:
            connection.execute("BEGIN")
            connection.execute("SELECT max(number) FROM checkpoint").fetchone()  # the first read takes the snapshot
        except ERRORS as error:
            connection.close()
            raise translated(error, path) from error

    def last_checkpoint(self) -> CheckpointRow | None:
        return self._rows.first(CheckpointRow._make, f"{_CHECKPOINTS} ORDER BY number DESC")

    def checkpoint(self, number: int) -> CheckpointRow | None:
        return self._rows.first(CheckpointRow._make, f"{_CHECKPOINTS} WHERE number = ?", (number,))

    def checkpoints(self) -> Iterator[CheckpointRow]:
        return self._rows.each(CheckpointRow._make, f"{_CHECKPOINTS} ORDER BY number")

    def cosignatures(self, number: int | None = None, *, newest_first: bool = False) -> Iterator[CosignatureRow]:
        """The witnesses' lines on one checkpoint, or on all, by number and name, or from the last of these back."""
        where, facts = ("", ()) if number is None else (" WHERE number = ?", (number,))
        # Backwards along the key, so that the newest lines are there without a look at the others.
        order = "number DESC, name DESC" if newest_first else "number, name"
        return self._rows.each(CosignatureRow._make, f"{_COSIGNATURES}{where} ORDER BY {order}", facts)

    def terms(self) -> Iterator[TermRow]:
        return self._rows.each(TermRow._make, "SELECT kind, number, text FROM term ORDER BY kind, number")

    def blocks(self) -> Iterator[BlockRow]:
        return self._rows.each(BlockRow._make, f"{_BLOCKS} ORDER BY class, first")

    def blocks_between(self, unit_class: int, first: int, last: int) -> list[BlockRow]:
        """The blocks that have a serial between `first` and `last`, in order."""
        # Blocks do not overlap, so only the nearest one that begins at or below `first` can reach into the range.
        nearest = "coalesce((SELECT max(first) FROM block WHERE class = ?1 AND first <= ?2), ?2)"
        sql = f"{_BLOCKS} WHERE class = ?1 AND first >= {nearest} AND first <= ?3 AND last >= ?2 ORDER BY first"
        return self._rows.all(BlockRow._make, sql, (unit_class, first, last))

    def blocks_of(self, account: int, *, after: tuple[int, int] | None, limit: int) -> list[BlockRow]:
        """One page of an account's blocks. It walks the table: an index by account would cost every commit."""
        sql = f"{_BLOCKS} WHERE account = ? AND (class, first) > (?, ?) ORDER BY class, first LIMIT ?"
        return self._rows.all(BlockRow._make, sql, (account, *(after or (-1, 0)), limit))

    def blocks_after(self, after: tuple[int, int], limit: int) -> list[BlockRow]:
        """A page of the book, along its key."""
        sql = f"{_BLOCKS} WHERE (class, first) > (?, ?) ORDER BY class, first LIMIT ?"
        return self._rows.all(BlockRow._make, sql, (*after, limit))

    def blocks_at(self, keys: Sequence[tuple[int, int]]) -> list[BlockRow]:
        """The blocks that begin at these keys, each found by its key."""
        if not keys:
            return []
        # Only question marks are put into the text. With IN, or without CROSS, the whole table would be walked.
        marks = ",".join(["(?, ?)"] * len(keys))
        sql = (
            f"WITH wanted (of, at) AS (VALUES {marks}) SELECT class, first, last, account, lot, seq "  # noqa: S608
            "FROM wanted CROSS JOIN block ON class = of AND first = at ORDER BY class, first"
        )
        return self._rows.all(BlockRow._make, sql, [part for key in keys for part in key])

    def block_sums(self) -> Iterator[SumRow]:
        """How many units each account has of each class."""
        return self._rows.each(SumRow._make, _SUMS)

    def records(self, kind: str | None = None, *, after: str = "", limit: int | None = None) -> Iterator[RecordRow]:
        """The records of a kind above the key `after`, by key; of all kinds, by kind and key, when none is named."""
        portion = _NO_LIMIT if limit is None else limit
        wanted = {"kind = ?": kind, "key > ?": after or None}
        conditions = " AND ".join(name for name, value in wanted.items() if value is not None)
        where = f" WHERE {conditions}" if conditions else ""
        facts = [value for value in wanted.values() if value is not None]
        return self._rows.each(RecordRow._make, f"{_RECORDS}{where} ORDER BY kind, key LIMIT ?", [*facts, portion])

    def record(self, kind: str, key: str) -> RecordRow | None:
        return self._rows.first(RecordRow._make, f"{_RECORDS} WHERE kind = ? AND key = ?", (kind, key))

    def balances(self) -> Iterator[BalanceRow]:
        return self._rows.each(BalanceRow._make, f"{_BALANCES} ORDER BY book, commodity, account")

    def journal(self, first: int = 0, last: int | None = None) -> Iterator[JournalRow]:
        """Entries `first` to `last`, both included, or to the end."""
        facts: list[Any] = [first] if last is None else [first, last]
        upper = "" if last is None else " AND seq <= ?"
        return self._rows.each(JournalRow._make, f"{JOURNAL} WHERE seq >= ?{upper} ORDER BY seq", facts)

    def leaves(self) -> Iterator[tuple[int, bytes, bytes]]:
        """Every entry as number, hash of the leaf and leaf, as the driver gives them."""
        for portion in self._rows.portions("SELECT seq, leaf_hash, leaf FROM journal ORDER BY seq"):
            yield from portion

    def mentions(self, text: str, *, after: int = -1, before: int | None = None, limit: int = 100) -> list[JournalRow]:
        """Entries above `after`, and below `before`, whose leaf holds a text as it stands. It walks the journal."""
        sql = f"{JOURNAL} WHERE seq > ? AND seq < ? AND instr(leaf, ?) ORDER BY seq LIMIT ?"
        return self._rows.all(
            JournalRow._make, sql, (after, SEQ_MAX if before is None else before, text.encode(), limit)
        )

    def row(self, seq: int) -> JournalRow | None:
        return self._rows.row(seq)

    def openings(self, seq: int | None = None) -> Iterator[OpeningRow]:
        where, facts = ("", ()) if seq is None else (" WHERE seq = ?", (seq,))
        return self._rows.each(OpeningRow._make, f"{OPENINGS}{where} ORDER BY seq, field", facts)

    def commands(self, ids: Sequence[str]) -> dict[str, int]:
        return self._rows.commands(ids)

    def last_command(self) -> str:
        """The greatest command id by code points, empty when there is none: any greater id is new without a look."""
        found = self._rows.first(tuple, "SELECT command FROM journal ORDER BY command DESC")
        return found[0] if found else ""

    def close(self) -> None:
        if self._connection is None:
            return
        connection, self._connection = self._connection, None
        clean = not self._rows.unfinished
        del self._rows  # the connection may soon be another reading's
        if self._kept is not None and clean:
            self._kept.give(connection)
        else:
            connection.close()
