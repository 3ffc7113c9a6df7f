"""Which entries say a text: their numbers, remembered as the journal grows, so that a list of them pages by key.

The journal is searched once, a stretch at a time and never more than one for a visitor; what was searched needs no
search again, because entries never change. Read before: `portal/balance_entries.py`.
"""

from array import array
from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from counterfoil.application.ports import JournalRow
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.http.reading_room import ReadingRoom

STRETCH: Final = 20_000
"""Entries that one visitor searches."""
AT_ONCE: Final = 1_000
"""Leaves that are held while searching."""
TEXTS_MAX: Final = 100


@dataclass(slots=True)
class _Searched:
    """The numbers of the entries before `end` that say a text."""

    numbers: "array[int]" = field(default_factory=lambda: array("q"))
    end: int = 0
    running: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Entries that say a text, and the number after which to go on: of the last one, or of the last one searched."""

    rows: list[JournalRow]
    following: int | None


class Mentioned:
    """For one server. A text that was not asked for long is forgotten."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, _Searched] = OrderedDict()
        self._lock = Lock()

    def page(self, sight: Sight, text: str, *, after: int, limit: int, room: ReadingRoom | None = None) -> Found:
        """The first entries after a number (-1: from the beginning) that say a text as it stands in their leaves.

        Args:
            room: Where the rest of the journal is searched, stretch by stretch, while nobody waits for it.
        """
        last = sight.reading.last_checkpoint()
        size = 0 if last is None else last.size
        with self._lock:
            searched = self._searched(text)
            self._advance(sight, searched, text, size)
            begin = bisect_right(searched.numbers, after)
            numbers = [each for each in searched.numbers[begin : begin + limit + 1] if each < size]
            end = searched.end
            goes_on = end < size and room is not None and not searched.running
            searched.running = searched.running or goes_on
        if goes_on and room is not None:
            room.later(lambda look: self._go_on(look, text, room))
        rows = [row for row in map(sight.reading.row, numbers[:limit]) if row is not None]
        if len(numbers) > limit:
            return Found(rows, numbers[limit - 1])
        return Found(rows, None if end >= size else max(end - 1, after))

    def _go_on(self, sight: Sight, text: str, room: ReadingRoom) -> None:
        """Search one more stretch; the next one waits its turn behind the questions of visitors."""
        last = sight.reading.last_checkpoint()
        size = 0 if last is None else last.size
        with self._lock:
            searched = self._searched(text)
            try:
                self._advance(sight, searched, text, size)
            except BaseException:
                searched.running = False
                raise
            searched.running = searched.end < size
        if searched.running:
            room.later(lambda look: self._go_on(look, text, room))

    def _searched(self, text: str) -> _Searched:
        searched = self._texts.setdefault(text, _Searched())
        self._texts.move_to_end(text)
        if len(self._texts) > TEXTS_MAX:
            self._texts.popitem(last=False)
        return searched

    @staticmethod
    def _advance(sight: Sight, searched: _Searched, text: str, size: int) -> None:
        """Search one stretch further, as far as this look at the books reaches."""
        if searched.end >= size:
            return
        before = min(searched.end + STRETCH, size)
        while searched.end < before:
            found = sight.reading.mentions(text, after=searched.end - 1, before=before, limit=AT_ONCE)
            searched.numbers.extend(row.seq for row in found)
            searched.end = found[-1].seq + 1 if len(found) == AT_ONCE else before
