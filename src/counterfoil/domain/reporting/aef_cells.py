"""From one cell to one typed value, or the reason why not.

A reader is made once per field. Cells are given column by column, and equal cells are read once, so that a column of a
hundred thousand `CA9001` costs one reading.

Source: rulebook 4.5 (types, patterns), 2.5 (`NA` and empty), checks C07 and C08.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Final

from counterfoil.domain.kernel.canonical import INTEGER_MAX
from counterfoil.domain.reporting.aef_format import AefFormat, CodeList, FieldSpec, FieldType, Need
from counterfoil.domain.reporting.aef_terms import NOT_APPLICABLE
from counterfoil.domain.reporting.aef_workbook import Cell, is_empty

FORMAT_CHECK: Final = "C07"
LIST_CHECK: Final = "C08"
DIGITS_MAX: Final = 20
REMEMBERED_MAX: Final = 8_192
"""Cells of one field whose reading is remembered."""
SHOWN_MAX: Final = 60
"""Characters of a bad cell that a finding repeats."""


@dataclass(frozen=True, slots=True)
class Misread:
    """A cell that breaks its field's format. `value` is what is meant, where that is clear enough to go on."""

    check: str
    case: str
    value: object = None

    @property
    def usable(self) -> bool:
        """A word outside its list still makes a row; a missing or malformed cell does not."""
        return self.check == LIST_CHECK


Reader = Callable[[Cell], object]


def reader(spec: FieldSpec, form: AefFormat) -> Reader:
    """The reader of one field: a typed value, None (or ()) for "no value", or a `Misread`."""
    read = _READERS[spec.type](spec)
    words = form.lists.get(spec.code_list)
    names = form.lists[spec.names].aliases if spec.names else {}
    nothing: object = () if spec.many else None

    def one(cell: Cell) -> object:
        if is_empty(cell):
            return Misread(FORMAT_CHECK, "missing") if spec.need is Need.REQUIRED and not spec.may_be_blank else nothing
        text = cell.strip() if isinstance(cell, str) else cell
        if text == NOT_APPLICABLE:
            return Misread(FORMAT_CHECK, "not_applicable") if spec.need is Need.REQUIRED else nothing
        if names and text in names:
            return names[str(text)]
        if spec.many:
            return _several(text, read, words)
        value = read(text)
        return value if words is None or isinstance(value, Misread) else _listed(str(value), words)

    return one


class ColumnReader:
    """Reads the cells of one field, a batch after the other."""

    def __init__(self, spec: FieldSpec, form: AefFormat) -> None:
        self._known = _Memo(reader(spec, form))

    def read(self, cells: Sequence[Cell]) -> tuple[list[object], list[tuple[int, Misread]]]:
        """The values, with the positions of those that could not be read."""
        values = list(map(self._known.__getitem__, cells))
        if Misread not in set(map(type, values)):
            return values, []
        return values, [(index, value) for index, value in enumerate(values) if isinstance(value, Misread)]


def shown(cell: Cell) -> str:
    """A cell as a finding repeats it."""
    text = "" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)
    return text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}…"


class _Memo(dict[Cell, object]):
    """Reads a cell the first time it is seen, and forgets everything when it has seen too many."""

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Cell) -> object:
        if len(self) >= REMEMBERED_MAX:
            self.clear()
        value = self[cell] = self._read(cell)
        return value


def _several(text: Cell, read: Reader, words: CodeList | None) -> object:
    parts = [part.strip() for part in str(text).split(",") if part.strip()]
    values = [read(part) for part in parts]
    if words is not None:
        values = [_listed(str(value), words) for value in values]
    bad = next((value for value in values if isinstance(value, Misread)), None)
    if bad is None:
        return tuple(values)
    meant = tuple(value.value if isinstance(value, Misread) else value for value in values)
    return Misread(bad.check, bad.case, meant)


def _listed(text: str, words: CodeList) -> object:
    """The listed word, or a misreading that still carries the word that is meant."""
    known = words.canonical(text)
    if known is not None:
        return known
    meant = words.meant(text)
    return Misread(LIST_CHECK, "unlisted", text) if meant is None else Misread(LIST_CHECK, "spelling", meant)


def _text(spec: FieldSpec) -> Reader:
    pattern = re.compile(spec.pattern, re.ASCII) if spec.pattern else None

    def read(cell: Cell) -> object:
        if isinstance(cell, Fraction):
            # A version such as 1.1 that was typed as a number.
            cell = f"{cell.numerator / cell.denominator}"
        elif isinstance(cell, int):
            cell = f"{cell}.0" if spec.attribute == "version" else str(cell)
        if not isinstance(cell, str):
            return Misread(FORMAT_CHECK, "not_a_text")
        return cell if pattern is None or pattern.fullmatch(cell) else Misread(FORMAT_CHECK, "pattern")

    return read


def _integer(spec: FieldSpec) -> Reader:
    pattern = re.compile(spec.pattern or r"-?\d{1,20}", re.ASCII)

    def read(cell: Cell) -> object:
        if isinstance(cell, Fraction):
            return Misread(FORMAT_CHECK, "not_whole")
        if not isinstance(cell, int | str):
            return Misread(FORMAT_CHECK, "not_a_number")
        if isinstance(cell, int) and abs(cell) > INTEGER_MAX:
            return Misread(FORMAT_CHECK, "too_large")
        if len(text := str(cell)) > DIGITS_MAX or not pattern.fullmatch(text):
            return Misread(FORMAT_CHECK, "pattern" if spec.pattern else "not_a_number")
        return int(text) if abs(int(text)) <= INTEGER_MAX else Misread(FORMAT_CHECK, "too_large")

    return read


def _number(_: FieldSpec) -> Reader:
    pattern = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?", re.ASCII)

    def read(cell: Cell) -> object:
        if isinstance(cell, str):
            if not pattern.fullmatch(cell):
                return Misread(FORMAT_CHECK, "not_a_number")
            return _amount(Fraction(cell))
        return _amount(Fraction(cell)) if isinstance(cell, int | Fraction) else Misread(FORMAT_CHECK, "not_a_number")

    return read


def _amount(number: Fraction) -> object:
    if abs(number) > INTEGER_MAX:
        return Misread(FORMAT_CHECK, "too_large")
    return number.numerator if number.denominator == 1 else number


def _date(_: FieldSpec) -> Reader:
    def read(cell: Cell) -> object:
        if isinstance(cell, datetime):
            return cell.date()
        return cell if isinstance(cell, date) else Misread(FORMAT_CHECK, "not_a_date")

    return read


def _datetime(spec: FieldSpec) -> Reader:
    """A date cell, a date and time cell, or the nomenclature's text in UTC; a day alone stays a day."""
    pattern = re.compile(spec.pattern, re.ASCII)

    def read(cell: Cell) -> object:
        if isinstance(cell, str) and pattern.fullmatch(cell):
            try:
                return datetime.fromisoformat(cell).replace(tzinfo=None)
            except ValueError:
                return Misread(FORMAT_CHECK, "not_a_date")
        return cell if isinstance(cell, date) else Misread(FORMAT_CHECK, "not_a_date")

    return read


_READERS: Final[dict[FieldType, Callable[[FieldSpec], Reader]]] = {
    FieldType.TEXT: _text,
    FieldType.INTEGER: _integer,
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.DATETIME: _datetime,
}
