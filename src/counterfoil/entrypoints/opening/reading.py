"""A file of opening balances as rows with their places: every mistake is found, and named beside its cell.

Read next: `rows.py`.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.opening_book import ROWS_MAX
from counterfoil.domain.reporting.aef_workbook import Cell, column_letters
from counterfoil.entrypoints.opening.tables import Column, ColumnKind, OpeningTable, opening_tables

BYTES_MAX: Final = 32 * 1024 * 1024
TEXT_MAX: Final = 2_000
COLUMNS_MAX: Final = 200
LIST_MAX: Final = 100
EXACT_DIGITS: Final = 15
MISTAKES_MAX: Final = 1_000
"""Mistakes that are told of one file; one more row than that is not looked at."""
_SEPARATORS: Final = str.maketrans({"；": ";", "、": ";", "\n": ";"})


class OpeningFileFault(StrEnum):
    UNREADABLE = "opening_file.unreadable"
    SHEET_UNKNOWN = "opening_file.sheet_unknown"
    COLUMN_UNKNOWN = "opening_file.column_unknown"
    COLUMN_MISSING = "opening_file.column_missing"
    CELL_UNFIT = "opening_file.cell_unfit"
    OVERLAP = "opening_file.overlap"
    EMPTY = "opening_file.empty"
    TOO_MANY_ROWS = "opening_file.too_many_rows"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a table: what its cells say by column, and where the row stands."""

    table: OpeningTable
    sheet: str
    number: int
    values: Mapping[str, Any]
    letters: Mapping[str, str]

    def cell(self, column: str = "") -> str:
        """The place of a cell, such as `Units!C7`; of the row, without a column."""
        return f"{self.sheet}!{self.letters.get(column, '')}{self.number}"


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, and where."""

    where: str
    refusal: Refusal


@dataclass(slots=True)
class Read:
    """What a file says: rows in the order in which they come in, and everything that is wrong with it."""

    rows: list[SheetRow] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

    def wrong(self, where: str, fault: OpeningFileFault, **facts: Any) -> None:
        if len(self.mistakes) < MISTAKES_MAX:
            self.mistakes.append(Mistake(where, Refusal(fault, facts)))


def read_opening(data: bytes, name: str) -> Read | Refusal:
    """The rows of a workbook, or of a CSV file that holds one table.

    Returns:
        What was read; or a refusal where the file is no table at all.
    """
    sheets = _csv(data, name) if name.lower().endswith(".csv") else _workbook(data)
    if isinstance(sheets, Refusal):
        return sheets
    read = Read()
    for table, sheet, rows in _matched(sheets, read):
        _table(table, sheet, rows, read)
    order = {table.name: place for place, table in enumerate(opening_tables())}
    read.rows.sort(key=lambda row: order[row.table.name])
    if len(read.rows) > ROWS_MAX:
        read.wrong(name, OpeningFileFault.TOO_MANY_ROWS, rows_max=ROWS_MAX)
    elif not read.rows and not read.mistakes:
        read.wrong(name, OpeningFileFault.EMPTY)
    return read


def _workbook(data: bytes) -> list[tuple[str, Iterable[Sequence[Cell]]]] | Refusal:
    # Imported late: a server that shows the page of this file loads no library for documents.
    from counterfoil.adapters.documents.xlsx_reading import read_workbook

    book = read_workbook(data)
    return book if isinstance(book, Refusal) else [(sheet.name, sheet.rows) for sheet in book.sheets]


def _csv(data: bytes, name: str) -> list[tuple[str, Iterable[Sequence[Cell]]]] | Refusal:
    """The one table of a CSV file, whose name is empty until its headings tell which it is."""
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as wrong:
        return Refusal(OpeningFileFault.UNREADABLE, {"file": name[:200], "detail": str(wrong)[:200]})
    return [("", rows)]


def _matched(
    sheets: Sequence[tuple[str, Iterable[Sequence[Cell]]]], read: Read
) -> Iterator[tuple[OpeningTable, str, Iterator[Sequence[Cell]]]]:
    """Every sheet with its table: by its name, or without one by the headings that only one table has."""
    for name, rows in sheets:
        walked = iter(rows)
        found = [table for table in opening_tables() if table.is_named(name)]
        if not name:
            heads = list(next(walked, ()))
            texts = [str(cell or "") for cell in heads[:COLUMNS_MAX]]
            found = [
                table for table in opening_tables() if all(any(map(each.is_named, texts)) for each in table.required)
            ]
            walked = iter([heads, *walked])
        if len(found) != 1:
            known = ", ".join(table.labels["en"] for table in opening_tables())
            read.wrong(name or "CSV", OpeningFileFault.SHEET_UNKNOWN, sheet=name or "CSV", known=known)
            continue
        yield found[0], name or found[0].labels["en"], walked


def _table(table: OpeningTable, sheet: str, rows: Iterator[Sequence[Cell]], read: Read) -> None:
    columns: dict[int, Column] = {}
    for place, heading in enumerate(list(next(rows, ()))[:COLUMNS_MAX]):
        text = str(heading or "").strip()
        column = table.column(text) if text else None
        where = f"{sheet}!{column_letters(place)}1"
        if text and (column is None or column in columns.values()):
            read.wrong(where, OpeningFileFault.COLUMN_UNKNOWN, cell=where, column=text[:60])
        elif column is not None:
            columns[place] = column
    missing = [column for column in table.required if column not in columns.values()]
    for column in missing:
        read.wrong(sheet, OpeningFileFault.COLUMN_MISSING, sheet=sheet, column=column.labels["en"])
    if missing:
        return
    letters = {column.name: column_letters(place) for place, column in columns.items()}
    for number, cells in enumerate(rows, start=2):
        if len(read.rows) > ROWS_MAX or len(read.mistakes) >= MISTAKES_MAX:
            return
        if any(cell not in (None, "") for cell in cells):
            row = SheetRow(table, sheet, number, {}, letters)
            read.rows.append(SheetRow(table, sheet, number, _values(row, cells, columns, read), letters))


def _values(row: SheetRow, cells: Sequence[Cell], columns: Mapping[int, Column], read: Read) -> dict[str, Any]:
    """What the cells of a row say; a cell that cannot be read is a mistake, and says nothing."""
    values: dict[str, Any] = {}
    for place, column in columns.items():
        cell = cells[place] if place < len(cells) else None
        text = "" if cell is None else str(cell).strip()
        value = _value(column, cell, text) if text else None
        if value is not None:
            values[column.name] = value
        elif text or column.required:
            where = row.cell(column.name)
            facts = {"cell": where, "column": column.labels["en"], "value": text[:60] or "-"}
            read.wrong(where, OpeningFileFault.CELL_UNFIT, **facts, expected=_expected(column))
    return values


def _value(column: Column, cell: Cell, text: str) -> Any:
    """What a cell says, as the command takes it; None where it is not of the column's kind."""
    match column.kind:
        case ColumnKind.TEXT:
            return text if len(text) <= TEXT_MAX and not isinstance(cell, Fraction) else None
        case ColumnKind.WHOLE:
            # A spreadsheet keeps fifteen digits of a number; a longer one is exact only as text.
            return None if isinstance(cell, int) and len(text) > EXACT_DIGITS else _whole(text)
        case ColumnKind.DAY:
            return _day(cell, text)
        case ColumnKind.LIST:
            return _parts(text)
        case ColumnKind.YEARS:
            years = [_whole(part) for part in _parts(text.replace(",", ";")) or [""]]
            return None if None in years else years
        case ColumnKind.CHOICE:
            choices = column.choices or {}
            return next((value for value, word in choices.items() if text.casefold() in (value.casefold(), word)), None)


def _whole(text: str) -> int | None:
    """A whole number; thousands separators are understood where they part threes."""
    digits = text.replace(",", "")
    plain = digits.isascii() and digits.isdigit() and len(digits) <= 19
    return int(digits) if plain and (digits == text or f"{int(digits):,}" == text) else None


def _day(cell: Cell, text: str) -> str | None:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    try:
        return date.fromisoformat(text).isoformat() if len(text) == 10 else None
    except ValueError:
        return None


def _parts(text: str) -> list[str] | None:
    parts = [part.strip() for part in text.translate(_SEPARATORS).split(";") if part.strip()]
    return parts if 0 < len(parts) <= LIST_MAX and all(len(part) <= TEXT_MAX for part in parts) else None


def _expected(column: Column) -> str:
    if column.choices is not None:
        return " / ".join(column.choices)
    return {"whole": "1,000", "day": "2024-05-02", "years": "2023; 2024", "list": "a; b"}.get(column.kind.value, "text")
