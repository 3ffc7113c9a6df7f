"""Columns as PostgreSQL takes them in bulk: arrays in their text form, and the binary form of COPY.

The driver can do both, value by value. Made here at once for a whole column they cost a third of that, and the writer's
time is what bounds the registry.
"""

import struct
from collections.abc import Iterable, Sequence
from typing import Final

from counterfoil.application.ports import JournalRow

_SIGNATURE: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER: Final = b"\xff\xff"
_HEAD: Final = struct.Struct(">hiqi")
_LENGTH: Final = struct.Struct(">i")
_COLUMNS: Final = 4
_SEQ_BYTES: Final = 8
_HASH_BYTES: Final = _LENGTH.pack(32)


def integers(column: Sequence[int]) -> str:
    """An array of integers, such as `{1, 2}`."""
    return f"{{{str(list(column))[1:-1]}}}"


def texts(column: Iterable[str]) -> str:
    r"""An array of texts, such as `{"a","\"b\""}`."""
    quoted = ('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in column)
    return f"{{{','.join(quoted)}}}"


def byte_strings(column: Iterable[bytes]) -> str:
    r"""An array of byte strings, such as `{"\\x00ff"}`."""
    return texts(f"\\x{data.hex()}" for data in column)


def journal_copy(rows: Iterable[JournalRow]) -> bytes:
    """Rows of the journal as `COPY journal (seq, command, leaf_hash, leaf) FROM STDIN (FORMAT binary)` reads them."""
    parts = [_SIGNATURE]
    add = parts.append
    for seq, command, leaf_hash, leaf in rows:
        name = command.encode()
        assert len(leaf_hash) == 32
        add(_HEAD.pack(_COLUMNS, _SEQ_BYTES, seq, len(name)))
        add(name)
        add(_HASH_BYTES)
        add(leaf_hash)
        add(_LENGTH.pack(len(leaf)))
        add(leaf)
    add(_TRAILER)
    return b"".join(parts)
