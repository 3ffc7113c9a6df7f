"""Reads of one committed moment, on a connection that cannot write.

The writer goes on meanwhile, on this machine or another. Close a reading soon: while it is open, the server cannot
clear away the rows that later commits replaced.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from psycopg import Error, IsolationLevel

from counterfoil.adapters.storage.postgres.engine_file import SCHEMA
from counterfoil.adapters.storage.postgres.outage import translated
from counterfoil.adapters.storage.postgres.place import place_of
from counterfoil.adapters.storage.postgres.rows import JOURNAL, Rows
from counterfoil.adapters.storage.postgres.schema import check_format
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

CHECKPOINTS: Final = "SELECT number, size, frontier, note FROM checkpoint"
OPENINGS: Final = "SELECT seq, field, salt, value FROM opening"
_BLOCKS: Final = "SELECT class, first, last, account, lot, seq FROM block"
_SUMS: Final = "SELECT class, account, sum(last - first + 1)::bigint FROM block GROUP BY class, account"
_RECORDS: Final = "SELECT kind, key, value, seq FROM record"
_COSIGNATURES: Final = "SELECT number, name, line FROM cosignature"
_BALANCES: Final = "SELECT book, commodity, account, amount FROM balance"


class PostgresReading:
    """A snapshot of a registry's schema. One thread at a time uses it."""

    __slots__ = ("_rows",)

    def __init__(self, conninfo: str, *, schema: str = SCHEMA, primary: bool = False) -> None:
        """Open the schema as it stands now.

        Args:
            primary: Of several hosts, read where the writer writes, never from a standby that may lag behind.

        Raises:
            Outage: the schema is absent, not ours, of another format, or cannot be read.
        """
        place = place_of(conninfo, schema)
        connection = place.connect(role="reading", primary=primary)
        try:
            connection.set_autocommit(False)
            connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
            connection.set_read_only(True)
            check_format(connection, place)  # the first read takes the snapshot
        except BaseException as error:
            connection.close()
            if isinstance(error, Error):
                raise translated(error, place.name) from error
            raise
        self._rows = Rows(connection, place)

    def last_checkpoint(self) -> CheckpointRow | None:
        return self._rows.first(CheckpointRow._make, f"{CHECKPOINTS} ORDER BY number DESC")

    def checkpoint(self, number: int) -> CheckpointRow | None:
        return self._rows.first(CheckpointRow._make, f"{CHECKPOINTS} WHERE number = %s", (number,))

    def checkpoints(self) -> Iterator[CheckpointRow]:
        return self._rows.each(CheckpointRow._make, f"{CHECKPOINTS} ORDER BY number")

    def cosignatures(self, number: int | None = None, *, newest_first: bool = False) -> Iterator[CosignatureRow]:
        """The witnesses' lines on one checkpoint, or on all, by number and name, or from the last of these back."""
        where, facts = ("", ()) if number is None else (" WHERE number = %s", (number,))
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
        nearest = "coalesce((SELECT max(first) FROM block WHERE class = %s AND first <= %s), %s)"
        query = f"{_BLOCKS} WHERE class = %s AND first >= {nearest} AND first <= %s AND last >= %s ORDER BY first"
        facts = (unit_class, unit_class, first, first, last, first)
        return self._rows.all(BlockRow._make, query, facts)

    def blocks_of(self, account: int, *, after: tuple[int, int] | None, limit: int) -> list[BlockRow]:
        """One page of an account's blocks. It walks the table: an index by account would cost every commit."""
        query = f"{_BLOCKS} WHERE account = %s AND (class, first) > (%s, %s) ORDER BY class, first LIMIT %s"
        return self._rows.all(BlockRow._make, query, (account, *(after or (-1, 0)), limit))

    def blocks_after(self, after: tuple[int, int], limit: int) -> list[BlockRow]:
        """A page of the book, along its key."""
        query = f"{_BLOCKS} WHERE (class, first) > (%s, %s) ORDER BY class, first LIMIT %s"
        return self._rows.all(BlockRow._make, query, (*after, limit))

    def blocks_at(self, keys: Sequence[tuple[int, int]]) -> list[BlockRow]:
        """The blocks that begin at these keys, each found by its key."""
        classes, firsts = [key[0] for key in keys], [key[1] for key in keys]
        query = (
            "SELECT b.class, b.first, b.last, b.account, b.lot, b.seq "
            "FROM unnest(%s::bigint[], %s::bigint[]) AS k (class, first) "
            "JOIN block b ON b.class = k.class AND b.first = k.first ORDER BY b.class, b.first"
        )
        return self._rows.all(BlockRow._make, query, (classes, firsts))

    def block_sums(self) -> Iterator[SumRow]:
        """How many units each account has of each class."""
        return self._rows.each(SumRow._make, _SUMS)

    def records(self, kind: str | None = None, *, after: str = "", limit: int | None = None) -> Iterator[RecordRow]:
        """The records of a kind above the key `after`, by key; of all kinds, by kind and key, when none is named."""
        wanted = {"kind = %s": kind, "key > %s": after or None}
        conditions = " AND ".join(name for name, value in wanted.items() if value is not None)
        where = f" WHERE {conditions}" if conditions else ""
        facts = [value for value in wanted.values() if value is not None]
        return self._rows.each(RecordRow._make, f"{_RECORDS}{where} ORDER BY kind, key LIMIT %s", [*facts, limit])

    def record(self, kind: str, key: str) -> RecordRow | None:
        return self._rows.first(RecordRow._make, f"{_RECORDS} WHERE kind = %s AND key = %s", (kind, key))

    def balances(self) -> Iterator[BalanceRow]:
        return self._rows.each(BalanceRow._make, f"{_BALANCES} ORDER BY book, commodity, account")

    def journal(self, first: int = 0, last: int | None = None) -> Iterator[JournalRow]:
        """Entries `first` to `last`, both included, or to the end."""
        facts: list[Any] = [first] if last is None else [first, last]
        upper = "" if last is None else " AND seq <= %s"
        return self._rows.each(JournalRow._make, f"{JOURNAL} WHERE seq >= %s{upper} ORDER BY seq", facts)

    def leaves(self) -> Iterator[tuple[int, bytes, bytes]]:
        """Every entry as number, hash of the leaf and leaf, as the driver gives them."""
        for portion in self._rows.portions("SELECT seq, leaf_hash, leaf FROM journal ORDER BY seq"):
            yield from portion

    def mentions(self, text: str, *, after: int = -1, before: int | None = None, limit: int = 100) -> list[JournalRow]:
        """Entries above `after`, and below `before`, whose leaf holds a text as it stands. It walks the journal."""
        query = f"{JOURNAL} WHERE seq > %s AND seq < %s AND position(%s::bytea IN leaf) > 0 ORDER BY seq LIMIT %s"
        return self._rows.all(
            JournalRow._make, query, (after, SEQ_MAX if before is None else before, text.encode(), limit)
        )

    def row(self, seq: int) -> JournalRow | None:
        return self._rows.row(seq)

    def openings(self, seq: int | None = None) -> Iterator[OpeningRow]:
        where, facts = ("", ()) if seq is None else (" WHERE seq = %s", (seq,))
        return self._rows.each(OpeningRow._make, f"{OPENINGS}{where} ORDER BY seq, field", facts)

    def commands(self, ids: Sequence[str]) -> dict[str, int]:
        return self._rows.commands(ids)

    def last_command(self) -> str:
        """The greatest command id by code points, empty when there is none: any greater id is new without a look."""
        found = self._rows.first(tuple, "SELECT command FROM journal ORDER BY command DESC")
        return found[0] if found else ""

    def close(self) -> None:
        self._rows.connection.close()
