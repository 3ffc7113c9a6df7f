"""Finds the tables of the format on their sheets: C01 (sheets) and C02 (labels).

Labels are compared without regard to capitals to find a table, and exactly afterwards; empty columns between groups are
ignored, so a column is found by its label and never by its position.

Source: rulebook 4.5, checks C01 and C02.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from counterfoil.domain.reporting.aef_cells import shown
from counterfoil.domain.reporting.aef_format import AefFormat, TableSpec
from counterfoil.domain.reporting.aef_workbook import Cell, RawSheet, RawWorkbook, cell_name
from counterfoil.domain.reporting.finding import Observation, Place

SEARCHED_ROWS: Final = 100
"""A header is looked for in this many rows from the top."""
SHEETS_SHOWN: Final = 5

Line = Sequence[tuple[int, str]]
"""The texts of one row or column with their positions, empty cells left out."""


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table on its sheet. `positions` holds, per label as specified, the column (table 1: the row) of its field;
    `line` is the header row (table 1: the label column). All counted from 0."""

    sheet: RawSheet
    spec: TableSpec
    line: int
    positions: Mapping[str, int]
    top: Sequence[Sequence[Cell]]
    """The rows of the sheet in which the table was looked for."""


def sheet_observations(book: RawWorkbook, form: AefFormat, file: str) -> Iterator[Observation]:
    """C01: the workbook has exactly the sheets of the format, by exact name, in order, in sight, and no program."""
    names = [sheet.name for sheet in book.sheets]
    missing = [name for name in form.sheets if name not in names]
    extra = [name for name in names if name not in form.sheets]
    for name in missing:
        yield Observation("missing_sheet", Place(file=file, sheet=name), {"name": name})
    for name in extra[:SHEETS_SHOWN]:
        yield Observation("extra_sheet", Place(file=file, sheet=name), {"name": shown(name)})
    if not missing and not extra and names != list(form.sheets):
        yield Observation("order", Place(file=file), {"order": ", ".join(form.sheets)})
    for sheet in book.sheets:
        if sheet.hidden and sheet.name in form.sheets:
            yield Observation("hidden_sheet", Place(file=file, sheet=sheet.name), {"name": sheet.name})
    if book.macros:
        yield Observation("macros", Place(file=file))


def formula_observations(book: RawWorkbook, form: AefFormat, file: str) -> Iterator[Observation]:
    """C07: a cell of a table holds a value and no formula, because a formula can show another value tomorrow."""
    tables = {table.sheet for table in form.tables}
    for sheet in book.sheets:
        if sheet.formula_count and sheet.name in tables:
            facts: dict[str, str | int] = {"count": sheet.formula_count, "cells": ", ".join(sheet.formulas) or "–"}
            cell = sheet.formulas[0] if sheet.formulas else None
            yield Observation("formula", Place(file=file, sheet=sheet.name, cell=cell), facts)


def found_table(sheet: RawSheet, spec: TableSpec) -> FoundTable | None:
    """Where the table is, or None when fewer than half of its labels stand together in one row (or column)."""
    rows = sheet.top(SEARCHED_ROWS)
    lines: list[Line] = [_texts(row) for row in rows]
    if spec.vertical:
        width = max((len(row) for row in rows), default=0)
        lines = [_texts([row[column] if column < len(row) else None for row in rows]) for column in range(width)]
    wanted = {field.label.casefold(): field.label for field in spec.fields}
    best, matches = -1, 0
    for number, line in enumerate(lines):
        count = len({text.casefold() for _, text in line} & set(wanted))
        if count > matches:
            best, matches = number, count
    if matches * 2 < len(spec.fields):
        return None
    positions: dict[str, int] = {}
    # A label as specified comes before one in other capitals: a note above table 1 may read like a label.
    for position, text in sorted(lines[best], key=lambda found: wanted.get(found[1].casefold()) != found[1]):
        label = wanted.get(text.casefold())
        if label is not None:
            positions.setdefault(label, position)
    return FoundTable(sheet, spec, best, positions, rows)


def label_observations(table: FoundTable, file: str) -> Iterator[Observation]:
    """C02: all labels of the table, exactly, in order, nothing between them but empty cells."""
    expected = [field.label for field in table.spec.fields]
    actual = [(position, text) for position, text in _header(table) if _belongs(table, position, text)]
    for place in range(max(len(expected), len(actual))):
        position, text = actual[place] if place < len(actual) else (None, "")
        wanted = expected[place] if place < len(expected) else ""
        if text != wanted:
            cell = None if position is None else _header_cell(table, position)
            facts: dict[str, str | int] = {"expected": wanted or "–", "found": shown(text) or "–"}
            case = "capitals" if text.casefold() == wanted.casefold() else "label"
            yield Observation(case, Place(file=file, sheet=table.sheet.name, cell=cell), facts)
            if case == "label":
                return  # everything after the first label out of place would be reported again


def _header(table: FoundTable) -> Line:
    rows = table.top
    if not table.spec.vertical:
        return _texts(rows[table.line])
    return _texts([row[table.line] if table.line < len(row) else None for row in rows])


def _belongs(table: FoundTable, position: int, text: str) -> bool:
    """In the vertical table, the title and notes share the label column; they are not labels."""
    if not table.spec.vertical:
        return True
    return min(table.positions.values()) <= position <= max(table.positions.values()) or text in table.positions


def _header_cell(table: FoundTable, position: int) -> str:
    return cell_name(position, table.line) if table.spec.vertical else cell_name(table.line, position)


def _texts(cells: Sequence[Cell]) -> Line:
    return [(position, cell.strip()) for position, cell in enumerate(cells) if isinstance(cell, str) and cell.strip()]
