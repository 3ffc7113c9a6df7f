"""A workbook as it was read: sheets of cells, before anything is believed.

Numbers are exact: an adapter turns binary numbers into integers or fractions before they reach the domain.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction

Cell = str | int | Fraction | date | datetime | time | None
"""An empty cell is None or the empty string."""


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet; `rows[0][0]` is cell A1.

    `formulas` are the addresses of the first cells whose value a formula gives, `formula_count` is how many there are.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    hidden: bool = False
    formulas: tuple[str, ...] = ()
    formula_count: int = 0


@dataclass(frozen=True, slots=True)
class RawWorkbook:
    """All sheets in order. `macros` says that the file carries a program; nobody ever runs it."""

    sheets: tuple[RawSheet, ...]
    macros: bool = False

    def sheet(self, name: str) -> RawSheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def column_letters(column: int) -> str:
    """The letters of a column counted from 0.

    >>> column_letters(0), column_letters(25), column_letters(26), column_letters(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """The address of a cell counted from 0, such as `F7`."""
    return f"{column_letters(column)}{row + 1}"


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
