"""The blocks of an account, for pages: an index held by the server, read once somebody asks, a stretch at a time."""

from itertools import islice
from threading import Lock
from typing import Final

from counterfoil.application.queries.blocks_by_account import BlocksByAccount, Key
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.http.reading_room import ReadingRoom

STRETCH: Final = 5_000
"""Blocks or entries that are read at once: some ten milliseconds."""


class BlocksAtHand:
    """One reader at a time uses the index, for a moment."""

    def __init__(self) -> None:
        self._index = BlocksByAccount()
        self._lock = Lock()
        self._running = False

    def of(self, sight: Sight, account: int, *, after: Key, limit: int, room: ReadingRoom) -> list[Key] | None:
        """The first keys of an account's blocks above one; None while the book is being read."""
        with self._lock:
            if not self._running:
                self._index.follow(sight, limit=STRETCH)
            ready, behind = self._index.ready, self._behind(sight)
            found = list(islice(self._index.of(account, after=after), limit)) if ready and not behind else None
            begins = behind and not self._running
            self._running = self._running or begins
        if begins:
            room.later(lambda look: self._go_on(look, room))
        return found

    def _behind(self, sight: Sight) -> bool:
        last = sight.reading.last_checkpoint()
        return not self._index.ready or self._index.size < (0 if last is None else last.size)

    def _go_on(self, sight: Sight, room: ReadingRoom) -> None:
        """One stretch; the next one waits its turn behind the questions of visitors."""
        behind = False
        try:
            with self._lock:
                self._index.follow(sight, limit=STRETCH)
                behind = self._behind(sight)
        finally:
            self._running = behind
        if behind:
            room.later(lambda look: self._go_on(look, room))
