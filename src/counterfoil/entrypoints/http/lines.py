"""Lines out of pieces of bytes, with a bound on what is held while a line is not yet whole."""

from collections.abc import Iterator
from typing import Final

_BOM: Final = b"\xef\xbb\xbf"


class LineReader:
    """Pieces in, whole lines out, each with its number from 1. A line above the bound comes out as None."""

    def __init__(self, *, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._pieces: list[bytes] = []
        self._held = 0
        self._number = 0

    def feed(self, data: bytes, *, last: bool = False) -> Iterator[tuple[int, bytes | None]]:
        """The lines that `data` makes whole; with `last`, also the one that no newline ends."""
        *whole, rest = data.split(b"\n")
        for line in whole:
            self._hold(line)
            yield self._taken()
        self._hold(rest)
        if last and self._held:
            yield self._taken()

    def _hold(self, piece: bytes) -> None:
        self._held += len(piece)
        if self._held <= self._bytes_max:
            self._pieces.append(piece)
        else:
            self._pieces.clear()  # only its length counts any more

    def _taken(self) -> tuple[int, bytes | None]:
        self._number += 1
        line = b"".join(self._pieces) if self._held <= self._bytes_max else None
        self._pieces.clear()
        self._held = 0
        return self._number, line.removeprefix(_BOM) if line and self._number == 1 else line
