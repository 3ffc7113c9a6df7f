"""Lists: one description of a list makes its page, its filter, its pages by key, and its CSV file.

A list never counts all there is and never skips rows: it goes on after a key, so each page costs the same.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.queries.earlier import walked
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.web.moment import NOW, AsOf, books_then, moment_asked
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
    ACCOUNT = "account"
    """A holding by its code; an account that exists by its code alone in words. A file has the code."""
    FACTS = "facts"
    """Named values: each with its label on a page, as JSON in a file."""
    ENTRY = "entry"
    """An entry of the journal by its number: in words on a page, a file has the number."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `name` is the heading of the CSV, and `field.<name>` its label on the page.

    `link` gives the segments of the page to which a cell leads; `words` the beginning of the key of a word's text, or
    several as `a|b`.
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
    With `as_of` the list can be shown as of an earlier entry: `source` and `facts` are then given books whose records
    are those of that moment. A source that reads blocks or sums asks for the moment itself, and says `own_moment`.
    """

    path: str
    key: str
    columns: Sequence[Column]
    source: Source
    filters: Sequence[Filter] = ()
    template: str = "parts/list_page.html"
    facts: Callable[[Sight, Visit], Mapping[str, Any]] = field(default=lambda _sight, _visit: {})
    as_of: bool = False
    own_moment: bool = False
    page_rows: int = ROWS
    """Rows of a page, where nobody asks for another number."""

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
        limit = min(int(size), ROWS_MAX) if size.isascii() and size.isdecimal() and size.strip("0") else self.page_rows
        moment = self._moment(sight, visit)
        if isinstance(moment, Refusal):
            return moment
        books = self._books(sight, visit, moment)
        found = self.source(books, visit, values, after, limit)
        if isinstance(found, Refusal):
            return found
        facts = {
            "listing": self,
            "values": values,
            "rows": found.items,
            "after": after,
            "following": found.following,
            "choices": {each.name: each.choices(sight, visit) for each in self.filters if each.choices is not None},
            **({"as_of": moment} if self.as_of else {}),
            **self.facts(books, visit),
        }
        return Shown(self.template, facts)

    def _moment(self, sight: Sight, visit: Visit) -> AsOf | Refusal:
        return moment_asked(sight, visit) if self.as_of else NOW

    def _books(self, sight: Sight, visit: Visit, moment: AsOf) -> Sight:
        return sight if self.own_moment else books_then(sight, visit, moment)

    async def _file(self, visit: Visit) -> Reply | Refusal:
        values = self.values(visit)
        moment = await visit.ask(lambda sight: self._moment(sight, visit))
        if isinstance(moment, Refusal):
            return moment

        def rows(sight: Sight, after: str, limit: int) -> Rows | Refusal:
            return self.source(self._books(sight, visit, moment), visit, values, after, limit)

        # A filter that is refused is refused before the file begins.
        first = await visit.ask(lambda sight: rows(sight, "", CSV_ROWS if moment.size else 1))
        if isinstance(first, Refusal):
            return first

        def piece(sight: Sight, after: str) -> tuple[bytes, str | None]:
            found = rows(sight, after, CSV_ROWS)
            if isinstance(found, Refusal):
                return b"", None
            return self.csv(found.items, head=not after), found.following

        then = f"-as-of-{moment.size}" if moment.size else ""
        return Streamed(piece, "text/csv; charset=utf-8", f"{'-'.join(self.segments)}{then}.csv")

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
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, list | tuple):
        return plain("; ".join(str(each) for each in value))
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def of_kind(kind: str) -> Source:
    """The rows of a list of records that has no filter."""

    def source(sight: Sight, _visit: Visit, _values: Mapping[str, str], after: str, limit: int) -> Rows:
        found = list(walked(sight, kind, after=after, limit=limit + 1))
        items = [{"key": key, **value} for key, value in found[:limit] if value is not None]
        return Rows(items, found[limit - 1][0] if len(found) > limit else None)

    return source
