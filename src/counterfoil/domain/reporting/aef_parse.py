"""From a workbook as it was read to a submission and the findings C01 to C03 and C06 to C08.

Whatever can be read is read: a bad cell costs its row, a bad table its rows, and only a table 1 without Party, version
or year costs the submission, because nobody then knows what it is.

Source: rulebook 5.3, group "File".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.reporting.aef_cells import FORMAT_CHECK, Misread, read_column, reader, shown
from counterfoil.domain.reporting.aef_format import AefFormat, FieldSpec, FieldType, Need
from counterfoil.domain.reporting.aef_layout import SERIAL_FIELDS
from counterfoil.domain.reporting.aef_profile import first_registry
from counterfoil.domain.reporting.aef_rows import ActionRow, AuthorizationRow, EntityRow, HoldingRow, Submission
from counterfoil.domain.reporting.aef_tables import (
    FoundTable,
    formula_observations,
    found_table,
    label_observations,
    sheet_observations,
)
from counterfoil.domain.reporting.aef_workbook import Cell, RawWorkbook, cell_name, is_empty
from counterfoil.domain.reporting.filed import Filed, TableOrigin
from counterfoil.domain.reporting.finding import Observation, Place


class AefReadingFault(StrEnum):
    """Why a submission cannot be worked with as a whole."""

    NOT_IN_FULL = "aef.reading.not_in_full"


IDENTIFYING: Final = ("party", "version", "reported_year")
"""Attributes of table 1 without which a submission is nobody's. Source: check C03."""
_ROW_TYPES: Final[dict[int, type[Any]]] = {2: AuthorizationRow, 3: ActionRow, 4: HoldingRow, 5: EntityRow}
_STEM: Final = re.compile(r"(?:^|[^A-Z])([A-Z]{3})[^A-Za-z0-9]?(20\d\d)[^0-9]{1,2}(\d{1,6})[.,_-](\d{1,6})(?=\D|$)")

Seen = tuple[str, Observation]
"""The id of a check and what it observed."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One workbook after reading: the submission, unless table 1 does not say whose it is, and what was observed."""

    file: str
    filed: Filed | None
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class _Rows:
    values: tuple[Any, ...]
    origin: TableOrigin
    complete: bool


def read_submission(book: RawWorkbook, form: AefFormat, file: str) -> ReadFile:
    """Read one workbook under one format."""
    seen: list[Seen] = [("C01", observation) for observation in sheet_observations(book, form, file)]
    seen += [(FORMAT_CHECK, observation) for observation in formula_observations(book, form, file)]
    tables: dict[int, FoundTable] = {}
    for spec in form.tables:
        sheet = book.sheet(spec.sheet)
        if sheet is None:
            continue
        table = found_table(sheet, spec)
        if table is None:
            seen.append(("C02", Observation("no_table", Place(file=file, sheet=spec.sheet), {"table": spec.title})))
            continue
        tables[spec.number] = table
        seen += [("C02", observation) for observation in label_observations(table, file)]
    heading = _heading(tables[1], form, file, seen) if 1 in tables else {}
    read = {number: _rows(tables[number], form, file, seen) for number in _ROW_TYPES if number in tables}
    if not all(attribute in heading for attribute in IDENTIFYING):
        return ReadFile(file, None, tuple(seen))
    filed = _filed(file, heading, tables[1], read, _note(book, form))
    seen += [("C03", observation) for observation in _name_observations(filed)]
    return ReadFile(file, filed, tuple((check, _with_party(seen_, filed.party)) for check, seen_ in seen))


def _heading(table: FoundTable, form: AefFormat, file: str, seen: list[Seen]) -> dict[str, Any]:
    """The values of table 1; what could not be read is missing from the answer."""
    values: dict[str, Any] = {}
    for spec in table.spec.fields:
        position = table.positions.get(spec.label)
        if position is None:
            continue
        row = table.sheet.rows[position]
        cell = row[table.line + 1] if table.line + 1 < len(row) else None
        where = Place(file=file, sheet=table.sheet.name, cell=cell_name(position, table.line + 1))
        if spec.need is Need.CARP:
            seen += _carp(spec, cell, where, form)
            continue
        value = reader(spec, form)(cell)
        if isinstance(value, Misread):
            check = "C03" if spec.attribute in IDENTIFYING and not value.usable else value.check
            case = "unreadable" if check == "C03" else value.case
            seen.append((check, Observation(case, where, {"field": spec.label, "found": shown(cell)})))
        if not isinstance(value, Misread) or value.usable:
            values[spec.attribute] = value.value if isinstance(value, Misread) else value
    return values


def _rows(table: FoundTable, form: AefFormat, file: str, seen: list[Seen]) -> _Rows:
    """The rows of one of the tables 2 to 5, read column by column."""
    sheet, specs = table.sheet, [spec for spec in table.spec.fields if spec.label in table.positions]
    first = table.line + 1
    count = _row_count(table, file, seen)
    lines = sheet.rows[first : first + count]
    bad: set[int] = set()
    columns: dict[str, list[object]] = {}
    for spec in specs:
        at = table.positions[spec.label]
        cells: list[Cell] = [line[at] if at < len(line) else None for line in lines]
        if spec.need is Need.CARP:
            for index, cell in enumerate(cells):
                if not is_empty(cell):
                    place = Place(file=file, sheet=sheet.name, cell=cell_name(first + index, at))
                    seen += _carp(spec, cell, place, form)
            continue
        values, misread = read_column(cells, reader(spec, form))
        for index, fault in misread:
            place = Place(file=file, sheet=sheet.name, cell=cell_name(first + index, at))
            facts: dict[str, str | int] = {"field": spec.label, "found": shown(cells[index])}
            seen.append((fault.check, Observation(fault.case, place, facts)))
            values[index] = fault.value
            if not fault.usable:
                bad.add(index)
        columns.update(_split(spec, values, form))
    if len(specs) < len(table.spec.fields):
        return _Rows((), TableOrigin(sheet.name, (), {}), complete=False)
    if form.plain_serials and table.spec.number in (3, 4):
        _name_in_full(columns, bad)
    kept = [index for index in range(count) if index not in bad]
    origin = TableOrigin(
        sheet.name,
        [first + index for index in kept],
        {spec.attribute: table.positions[spec.label] for spec in specs if spec.attribute},
    )
    made, names = _ROW_TYPES[table.spec.number], list(columns)
    rows = zip(*columns.values(), strict=True)
    values_of = (dict(zip(names, row, strict=True)) for index, row in enumerate(rows) if index not in bad)
    return _Rows(tuple(made(**values) for values in values_of), origin, complete=not bad)


def _name_in_full(columns: dict[str, list[object]], bad: set[int]) -> None:
    """Make full identifiers of serials alone, with the columns that hold the other parts."""
    parts = ("cooperative_approach_id", "first_transferring_party_id", "vintage")
    for index, (approach, host, vintage) in enumerate(zip(*(columns[name] for name in parts), strict=True)):
        if index not in bad:
            registry = first_registry(str(approach), str(host))
            for name in SERIAL_FIELDS:
                columns[name][index] = f"{approach}-{registry}-{host}-{columns[name][index]}-{vintage}"


def _row_count(table: FoundTable, file: str, seen: list[Seen]) -> int:
    """Rows from the header to the first empty one. Data after the gap would be lost silently, so they are a finding."""
    columns = sorted(table.positions.values())
    rows = table.sheet.rows
    count = 0
    for row in rows[table.line + 1 :]:
        if not any(column < len(row) and not is_empty(row[column]) for column in columns):
            break
        count += 1
    for number in range(table.line + 1 + count, len(rows)):
        row = rows[number]
        filled = sum(1 for column in columns if column < len(row) and not is_empty(row[column]))
        if filled * 3 >= len(columns):
            place = Place(file=file, sheet=table.sheet.name, cell=cell_name(number, columns[0]))
            seen.append((FORMAT_CHECK, Observation("after_gap", place, {"row": number + 1})))
            break
    return count


def _split(spec: FieldSpec, values: list[object], form: AefFormat) -> dict[str, list[object]]:
    """An action date is a day and, where given, a time; as text, midnight stands for a day without a time."""
    if spec.type is not FieldType.DATETIME:
        return {spec.attribute: values}
    days = [value.date() if isinstance(value, datetime) else value for value in values]
    times = [value.time() if isinstance(value, datetime) else None for value in values]
    if form.moments_as_text:
        times = [None if at == time() else at for at in times]
    return {spec.attribute: list[object](days), "action_time": list[object](times)}


def _carp(spec: FieldSpec, cell: Cell, place: Place, form: AefFormat) -> Iterator[Seen]:
    """C06: a field of the CARP holds its placeholder or nothing."""
    if not is_empty(cell) and not (isinstance(cell, str) and cell.strip() in form.placeholders):
        yield "C06", Observation("written", place, {"field": spec.label, "found": shown(cell)})


def _filed(file: str, heading: dict[str, Any], table: FoundTable, read: dict[int, _Rows], note: str | None) -> Filed:
    stand_ins = {"submitted_on": date.max, "ndc_first_year": 0, "ndc_last_year": 0}
    stood_in = frozenset(stand_ins) - set(heading)
    rows: dict[str, Any] = {
        name: read[number].values if number in read else ()
        for number, name in ((2, "authorizations"), (3, "actions"), (4, "holdings"), (5, "entities"))
    }
    origins = {number: part.origin for number, part in read.items()}
    columns = {spec.attribute: table.positions[spec.label] for spec in _valued(table) if spec.attribute}
    origins[1] = TableOrigin(table.sheet.name, (table.line + 1,), columns)
    unread = frozenset(number for number in _ROW_TYPES if number not in read or not read[number].complete)
    values: dict[str, Any] = {**stand_ins, **heading, **rows}
    return Filed(file, Submission(**values, note=note), origins, stood_in, unread)


def _valued(table: FoundTable) -> Sequence[FieldSpec]:
    return [spec for spec in table.spec.fields if spec.label in table.positions]


def _note(book: RawWorkbook, form: AefFormat) -> str | None:
    """The note of the index, when this registry wrote the workbook."""
    index = book.sheet(form.sheets[0])
    for row in index.rows[:50] if index else ():
        texts = [cell for cell in row if isinstance(cell, str) and cell]
        if len(texts) > 1 and texts[0] == form.texts["note"]:
            return texts[1]
    return None


def _name_observations(filed: Filed) -> Iterator[Observation]:
    """C03: a file name that states Party, year and version states those of table 1. It is parsed, not sliced."""
    stem = _STEM.search(filed.file)
    if stem is None:
        return
    party, year, major, minor = stem.groups()
    stated = (party, int(year), (int(major), int(minor)))
    if stated != (filed.party, filed.year, filed.version):
        facts: dict[str, str | int] = {
            "stated": f"{party} {year} {major}.{minor}",
            "found": f"{filed.party} {filed.year} {filed.submission.version}",
        }
        yield Observation("file_name", filed.heading_place("party"), facts)


def _with_party(observation: Observation, party: str) -> Observation:
    at = observation.place
    place = Place(file=at.file, party=party, sheet=at.sheet, cell=at.cell, first_id=at.first_id, last_id=at.last_id)
    return replace(observation, place=place)
