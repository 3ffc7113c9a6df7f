"""The frame of a workbook: everything but the rows below the frozen ones, made by XlsxWriter.

Styles, columns, pages, links and the first rows of each sheet are few and must open in every program without a repair:
the library knows how. The rows below are many and plain; `xlsx_rows.py` writes them into the frame. To learn which
number each style got, one row of samples is written into the first sheet and cut out again.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import chain, islice
from typing import Any, Final

import xlsxwriter

from counterfoil.adapters.documents.xlsx_looks import LOOKS, ROW_HEIGHTS, height_of, look_of
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_format import Shown
from counterfoil.domain.reporting.aef_layout import LaidRow, LaidSheet, Link, Look
from counterfoil.domain.reporting.aef_workbook import cell_name

TEXT_MAX: Final = 32_767
"""Characters that a cell can hold."""
EXACT_MAX: Final = 10**15
"""Spreadsheets keep fifteen digits; a larger integer is written as text rather than rounded."""
FRAME_ROWS_MAX: Final = 1_000
"""Rows of a sheet without frozen rows that the frame takes; such sheets hold a few dozen."""

PAPER_A3, PAPER_A4 = 8, 9
UPRIGHT: Final = 110
"""Characters beside each other on an upright page of A4."""
READABLE: Final = 260
"""Characters beside each other on a page of A3 on its side that can still be read: type of about eight points."""
REPEATED_COLUMNS: Final = 2
"""Columns that every further page across repeats, where a page has room for them."""
_SAMPLES_ROW: Final = FRAME_ROWS_MAX + 1
_SAMPLES: Final = re.compile(rb'<row r="%d"[^>]*>(.*?)</row>' % _SAMPLES_ROW, re.DOTALL)
_SAMPLE: Final = re.compile(rb'<c r="[A-Z]+\d+" s="(\d+)"/>')
_DIMENSION: Final = re.compile(rb"<dimension [^>]*/>")


class WorkbookWritingFault(StrEnum):
    TOO_MANY_ROWS = "workbook.writing.too_many_rows"
    TEXT_TOO_LONG = "workbook.writing.text_too_long"
    TOO_LARGE = "workbook.writing.too_large"


@dataclass(frozen=True, slots=True)
class Below:
    """What the frame left of one sheet: its rows from `start` on, counted from 0, to be walked once."""

    laid: LaidSheet
    start: int
    rows: Iterator[LaidRow]


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts of the workbook by name, what is missing in its sheets by part, and the number of each style."""

    parts: Mapping[str, bytes]
    below: Mapping[str, Below]
    styles: Mapping[str, int]


def workbook_frame(sheets: Sequence[LaidSheet], *, created: date) -> Frame | Refusal:
    """Everything but the rows below the frozen ones, or `workbook.writing.text_too_long` with the cell."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": datetime.combine(created, time(), UTC).replace(tzinfo=None)})
    formats = {name: book.add_format(look) for name, look in LOOKS.items()}
    below: dict[str, Below] = {}
    for number, laid in enumerate(sheets, 1):
        outcome = _sheet(book, formats, laid)
        if isinstance(outcome, Refusal):
            return outcome
        if outcome is not None:
            below[f"xl/worksheets/sheet{number}.xml"] = outcome
    for column, name in enumerate(LOOKS):
        book.worksheets()[0].write_blank(_SAMPLES_ROW - 1, column, None, formats[name])
    book.close()
    with zipfile.ZipFile(target) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return _without_samples(parts, below)


def _without_samples(parts: dict[str, bytes], below: Mapping[str, Below]) -> Frame:
    first = "xl/worksheets/sheet1.xml"
    samples = _SAMPLES.search(parts[first])
    assert samples is not None, "the row of samples is in the first sheet"
    styles = dict(zip(LOOKS, map(int, _SAMPLE.findall(samples[1])), strict=True))
    parts[first] = _SAMPLES.sub(b"", parts[first])
    for name in {first, *below}:
        # The frame does not know how far these sheets reach; readers find out for themselves.
        parts[name] = _DIMENSION.sub(b"", parts[name], count=1)
    return Frame(parts, below, styles)


def _sheet(book: Any, formats: dict[str, Any], laid: LaidSheet) -> Below | Refusal | None:
    """Write the head of one sheet; what is below it, None when nothing is."""
    sheet = book.add_worksheet(laid.name)
    sheet.hide_gridlines(2)
    for number, column in enumerate(laid.columns):
        sheet.set_column(number, number, column.width)
    if laid.frozen_rows:
        sheet.freeze_panes(laid.frozen_rows, 0)
        sheet.set_landscape()
        sheet.set_paper(PAPER_A3)
        sheet.repeat_rows(laid.frozen_rows - 1)
    wide = sum(column.width for column in laid.columns)
    if not laid.frozen_rows:
        sheet.set_paper(PAPER_A4)
        if wide > UPRIGHT:
            sheet.set_landscape()
    across = -(-wide // READABLE) if laid.frozen_rows else 1
    if across > 1:
        sheet.repeat_columns(0, REPEATED_COLUMNS - 1)
    sheet.fit_to_pages(across, 0)
    rows = iter(laid.rows)
    size = laid.frozen_rows or FRAME_ROWS_MAX
    for number, row in enumerate(islice(rows, size)):
        refusal = _row(sheet, formats, laid, number, row)
        if refusal is not None:
            return refusal
    following = next(rows, None)
    return None if following is None else Below(laid, size, chain((following,), rows))


def _row(sheet: Any, formats: dict[str, Any], laid: LaidSheet, number: int, row: LaidRow) -> Refusal | None:
    if (height := ROW_HEIGHTS.get(row.look)) is not None and len(row.cells) > 1:
        sheet.set_row(number, height if row.look is Look.TITLE or laid.frozen_rows else 20)
    elif row.look in (Look.PAIR, Look.BODY) and (height := height_of(laid.columns, row.cells)) is not None:
        sheet.set_row(number, height)
    for column, cell in enumerate(row.cells):
        if cell is None:
            if is_boxed(laid, row.look, column):
                sheet.write_blank(number, column, None, formats["text"])
            continue
        if isinstance(cell, str) and len(cell) > TEXT_MAX:
            return text_too_long(laid, number, column)
        style = formats[look_of(row.look, column, cell, grouped=laid.columns[column].grouped)]
        _write(sheet, number, column, cell, style)
    return None


def is_boxed(laid: LaidSheet, look: Look, column: int) -> bool:
    """Whether an empty cell still shows its borders."""
    return look is Look.BODY and bool(laid.frozen_rows) and not laid.columns[column].spacer


def text_too_long(laid: LaidSheet, row: int, column: int) -> Refusal:
    where = cell_name(row, column)
    return Refusal(WorkbookWritingFault.TEXT_TOO_LONG, {"sheet": laid.name, "cell": where, "characters_max": TEXT_MAX})


def _write(sheet: Any, row: int, column: int, cell: Shown | Link, style: Any) -> None:
    match cell:
        case str():
            sheet.write_string(row, column, cell, style)
        case Link():
            sheet.write_url(row, column, f"internal:'{cell.sheet}'!A1", style, cell.sheet)
        case date():
            sheet.write_datetime(row, column, cell, style)
        case int() if abs(cell) >= EXACT_MAX:
            sheet.write_string(row, column, str(cell), style)
        case int():
            sheet.write_number(row, column, cell, style)
        case Fraction():
            sheet.write_number(row, column, Decimal(cell.numerator) / Decimal(cell.denominator), style)
