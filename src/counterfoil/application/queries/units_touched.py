"""The units that one entry touched, as they stood before it, from their own thread: a small unit book of its own.

The whole unit book of an earlier moment is kept nowhere. An entry names those that last touched its units, so that they
can be followed back to their birth; the fold of their lives is the books' own. Read before: `application/thread.py`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from counterfoil.application.queries.sight import Sight
from counterfoil.application.thread import Span, thread
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, FactChange, Move


def units_before(sight: Sight, leaf: Mapping[str, Any]) -> Books:
    """Books that hold nothing but the units that an entry touched, as they were when it came."""
    rows = (*leaf.get("moves", ()), *leaf.get("facts", ()))
    spans = _joined(Span(row[0], row[1], row[2]) for row in rows)
    books = Books()
    lives = [each for each in thread(sight.reading, sight.codec, leaf["seq"], spans) if each["seq"] != leaf["seq"]]
    for each in reversed(lives):
        books.apply(each["seq"], _clipped(each, spans))
    books.commit()
    return books


def _clipped(leaf: Mapping[str, Any], spans: list[Span]) -> Entry:
    """The moves and facts of an entry as far as they are about these units."""
    moves = tuple(
        Move(row[0], first, last, row[3], row[4])
        for row in leaf.get("moves", ())
        for first, last in _common(row, spans)
    )
    facts = tuple(
        FactChange(row[0], first, last, row[3]) for row in leaf.get("facts", ()) for first, last in _common(row, spans)
    )
    return Entry(Act(leaf["act"]), date.fromisoformat(leaf["on"]), moves, facts, corrects=leaf.get("corrects"))


def _common(row: Any, spans: list[Span]) -> Iterator[tuple[int, int]]:
    for span in spans:
        first, last = max(row[1], span.first), min(row[2], span.last)
        if row[0] == span.unit_class and first <= last:
            yield first, last


def _joined(spans: Iterable[Span]) -> list[Span]:
    """The spans with those that overlap made one, so that nothing is moved twice."""
    joined: list[Span] = []
    for span in sorted(spans):
        last = joined[-1] if joined else None
        if last is not None and last.unit_class == span.unit_class and span.first <= last.last:
            joined[-1] = Span(span.unit_class, last.first, max(last.last, span.last))
        else:
            joined.append(span)
    return joined
