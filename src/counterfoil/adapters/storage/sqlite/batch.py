"""A batch as statements: many rows in each, in key order, into the open transaction."""

import sqlite3
from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any, Final

from counterfoil.application.ports import Batch

ROWS: Final = 64
"""Rows in one statement. Each statement costs the module more than a row does, and lets the other threads in."""

_JOURNAL: Final = "INSERT INTO journal (seq, command, leaf_hash, leaf) VALUES"
_CHECKPOINT: Final = "INSERT INTO checkpoint (number, size, frontier, note) VALUES"
_TERM: Final = "INSERT INTO term (kind, number, text) VALUES"
_OPENING: Final = "INSERT INTO opening (seq, field, salt, value) VALUES"
_REMOVE: Final = "DELETE FROM block WHERE class = ? AND first = ?"
_BLOCK: Final = "INSERT INTO block (class, first, last, account, lot, seq) VALUES"
_BLOCK_TAKEN: Final = (
    " ON CONFLICT DO UPDATE "
    "SET last = excluded.last, account = excluded.account, lot = excluded.lot, seq = excluded.seq"
)
_RECORD: Final = "INSERT INTO record (kind, key, value, seq) VALUES"
_RECORD_TAKEN: Final = " ON CONFLICT DO UPDATE SET value = excluded.value, seq = excluded.seq"
_BALANCE: Final = "INSERT INTO balance (book, commodity, account, amount) VALUES"
_BALANCE_TAKEN: Final = " ON CONFLICT DO UPDATE SET amount = excluded.amount"


def write(connection: sqlite3.Connection, batch: Batch) -> None:
    """Write a batch into the open transaction. Its errors are SQLite's."""
    _insert(connection, _JOURNAL, batch.journal)
    _insert(connection, _TERM, batch.terms)
    # Rows in key order touch each page of a tree once. Blocks come sorted (ports.Batch). What is removed goes first: a
    # block may grow into the place of another.
    connection.executemany(_REMOVE, batch.removed)
    _insert(connection, _BLOCK, batch.blocks, _BLOCK_TAKEN)
    _insert(connection, _RECORD, sorted(batch.records), _RECORD_TAKEN)
    _insert(connection, _BALANCE, sorted(batch.balances), _BALANCE_TAKEN)
    _insert(connection, _OPENING, sorted(batch.openings))
    _insert(connection, _CHECKPOINT, (*batch.earlier, batch.checkpoint))


def _insert(connection: sqlite3.Connection, head: str, rows: Sequence[Sequence[Any]], taken: str = "") -> None:
    """Insert rows by the `ROWS`, and what is left over one by one: so two texts of a statement are kept, not many."""
    if not rows:
        return
    columns = len(rows[0])
    whole = len(rows) - len(rows) % ROWS
    for start in range(0, whole, ROWS):
        facts = list(chain.from_iterable(rows[start : start + ROWS]))
        connection.execute(_statement(head, taken, columns, ROWS), facts)
    if whole < len(rows):
        connection.executemany(_statement(head, taken, columns, 1), rows[whole:])


@cache
def _statement(head: str, taken: str, columns: int, rows: int) -> str:
    row = f"({','.join('?' * columns)})"
    return f"{head} {','.join([row] * rows)}{taken}"
