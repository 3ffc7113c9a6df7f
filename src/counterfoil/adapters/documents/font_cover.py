"""Which characters a font has a shape for. A page must not show an empty box where a Party wrote a word.

Only the table of characters of an OpenType file is read (cmap, formats 4 and 12), from fonts that the set-up has
checked against their hashes.
"""

import re
import struct
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from counterfoil.adapters.documents.printable import Numbering, plain_lines, shapeless

MARKS_MAX: Final = 4
"""Marks on one letter; writing systems need two or three."""
_PLAIN: Final = re.compile(r"[\n -~]*")
_UNICODE: Final = frozenset({(0, 3), (0, 4), (3, 1), (3, 10)})
"""Platform and encoding of the tables that are keyed by Unicode."""


def covered(font: Path) -> frozenset[int]:
    """Every code point with a shape in the font."""
    data = font.read_bytes()
    start = _table(data, b"cmap")
    (count,) = struct.unpack_from(">H", data, start + 2)
    found: set[int] = set()
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHL", data, start + 4 + 8 * number)
        if (platform, encoding) in _UNICODE:
            found |= _subtable(data, start + offset)
    return frozenset(found)


def _table(data: bytes, name: bytes) -> int:
    (count,) = struct.unpack_from(">H", data, 4)
    for number in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", data, 12 + 16 * number)
        if tag == name:
            return int(offset)
    raise ValueError(f"the font has no table {name.decode()}")


def _subtable(data: bytes, start: int) -> set[int]:
    (form,) = struct.unpack_from(">H", data, start)
    match form:
        case 4:
            return _segments(data, start)
        case 12:
            (groups,) = struct.unpack_from(">L", data, start + 12)
            found: set[int] = set()
            for number in range(groups):
                first, last, glyph = struct.unpack_from(">LLL", data, start + 16 + 12 * number)
                found.update(range(first + (glyph == 0), last + 1))
            return found
    return set()


def _segments(data: bytes, start: int) -> set[int]:
    """Format 4: the ends, starts, deltas and range offsets of segments, in four arrays of equal length."""
    length, _, double = struct.unpack_from(">HHH", data, start + 2)
    count = double // 2
    body = struct.unpack_from(f">{(length - 14) // 2}H", data, start + 14)
    ends, starts = body[:count], body[count + 1 : 2 * count + 1]
    deltas, offsets = body[2 * count + 1 : 3 * count + 1], body[3 * count + 1 :]
    found: set[int] = set()
    for segment in range(count):
        for code in range(starts[segment], ends[segment] + 1):
            if offsets[segment] == 0:
                glyph = (code + deltas[segment]) & 0xFFFF
            else:
                # The offset counts from its own place in the array, in bytes.
                glyph = offsets[offsets[segment] // 2 + (code - starts[segment]) + segment]
            if glyph and code != 0xFFFF:
                found.add(code)
    return found


def fit(covers: Sequence[frozenset[int]]) -> Callable[[str], str]:
    """A function that makes any text one that these fonts can show, character by character.

    A letter and the marks on it must come from one font; a mark that none can set on its letter is shown by its number.
    """
    anywhere: Final = frozenset().union(*covers)

    def fitting(text: str) -> str:
        if _PLAIN.fullmatch(text):
            return text
        shown: list[str] = []
        cluster: list[int] = []
        numbered = Numbering()
        for character in unicodedata.normalize("NFC", plain_lines(text)):
            code = ord(character)
            if unicodedata.category(character)[0] == "M":
                fits = 0 < len(cluster) <= MARKS_MAX and any(cover.issuperset((*cluster, code)) for cover in covers)
                cluster = [*cluster, code] if fits else cluster
            else:
                fits = character == "\n" or (code in anywhere and not shapeless(character))
                cluster = [code] if fits and character not in "\n " else []
            shown.append(character if fits else numbered(character))
        return "".join(shown)

    return fitting
