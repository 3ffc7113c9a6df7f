"""Writes the tables of a submission as CSV: UTF-8 with a mark, commas, CR LF, labels as in the workbook, ISO dates.

A spreadsheet that opens a CSV takes a text which begins with `=`, `+`, `-`, `@`, a tab or a line break for a formula.
Such a text gets an apostrophe before it; numbers stay numbers. So a CSV is for reading on, and not for sending: the
workbook and the internal profile give every value back exactly.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Final

from counterfoil.adapters.durable import replaced
from counterfoil.domain.reporting.aef_format import AefFormat, Shown, TableSpec
from counterfoil.domain.reporting.aef_layout import shown_columns, table_rows
from counterfoil.domain.reporting.aef_rows import Submission

MARK: Final = b"\xef\xbb\xbf"
"""Without it, spreadsheets take Chinese texts for another encoding."""
DIGITS: Final = 28
"""Significant digits of a fraction that has no end."""
REMEMBERED_MAX: Final = 2_048
"""Different cells of one column that are remembered as text."""
_QUOTE: Final = '"'
_SPECIAL: Final = re.compile('[",\r\n]|^\\s|\\s$')
_PLAIN: Final = re.compile("[A-Za-z0-9][A-Za-z0-9:._-]*", re.ASCII)
"""Identifiers and most words: they need neither quotes nor an apostrophe. Nearly all cells are of this kind."""
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_table(submission: Submission, form: AefFormat, number: int, target: Path) -> None:
    """Write one table to `target`; the file appears whole or not at all."""
    table = form.table(number)
    with replaced(target) as unfinished, unfinished.open("wb") as file:
        file.write(MARK)
        for piece in _pieces(submission, form, table):
            file.write(piece)


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> guarded("=1+1"), guarded("NA"), guarded("-5")
    ("'=1+1", 'NA', "'-5")
    """
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def _pieces(submission: Submission, form: AefFormat, table: TableSpec) -> Iterator[bytes]:
    fields = table.fields
    if table.vertical:
        values = (getattr(submission, spec.attribute) if spec.attribute else None for spec in fields)
        cells = [form.shown(spec, value) for spec, value in zip(fields, values, strict=True)]
        yield _lines(zip(("Field", *(spec.label for spec in fields)), ("Value", *map(_written, cells)), strict=True))
        return
    yield _lines([[_written(spec.label) for spec in fields]])
    written = [_Written() for _ in fields]
    for columns in shown_columns(form, fields, table_rows(submission, table.number)):
        cells_of = [map(known.__getitem__, column) for known, column in zip(written, columns, strict=True)]
        # The column of a field that the CARP fills has no end, so the others say how many rows there are.
        yield _lines(zip(*cells_of, strict=False))


def _lines(rows: Iterable[Iterable[str]]) -> bytes:
    return "\r\n".join((*map(",".join, rows), "")).encode("utf-8", "replace")


class _Written(dict[Shown, str]):
    """How the cells of one column are written; a column with too many different ones is not remembered further."""

    def __missing__(self, cell: Shown) -> str:
        written = cell if type(cell) is str and _PLAIN.fullmatch(cell) else _written(cell)
        if len(self) < REMEMBERED_MAX:
            self[cell] = written
        return written


def _written(cell: Shown) -> str:
    match cell:
        case None:
            return ""
        case str():
            return _quoted(guarded(cell))
        case date():
            return cell.isoformat()
        case Fraction():
            return _decimal(cell)
        case int():
            return str(cell)


def _quoted(text: str) -> str:
    return f'"{text.replace(_QUOTE, _QUOTE * 2)}"' if _SPECIAL.search(text) else text


def _decimal(number: Fraction) -> str:
    with localcontext() as context:
        context.prec = DIGITS
        return f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
