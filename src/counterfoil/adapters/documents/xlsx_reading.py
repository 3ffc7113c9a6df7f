"""Reads any XLSX file as cells, exactly, or says why not. Never raises for what a file contains.

A large workbook in the usual form streams to disk (`xlsx_plain.py`); any other is laid out in memory by the library.
"""

import io
import math
import os
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum, XmlError, ZipError

from counterfoil.adapters.documents.xlsx_bounds import CELLS_MAX, FILE_MAX, SHEETS_MAX, WorkbookFault, within_bounds
from counterfoil.adapters.documents.xlsx_plain import FILE_MAX as STREAMED_MAX
from counterfoil.adapters.documents.xlsx_plain import plain_workbook
from counterfoil.adapters.documents.xlsx_traits import workbook_traits
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_workbook import Cell, RawSheet, RawWorkbook

_NUMBERS: Final = frozenset({float, bool, timedelta})


def read_workbook_file(path: Path) -> RawWorkbook | Refusal:
    """The workbook in a file; of a large one, the rows lie on disk and are read as they are walked.

    A file that cannot be opened at all (missing, no permission) raises OSError.
    """
    with path.open("rb") as stream:
        if os.fstat(stream.fileno()).st_size <= STREAMED_MAX:
            streamed = plain_workbook(stream)
            if streamed is not None:
                return streamed
        stream.seek(0)
        content = stream.read(FILE_MAX + 1)
    return _by_library(content)


def read_workbook(content: bytes) -> RawWorkbook | Refusal:
    """The workbook in some bytes, or `workbook.*` with the reason."""
    return plain_workbook(io.BytesIO(content)) or _by_library(content)


def _by_library(content: bytes) -> RawWorkbook | Refusal:
    """The workbook laid out in memory, whatever form it has."""
    if not content:
        return Refusal(WorkbookFault.NOT_A_WORKBOOK)
    formulas = within_bounds(content)
    if isinstance(formulas, Refusal):
        return formulas
    try:
        return _read(content, formulas)
    except PasswordError:
        return Refusal(WorkbookFault.ENCRYPTED)
    except (CalamineError, XmlError, ZipError, ValueError, OverflowError, OSError):
        return Refusal(WorkbookFault.UNREADABLE)
    except BaseException as broken:
        # A panic inside the reader's native code arrives as a BaseException of a class that cannot be imported.
        if type(broken).__name__ == "PanicException":
            return Refusal(WorkbookFault.UNREADABLE)
        raise


def _read(content: bytes, formula_parts: frozenset[str]) -> RawWorkbook | Refusal:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        if len(book.sheet_names) > SHEETS_MAX:
            return Refusal(WorkbookFault.TOO_MANY_CELLS, {"sheets_max": SHEETS_MAX, "cells_max": CELLS_MAX})
        traits = workbook_traits(content, formula_parts)
        sheets = []
        cells = 0
        for number, about in enumerate(book.sheets_metadata):
            name = about.name
            sheet = book.get_sheet_by_name(name)
            # Two names may lead to one part, so the bounds of the parts do not bound their sum.
            cells += sheet.total_height * sheet.total_width
            if cells > CELLS_MAX:
                return Refusal(WorkbookFault.TOO_MANY_CELLS, {"sheets_max": SHEETS_MAX, "cells_max": CELLS_MAX})
            rows = sheet.to_python(skip_empty_area=False)
            hidden = about.visible is not SheetVisibleEnum.Visible
            formulas = traits.formulas_of(number)
            sheets.append(RawSheet(name, [_exact(row) for row in rows], hidden, formulas.cells, formulas.count))
        return RawWorkbook(tuple(sheets), traits.macros)


def _exact(row: Sequence[Any]) -> Sequence[Cell]:
    """The row with binary numbers made exact; most cells are text, so most rows have few to touch."""
    if _NUMBERS.isdisjoint(map(type, row)):
        return row
    return [_exact_cell(cell) if type(cell) in _NUMBERS else cell for cell in row]


def _exact_cell(cell: Any) -> Cell:
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case timedelta():
            return str(cell)
        case _ if not math.isfinite(cell):
            return repr(cell)
        case _ if cell.is_integer():
            return int(cell)
        case _:
            # The shortest decimal that gives this binary number is what the author saw in the cell.
            return Fraction(Decimal(repr(cell)))
