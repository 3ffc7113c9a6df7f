"""A sorted set of integers in bounded chunks: the first serials of a class, found by predecessor.

One flat list would move megabytes for every insertion among a million blocks; chunks of at most 2,048 keep an
insertion in the microseconds.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from typing import Final

CHUNK: Final = 1024


class Firsts:
    """Distinct integers in order."""

    __slots__ = ("_chunks", "_maxima")

    def __init__(self, ordered: Iterable[int] = ()) -> None:
        values = list(ordered)
        self._chunks = [values[start : start + CHUNK] for start in range(0, len(values), CHUNK)]
        self._maxima = [chunk[-1] for chunk in self._chunks]

    def __len__(self) -> int:
        return sum(map(len, self._chunks))

    def __iter__(self) -> Iterator[int]:
        for chunk in self._chunks:
            yield from chunk

    def add(self, value: int) -> None:
        """Insert a value that is not in the set yet."""
        if not self._chunks:
            self._chunks, self._maxima = [[value]], [value]
            return
        at = min(bisect_left(self._maxima, value), len(self._chunks) - 1)
        chunk = self._chunks[at]
        insort(chunk, value)
        self._maxima[at] = chunk[-1]
        if len(chunk) > 2 * CHUNK:
            self._chunks[at : at + 1] = [chunk[:CHUNK], chunk[CHUNK:]]
            self._maxima[at : at + 1] = [chunk[CHUNK - 1], chunk[-1]]

    def discard(self, value: int) -> None:
        """Take a value out of the set, if it is in it."""
        at = bisect_left(self._maxima, value)
        if at == len(self._chunks):
            return
        chunk = self._chunks[at]
        place = bisect_left(chunk, value)
        if chunk[place] != value:
            return
        del chunk[place]
        if chunk:
            self._maxima[at] = chunk[-1]
        else:
            del self._chunks[at], self._maxima[at]

    def floor(self, value: int) -> int | None:
        """The largest member that is not above `value`."""
        at = bisect_left(self._maxima, value)
        if at == len(self._chunks):
            return self._maxima[-1] if self._maxima else None
        chunk = self._chunks[at]
        place = bisect_right(chunk, value)
        if place:
            return chunk[place - 1]
        return self._maxima[at - 1] if at else None

    def above(self, value: int) -> int | None:
        """The smallest member above `value`."""
        at = bisect_right(self._maxima, value)
        if at == len(self._chunks):
            return None
        chunk = self._chunks[at]
        return chunk[bisect_right(chunk, value)]
