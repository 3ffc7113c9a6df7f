"""Text in columns, measured as a terminal shows it: a wide character takes two places.

Source: Unicode Standard Annex 11 (East Asian Width).
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import Final

GAP: Final = 2
"""Empty places between columns."""
_JOINERS: Final = frozenset("\n\u200c\u200d")
"""What may stand in a text although nothing is seen of it: the break of a line, and joiners that scripts need."""
_CLOSING: Final = frozenset("，。；：、）」』》！？")
_OPENING: Final = frozenset("（「『《")
_PLACE: Final = re.compile(r"(\[\w+\] ?)")
"""A place in a usage line, such as `[選項]`."""


def width(text: str) -> int:
    """How many places a text takes.

    >>> width("ITMO"), width("授權")
    (4, 4)
    """
    return len(text) if text.isascii() else sum(_places(sign) for sign in text)


def _places(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def harmless(text: str) -> str:
    """The text with every sign that a terminal obeys instead of showing written as an escape; line breaks stay.

    A stored name could otherwise clear the screen, retitle the window, or show its parts in another order.

    >>> harmless("a\\x1b[2J\\u202eb")
    'a\\\\x1b[2J\\\\u202eb'
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(_escaped(sign) if _obeyed(sign) else sign for sign in text)


def harmless_json(text: str) -> str:
    """The same for JSON, with its own escapes, so that it stays the same value."""
    if text.isascii():
        return text  # JSON escapes the rest of them itself
    return "".join(f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 and _obeyed(sign) else sign for sign in text)


def _obeyed(sign: str) -> bool:
    return sign not in _JOINERS and unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp")


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode()


def padded(text: str, places: int, *, right: bool = False) -> str:
    """The text with spaces up to a number of places, before it (`right`) or after it."""
    space = " " * max(0, places - width(text))
    return space + text if right else text + space


def table(rows: Sequence[Sequence[str]], *, indent: int = 0, right: frozenset[int] = frozenset()) -> list[str]:
    """Rows as lines with aligned columns; the columns in `right` are flush right."""
    if not rows:
        return []
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [padded(text, widths[column], right=column in right) for column, text in enumerate(row)]
        lines.append((" " * indent + (" " * GAP).join(cells)).rstrip())
    return lines


def wrapped(text: str, places: int) -> list[str]:
    """A text in lines of at most so many places. Between wide characters a line may end anywhere, else at a space.

    >>> wrapped("one two three", 8)
    ['one two', 'three']
    >>> wrapped("首次轉讓", 4)
    ['首次', '轉讓']
    >>> wrapped("首次（轉讓）", 6)
    ['首次', '（轉', '讓）']
    """
    lines: list[list[str]] = [[]]
    used = 0
    for piece in _pieces(text):
        if lines[-1] and used + width(piece.rstrip()) > places:
            # Closing punctuation never begins a line: the sign before it comes along.
            carried = [lines[-1].pop()] if piece[0] in _CLOSING and len(lines[-1]) > 1 else []
            lines.append(carried)
            used = sum(map(width, carried))
        lines[-1].append(piece if lines[-1] else piece.lstrip())
        used += width(lines[-1][-1])
    return ["".join(line).rstrip() for line in lines]


def _pieces(text: str) -> list[str]:
    """The parts between which a line may end. What opens a bracket stays with what follows it."""
    pieces: list[str] = []
    for part in _PLACE.split(text):
        for piece in [part] if _PLACE.fullmatch(part) else _signs(part):
            if pieces and pieces[-1][-1] in _OPENING:
                pieces[-1] += piece
            else:
                pieces.append(piece)
    return pieces


def _signs(text: str) -> list[str]:
    """Words with the space behind them, and single wide characters."""
    signs: list[str] = []
    for wide, group in groupby(text, key=lambda sign: _places(sign) == 2):
        run = "".join(group)
        if wide:
            signs.extend(run)
        else:
            words = run.split(" ")
            signs.extend(f"{word} " for word in words[:-1])
            signs.append(words[-1])
    return [sign for sign in signs if sign]
