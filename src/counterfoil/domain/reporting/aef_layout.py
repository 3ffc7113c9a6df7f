"""From a submission to seven sheets of cells. Pure: an adapter gives the cells their looks and writes the file.

Tables start in column B with the title in row 3, so that in table 1 the fields fill C4 to C12 and the result of the
consistency check falls on C9, where the secretariat's checker writes it. In tables 2 to 5 the header is row 4 and the
data follow without a gap, because a reader stops at the first empty row.

Source: 4/CMA.6 annex II; rulebook 4.5 (sheets, spacer columns, cell C9).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from itertools import islice, repeat
from operator import attrgetter
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_format import AefFormat, FieldSpec, FieldType, Shown, TableSpec
from counterfoil.domain.reporting.aef_rows import Submission
from counterfoil.domain.units.identifier import ItmoId

SERIAL_FIELDS: Final = frozenset({"first_id", "last_id"})
MARGIN: Final = 3
"""Width of the empty column A, in characters."""
BATCH: Final = 512
"""Rows that are laid out together."""
REMEMBERED_MAX: Final = 4_096
"""Values of one field whose cell is remembered."""
TITLE_ROW: Final = 2
"""Row of the table title, from 0. Changing it moves the result of the check away from C9."""


class Look(StrEnum):
    """How a row appears. PAIR is a label and its value;"""

    BLANK = "blank"
    NOTE = "note"
    TITLE = "title"
    HEADER = "header"
    PAIR = "pair"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads to another sheet."""

    sheet: str


@dataclass(frozen=True, slots=True)
class LaidRow:
    look: Look
    cells: Sequence[Shown | Link] = ()
    """Cells from column A on."""


@dataclass(frozen=True, slots=True)
class LaidColumn:
    width: int
    grouped: bool = False
    """Whether integers show thousands separators: amounts do, years and versions do not."""
    spacer: bool = False
    """Whether the column is empty on purpose."""


@dataclass(frozen=True, slots=True)
class LaidSheet:
    """One sheet. `rows` can be walked once, so that a million actions need not lie in memory twice."""

    name: str
    columns: tuple[LaidColumn, ...]
    frozen_rows: int
    rows: Iterable[LaidRow]


def aef_layout(submission: Submission, form: AefFormat) -> tuple[LaidSheet, ...]:
    """The seven sheets of one submission, in their order."""
    index, summary, *tables = form.sheets
    laid = tuple(_table(submission, form, table) for table in form.tables)
    assert tables == [sheet.name for sheet in laid], "the pack lists its tables in the order of its sheets"
    return (_index(submission, form, index), _summary(submission, form, summary), *laid)


def table_rows(submission: Submission, number: int) -> Sequence[object]:
    """The row values of one of the tables 2 to 5."""
    rows: tuple[Sequence[object], ...] = (
        submission.authorizations,
        submission.actions,
        submission.holdings,
        submission.entities,
    )
    return rows[number - 2]


def _index(submission: Submission, form: AefFormat, name: str) -> LaidSheet:
    texts = form.texts
    pairs: list[tuple[str, Shown]] = [
        (texts["party"], submission.party),
        (texts["reported_year"], submission.reported_year),
        (texts["version"], submission.version),
        (texts["submitted_on"], submission.submitted_on),
        (texts["profile"], form.profile),
    ]
    if submission.note:
        pairs.append((texts["note"], submission.note))
    counts: dict[str, Shown] = {spec.sheet: len(table_rows(submission, spec.number)) for spec in form.tables[1:]}
    rows = [LaidRow(Look.BLANK), LaidRow(Look.BLANK), LaidRow(Look.TITLE, (None, texts["title"]))]
    rows += [LaidRow(Look.PAIR, (None, label, value)) for label, value in pairs]
    rows += [LaidRow(Look.BLANK), LaidRow(Look.HEADER, (None, texts["sheet"], texts["rows"]))]
    rows += [LaidRow(Look.BODY, (None, Link(sheet), counts.get(sheet))) for sheet in form.sheets[1:]]
    return LaidSheet(name, (LaidColumn(MARGIN), LaidColumn(34), LaidColumn(56, grouped=True)), 0, rows)


def _summary(submission: Submission, form: AefFormat, name: str) -> LaidSheet:
    """The field names of each table in one column under its title, as the checkers read them."""
    texts = form.texts
    rows = [_note(submission), LaidRow(Look.BLANK), LaidRow(Look.TITLE, (None, texts["summary"]))]
    for table in form.tables:
        rows.append(LaidRow(Look.BLANK))
        rows.append(LaidRow(Look.HEADER, (None, table.title, texts["technical_name"], texts["need"])))
        rows += [LaidRow(Look.BODY, (None, spec.label, spec.technical_name, spec.need)) for spec in table.fields]
    return LaidSheet(name, (LaidColumn(MARGIN), LaidColumn(76), LaidColumn(42), LaidColumn(14)), 0, rows)


def _table(submission: Submission, form: AefFormat, table: TableSpec) -> LaidSheet:
    head = (_note(submission), LaidRow(Look.BLANK), LaidRow(Look.TITLE, (None, table.title)))
    if table.vertical:
        columns = (LaidColumn(MARGIN), LaidColumn(76), LaidColumn(56))
        pairs = (_pair(submission, form, spec) for spec in table.fields)
        return LaidSheet(table.sheet, columns, 0, (*head, *pairs))
    header = LaidRow(Look.HEADER, (None, *_spaced(table.fields, [spec.label for spec in table.fields])))
    rows = table_rows(submission, table.number)
    return LaidSheet(
        table.sheet, _columns(table), TITLE_ROW + 2, _chained((*head, header), _body(form, table.fields, rows))
    )


def _note(submission: Submission) -> LaidRow:
    return LaidRow(Look.NOTE, (None, submission.note)) if submission.note else LaidRow(Look.BLANK)


def _pair(submission: Submission, form: AefFormat, spec: FieldSpec) -> LaidRow:
    value = getattr(submission, spec.attribute) if spec.attribute else None
    return LaidRow(Look.PAIR, (None, spec.label, form.shown(spec, value)))


def _body(form: AefFormat, fields: Sequence[FieldSpec], rows: Iterable[object]) -> Iterator[LaidRow]:
    for columns in shown_columns(form, fields, rows):
        yield from (LaidRow(Look.BODY, cells) for cells in zip(repeat(None), *_spaced_columns(fields, columns)))


def shown_columns(
    form: AefFormat, fields: Sequence[FieldSpec], rows: Iterable[object]
) -> Iterator[Sequence[Iterable[Shown]]]:
    """The cells of a table without its spacer columns, a batch of rows at a time and within it column by column.

    Most columns hold few different values, so each is worked out once. A column of one value may have no end.
    """
    columns = [_column(form, spec) for spec in fields]
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        yield [column(batch) for column in columns]


def _column(form: AefFormat, spec: FieldSpec) -> Callable[[Sequence[object]], Iterable[Shown]]:
    """What shows the values of one field for a batch of rows."""
    if not spec.attribute:
        return lambda _: repeat(form.shown(spec, None))
    if (form.moments_as_text and spec.type is FieldType.DATETIME) or (
        form.plain_serials and spec.attribute in SERIAL_FIELDS
    ):
        return lambda batch: [form.shown(spec, _value(form, spec, row)) for row in batch]
    value = attrgetter(spec.attribute)
    if spec.code_list or spec.many:
        shown = _Shown(form, spec)
        return lambda batch: map(shown.__getitem__, map(value, batch))
    absent = spec.absent or None
    return lambda batch: [absent if cell is None else cell for cell in map(value, batch)]


class _Shown(dict[object, Shown]):
    """How each value of a field is shown, worked out when it is met; it forgets everything when it has met too many."""

    def __init__(self, form: AefFormat, spec: FieldSpec) -> None:
        super().__init__()
        self._form = form
        self._spec = spec

    def __missing__(self, value: object) -> Shown:
        if len(self) >= REMEMBERED_MAX:
            self.clear()
        shown = self[value] = self._form.shown(self._spec, value)
        return shown


def _spaced_columns(fields: Sequence[FieldSpec], columns: Sequence[Iterable[Shown]]) -> Iterator[Iterable[Shown]]:
    for spec, column in zip(fields, columns, strict=True):
        yield column
        if spec.spacer_after:
            yield repeat(None)


def _value(form: AefFormat, spec: FieldSpec, row: object) -> object:
    """The value of a field as the profile says it: a serial alone, a moment as text."""
    value = getattr(row, spec.attribute) if spec.attribute else None
    if form.moments_as_text and spec.type is FieldType.DATETIME:
        at = getattr(row, "action_time", None) or time()
        return f"{value}T{at:%H:%M:%S}.{at.microsecond // 1000:03}Z"
    if form.plain_serials and spec.attribute in SERIAL_FIELDS:
        identity = ItmoId.parse(str(value))
        return value if isinstance(identity, Refusal) else identity.serial
    return value


def _spaced(fields: Sequence[FieldSpec], cells: Sequence[Shown]) -> Iterator[Shown]:
    """The cells with an empty one where a spacer column stands."""
    for spec, cell in zip(fields, cells, strict=True):
        yield cell
        if spec.spacer_after:
            yield None


def _columns(table: TableSpec) -> tuple[LaidColumn, ...]:
    columns = [LaidColumn(MARGIN, spacer=True)]
    for spec in table.fields:
        # An integer field with a pattern is a year or a version; one without is an amount.
        grouped = spec.type is FieldType.NUMBER or (spec.type is FieldType.INTEGER and not spec.pattern)
        columns.append(LaidColumn(spec.width, grouped=grouped))
        if spec.spacer_after:
            columns.append(LaidColumn(MARGIN, spacer=True))
    return tuple(columns)


def _chained(head: Iterable[LaidRow], body: Iterable[LaidRow]) -> Iterator[LaidRow]:
    yield from head
    yield from body
