"""Write Apache Parquet, piece by piece: flat columns of text, whole numbers and yes or no, each of which may be empty.

One row group is held in memory at a time, so a table of any length is written in the memory of one group. Nothing that
a reader may leave out is written: no dictionary, no statistics, no nesting. Why not a library: ADR-0040.
Source: Apache Parquet format 2.11 (file format, encodings, `parquet.thrift`); Thrift compact protocol.
"""

import gzip
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

MAGIC: Final = b"PAR1"
INT64_MAX: Final = 2**63 - 1
_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12
_OPTIONAL, _UTF8, _PLAIN, _RLE, _GZIP, _DATA_PAGE = 1, 0, 0, 3, 2, 0
_DELTA_MAX: Final = 15
_LIST_SHORT_MAX: Final = 15


class Type(IntEnum):
    """The physical types that are written. Source: parquet.thrift, enum Type."""

    BOOLEAN = 0
    INT64 = 2
    BYTE_ARRAY = 6


@dataclass(frozen=True, slots=True)
class ParquetColumn:
    """A column: text is UTF-8 in BYTE_ARRAY."""

    name: str
    type: Type = Type.BYTE_ARRAY


class ParquetWriter:
    """Gives the bytes of a file in order: each group of rows, then the end."""

    def __init__(self, columns: Sequence[ParquetColumn], *, created_by: str) -> None:
        self._columns = tuple(columns)
        self._created_by = created_by
        self._at = 0
        self._rows = 0
        self._groups: list[bytes] = []

    def group(self, rows: Sequence[Sequence[Any]]) -> bytes:
        """The bytes of the next rows; the file's head stands before the first ones."""
        parts = [MAGIC] if not self._at else []
        self._at += sum(map(len, parts))
        if rows:
            chunks, size = [], 0
            for place, column in enumerate(self._columns):
                body, chunk, plain = self._chunk(column, [row[place] for row in rows])
                parts.append(body)
                chunks.append(chunk)
                size += plain
                self._at += len(body)
            told = [(1, _LIST, _listed(_STRUCT, chunks)), (2, _I64, size), (3, _I64, len(rows))]
            self._groups.append(_struct(told))
            self._rows += len(rows)
        return b"".join(parts)

    def end(self) -> bytes:
        """The foot: what the columns are and where each lies."""
        head = b"" if self._at else self.group([])
        root = _struct([(4, _BINARY, b"schema"), (5, _I32, len(self._columns))])
        schema = [root, *(_element(column) for column in self._columns)]
        foot = _struct(
            [
                (1, _I32, 1),
                (2, _LIST, _listed(_STRUCT, schema)),
                (3, _I64, self._rows),
                (4, _LIST, _listed(_STRUCT, self._groups)),
                (6, _BINARY, self._created_by.encode()),
            ]
        )
        return head + foot + struct.pack("<I", len(foot)) + MAGIC

    def _chunk(self, column: ParquetColumn, values: Sequence[Any]) -> tuple[bytes, bytes, int]:
        """A column's page with its header, what the foot says of it, and its size before it was packed."""
        levels = _levels([value is not None for value in values])
        page = struct.pack("<I", len(levels)) + levels
        page += _plain(column, [value for value in values if value is not None])
        packed = gzip.compress(page, 6, mtime=0)
        data = _struct([(1, _I32, len(values)), (2, _I32, _PLAIN), (3, _I32, _RLE), (4, _I32, _RLE)])
        header = _struct([(1, _I32, _DATA_PAGE), (2, _I32, len(page)), (3, _I32, len(packed)), (5, _STRUCT, data)])
        told = _struct(
            [
                (1, _I32, int(column.type)),
                (2, _LIST, _listed(_I32, [_zigzag(_PLAIN), _zigzag(_RLE)])),
                (3, _LIST, _listed(_BINARY, [_binary(column.name.encode())])),
                (4, _I32, _GZIP),
                (5, _I64, len(values)),
                (6, _I64, len(header) + len(page)),
                (7, _I64, len(header) + len(packed)),
                (9, _I64, self._at),
            ]
        )
        chunk = _struct([(2, _I64, self._at), (3, _STRUCT, told)])
        return header + packed, chunk, len(header) + len(page)


def _element(column: ParquetColumn) -> bytes:
    text = [(6, _I32, _UTF8)] if column.type is Type.BYTE_ARRAY else []
    return _struct([(1, _I32, int(column.type)), (3, _I32, _OPTIONAL), (4, _BINARY, column.name.encode()), *text])


def _levels(there: Sequence[bool]) -> bytes:
    """Which values are there, as runs (RLE with a width of one bit)."""
    found = bytearray()
    at = 0
    while at < len(there):
        end = at
        while end < len(there) and there[end] == there[at]:
            end += 1
        found += _varint((end - at) << 1) + bytes([there[at]])
        at = end
    return bytes(found)


def _plain(column: ParquetColumn, values: Sequence[Any]) -> bytes:
    match column.type:
        case Type.INT64:
            return struct.pack(f"<{len(values)}q", *values)
        case Type.BOOLEAN:
            bits = bytearray(-(-len(values) // 8))
            for place, value in enumerate(values):
                bits[place // 8] |= bool(value) << place % 8
            return bytes(bits)
        case Type.BYTE_ARRAY:
            texts = [str(value).encode("utf-8", "replace") for value in values]
            return b"".join(struct.pack("<I", len(text)) + text for text in texts)


# The Thrift compact protocol, as far as it is needed. Source: thrift-compact-protocol.md.


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)


def _zigzag(value: int) -> bytes:
    return _varint(value << 1 ^ value >> 63)


def _binary(value: bytes) -> bytes:
    return _varint(len(value)) + value


def _listed(kind: int, items: Sequence[bytes]) -> bytes:
    head = bytes([len(items) << 4 | kind]) if len(items) < _LIST_SHORT_MAX else bytes([0xF0 | kind])
    return head + (b"" if len(items) < _LIST_SHORT_MAX else _varint(len(items))) + b"".join(items)


def _struct(fields: Sequence[tuple[int, int, Any]]) -> bytes:
    """A struct from (number, type, value), numbers rising; structs and lists are given as their bytes."""
    found, last = bytearray(), 0
    for number, kind, value in fields:
        assert 0 < number - last <= _DELTA_MAX
        found.append((number - last) << 4 | kind)
        last = number
        match kind:
            case 5 | 6:
                found += _zigzag(value)
            case 8:
                found += _binary(value)
            case _:
                found += value
    return bytes(found) + b"\0"
