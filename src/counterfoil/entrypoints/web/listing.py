"""Lists: one description of a list makes its page, its filter, its pages by key, and its CSV file.

A list never counts all there is and never skips rows: it goes on after a key, so each page costs the same.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, Streamed, reading
from counterfoil.entrypoints.web.visit import Visit

ROWS: Final = 50
ROWS_MAX: Final = 500
CSV_ROWS: Final = 500
"""Rows of a CSV file that are read at a time."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With the wide signs, which spreadsheets of East Asia read as the narrow ones. Source: OWASP, CSV injection."""


class Kind(StrEnum):
    """How a cell is read: numbers to the right with their thousands, days in words, codes as they are."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    CODE = "code"
    TAG = "tag"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `name` is the heading of the CSV, and `field.<name>` its label on the page.

    `link` gives the segments of the page to which a cell leads; `words` the beginning of the key of a tag's text.
    """

    name: str
    value: Callable[[Mapping[str, Any]], Any]
    kind: Kind = Kind.TEXT
    link: Callable[[Mapping[str, Any]], Sequence[object] | None] | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """One field of the form above a list. Without `choices` it is free text; a choice is its value and its label."""

    name: str
    choices: Callable[[Sight, Visit], Sequence[tuple[str, str]]] | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of a list, and the key after which it goes on."""

    items: Sequence[Mapping[str, Any]]
    following: str | None = None


Source = Callable[[Sight, Visit, Mapping[str, str], str, int], "Rows | Refusal"]
"""Gives the rows after a key: books, who asks, the filter's values, the key (empty: from the beginning), how many."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list with its page at `path` and its CSV at `path.csv`. `key` begins the keys of its texts.

    `{key}.title`, `{key}.lead` and `{key}.empty` stand on the page; `empty` says what to do where there is nothing.
    """

    path: str
    key: str
    columns: Sequence[Column]
    source: Source
    filters: Sequence[Filter] = ()
    template: str = "parts/list_page.html"
    facts: Callable[[Sight, Visit], Mapping[str, Any]] = field(default=lambda _sight, _visit: {})

    def rows(self) -> tuple[PageRow, PageRow]:
        return PageRow(self.path, reading(self.page)), PageRow(f"{self.path}.csv", self._file)

    @property
    def segments(self) -> tuple[str, ...]:
        return tuple(self.path.strip("/").split("/"))

    def values(self, visit: Visit) -> dict[str, str]:
        """The filter as it is set."""
        return {each.name: visit.query[each.name] for each in self.filters if visit.query.get(each.name)}

    def page(self, sight: Sight, visit: Visit) -> Reply | Refusal:
        """The page of the list, as the query asks for it."""
        values, after = self.values(visit), visit.query.get("after", "")
        size = visit.query.get("rows", "")
        limit = min(int(size), ROWS_MAX) if size.isascii() and size.isdecimal() and size.strip("0") else ROWS
        found = self.source(sight, visit, values, after, limit)
        if isinstance(found, Refusal):
            return found
        facts = {
            "listing": self,
            "values": values,
            "rows": found.items,
            "after": after,
            "following": found.following,
            "choices": {each.name: each.choices(sight, visit) for each in self.filters if each.choices is not None},
            **self.facts(sight, visit),
        }
        return Shown(self.template, facts)

    async def _file(self, visit: Visit) -> Reply | Refusal:
        values = self.values(visit)
        # A filter that is refused is refused before the file begins.
        first = await visit.ask(lambda sight: self.source(sight, visit, values, "", 1))
        if isinstance(first, Refusal):
            return first

        def piece(sight: Sight, after: str) -> tuple[bytes, str | None]:
            found = self.source(sight, visit, values, after, CSV_ROWS)
            if isinstance(found, Refusal):
                return b"", None
            return self.csv(found.items, head=not after), found.following

        return Streamed(piece, "text/csv; charset=utf-8", f"{'-'.join(self.segments)}.csv")

    def csv(self, items: Sequence[Mapping[str, Any]], *, head: bool) -> bytes:
        """Rows as RFC 4180 has them, with the same headings in every language: programs read them."""
        text = io.StringIO()
        writer = csv.writer(text)
        if head:
            writer.writerow([column.name for column in self.columns])
        for item in items:
            writer.writerow([plain(column.value(item)) for column in self.columns])
        return text.getvalue().encode()


def plain(value: Any) -> str:
    """A cell of a CSV file. A text that a spreadsheet would run as a formula begins with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list | tuple):
        return plain("; ".join(str(each) for each in value))
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def of_kind(kind: str) -> Source:
    """The rows of a list of records that has no filter."""

    def source(sight: Sight, _visit: Visit, _values: Mapping[str, str], after: str, limit: int) -> Rows:
        found = list(islice(sight.records(kind, after=after, limit=limit + 1), limit + 1))
        items = [{"key": key, **value} for key, value in found[:limit]]
        return Rows(items, found[limit - 1][0] if len(found) > limit else None)

    return source
