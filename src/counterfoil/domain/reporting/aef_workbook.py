"""A workbook as it was read: sheets of cells, before anything is believed.

Numbers are exact: an adapter turns binary numbers into integers or fractions before they reach the domain.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from itertools import islice

Cell = str | int | Fraction | date | datetime | time | None
"""An empty cell is None or the empty string."""


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet; the first cell of the first row is A1. The rows can be walked more than once, but perhaps not counted:
    those of a large workbook lie on disk.

    `formulas` are the addresses of the first cells whose value a formula gives, `formula_count` is how many there are.
    """

    name: str
    rows: Iterable[Sequence[Cell]]
    hidden: bool = False
    formulas: tuple[str, ...] = ()
    formula_count: int = 0

    def top(self, rows: int) -> Sequence[Sequence[Cell]]:
        """The first rows."""
        return list(islice(self.rows, rows))


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
