"""A monitoring report as a table: CSV, a workbook or JSON, each row with what is wrong with it and in which field.

A row has a year and a quantity, and may have its first and last day. Nothing of a file is guessed: a cell that cannot
be read is shown as it stands. Read next: `monitoring_checks.py`. Source: 6/CMA.4 para. 5.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.json_once import once

FILE_BYTES_MAX: Final = 1024 * 1024
ROWS_MAX: Final = 60
QUANTITY_DIGITS: Final = 15
YEAR_MIN: Final = 1990
COLUMNS: Final = ("vintage", "quantity", "first_day", "last_day")
REQUIRED: Final = frozenset({"vintage", "quantity"})
SHOWN: Final = 40
_HEADS: Final[Mapping[str, str]] = {
    "year": "vintage",
    "減量年份": "vintage",
    "年份": "vintage",
    "數量": "quantity",
    "t": "quantity",
    "首日": "first_day",
    "末日": "last_day",
}
"""Headings that people write, beside the names of the columns."""
_ZIP: Final = b"PK\x03\x04"


class MonitoringTableFault(StrEnum):
    UNREADABLE = "monitoring_table.unreadable"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table as it stands in the file; `wrong` is the key of what is wrong, in the column `at`."""

    line: int
    vintage: str = ""
    quantity: str = ""
    first_day: str = ""
    last_day: str = ""
    wrong: str = ""
    at: str = ""

    @property
    def days(self) -> tuple[date, date] | None:
        """The row's own first and last day, where it says both."""
        if self.wrong or not (self.first_day and self.last_day):
            return None
        return date.fromisoformat(self.first_day), date.fromisoformat(self.last_day)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file, and the period and activity where the file says them."""

    rows: tuple[Row, ...]
    activity: str = ""
    first_day: str = ""
    last_day: str = ""

    @property
    def sound(self) -> bool:
        """Whether there are rows, and nothing is wrong with any."""
        return bool(self.rows) and not any(each.wrong for each in self.rows)

    @property
    def quantity(self) -> int:
        return sum(int(each.quantity) for each in self.rows if not each.wrong)

    @property
    def period(self) -> tuple[str, str]:
        """The report's first and last day, as far as the file tells them."""
        days = [each.days for each in self.rows]
        own = [each for each in days if each is not None]
        if own and len(own) == len(days):
            return min(own)[0].isoformat(), max(each[1] for each in own).isoformat()
        return self.first_day, self.last_day


def read_table(data: bytes, *, today: date) -> Table | Refusal:
    """The table in a file of any of the three kinds, which its first bytes tell; a heading is passed over.

    >>> found = read_table(b"year,t\\n2024,12\\n2024,x", today=date(2026, 1, 1))
    >>> [(row.vintage, row.quantity, row.wrong) for row in found.rows]
    [('2024', '12', ''), ('2024', 'x', 'twice')]
    """
    if data.startswith(_ZIP):
        found = _workbook(data)
    elif data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        found = _json(data)
    else:
        found = Table(tuple(_tabular(_cells(data.decode("utf-8-sig", "replace").replace("\0", "\ufffd")))))
    if isinstance(found, Refusal):
        return found
    return replace(found, rows=tuple(_looked(found.rows, today)))


def _looked(rows: Iterable[Row], today: date) -> Iterator[Row]:
    """Each row with the first thing that is wrong with it; a year stands once, and there is a last row."""
    seen: set[str] = set()
    for count, row in enumerate(rows, 1):
        if count > ROWS_MAX:
            yield Row(row.line, wrong="too_many")
            return
        wrong, at = _wrong(row, seen, today)
        seen.add(row.vintage)
        yield replace(row, wrong=wrong, at=at)


def _wrong(row: Row, seen: set[str], today: date) -> tuple[str, str]:
    year = row.vintage
    if not (year.isascii() and year.isdecimal() and len(year) == 4 and YEAR_MIN <= int(year) <= today.year):
        return "year", "vintage"
    if year in seen:
        return "twice", "vintage"
    whole = row.quantity.isascii() and row.quantity.isdecimal() and len(row.quantity) <= QUANTITY_DIGITS
    if not whole or int(row.quantity) == 0:
        return "quantity", "quantity"
    return _wrong_days(row, int(year), today)


def _wrong_days(row: Row, year: int, today: date) -> tuple[str, str]:
    """Days are said both or not at all, in their order, within the year of the row, and over."""
    days: dict[str, date] = {}
    for name, text in (("first_day", row.first_day), ("last_day", row.last_day)):
        try:
            if text:
                days[name] = date.fromisoformat(text)
        except ValueError:
            return "day", name
    if len(days) == 1:
        return "half", "last_day" if "first_day" in days else "first_day"
    for name, day in days.items():
        if day.year != year:
            return "other_year", name
        if day > today:
            return "not_over", name
    if days and days["first_day"] > days["last_day"]:
        return "backwards", "last_day"
    return "", ""


def _tabular(lines: Iterable[Sequence[Any]]) -> Iterator[Row]:
    """The rows of a table whose columns are told by a heading, or stand in the usual order."""
    order = list(COLUMNS)
    for line, cells in enumerate(lines, 1):
        told = [_text(cell) for cell in cells[: 2 * len(COLUMNS)]]
        if not any(told):
            continue
        if line == 1 and not told[0].isdecimal():
            order = _heading(told) or order
            continue
        values = dict(zip(order, told, strict=False))
        yield Row(line, **{name: values.get(name, "")[:SHOWN] for name in COLUMNS})


def _heading(told: Sequence[str]) -> list[str]:
    """The columns in the order of a heading; none where it does not name the two that matter."""
    plain = [each.casefold().strip(" *").replace(" ", "_") for each in told]
    names = [each if each in COLUMNS else _HEADS.get(each, "") for each in plain]
    return names if set(names) >= REQUIRED else []


def _text(cell: Any) -> str:
    """What a cell says; a day as ISO 8601, a broken number as somebody would see it."""
    match cell:
        case None:
            return ""
        case date():
            return cell.isoformat()[:10]
        case Fraction():
            return str(float(cell))
        case _:
            return str(cell).strip()


def _cells(text: str) -> Iterator[list[str]]:
    """The cells of each line of CSV; what is none any more becomes a line that cannot be read."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error:
        yield ["?"]


def _workbook(data: bytes) -> Table | Refusal:
    """The first sheet of a workbook."""
    # Imported late: a server that shows the page of this file loads no library for documents.
    from counterfoil.adapters.documents.xlsx_reading import read_workbook

    book = read_workbook(data)
    if isinstance(book, Refusal):
        return book
    return Table(tuple(_tabular(book.sheets[0].rows)) if book.sheets else ())


def _json(data: bytes) -> Table | Refusal:
    """An object with `monitored`, as the act has it, or a list of its rows."""
    try:
        said = json.loads(data.decode("utf-8-sig"), object_pairs_hook=once)
        about = said if isinstance(said, dict) else {"monitored": said}
        listed = about["monitored"]
        if not isinstance(listed, list):
            return _unreadable("monitored")
        rows = [_object(number, each) for number, each in enumerate(listed[: ROWS_MAX + 1], 1)]
        texts = {name: _said(about.get(name))[:80] for name in ("activity", "first_day", "last_day")}
    except (ValueError, KeyError, RecursionError) as error:
        return _unreadable(f"{type(error).__name__}: {error}")
    return Table(tuple(rows), **texts)


def _object(number: int, value: Any) -> Row:
    said = value if isinstance(value, dict) else {"vintage": value}
    return Row(number, **{name: _said(said.get(name))[:SHOWN] for name in COLUMNS})


def _said(value: Any) -> str:
    """A member as text; a number that is not whole, or anything else, as it was written, so that it is found wrong.

    JSON may say half of a character, which nothing can write down: it stands as a question mark.
    """
    if value is None:
        return ""
    text = value.strip() if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "replace").decode("utf-8")


def _unreadable(detail: str) -> Refusal:
    return Refusal(MonitoringTableFault.UNREADABLE, {"detail": detail[:SHOWN]})
