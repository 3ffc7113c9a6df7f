"""Connections of closed readings, kept for the next ones.

To open a file, read its schema and prepare the questions again costs ten times what a short reading does. A kept
connection is in no transaction, so it holds up neither the writer nor the cutting of the log.
"""

import sqlite3
from threading import Lock
from typing import Final

from counterfoil.adapters.storage.sqlite.outage import ERRORS

KEPT_MAX: Final = 4
"""Readings at one time beyond so many open and close connections of their own."""


class KeptConnections:
    """The idle connections of one store. May be used from any thread."""

    __slots__ = ("_closed", "_guard", "_idle")

    def __init__(self) -> None:
        self._idle: list[sqlite3.Connection] = []
        self._guard = Lock()
        self._closed = False

    def take(self) -> sqlite3.Connection | None:
        """One that nobody uses; None where there is none."""
        with self._guard:
            return self._idle.pop() if self._idle else None

    def give(self, connection: sqlite3.Connection) -> None:
        """End a connection's transaction and keep it, or close it where enough are kept.

        No question on it may be unfinished: it would hold on to the moment that it saw, and so would the next reading.
        """
        try:
            connection.execute("COMMIT")
        except ERRORS:
            connection.close()
            return
        with self._guard:
            if not self._closed and len(self._idle) < KEPT_MAX:
                self._idle.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Close what is kept, and keep nothing any more."""
        with self._guard:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
