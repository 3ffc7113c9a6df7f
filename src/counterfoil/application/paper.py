"""A document for people, before it becomes a file: its texts in one language, in the order in which they are read.

Whoever writes a report fills this; the adapters print it as PDF, DOCX or XLSX. Nothing here knows a file format, and no
printer knows a report. Texts are final: translated, numbers already shown as the reader's language shows them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol


class Align(StrEnum):
    """How a column stands: words to the start, numbers to the end."""

    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """Short items of one rank, in order."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that must not be overlooked: a draft, missing data, a demonstration."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Fields:
    """Labels with their values: a form that has been filled in."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """`weight` shares out the width of the page; 1 is an ordinary column."""

    title: str
    align: Align = Align.START
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption and where its figures come from. Every row has as many cells as there are columns.

    `bold_rows` names rows that are totals. `sheet` is the short name of the worksheet in which XLSX shows it.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    source: str = ""
    bold_rows: frozenset[int] = frozenset()
    sheet: str = ""


Block = Paragraph | Bullets | Notice | Fields | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it. `number` is shown before the title as it is, such as `I.A`."""

    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple["Section", ...] = ()
    number: str = ""


@dataclass(frozen=True, slots=True)
class Titles:
    """The few words that a printer adds by itself, in the document's language. Keep the words in braces.

    A printer for pages leaves out what would make a file that nobody can open, and says so with `cut` as the title;
    the spreadsheet holds the whole.
    """

    contents: str = "Contents"
    page: str = "Page {page} of {pages}"
    table: str = "Table"
    facts: str = "Document"
    cut: str = "Shortened"
    rows_cut: str = "This table shows {shown} of {rows} rows. The spreadsheet of this document holds all of them."
    columns_cut: str = (
        "This table shows {shown} of {columns} columns. The spreadsheet of this document holds all of them."
    )
    text_cut: str = "The document is too long for a printed page. The spreadsheet or the data file holds the rest."


@dataclass(frozen=True, slots=True)
class Paper:
    """One document in one language.

    `language` is a BCP 47 tag. `facts` stand under the title: Party, year, version, day. `mark` is printed on every
    page, such as the word for a draft; `foot` says at the foot of every page where the document comes from. `day` is
    the day of the document in the properties of the file: no printer asks a clock.
    """

    title: str
    language: str
    facts: tuple[tuple[str, str], ...] = ()
    subtitle: str = ""
    sections: tuple[Section, ...] = ()
    mark: str = ""
    foot: str = ""
    contents: bool = True
    titles: Titles = field(default_factory=Titles)
    day: date | None = None


class Printer(Protocol):
    """Turns a paper into the bytes of a file. The same paper gives the same bytes."""

    def __call__(self, paper: Paper) -> bytes: ...


def tables_of(sections: Sequence[Section]) -> list[Table]:
    """Every table of the document, in reading order."""
    found: list[Table] = []
    for section in sections:
        found += [block for block in section.blocks if isinstance(block, Table)]
        found += tables_of(section.sections)
    return found
