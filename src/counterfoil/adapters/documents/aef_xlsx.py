"""Writes laid-out sheets as an XLSX file: same sheets, same bytes.

Rows stream: XlsxWriter keeps one row in memory and writes text in place, so a million actions need no more memory than
ten. Text is always written as text, never as a formula, so a cell that begins with `=` stays what the Party wrote.
"""

import os
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_format import Shown
from counterfoil.domain.reporting.aef_layout import LaidRow, LaidSheet, Link, Look
from counterfoil.domain.reporting.aef_workbook import cell_name

ROWS_MAX: Final = 1_048_576
"""Rows that a sheet of the format can hold."""
TEXT_MAX: Final = 32_767
"""Characters that a cell can hold."""
EXACT_MAX: Final = 10**15
"""Spreadsheets keep fifteen digits; a larger integer is written as text rather than rounded."""

PAPER_A3: Final = 8
COLUMNS_ON_A_PAGE: Final = 14

INK, PAPER, LINE = "#1F3A34", "#E6EEEA", "#B7C7C0"
_BOX = {"border": 1, "border_color": LINE, "valign": "top"}
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "note": {"italic": True, "font_color": "#8A4B08"},
    "title": {"bold": True, "font_size": 14, "font_color": INK},
    "header": {**_BOX, "bold": True, "font_color": "#FFFFFF", "bg_color": INK, "text_wrap": True, "valign": "vcenter"},
    "label": {**_BOX, "bold": True, "bg_color": PAPER, "text_wrap": True},
    "text": _BOX,
    "wrapped": {**_BOX, "text_wrap": True, "align": "left"},
    "plain": {**_BOX, "num_format": "0"},
    "amount": {**_BOX, "num_format": "#,##0"},
    "fraction": {**_BOX, "num_format": "#,##0.00"},
    "date": {**_BOX, "num_format": "dd/mm/yyyy", "align": "left"},
    "number": {**_BOX, "num_format": "0", "align": "left"},
    "link": {**_BOX, "font_color": "#0B5CAD", "underline": 1},
}
_ROW_HEIGHTS: Final = {Look.HEADER: 52, Look.TITLE: 24}


class WorkbookWritingFault(StrEnum):
    TOO_MANY_ROWS = "workbook.writing.too_many_rows"
    TEXT_TOO_LONG = "workbook.writing.text_too_long"


def write_workbook(sheets: Iterable[LaidSheet], target: Path, *, created: date) -> Refusal | None:
    """Write the sheets to `target`; the file appears whole or not at all.

    Args:
        created: The day in the file's properties. Nothing else in the file depends on when or where it is written.

    Returns:
        None, or `workbook.writing.too_many_rows` or `workbook.writing.text_too_long`, with the cell.
    """
    unfinished = target.with_name(f".{target.name}.unfinished")
    book = xlsxwriter.Workbook(str(unfinished), {"constant_memory": True})
    book.set_properties({"created": datetime.combine(created, time(), UTC).replace(tzinfo=None)})
    formats = {name: book.add_format(look) for name, look in _LOOKS.items()}
    refusal = next((found for sheet in sheets if (found := _sheet(book, formats, sheet))), None)
    book.close()
    if refusal is not None:
        unfinished.unlink(missing_ok=True)
        return refusal
    os.replace(unfinished, target)
    return None


def _sheet(book: Any, formats: dict[str, Any], laid: LaidSheet) -> Refusal | None:
    sheet = book.add_worksheet(laid.name)
    sheet.hide_gridlines(2)
    for number, column in enumerate(laid.columns):
        sheet.set_column(number, number, column.width)
    if laid.frozen_rows:
        sheet.freeze_panes(laid.frozen_rows, 0)
        sheet.set_landscape()
        sheet.set_paper(PAPER_A3)
        sheet.repeat_rows(laid.frozen_rows - 1)
    sheet.fit_to_pages(max(1, len(laid.columns) // COLUMNS_ON_A_PAGE), 0)
    for number, row in enumerate(laid.rows):
        refusal = _row(sheet, formats, laid, number, row)
        if refusal is not None:
            return refusal
    return None


def _row(sheet: Any, formats: dict[str, Any], laid: LaidSheet, number: int, row: LaidRow) -> Refusal | None:
    if number >= ROWS_MAX:
        return Refusal(WorkbookWritingFault.TOO_MANY_ROWS, {"sheet": laid.name, "rows_max": ROWS_MAX})
    if (height := _ROW_HEIGHTS.get(row.look)) is not None and len(row.cells) > 1:
        sheet.set_row(number, height if row.look is Look.TITLE or laid.frozen_rows else 20)
    for column, cell in enumerate(row.cells):
        if cell is None:
            if row.look is Look.BODY and laid.frozen_rows and not laid.columns[column].spacer:
                sheet.write_blank(number, column, None, formats["text"])
            continue
        style = formats[_style(row.look, column, cell, grouped=laid.columns[column].grouped)]
        if isinstance(cell, str) and len(cell) > TEXT_MAX:
            where = cell_name(number, column)
            return Refusal(
                WorkbookWritingFault.TEXT_TOO_LONG, {"sheet": laid.name, "cell": where, "characters_max": TEXT_MAX}
            )
        _write(sheet, number, column, cell, style)
    return None


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


def _style(look: Look, column: int, cell: Shown | Link, *, grouped: bool) -> str:
    if look in (Look.NOTE, Look.TITLE, Look.HEADER):
        return str(look.value)
    if isinstance(cell, Link):
        return "link"
    if look is Look.PAIR and column == 1:
        return "label"
    if isinstance(cell, date):
        return "date"
    if isinstance(cell, Fraction):
        return "fraction"
    if isinstance(cell, int):
        return "number" if look is Look.PAIR else "amount" if grouped else "plain"
    return "wrapped" if look is Look.PAIR else "text"
