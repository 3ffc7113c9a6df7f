"""Which conversions a correction takes back, and what it puts right beside the units.

A conversion in this book goes back whole: the new units are unborn and the old ones return. One for another registry
is that registry's ground to issue, so it is not taken back here alone. Units that were issued for cancelled units of
another registry go, and their serials there may then be brought again, since the cancellation stands.

Source: requirements R-IDN-09, R-IDN-13, R-ZWE-01; ADR-0024.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from counterfoil.application.commands.reissue import REISSUED, ForeignSerials, years_record
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, JournalEntry, Record
from counterfoil.domain.units.identifier import UnitClass, unit_class


def elsewhere_of(wrong: JournalEntry) -> str:
    """The registry for which units were given up here; empty for every other entry."""
    return str(wrong.entry.details.get("elsewhere", "")) if wrong.entry.act is Act.CONVERTED else ""


def conversion_restored(wrong: JournalEntry, books: Books) -> Iterator[Record]:
    """Of units brought from another registry: their serials there are free again, and their year counts fewer."""
    if wrong.entry.act is not Act.REISSUED:
        return
    told: Any = wrong.entry.details["source"]
    source = ForeignSerials(*told)
    yield Record(REISSUED, source.series, list(_without(books.record(REISSUED, source.series) or (), source)))
    move = wrong.entry.moves[0]
    of = unit_class(move.unit_class)
    assert isinstance(of, UnitClass) and of.vintage is not None, "units are issued in a class with a vintage"
    gone = sum(each.size for each in wrong.entry.moves)
    yield years_record(books, str(wrong.entry.details["activity"]), vintage=of.vintage, more=-gone)


def _without(ranges: Sequence[Sequence[int]], source: ForeignSerials) -> Iterator[JSON]:
    for first, last in ranges:
        if first < source.first <= last:
            yield [first, source.first - 1]
        if first <= source.last < last:
            yield [source.last + 1, last]
        if last < source.first or source.last < first:
            yield [first, last]
