"""Lists with a filter that no index answers: a page looks at so many records and no more, then goes on."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from counterfoil.application.queries.earlier import EarlierReading, walked
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.web.listing import Rows, Source
from counterfoil.entrypoints.web.visit import Visit

LOOKED_MAX: Final = 2_000
"""Records that one page looks at: a page with few rows still costs no more than this, and says that it goes on."""

Row = Mapping[str, Any]
Fits = Callable[[Row, Mapping[str, str]], bool]
More = Callable[[Sight, Row], Row]


def same(row: Row, values: Mapping[str, str]) -> bool:
    """Every value of the filter stands in the field of its name, or in the list of that field."""
    return all(_holds(row.get(name), value) for name, value in values.items())


def _holds(found: Any, value: str) -> bool:
    return value in map(str, found) if isinstance(found, list | tuple) else str(found) == value


def sifted(kind: str, *, fits: Fits = same, more: More = lambda _sight, row: row) -> Source:
    """The records of a kind that fit the filter; `more` adds what other records say about a row."""

    def source(sight: Sight, _visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows:
        found: list[Row] = []
        looked, last = 0, ""
        # Without a filter every record fits: more than the page and the one behind it need not be read.
        # At an earlier moment some were not there yet, and nothing stands for them.
        every = not values and fits is same and not isinstance(sight.reading, EarlierReading)
        reach = limit + 1 if every else LOOKED_MAX + limit + 1
        for key, value in walked(sight, kind, after=after, limit=reach):
            if len(found) == limit or looked >= LOOKED_MAX:
                return Rows(found, last)
            looked, last = looked + 1, key
            if value is None:
                continue
            row = {"key": key, **value}
            if fits(row, values):
                found.append(more(sight, row))
        return Rows(found)

    return source
