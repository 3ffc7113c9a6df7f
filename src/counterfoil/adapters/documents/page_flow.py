"""How a paper runs over pages: which parts lie on their side, and how wide each column of a table is.

Widths are counted in narrow characters of the table's type, whole numbers only: a Chinese character is two wide.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from unicodedata import east_asian_width

from counterfoil.application.paper import Block, Bullets, Fields, Notice, Paper, Paragraph, Section, Table

UPRIGHT: Final = 96
"""Narrow characters that fit beside each other on an upright page of A4, within its margins."""
SIDEWAYS: Final = 146
WEIGHT_UPRIGHT_MAX: Final = 12
"""A table whose columns ask for more shares than this lies on its side, though its words might fit."""
WORD_MAX: Final = 22
"""A longer word, such as a hash, is broken rather than making its column wider."""
PADDING: Final = 3
COMFORT: Final = 30
"""A column of sentences is not made narrower than this for the sake of type that is a little larger."""
LINES: Final = 3
"""Lines that a cell may take before its column counts as narrow."""
ROOM_UPRIGHT, ROOM_SIDEWAYS = 330, 220
"""Points of a page that a table may take and still be kept on one: about half of what the page has."""
LINE_HEIGHT, ROW_PADDING, FRAME = 14, 9, 60
"""Points of a line, of the space around a row, and of caption, head and source together. Rather too many than few."""
FORM_LABEL, FORM_VALUE = 26, 56
"""Narrow characters of a line in the two columns of a form."""
KEPT_TEXT_MAX: Final = 600
"""Characters of a text that is kept on the page of the form that follows it."""
_WORDS: Final = re.compile(r"[!-~\u00a0-\u02af\u0370-\u1fff\u2010-\u2027\u2030-\u205e\u20a0-\u2bff]+")
_SCALE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Heading:
    """`rank` is 1 for a heading of the first order."""

    rank: int
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Parts that follow each other on pages that lie the same way."""

    sideways: bool
    parts: tuple[Heading | Block, ...]


@dataclass(frozen=True, slots=True)
class Widths:
    """`shares` are the columns' parts of 1,000; `permille` is the size of the type, 1,000 where the table fits."""

    shares: tuple[int, ...]
    permille: int


def stretches(paper: Paper) -> tuple[Stretch, ...]:
    """The paper in reading order. A section lies on its side, heading and all, when a table of its own does."""
    parts = list(_parts(paper.sections, 1))
    return tuple(
        Stretch(sideways, tuple(part for _, part in group)) for sideways, group in groupby(parts, lambda each: each[0])
    )


def _parts(sections: Sequence[Section], rank: int) -> Iterator[tuple[bool, Heading | Block]]:
    for section in sections:
        wide = any(isinstance(block, Table) and is_wide(block) for block in section.blocks)
        # A chapter that only opens the next section would stand alone on a page: it lies as what it opens.
        opened = section
        while not opened.blocks and opened.sections:
            opened = opened.sections[0]
            wide = any(isinstance(block, Table) and is_wide(block) for block in opened.blocks)
        yield wide, Heading(rank, section.number, section.title)
        for block in section.blocks:
            yield wide, block
        yield from _parts(section.sections, rank + 1)


def is_wide(table: Table) -> bool:
    return sum(_needed(table)) > UPRIGHT or sum(column.weight for column in table.columns) > WEIGHT_UPRIGHT_MAX


def widths(table: Table, *, sideways: bool) -> Widths:
    """Shares by weight, but no column narrower than its longest word; where even that is too much, smaller type."""
    room = SIDEWAYS if sideways else UPRIGHT
    needed = _needed(table)
    total = sum(needed)
    if total >= room:
        return Widths(_permille(needed), max(500, _SCALE * room // max(1, total)))
    weights = [max(1, column.weight) for column in table.columns]
    given = list(needed)
    open_columns = set(range(len(needed)))
    left = room
    # Columns that need more than their share keep what they need; the others share what is left, until none needs more.
    while open_columns:
        weight = sum(weights[column] for column in open_columns)
        short = {column for column in open_columns if needed[column] * weight > left * weights[column]}
        if not short:
            for column in open_columns:
                given[column] = left * weights[column] // weight
            break
        open_columns -= short
        left -= sum(needed[column] for column in short)
    return Widths(_permille(given), _SCALE)


def _permille(given: Sequence[int]) -> tuple[int, ...]:
    total = max(1, sum(given))
    return tuple(max(1, _SCALE * each // total) for each in given)


def _needed(table: Table) -> tuple[int, ...]:
    """The longest unbroken word of each column, or what its sentences need to be read, with the space beside it."""
    words = [_word(column.title) for column in table.columns]
    longest = [0] * len(words)
    for row in table.rows:
        for column, cell in enumerate(row[: len(words)]):
            words[column] = max(words[column], _word(cell))
            longest[column] = max(longest[column], narrow_length(cell))
    return tuple(
        max(min(word, WORD_MAX), min(text // LINES, COMFORT)) + PADDING
        for word, text in zip(words, longest, strict=True)
    )


def kept_whole(block: Fields | Table, *, sideways: bool) -> bool:
    """Whether a form or a table is so short that it is never parted by the end of a page."""
    room = ROOM_SIDEWAYS if sideways else ROOM_UPRIGHT
    rows: Sequence[Sequence[str]] = block.rows
    spread: Sequence[int] = (FORM_LABEL, FORM_VALUE)
    if isinstance(block, Table):
        wide = SIDEWAYS if sideways else UPRIGHT
        spread = tuple(wide * share // _SCALE for share in widths(block, sideways=sideways).shares)
    left = room - FRAME
    for row in rows:
        left -= ROW_PADDING + LINE_HEIGHT * max(map(_lines, row, spread), default=1)
        if left < 0:
            return False
    return True


def leads_on(parts: Sequence[Heading | Block], *, sideways: bool) -> tuple[bool, ...]:
    """For each part, whether it stays on the page of the next one: what a form closes goes with its form."""
    found: list[bool] = []
    held = False
    for part in reversed(parts):
        held = not isinstance(part, Heading) and _short(part, sideways=sideways) and held
        found.append(held)
        held = held or (isinstance(part, Fields) and kept_whole(part, sideways=sideways))
    return tuple(reversed(found))


def _short(part: Block, *, sideways: bool) -> bool:
    match part:
        case Paragraph(text) | Notice(_, text):
            return len(text) <= KEPT_TEXT_MAX
        case Bullets(items):
            return sum(map(len, items)) <= KEPT_TEXT_MAX and len(items) <= LINES
        case Table():
            return kept_whole(part, sideways=sideways)
        case Fields():
            return False


def _lines(text: str, room: int) -> int:
    return sum(1 + narrow_length(line) // max(1, room - PADDING - 1) for line in text.split("\n"))


def narrow_length(text: str) -> int:
    """How wide a text is in narrow characters."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _word(text: str) -> int:
    return max(map(len, _WORDS.findall(text)), default=2)
