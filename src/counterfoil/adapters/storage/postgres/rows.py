"""Queries on one connection, and PostgreSQL's errors as outages. The writer and every reading use it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeAlias, TypeVar

from psycopg import Error

from counterfoil.adapters.storage.postgres.columns import texts
from counterfoil.adapters.storage.postgres.outage import translated
from counterfoil.adapters.storage.postgres.place import Connection, Place
from counterfoil.application.ports import JournalRow

PORTION: Final = 1_024
IDS: Final = 8_192
"""Ids asked for in one statement."""

JOURNAL: Final = "SELECT seq, command, leaf_hash, leaf FROM journal"
COMMANDS: Final = "SELECT command, seq FROM journal WHERE command = ANY(%s::text[])"

R = TypeVar("R")
Make: TypeAlias = Callable[[Sequence[Any]], R]


class Rows:
    """What a connection can be asked. One thread at a time."""

    __slots__ = ("_cursors", "connection", "place")

    def __init__(self, connection: Connection, place: Place) -> None:
        self.connection = connection
        self.place = place
        self._cursors = 0

    def each(self, make: Make[R], query: str, facts: Sequence[Any] = ()) -> Iterator[R]:
        """The rows in portions from a cursor of the server, so that millions hold little memory. In a transaction."""
        for portion in self.portions(query, facts):
            yield from map(make, portion)

    def portions(self, query: str, facts: Sequence[Any] = ()) -> Iterator[list[Any]]:
        """The rows as the driver gives them, many together."""
        self._cursors += 1
        cursor = self.connection.cursor(f"rows_{self._cursors}", binary=True)
        try:
            cursor.execute(query, facts)
            while portion := cursor.fetchmany(PORTION):
                yield portion
        except Error as error:
            raise translated(error, self.place.name) from error
        finally:
            cursor.close()

    def all(self, make: Make[R], query: str, facts: Sequence[Any] = ()) -> list[R]:
        """All rows at once, in one exchange with the server."""
        try:
            return list(map(make, self.connection.execute(query, facts, binary=True)))
        except Error as error:
            raise translated(error, self.place.name) from error

    def first(self, make: Make[R], query: str, facts: Sequence[Any] = ()) -> R | None:
        found = self.all(make, f"{query} LIMIT 1", facts)
        return found[0] if found else None

    def row(self, seq: int) -> JournalRow | None:
        return self.first(JournalRow._make, f"{JOURNAL} WHERE seq = %s", (seq,))

    def commands(self, ids: Sequence[str]) -> dict[str, int]:
        """The entry numbers of those commands that are in the journal."""
        found: dict[str, int] = {}
        for start in range(0, len(ids), IDS):
            found.update(self.all(_pair, COMMANDS, (texts(ids[start : start + IDS]),)))
        return found


def _pair(row: Sequence[Any]) -> tuple[str, int]:
    return row[0], row[1]
