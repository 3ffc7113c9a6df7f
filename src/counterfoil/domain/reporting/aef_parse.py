"""From a workbook as it was read to a submission and the findings C01 to C03 and C06 to C08.

Whatever can be read is read: a bad cell costs its row, a bad table its rows, and only a table 1 without Party, version
or year costs the submission, because nobody then knows what it is.

Source: rulebook 5.3, group "File".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.reporting.aef_cells import FORMAT_CHECK, Misread, reader, shown
from counterfoil.domain.reporting.aef_format import AefFormat, FieldSpec, Need
from counterfoil.domain.reporting.aef_rows import Submission
from counterfoil.domain.reporting.aef_table_rows import ROW_TYPES, Seen, TableRows, carp_observations, read_rows
from counterfoil.domain.reporting.aef_tables import (
    FoundTable,
    formula_observations,
    found_table,
    label_observations,
    sheet_observations,
)
from counterfoil.domain.reporting.aef_workbook import RawWorkbook, cell_name
from counterfoil.domain.reporting.filed import Filed, TableOrigin
from counterfoil.domain.reporting.finding import Observation, Place


class AefReadingFault(StrEnum):
    """Why a submission cannot be worked with as a whole."""

    NOT_IN_FULL = "aef.reading.not_in_full"


IDENTIFYING: Final = ("party", "version", "reported_year")
"""Attributes of table 1 without which a submission is nobody's. Source: check C03."""
_DAY: Final = r"1[0-2][_-](?:0[1-9]|[12]\d|3[01])(?!\d)"
"""What follows a year in a date, such as `10-31`; a smaller month has a zero before it, and no version has."""
_STEM: Final = re.compile(
    rf"(?:^|[^A-Z])([A-Z]{{3}})[^A-Za-z0-9]?(20\d\d)[^0-9]{{1,2}}(?!{_DAY})([1-9]\d{{0,5}})[.,_-](\d{{1,6}})(?=\D|$)"
)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One workbook after reading: the submission, unless table 1 does not say whose it is, and what was observed."""

    file: str
    filed: Filed | None
    seen: tuple[Seen, ...]


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
    read = {number: read_rows(tables[number], form, file, seen) for number in ROW_TYPES if number in tables}
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
        row = table.top[position]
        cell = row[table.line + 1] if table.line + 1 < len(row) else None
        where = Place(file=file, sheet=table.sheet.name, cell=cell_name(position, table.line + 1))
        if spec.need is Need.CARP:
            seen += carp_observations(spec, cell, where, form)
            continue
        value = reader(spec, form)(cell)
        if isinstance(value, Misread):
            check = "C03" if spec.attribute in IDENTIFYING and not value.usable else value.check
            case = "unreadable" if check == "C03" else value.case
            seen.append((check, Observation(case, where, {"field": spec.label, "found": shown(cell)})))
        if not isinstance(value, Misread) or value.usable:
            values[spec.attribute] = value.value if isinstance(value, Misread) else value
    return values


def _filed(
    file: str, heading: dict[str, Any], table: FoundTable, read: dict[int, TableRows], note: str | None
) -> Filed:
    stand_ins = {"submitted_on": date.max, "ndc_first_year": 0, "ndc_last_year": 0}
    stood_in = frozenset(stand_ins) - set(heading)
    rows: dict[str, Any] = {
        name: read[number].values if number in read else ()
        for number, name in ((2, "authorizations"), (3, "actions"), (4, "holdings"), (5, "entities"))
    }
    origins = {number: part.origin for number, part in read.items()}
    columns = {spec.attribute: table.positions[spec.label] for spec in _valued(table) if spec.attribute}
    origins[1] = TableOrigin(table.sheet.name, (table.line + 1,), columns)
    unread = frozenset(number for number in ROW_TYPES if number not in read or not read[number].complete)
    values: dict[str, Any] = {**stand_ins, **heading, **rows}
    return Filed(file, Submission(**values, note=note), origins, stood_in, unread)


def _valued(table: FoundTable) -> Sequence[FieldSpec]:
    return [spec for spec in table.spec.fields if spec.label in table.positions]


def _note(book: RawWorkbook, form: AefFormat) -> str | None:
    """The note of the index, when this registry wrote the workbook."""
    index = book.sheet(form.sheets[0])
    for row in index.top(50) if index else ():
        texts = [cell for cell in row if isinstance(cell, str) and cell]
        if len(texts) > 1 and texts[0] == form.texts["note"]:
            return texts[1]
    return None


def _name_observations(filed: Filed) -> Iterator[Observation]:
    """C03: a file name that states Party, year and version states those of table 1. It is parsed, not sliced.

    The folders before the name, and a date in it, say nothing about the submission.
    """
    stem = _STEM.search(re.split(r"[\\/]", filed.file)[-1])
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
