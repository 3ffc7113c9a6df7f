"""Queries on one connection: rows in portions, and SQLite's errors as outages. The writer and every reading use it."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

from counterfoil.adapters.storage.sqlite.outage import ERRORS, translated
from counterfoil.application.ports import JournalRow

PORTION: Final = 1_024
IDS: Final = 900
"""Ids asked for in one statement: older builds of SQLite allow 999."""

JOURNAL: Final = "SELECT seq, command, leaf_hash, leaf FROM journal"

R = TypeVar("R")
Make: TypeAlias = Callable[[Sequence[Any]], R]


class Rows:
    """What a connection can be asked. One thread at a time."""

    __slots__ = ("connection", "path", "unfinished")

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path
        self.unfinished = 0
        """Questions whose rows were not all read."""

    def each(self, make: Make[R], sql: str, facts: Sequence[Any] = ()) -> Iterator[R]:
        """The rows, read as they are asked for, so that millions hold little memory."""
        for portion in self.portions(sql, facts):
            yield from map(make, portion)

    def portions(self, sql: str, facts: Sequence[Any] = ()) -> Iterator[list[Any]]:
        """The rows as the driver gives them, many together."""
        self.unfinished += 1
        try:
            cursor = self.connection.execute(sql, facts)
            while portion := cursor.fetchmany(PORTION):
                yield portion
        except sqlite3.ProgrammingError:
            raise  # our own mistake, such as a question to a closed reading
        except ERRORS as error:
            raise translated(error, self.path) from error
        finally:
            self.unfinished -= 1

    def all(self, make: Make[R], sql: str, facts: Sequence[Any] = ()) -> list[R]:
        return list(self.each(make, sql, facts))

    def first(self, make: Make[R], sql: str, facts: Sequence[Any] = ()) -> R | None:
        found = self.all(make, f"{sql} LIMIT 1", facts)
        return found[0] if found else None

    def row(self, seq: int) -> JournalRow | None:
        return self.first(JournalRow._make, f"{JOURNAL} WHERE seq = ?", (seq,))

    def commands(self, ids: Sequence[str]) -> dict[str, int]:
        """The entry numbers of those commands that are in the journal."""
        found: dict[str, int] = {}
        for start in range(0, len(ids), IDS):
            some = ids[start : start + IDS]
            marks = ",".join("?" * len(some))
            # Only question marks are put into the text; the ids themselves are bound.
            sql = f"SELECT command, seq FROM journal WHERE command IN ({marks})"  # noqa: S608
            found.update(self.each(_pair, sql, some))
        return found


def _pair(row: Sequence[Any]) -> tuple[str, int]:
    return row[0], row[1]
