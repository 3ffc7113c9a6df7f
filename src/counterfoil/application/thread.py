"""The thread of units through the journal: from one entry back to their birth, newest first.

Each entry names the entries that last touched its units (`follows`). Only those that touched the asked units are gone
through, so the cost is that of their own history, whatever else moved beside them.
"""

from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush
from typing import Any, NamedTuple

from counterfoil.application.ports import Codec, Reading


class Span(NamedTuple):
    """Units `first` to `last` of a class."""

    unit_class: str
    first: int
    last: int


def thread(reading: Reading, codec: Codec, seq: int, spans: Sequence[Span]) -> Iterator[dict[str, Any]]:
    """The leaves that led to entry `seq` for any of these units, that entry first, each once."""
    waiting, seen = [-seq], {seq}
    while waiting:
        row = reading.row(-heappop(waiting))
        if row is None:
            continue
        leaf: dict[str, Any] = codec.decode_unchecked(row.leaf)
        if not any(touches(leaf, span) for span in spans):
            continue
        yield leaf
        for earlier in leaf.get("follows", ()):
            if earlier not in seen:
                seen.add(earlier)
                heappush(waiting, -earlier)


def touches(leaf: Mapping[str, Any], span: Span) -> bool:
    """Whether an entry moved a unit of the span or set facts about one."""
    rows = (*leaf.get("moves", ()), *leaf.get("facts", ()))
    return any(row[0] == span.unit_class and row[1] <= span.last and span.first <= row[2] for row in rows)
