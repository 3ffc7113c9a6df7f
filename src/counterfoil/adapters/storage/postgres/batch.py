"""A batch as statements: binary COPY for the journal, one statement for each other table, rows in key order."""

from collections.abc import Sequence
from typing import Any, Final

from counterfoil.adapters.storage.postgres.columns import byte_strings, integers, journal_copy, texts
from counterfoil.adapters.storage.postgres.place import Connection
from counterfoil.application.ports import Batch, JournalRow

COPY_FROM: Final = 8
"""Rows from which COPY is worth its three exchanges with the server."""

_COPY: Final = "COPY journal (seq, command, leaf_hash, leaf) FROM STDIN (FORMAT binary)"
_JOURNAL: Final = (
    "INSERT INTO journal (seq, command, leaf_hash, leaf) "
    "SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bytea[], %s::bytea[])"
)
_CHECKPOINT: Final = "INSERT INTO checkpoint (number, size, frontier, note) VALUES (%s, %s, %s, %s)"
_EARLIER: Final = (
    "INSERT INTO checkpoint (number, size, frontier, note) "
    "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[], %s::text[])"
)
_TERM: Final = "INSERT INTO term (kind, number, text) SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[])"
_OPENING: Final = (
    "INSERT INTO opening (seq, field, salt, value) "
    "SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bytea[], %s::text[])"
)
_REMOVE: Final = (
    "DELETE FROM block USING unnest(%s::bigint[], %s::bigint[]) AS gone (class, first) "
    "WHERE block.class = gone.class AND block.first = gone.first"
)
_BLOCK: Final = (
    "INSERT INTO block (class, first, last, account, lot, seq) "
    "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]) "
    "ON CONFLICT (class, first) DO UPDATE "
    "SET last = excluded.last, account = excluded.account, lot = excluded.lot, seq = excluded.seq"
)
_RECORD: Final = (
    "INSERT INTO record (kind, key, value, seq) "
    "SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[]) "
    "ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, seq = excluded.seq"
)
_BALANCE: Final = (
    "INSERT INTO balance (book, commodity, account, amount) "
    "SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[]) "
    "ON CONFLICT (book, commodity, account) DO UPDATE SET amount = excluded.amount"
)


def write(connection: Connection, batch: Batch) -> None:
    """Write a batch into the open transaction. Its errors are PostgreSQL's."""
    _write_journal(connection, batch.journal)
    # Blocks come sorted (ports.Batch). What is removed goes first: a block may grow into the place of another.
    _write(connection, _TERM, batch.terms, (texts, integers, texts))
    _write(connection, _REMOVE, batch.removed, (integers, integers))
    _write(connection, _BLOCK, batch.blocks, (integers,) * 6)
    _write(connection, _RECORD, sorted(batch.records), (texts, texts, texts, integers))
    _write(connection, _BALANCE, sorted(batch.balances), (texts, texts, texts, integers))
    _write(connection, _OPENING, sorted(batch.openings), (integers, texts, byte_strings, texts))
    _write(connection, _EARLIER, batch.earlier, (integers, integers, byte_strings, texts))
    connection.execute(_CHECKPOINT, batch.checkpoint)


def _write_journal(connection: Connection, rows: Sequence[JournalRow]) -> None:
    if len(rows) < COPY_FROM:
        _write(connection, _JOURNAL, rows, (integers, texts, byte_strings, byte_strings))
        return
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.write(journal_copy(rows))


def _write(connection: Connection, query: str, rows: Sequence[Any], forms: Sequence[Any]) -> None:
    """Write rows column by column; no rows cost no exchange with the server."""
    if rows:
        connection.execute(query, [form(column) for form, column in zip(forms, zip(*rows, strict=True), strict=True)])
