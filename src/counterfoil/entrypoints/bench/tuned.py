"""The tuned rival: each act in a transaction of its own, in plain SQL with prepared statements, on both engines."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from counterfoil.entrypoints.bench.raw_insert import sqlite_opened
from counterfoil.entrypoints.bench.rival import Stock, cut
from counterfoil.entrypoints.bench.workload import Move

if TYPE_CHECKING:
    from psycopg import Connection

_SQLITE: Final = (
    "CREATE TABLE act (seq INTEGER PRIMARY KEY, command TEXT NOT NULL UNIQUE, payload BLOB NOT NULL) STRICT",
    "CREATE TABLE account (code TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
    "CREATE TABLE block (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, account TEXT NOT NULL) STRICT",
)
_POSTGRES: Final = (
    "CREATE TABLE act (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
    'command text COLLATE "C" NOT NULL UNIQUE, payload bytea NOT NULL)',
    'CREATE TABLE account (code text COLLATE "C" PRIMARY KEY)',
    "CREATE TABLE block (first bigint PRIMARY KEY, last bigint NOT NULL, account text NOT NULL) WITH (fillfactor = 70)",
)


class SqliteTuned:
    """One connection: SQLite has one writer at a time, so more would only wait."""

    lanes = 1

    def __init__(self, stock: Stock) -> None:
        self._connection = sqlite_opened(stock.folder / "tuned.db")
        self._pause_s = stock.disk.pause_s
        self._payload = bytes(stock.act_bytes)
        execute, many = self._connection.execute, self._connection.executemany
        for table in _SQLITE:
            execute(table)
        execute("BEGIN")
        many("INSERT INTO account VALUES (?)", [(code,) for code in stock.accounts])
        many("INSERT INTO block VALUES (?, ?, ?)", sorted(stock.blocks))
        execute("COMMIT")

    def run(self, lanes: Sequence[Sequence[Move]]) -> None:
        for move in lanes[0]:
            self._one(move)
            if self._pause_s:
                time.sleep(self._pause_s)

    def _one(self, move: Move) -> None:
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        known = execute("SELECT count(*) FROM account WHERE code IN (?, ?)", (move.source, move.target)).fetchone()[0]
        nearest = "SELECT first, last, account FROM block WHERE first <= ? ORDER BY first DESC LIMIT 1"
        block = execute(nearest, (move.first,)).fetchone()
        below, above = cut(block, move)
        assert known == 2
        if below is None:
            change = "UPDATE block SET last = ?, account = ? WHERE first = ?"
            execute(change, (move.last, move.target, move.first))
        else:
            execute("UPDATE block SET last = ? WHERE first = ?", (below[1], below[0]))
            execute("INSERT INTO block VALUES (?, ?, ?)", (move.first, move.last, move.target))
        if above is not None:
            execute("INSERT INTO block VALUES (?, ?, ?)", above)
        execute("INSERT INTO act (command, payload) VALUES (?, ?)", (move.command, self._payload))
        execute("COMMIT")

    def blocks(self) -> list[tuple[int, int, str]]:
        return self._connection.execute("SELECT first, last, account FROM block ORDER BY first").fetchall()

    def close(self) -> None:
        self._connection.close()


class PostgresTuned:
    """So many connections, a thread for each. The two reads make one exchange with the server, the writes another."""

    def __init__(self, stock: Stock, *, lanes: int) -> None:
        self.lanes = lanes
        self._pause_s = stock.disk.pause_s
        self._payload = bytes(stock.act_bytes)
        self._connections = [postgres_opened(stock) for _ in range(lanes)]
        self._threads = ThreadPoolExecutor(lanes)
        self._lay_out(stock)

    def _lay_out(self, stock: Stock) -> None:
        connection = self._connections[0]
        for table in _POSTGRES:
            connection.execute(table)
        with connection.cursor() as cursor:
            with cursor.copy("COPY account FROM STDIN") as copy:
                for code in stock.accounts:
                    copy.write_row((code,))
            with cursor.copy("COPY block FROM STDIN") as copy:
                for block in sorted(stock.blocks):
                    copy.write_row(block)
        connection.commit()
        connection.execute("ANALYZE")
        connection.commit()

    def run(self, lanes: Sequence[Sequence[Move]]) -> None:
        if self.lanes == 1:
            self._lane(self._connections[0], lanes[0])
        else:
            list(self._threads.map(self._lane, self._connections, lanes))

    def _lane(self, connection: "Connection[Any]", moves: Sequence[Move]) -> None:
        for move in moves:
            self._one(connection, move)
            if self._pause_s:
                time.sleep(self._pause_s)

    def _one(self, connection: "Connection[Any]", move: Move) -> None:
        execute = connection.execute
        with connection.pipeline():
            nearest = "SELECT first, last, account FROM block WHERE first <= %s ORDER BY first DESC LIMIT 1 FOR UPDATE"
            found = execute(nearest, (move.first,), prepare=True)
            accounts = "SELECT count(*) FROM account WHERE code IN (%s, %s)"
            known = execute(accounts, (move.source, move.target), prepare=True)
            block = found.fetchone()
            assert block is not None and known.fetchone() == (2,)
            below, above = cut(block, move)
            add = "INSERT INTO block VALUES (%s, %s, %s)"
            if below is None:
                change = "UPDATE block SET last = %s, account = %s WHERE first = %s"
                execute(change, (move.last, move.target, move.first), prepare=True)
            else:
                execute("UPDATE block SET last = %s WHERE first = %s", (below[1], below[0]), prepare=True)
                execute(add, (move.first, move.last, move.target), prepare=True)
            if above is not None:
                execute(add, above, prepare=True)
            act = "INSERT INTO act (command, payload) VALUES (%s, %b)"
            execute(act, (move.command, self._payload), prepare=True)
            connection.commit()

    def blocks(self) -> list[tuple[int, int, str]]:
        found = self._connections[0].execute("SELECT first, last, account FROM block ORDER BY first").fetchall()
        self._connections[0].commit()
        return found

    def close(self) -> None:
        self._threads.shutdown()
        for connection in self._connections:
            connection.close()


def postgres_opened(stock: Stock) -> "Connection[Any]":
    """A session in the rival's own schema, which is made when it is not there."""
    import psycopg
    from psycopg import sql

    connection = psycopg.connect(stock.disk.conninfo)
    schema = sql.Identifier(stock.schema)
    connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(schema))
    connection.execute(sql.SQL("SET search_path = {}").format(schema))
    connection.commit()
    return connection
