"""One submission as cells, written with openpyxl alone, so that a mistake of the product's writer cannot hide here."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import openpyxl

from tests.blind.template import SHEETS, TITLES, blank, columns

Row = dict[str, Any]


@dataclass
class Book:
    """The cells of a submission, by table and by the short keys of `template.py`. Meant to be changed."""

    party: str
    year: int
    heading: Row = field(default_factory=dict)
    grants: list[Row] = field(default_factory=list)
    acts: list[Row] = field(default_factory=list)
    held: list[Row] = field(default_factory=list)
    entities: list[Row] = field(default_factory=list)
    name: str = ""

    def __post_init__(self) -> None:
        stated = {"party": self.party, "version": "1.0", "year": self.year, "submitted": date(self.year + 1, 4, 1)}
        self.heading = {**blank(1), **stated, "first": 2021, "last": 2030, **self.heading}

    @property
    def file(self) -> str:
        return self.name or f"{self.party}_{self.year}_{self.heading['version']}.xlsx"

    def rows(self, table: int) -> list[Row]:
        return {2: self.grants, 3: self.acts, 4: self.held, 5: self.entities}[table]

    def put(self, **where: Any) -> "Put":
        """The rows of table 3 that have these values, to change."""
        return Put([row for row in self.acts if _has(row, where)])

    def hold(self, **where: Any) -> "Put":
        """The rows of table 4 that have these values."""
        return Put([row for row in self.held if _has(row, where)])

    def grant(self, **where: Any) -> "Put":
        """The rows of table 2 that have these values."""
        return Put([row for row in self.grants if _has(row, where)])


@dataclass
class Put:
    """Some rows of a table."""

    rows: list[Row]

    def to(self, **changes: Any) -> None:
        assert self.rows, "the error must hit a row"
        for row in self.rows:
            row.update(changes)

    @property
    def only(self) -> Row:
        (row,) = self.rows
        return row


def _has(row: Mapping[str, Any], where: Mapping[str, Any]) -> bool:
    return all(row.get(key) == value for key, value in where.items())


@dataclass(frozen=True)
class Look:
    """How a template lays its tables out: rows above the title, empty columns to the left."""

    above: int = 0
    left: int = 0
    spacers: bool = True


def written(book: Book, look: Look = Look()) -> openpyxl.Workbook:
    """The workbook of a submission."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name in SHEETS:
        made.create_sheet(name)
    made["Index"].cell(1, 1, "Agreed electronic format")
    _summary(made["Summary information"])
    _vertical(made[SHEETS[2]], book, look)
    for table in (2, 3, 4, 5):
        _horizontal(made[SHEETS[table + 1]], table, book.rows(table), look)
    return made


def content(book: Book, look: Look = Look()) -> bytes:
    stream = io.BytesIO()
    written(book, look).save(stream)
    return stream.getvalue()


def _summary(sheet: Any) -> None:
    at = 1
    for table, title in TITLES.items():
        sheet.cell(at, 1, title)
        for number, (_, label, _, _) in enumerate(columns(table), at + 1):
            sheet.cell(number, 1, label)
        at += len(columns(table)) + 2


def _vertical(sheet: Any, book: Book, look: Look) -> None:
    sheet.cell(look.above + 1, look.left + 1, TITLES[1])
    for number, (key, label, _, _) in enumerate(columns(1), look.above + 2):
        sheet.cell(number, look.left + 1, label)
        _fill(sheet.cell(number, look.left + 2), book.heading[key])


def _horizontal(sheet: Any, table: int, rows: list[Row], look: Look) -> None:
    sheet.cell(look.above + 1, look.left + 1, TITLES[table])
    at = look.left + 1
    for key, label, _, spacer in columns(table):
        sheet.cell(look.above + 2, at, label)
        for number, row in enumerate(rows, look.above + 3):
            _fill(sheet.cell(number, at), row.get(key))
        at += 2 if spacer and look.spacers else 1


def _fill(cell: Any, value: object) -> None:
    if value is not None:
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "dd/mm/yyyy"
