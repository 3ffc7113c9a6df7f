"""What fits on pages. A spreadsheet may have a million rows; a document that people leaf through may not.

Rather than refuse the whole document, a printer for pages shows the beginning and says in the document how much is
missing and that the spreadsheet holds it. So time and memory are bounded whatever a Party has written.
"""

from dataclasses import dataclass, replace
from typing import Final

from counterfoil.application.paper import Block, Bullets, Fields, Notice, Paper, Paragraph, Section, Table, Titles

DEPTH_MAX: Final = 6
"""Ranks of headings; deeper sections stand at the last one."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Characters and table rows of a whole document, and what one table or one text may take of them."""

    characters: int = 600_000
    text_characters: int = 30_000
    cell_characters: int = 4_000
    rows: int = 6_000
    table_rows: int = 1_500
    columns: int = 40
    blocks: int = 4_000


@dataclass(slots=True)
class _Room:
    """What is still free while the document is read from front to back."""

    bounds: Bounds
    characters: int
    rows: int
    blocks: int

    def text(self, text: str, most: int) -> str:
        taken = text[: max(0, min(most, self.characters))]
        self.characters -= len(taken)
        return taken if len(taken) == len(text) else f"{taken} […]"

    @property
    def full(self) -> bool:
        return self.characters <= 0 or self.blocks <= 0


def abridged(paper: Paper, bounds: Bounds | None = None) -> Paper:
    """The paper as it is where it fits; else its beginning, with a notice at each place where something is left out."""
    held = bounds or Bounds()
    room = _Room(held, held.characters, held.rows, held.blocks)
    facts = tuple((room.text(label, 500), room.text(value, held.cell_characters)) for label, value in paper.facts[:200])
    title, subtitle, mark, foot = (
        room.text(each, 500) for each in (paper.title, paper.subtitle, paper.mark, paper.foot)
    )
    sections = _sections(paper.sections, room, paper.titles, depth=1)
    if room.full:
        sections = (*sections, Section(paper.titles.cut, (Notice(paper.titles.cut, paper.titles.text_cut),)))
    return replace(paper, title=title, subtitle=subtitle, mark=mark, foot=foot, facts=facts, sections=sections)


def _sections(sections: tuple[Section, ...], room: _Room, titles: Titles, *, depth: int) -> tuple[Section, ...]:
    shown: list[Section] = []
    for section in sections:
        if room.full:
            break
        room.blocks -= 1
        title, number = room.text(section.title, 1_000), room.text(section.number, 50)
        blocks = tuple(each for block in section.blocks if not room.full for each in _block(block, room, titles))
        under = _sections(section.sections, room, titles, depth=depth + 1)
        if depth < DEPTH_MAX:
            shown.append(Section(title, blocks, under, number))
        else:
            shown += [Section(title, blocks, (), number), *under]
    return tuple(shown)


def _block(block: Block, room: _Room, titles: Titles) -> list[Block]:
    """The block, and after it a notice if not all of it is shown."""
    room.blocks -= 1
    held = room.bounds
    match block:
        case Paragraph(text):
            return [Paragraph(room.text(text, held.text_characters)), *_cut_text(len(text), held, titles)]
        case Notice(title, text):
            shown = Notice(room.text(title, 1_000), room.text(text, held.text_characters))
            return [shown, *_cut_text(len(text), held, titles)]
        case Bullets(items):
            kept = tuple(room.text(item, held.text_characters) for item in items[: held.table_rows])
            longest = max(map(len, items), default=0)
            return [Bullets(kept), *_cut_text(longest, held, titles), *_cut_rows(len(items), len(kept), titles)]
        case Fields(rows):
            taken = rows[: max(0, min(held.table_rows, room.rows))]
            room.rows -= len(taken)
            pairs = tuple((room.text(label, 500), room.text(value, held.text_characters)) for label, value in taken)
            return [Fields(pairs), *_cut_rows(len(rows), len(pairs), titles)]
        case Table():
            return _table(block, room, titles)


def _table(table: Table, room: _Room, titles: Titles) -> list[Block]:
    held = room.bounds
    wide = len(table.columns)
    taken = table.rows[: max(0, min(held.table_rows, room.rows))]
    room.rows -= len(taken)
    rows = tuple(tuple(room.text(cell, held.cell_characters) for cell in row[: held.columns]) for row in taken)
    columns = tuple(
        replace(column, title=room.text(column.title, 500)) for column in table.columns[: min(wide, held.columns)]
    )
    caption, source = room.text(table.caption, 2_000), room.text(table.source, 2_000)
    shown: list[Block] = [replace(table, caption=caption, source=source, columns=columns, rows=rows)]
    if wide > held.columns:
        shown.append(Notice(titles.cut, titles.columns_cut.format(shown=held.columns, columns=wide)))
    return shown + _cut_rows(len(table.rows), len(rows), titles)


def _cut_rows(whole: int, shown: int, titles: Titles) -> list[Block]:
    return [Notice(titles.cut, titles.rows_cut.format(shown=shown, rows=whole))] if shown < whole else []


def _cut_text(characters: int, held: Bounds, titles: Titles) -> list[Block]:
    return [Notice(titles.cut, titles.text_cut)] if characters > held.text_characters else []
