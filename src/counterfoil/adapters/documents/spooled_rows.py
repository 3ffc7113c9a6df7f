"""Rows of cells on disk: written once, in order, and walked as often as anybody likes, a batch in memory at a time."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any, Final

import msgspec

from counterfoil.adapters.documents.unnamed_file import UnnamedFile
from counterfoil.domain.reporting.aef_workbook import Cell

BATCH: Final = 256
"""Rows that are written and read together."""
_INTEGER_MAX: Final = 2**63 - 1
_DAY, _MOMENT, _TIME, _FRACTION, _INTEGER = 1, 2, 3, 4, 5

Packed = Any
"""A cell as the file holds it: itself, or what `packed` made of it."""


class Spool(UnnamedFile):
    """The rows of one workbook, sheet after sheet."""

    def rows(self, rows: Iterable[Sequence[Packed]]) -> "SpooledRows":
        """Write rows of packed cells to the end of the file."""
        encoder = msgspec.msgpack.Encoder()
        places: list[tuple[int, int]] = []
        batch: list[Sequence[Packed]] = []
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                places.append(self.add(encoder.encode(batch)))
                batch.clear()
        if batch:
            places.append(self.add(encoder.encode(batch)))
        return SpooledRows(self, places)


class SpooledRows(Iterable[Sequence[Cell]]):
    """The rows of one sheet."""

    def __init__(self, spool: Spool, places: Sequence[tuple[int, int]]) -> None:
        self._spool = spool
        self._places = places

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        decoder = msgspec.msgpack.Decoder(list[list[Any]], ext_hook=_unpacked)
        for start, size in self._places:
            yield from decoder.decode(self._spool.read(start, size))


def packed(cell: Cell) -> Packed:
    """A cell as the file holds it. Days are marked, because the file would give a text back."""
    match cell:
        case datetime():
            return msgspec.msgpack.Ext(_MOMENT, cell.isoformat().encode())
        case date():
            return msgspec.msgpack.Ext(_DAY, cell.toordinal().to_bytes(4, "big"))
        case time():
            return msgspec.msgpack.Ext(_TIME, cell.isoformat().encode())
        case Fraction():
            return msgspec.msgpack.Ext(_FRACTION, str(cell).encode())
        case int() if abs(cell) > _INTEGER_MAX:
            return msgspec.msgpack.Ext(_INTEGER, hex(cell).encode())
        case _:
            return cell


def _unpacked(code: int, data: memoryview) -> Cell:
    if code == _DAY:
        return date.fromordinal(int.from_bytes(data, "big"))
    text = bytes(data).decode()
    match code:
        case 2:
            return datetime.fromisoformat(text)
        case 3:
            return time.fromisoformat(text)
        case 4:
            return Fraction(text)
        case _:
            return int(text, 16)
