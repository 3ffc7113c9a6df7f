"""Prints a paper as a workbook: what the document says on a first sheet, and one sheet for each table.

This is the whole document: what a page cannot hold is here. Rows stream, so memory does not grow with a table. Text is
written as text and marked as such, so that a cell which begins with `=` stays a text when somebody edits it.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

import xlsxwriter

from counterfoil.adapters.documents.page_flow import narrow_length, widths
from counterfoil.adapters.documents.printable import printable
from counterfoil.application.paper import (
    Align,
    Bullets,
    Fields,
    Notice,
    Paper,
    Paragraph,
    Section,
    Table,
    tables_of,
)

ROWS_MAX: Final = 1_048_576 - 10
COLUMNS_MAX: Final = 16_384
TEXT_MAX: Final = 32_767
SHEETS_MAX: Final = 250
NAME_MAX: Final = 31
EXACT_DIGITS: Final = 15
"""Spreadsheets keep fifteen digits; a longer number stays a text rather than being rounded."""
UNDATED: Final = date(1980, 1, 1)
FIRST_WIDTHS: Final = (20, 38, 90)
LINE_HEIGHT, HEIGHT_MAX = 15, 409
"""Of a row, in points."""
PAPER_A4: Final = 9
READABLE: Final = 200
"""Characters beside each other on a page of A4 on its side that can still be read."""
_WHOLE: Final = re.compile(r"[-\u2212]?(?:[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*|0)")
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r")
_TAIL: Final = " […]"

INK, SHADE, LINE = "#1F3A34", "#EEF3F1", "#B7C7C0"
_BOX: Final = {"border": 1, "border_color": LINE, "valign": "top"}
_TEXT: Final = {**_BOX, "text_wrap": True}
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "title": {"bold": True, "font_size": 16, "font_color": INK},
    "subtitle": {"font_size": 12, "font_color": "#55635E"},
    "mark": {"bold": True, "font_color": "#8A1C1C"},
    "heading": {"bold": True, "font_size": 12, "font_color": INK, "valign": "top"},
    "head": {**_TEXT, "bold": True, "font_color": "#FFFFFF", "bg_color": INK, "valign": "vcenter"},
    "label": {**_TEXT, "bold": True, "bg_color": SHADE, "font_color": INK},
    "plain": {"text_wrap": True, "valign": "top"},
    "notice": {"text_wrap": True, "valign": "top", "bold": True, "font_color": "#8A4B08"},
    "text": _TEXT,
    "end": {**_TEXT, "align": "right"},
    "grouped": {**_BOX, "num_format": "#,##0"},
    "number": {**_BOX, "num_format": "0"},
    "source": {"font_color": "#55635E", "italic": True},
    "link": {"font_color": "#0B5CAD", "underline": 1},
}


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the first sheet: a look for each of three columns that hold something, or the table it leads to."""

    cells: tuple[str, str, str] = ("", "", "")
    looks: tuple[str, str, str] = ("plain", "plain", "plain")
    table: int | None = None


def printed(paper: Paper) -> bytes:
    """The paper as an XLSX file. A cell holds 32,767 characters at most; a longer text ends with a mark."""
    tables = tables_of(paper.sections)[:SHEETS_MAX]
    names = _names([paper.titles.facts, *(_wished(paper, number, table) for number, table in enumerate(tables, 1))])
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"constant_memory": True})
    created = datetime.combine(paper.day or UNDATED, time())
    book.set_properties({"title": _cut(paper.title, 255), "created": created})
    looks = _Looks(book)
    _first_sheet(book.add_worksheet(names[0]), looks, paper, names[1:])
    for name, table in zip(names[1:], tables, strict=True):
        _table_sheet(book.add_worksheet(name), looks, table)
    book.close()
    return content.getvalue()


class _Looks:
    """The formats of the book, each in two forms: as it is, and marked as text that must not become a formula."""

    def __init__(self, book: Any) -> None:
        self._formats = {
            (name, marked, bold): book.add_format(
                look | ({"quote_prefix": True} if marked else {}) | ({"bold": True, "bg_color": SHADE} if bold else {})
            )
            for name, look in _LOOKS.items()
            for marked in (False, True)
            for bold in (False, True)
        }

    def write(self, sheet: Any, row: int, column: int, text: str, look: str, *, bold: bool = False) -> None:
        """Write a text as a text. Nothing that a Party wrote is ever read as a formula, a link or a number here."""
        shown = _cut(printable(text), TEXT_MAX)
        if shown:
            sheet.write_string(row, column, shown, self._formats[look, shown.startswith(_RISKY), bold])
        elif look in ("text", "end"):
            sheet.write_blank(row, column, None, self._formats[look, False, bold])

    def figure(self, sheet: Any, row: int, column: int, text: str, *, bold: bool) -> None:
        """Write a whole number that a spreadsheet keeps exactly as a number; anything else as the text it is."""
        digits = text.replace(",", "").replace("\u2212", "-")
        if _WHOLE.fullmatch(text) and len(digits.lstrip("-")) <= EXACT_DIGITS:
            look = "grouped" if "," in text else "number"
            sheet.write_number(row, column, int(digits), self._formats[look, False, bold])
        else:
            self.write(sheet, row, column, text, "end", bold=bold)

    def link(self, sheet: Any, row: int, column: int, name: str) -> None:
        place = name.replace("'", "''")
        sheet.write_url(
            row, column, f"internal:'{place}'!A1", self._formats["link", name.startswith(_RISKY), False], name
        )


def _first_sheet(sheet: Any, looks: _Looks, paper: Paper, names: list[str]) -> None:
    sheet.hide_gridlines(2)
    sheet.set_paper(PAPER_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    for column, width in enumerate(FIRST_WIDTHS):
        sheet.set_column(column, column, width)
    for row, line in enumerate(_lines(paper)):
        if row >= ROWS_MAX:
            break
        if line.looks[0] != "title":
            _heighten(sheet, row, line.cells if line.looks[0] == "plain" else (), FIRST_WIDTHS)
        for column, (text, look) in enumerate(zip(line.cells, line.looks, strict=True)):
            looks.write(sheet, row, column, text, look)
        if line.table is not None and line.table < len(names):
            looks.link(sheet, row, 2, names[line.table])


def _lines(paper: Paper) -> Iterator[_Line]:
    yield _Line((paper.title, "", ""), ("title", "plain", "plain"))
    yield _Line((paper.subtitle, "", ""), ("subtitle", "plain", "plain"))
    yield _Line((paper.mark, "", ""), ("mark", "plain", "plain"))
    for label, value in paper.facts:
        yield _Line((label, value, ""), ("label", "text", "plain"))
    yield _Line((paper.foot, "", ""), ("source", "plain", "plain"))
    yield from _narrative(paper.sections, iter(range(len(tables_of(paper.sections)))))


def _narrative(sections: tuple[Section, ...], places: Iterator[int]) -> Iterator[_Line]:
    for section in sections:
        yield _Line()
        yield _Line((section.number, section.title, ""), ("heading", "heading", "plain"))
        for block in section.blocks:
            match block:
                case Paragraph(text):
                    yield _Line(("", "", text))
                case Bullets(items):
                    for item in items:
                        yield _Line(("", "", f"• {item}"))
                case Notice(title, text):
                    yield _Line(("", title, text), ("plain", "notice", "plain"))
                case Fields(rows):
                    for label, value in rows:
                        yield _Line(("", label, value), ("plain", "label", "text"))
                case Table():
                    yield _Line(("", block.caption, ""), table=next(places))
        yield from _narrative(section.sections, places)


def _table_sheet(sheet: Any, looks: _Looks, table: Table) -> None:
    """Caption, source, an empty row, then the table with its head frozen and repeated on paper."""
    columns = table.columns[:COLUMNS_MAX]
    spread = [max(9, min(60, share * 160 // 1_000)) for share in widths(table, sideways=True).shares[:COLUMNS_MAX]]
    for place, width in enumerate(spread):
        sheet.set_column(place, place, width)
    looks.write(sheet, 0, 0, table.caption, "heading")
    looks.write(sheet, 1, 0, table.source, "source")
    _heighten(sheet, 3, [column.title for column in columns], spread)
    for number, column in enumerate(columns):
        looks.write(sheet, 3, number, column.title or " ", "head")
    sheet.freeze_panes(4, 0)
    sheet.repeat_rows(3)
    sheet.set_landscape()
    sheet.set_paper(PAPER_A4)
    across = -(-sum(spread) // READABLE)
    if across > 1:
        sheet.repeat_columns(0)
    sheet.fit_to_pages(across, 0)
    for number, row in enumerate(table.rows[:ROWS_MAX]):
        bold = number in table.bold_rows
        _heighten(sheet, number + 4, row, spread)
        for place, (column, cell) in enumerate(zip(columns, row, strict=False)):
            if column.align is Align.END:
                looks.figure(sheet, number + 4, place, cell, bold=bold)
            else:
                looks.write(sheet, number + 4, place, cell, "text", bold=bold)


def _heighten(sheet: Any, row: int, cells: Sequence[str], spread: Sequence[int]) -> None:
    """Make a row as high as its longest wrapped text, up to what the format allows: not every program does it alone."""
    lines = 1
    for cell, width in zip(cells, spread, strict=False):
        if len(cell) * 2 > width or "\n" in cell:
            lines = max(lines, sum(1 + narrow_length(line) // max(1, width - 2) for line in cell.split("\n")))
    if lines > 1:
        sheet.set_row(row, min(HEIGHT_MAX, LINE_HEIGHT * lines + 1))


def _wished(paper: Paper, number: int, table: Table) -> str:
    return table.sheet or f"{paper.titles.table} {number}"


def _names(wished: list[str]) -> list[str]:
    """Names that a workbook accepts: short, without forbidden signs, and different whatever their case."""
    taken: set[str] = set()
    names = []
    for wish in wished:
        plain = _FORBIDDEN.sub(" ", printable(wish)).strip(" '")[:NAME_MAX].strip(" '") or "Table"
        name, number = plain, 1
        while name.casefold() in taken or name.casefold() == "history":
            number += 1
            tail = f" {number}"
            name = plain[: NAME_MAX - len(tail)] + tail
        taken.add(name.casefold())
        names.append(name)
    return names


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - len(_TAIL)] + _TAIL
