"""Rows as the bytes of a sheet, a batch at a time: what a million rows cost, they cost here.

Each column remembers how its values are written, up to a bound; a text that is met within the bound goes to the table
of shared texts, any other stands in its cell. Text is always text and never a formula.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from itertools import islice
from typing import Final

from counterfoil.adapters.documents.xlsx_frame import (
    EXACT_MAX,
    TEXT_MAX,
    Below,
    WorkbookWritingFault,
    is_boxed,
    text_too_long,
)
from counterfoil.adapters.documents.xlsx_looks import WRAPPED_FROM, height_of, look_of
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_format import Shown
from counterfoil.domain.reporting.aef_layout import LaidColumn, LaidRow, LaidSheet, Link, Look
from counterfoil.domain.reporting.aef_workbook import column_letters

BATCH: Final = 512
"""Rows that are written together."""
REMEMBERED_MAX: Final = 2_048
"""Different values that a column remembers; a column of identifiers soon has more, and then stops."""
_DAY_ZERO: Final = date(1899, 12, 30)
_DAY_S: Final = 86_400
# The escape of the format: a control character, or a text that already looks like an escape.
_ESCAPED: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


class SharedTexts:
    """The table of shared texts: those that the frame has, and those that the rows add."""

    def __init__(self, known: int) -> None:
        self._known = known
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self._numbers.setdefault(text, self._known + len(self._numbers))

    def __len__(self) -> int:
        return self._known + len(self._numbers)

    def added(self) -> Iterator[bytes]:
        for text in self._numbers:
            yield f"<si>{_text_element(text)}</si>".encode("utf-8", "replace")


class _Written(dict[Shown, str]):
    """How the values of one column are written, without the start of the cell, which holds its address."""

    def __init__(self, laid: LaidSheet, column: int, styles: Mapping[str, int], texts: SharedTexts) -> None:
        super().__init__()
        self._laid = laid
        self._column = column
        self._styles = styles
        self._texts = texts
        self.too_long = False
        """Whether it met a text that no cell can hold."""
        self.wrapped = False
        """Whether it met a text that may need more lines than one."""

    def __missing__(self, cell: Shown) -> str:
        self.too_long = self.too_long or (isinstance(cell, str) and len(cell) > TEXT_MAX)
        self.wrapped = self.wrapped or (isinstance(cell, str) and len(cell) > WRAPPED_FROM)
        known = len(self) < REMEMBERED_MAX
        style = self._styles[_look(self._laid, Look.BODY, self._column, cell)]
        written = _cell(cell, style, self._texts if known else None)
        if known:
            self[cell] = written
        return written


def written_rows(
    below: Below, styles: Mapping[str, int], texts: SharedTexts, *, rows_max: int
) -> Iterator[bytes | Refusal]:
    """The rows in pieces; a refusal ends them: `workbook.writing.too_many_rows`, or `.text_too_long` with the cell."""
    laid = below.laid
    body = _Body(laid, styles, texts)
    number = below.start
    while batch := list(islice(below.rows, BATCH)):
        if number + len(batch) > rows_max:
            yield Refusal(WorkbookWritingFault.TOO_MANY_ROWS, {"sheet": laid.name, "rows_max": rows_max})
            return
        lines = body.lines(number, batch)
        if lines is None:
            refusal = next(_refusals(laid, number, batch), None)
            if refusal is not None:
                yield refusal
                return
            lines = [_one(laid, at, row, styles) for at, row in enumerate(batch, number + 1)]
        yield "".join(lines).encode("utf-8", "replace")
        number += len(batch)


class _Body:
    """Writes the rows of a table: one template for all of them, filled column by column."""

    def __init__(self, laid: LaidSheet, styles: Mapping[str, int], texts: SharedTexts) -> None:
        self._width = len(laid.columns)
        self._laid = laid
        self._spacers = [column for column, about in enumerate(laid.columns) if about.spacer]
        self._columns = {
            column: _Written(laid, column, styles, texts)
            for column in range(self._width)
            if is_boxed(laid, Look.BODY, column)
        }
        cells = (f'<c r="{column_letters(column)}%s%s' for column in self._columns)
        self._template = "".join(('<row r="%s"%s>', *cells, "</row>"))

    def lines(self, start: int, batch: Sequence[LaidRow]) -> Sequence[str] | None:
        """The rows; None when some row has another shape, or a text that no cell can hold."""
        if not all(row.look is Look.BODY and len(row.cells) == self._width for row in batch):
            return None
        cells = list(zip(*[row.cells for row in batch], strict=True))
        if any(cells[column].count(None) < len(batch) for column in self._spacers):
            return None
        numbers = range(start + 1, start + len(batch) + 1)
        filled: list[Sequence[object]] = []
        for column, written in self._columns.items():
            filled += [numbers, list(map(written.__getitem__, cells[column]))]
            if written.too_long:
                return None
        parts: list[Sequence[object]] = [numbers, self._heights(batch), *filled]
        return [self._template % values for values in zip(*parts, strict=True)]

    def _heights(self, batch: Sequence[LaidRow]) -> Sequence[str]:
        """The height of each row as an attribute; nothing where its texts stand on one line."""
        wrapped = [column for column, written in self._columns.items() if written.wrapped]
        if not wrapped:
            return [""] * len(batch)
        columns = [self._laid.columns[column] for column in wrapped]
        return [_height(columns, [row.cells[column] for column in wrapped]) for row in batch]


def _height(columns: Sequence[LaidColumn], cells: Sequence[object]) -> str:
    height = height_of(columns, cells)
    return "" if height is None else f' ht="{height}" customHeight="1"'


def _refusals(laid: LaidSheet, start: int, batch: Sequence[LaidRow]) -> Iterator[Refusal]:
    for number, row in enumerate(batch, start):
        for column, cell in enumerate(row.cells):
            if isinstance(cell, str) and len(cell) > TEXT_MAX:
                yield text_too_long(laid, number, column)


def _one(laid: LaidSheet, number: int, row: LaidRow, styles: Mapping[str, int]) -> str:
    """A row of any shape."""
    cells = "".join(
        f'<c r="{column_letters(column)}{number}{_cell(cell, styles[_look(laid, row.look, column, cell)], None)}'
        for column, cell in enumerate(row.cells)
        if cell is not None or is_boxed(laid, row.look, column)
    )
    height = _height(laid.columns, row.cells) if row.look is Look.BODY else ""
    return f'<row r="{number}"{height}>{cells}</row>'


def _look(laid: LaidSheet, look: Look, column: int, cell: Shown | Link) -> str:
    return "text" if cell is None else look_of(look, column, cell, grouped=laid.columns[column].grouped)


def _cell(cell: Shown | Link, style: int, texts: SharedTexts | None) -> str:
    """A cell from the end of its address on."""
    match cell:
        case None:
            return f'" s="{style}"/>'
        case str() | Link():
            return _text(cell if isinstance(cell, str) else cell.sheet, style, texts)
        case date():
            return f'" s="{style}"><v>{_day(cell)}</v></c>'
        case int() if abs(cell) >= EXACT_MAX:
            return _text(str(cell), style, texts)
        case int():
            return f'" s="{style}"><v>{cell}</v></c>'
        case Fraction():
            return f'" s="{style}"><v>{cell.numerator / cell.denominator:.16G}</v></c>'


def _text(text: str, style: int, texts: SharedTexts | None) -> str:
    if texts is not None:
        return f'" s="{style}" t="s"><v>{texts.number(text)}</v></c>'
    return f'" s="{style}" t="inlineStr"><is>{_text_element(text)}</is></c>'


def _day(day: date) -> str:
    whole = (day.date() if isinstance(day, datetime) else day) - _DAY_ZERO
    if not isinstance(day, datetime):
        return str(whole.days)
    seconds = day.hour * 3_600 + day.minute * 60 + day.second + day.microsecond / 1_000_000
    return f"{whole.days + seconds / _DAY_S:.16G}"


def _text_element(text: str) -> str:
    if _ESCAPED.search(text):
        text = _ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<t xml:space="preserve">{text}</t>' if text != text.strip() else f"<t>{text}</t>"
