"""The rows of one of the tables 2 to 5: read a batch at a time and within it column by column, with what was observed.

A bad cell costs its row. Cells are let go as soon as their row is made, so a table of a million rows can pass by.

Source: rulebook 4.5, checks C06 and C07.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import chain, islice
from typing import Any, Final

from counterfoil.domain.reporting.aef_cells import FORMAT_CHECK, ColumnReader, shown
from counterfoil.domain.reporting.aef_format import AefFormat, FieldSpec, FieldType, Need
from counterfoil.domain.reporting.aef_layout import SERIAL_FIELDS
from counterfoil.domain.reporting.aef_profile import first_registry
from counterfoil.domain.reporting.aef_rows import ActionRow, AuthorizationRow, EntityRow, HoldingRow
from counterfoil.domain.reporting.aef_tables import FoundTable
from counterfoil.domain.reporting.aef_workbook import Cell, cell_name, is_empty
from counterfoil.domain.reporting.filed import TableOrigin
from counterfoil.domain.reporting.finding import Observation, Place

ROW_TYPES: Final[Mapping[int, type[Any]]] = {2: AuthorizationRow, 3: ActionRow, 4: HoldingRow, 5: EntityRow}
BATCH: Final = 1_024

Seen = tuple[str, Observation]
"""The id of a check and what it observed."""
Line = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class TableRows:
    """The rows that could be read, where each stood, and whether that was every row."""

    values: tuple[Any, ...]
    origin: TableOrigin
    complete: bool


@dataclass(frozen=True, slots=True)
class RowBatch:
    """Some rows that follow each other, with the sheet row of each, counted from 0."""

    values: Sequence[Any]
    places: Sequence[int]
    complete: bool


def read_rows(table: FoundTable, form: AefFormat, file: str, seen: list[Seen]) -> TableRows:
    """All rows of a table. Without one of its columns a table has none."""
    values: list[Any] = []
    places: list[int] = []
    complete = True
    for batch in row_batches(table, form, file, seen):
        values += batch.values
        places += batch.places
        complete = complete and batch.complete
    if len(table.positions) < len(table.spec.fields):
        return TableRows((), TableOrigin(table.sheet.name, (), {}), complete=False)
    columns = {spec.attribute: table.positions[spec.label] for spec in table.spec.fields if spec.attribute}
    first = table.line + 1
    following = range(first, first + len(places))
    origin = TableOrigin(table.sheet.name, following if complete else places, columns)
    return TableRows(tuple(values), origin, complete)


def row_batches(table: FoundTable, form: AefFormat, file: str, seen: list[Seen]) -> Iterator[RowBatch]:
    """The rows of a table as they pass by; `seen` grows by what is observed on the way."""
    reading = _Reading(table, form, file, seen)
    columns = sorted(table.positions.values())
    first = table.line + 1
    rows = iter(islice(table.sheet.rows, first, None))
    while True:
        lines: list[Line] = []
        following: Line | None = None
        for line in islice(rows, BATCH):
            if all(is_empty(line[column]) for column in columns if column < len(line)):
                following = line
                break
            lines.append(line)
        if lines:
            yield reading.batch(lines, first)
            first += len(lines)
        if following is not None:
            seen += _after_gap(table, chain((following,), rows), first, file)
            return
        if not lines:
            return


class _Reading:
    """Reads the batches of one table."""

    def __init__(self, table: FoundTable, form: AefFormat, file: str, seen: list[Seen]) -> None:
        self._table = table
        self._form = form
        self._file = file
        self._seen = seen
        self._specs = [spec for spec in table.spec.fields if spec.label in table.positions]
        self._readers = {spec.label: ColumnReader(spec, form) for spec in self._specs if spec.need is not Need.CARP}
        self._full_names = form.plain_serials and table.spec.number in (3, 4)
        self._whole = len(self._specs) == len(table.spec.fields)

    def batch(self, lines: Sequence[Line], first: int) -> RowBatch:
        bad: set[int] = set()
        columns: dict[str, Sequence[object]] = {}
        for spec in self._specs:
            at = self._table.positions[spec.label]
            cells: list[Cell] = [line[at] if at < len(line) else None for line in lines]
            if spec.need is Need.CARP:
                self._carp(spec, cells, first)
            else:
                columns.update(_split(spec, self._column(spec, cells, first, bad), self._form))
        if not self._whole:
            return RowBatch((), (), complete=False)
        if self._full_names:
            _name_in_full(columns, bad)
        made = _maker(ROW_TYPES[self._table.spec.number], tuple(columns))
        rows = [made(row) for index, row in enumerate(zip(*columns.values(), strict=True)) if index not in bad]
        places = [first + index for index in range(len(lines)) if index not in bad]
        return RowBatch(rows, places, complete=not bad)

    def _place(self, spec: FieldSpec, row: int) -> Place:
        cell = cell_name(row, self._table.positions[spec.label])
        return Place(file=self._file, sheet=self._table.sheet.name, cell=cell)

    def _carp(self, spec: FieldSpec, cells: Sequence[Cell], first: int) -> None:
        for row, cell in enumerate(cells, first):
            if not is_empty(cell) and not (isinstance(cell, str) and cell in self._form.placeholders):
                self._seen += carp_observations(spec, cell, self._place(spec, row), self._form)

    def _column(self, spec: FieldSpec, cells: Sequence[Cell], first: int, bad: set[int]) -> list[object]:
        values, misread = self._readers[spec.label].read(cells)
        for index, fault in misread:
            facts: dict[str, str | int] = {"field": spec.label, "found": shown(cells[index])}
            self._seen.append((fault.check, Observation(fault.case, self._place(spec, first + index), facts)))
            values[index] = fault.value
            if not fault.usable:
                bad.add(index)
        return values


def carp_observations(spec: FieldSpec, cell: Cell, place: Place, form: AefFormat) -> Iterator[Seen]:
    """C06: a field of the CARP holds its placeholder or nothing."""
    if not is_empty(cell) and not (isinstance(cell, str) and cell.strip() in form.placeholders):
        yield "C06", Observation("written", place, {"field": spec.label, "found": shown(cell)})


def _maker(made: type[Any], names: tuple[str, ...]) -> Callable[[tuple[object, ...]], Any]:
    return lambda row: made(**dict(zip(names, row, strict=True)))


def _name_in_full(columns: dict[str, Sequence[object]], bad: set[int]) -> None:
    """Make full identifiers of serials alone, with the columns that hold the other parts."""
    parts = ("cooperative_approach_id", "first_transferring_party_id", "vintage")
    named = {name: list(columns[name]) for name in SERIAL_FIELDS}
    for index, (approach, host, vintage) in enumerate(zip(*(columns[name] for name in parts), strict=True)):
        if index not in bad:
            registry = first_registry(str(approach), str(host))
            for serials in named.values():
                serials[index] = f"{approach}-{registry}-{host}-{serials[index]}-{vintage}"
    columns.update(named)


def _after_gap(table: FoundTable, rows: Iterator[Line], first: int, file: str) -> Iterator[Seen]:
    """Data after an empty row would be lost silently, so they are a finding."""
    columns = sorted(table.positions.values())
    for number, row in enumerate(rows, first):
        filled = sum(1 for column in columns if column < len(row) and not is_empty(row[column]))
        if filled * 3 >= len(columns):
            place = Place(file=file, sheet=table.sheet.name, cell=cell_name(number, columns[0]))
            yield FORMAT_CHECK, Observation("after_gap", place, {"row": number + 1})
            return


def _split(spec: FieldSpec, values: list[object], form: AefFormat) -> dict[str, Sequence[object]]:
    """An action date is a day and, where given, a time; as text, midnight stands for a day without a time."""
    if spec.type is not FieldType.DATETIME:
        return {spec.attribute: values}
    days = [value.date() if isinstance(value, datetime) else value for value in values]
    times = [value.time() if isinstance(value, datetime) else None for value in values]
    if form.moments_as_text:
        times = [None if at == time() else at for at in times]
    return {spec.attribute: days, "action_time": times}
