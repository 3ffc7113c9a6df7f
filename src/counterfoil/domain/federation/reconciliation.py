"""Reconcile two books: what one says has left for the other must be what the other says came from it.

Each side states, for each way over their border, the serial ranges by class. Hashes are compared first: of all, then of
each class that differs, then of slices of it, and only where a slice differs its ranges. So books that agree compare
two hashes, and the cost grows with the differences. Questions carry all they need, so the side that answers keeps
nothing between them; and both questions and answers are bounded, because the other side may be hostile.

Read before: `domain/federation/crossing.py`. Read next: `domain/federation/differing.py`. Source: ADR-0033.
"""

import hashlib
import struct
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, TypeAlias

from counterfoil.domain.federation.crossing import Crossing, Way
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.serials import SerialRange

CLASSES_MAX: Final = 500
"""Classes of one answer."""
SLICES_MAX: Final = 64
RANGES_MAX: Final = 1_000
"""Ranges of one answer."""

Ranges: TypeAlias = tuple[SerialRange, ...]


class ReconciliationFault(StrEnum):
    QUESTION_UNREADABLE = "reconciliation.question_unreadable"


class Rows:
    """The ranges of one class that crossed one way, merged and in order, with hashes over any slice of them."""

    __slots__ = ("_packed", "firsts", "lasts")

    def __init__(self, crossings: Iterable[Crossing]) -> None:
        self.firsts: list[int] = []
        self.lasts: list[int] = []
        for first, last, _, _ in crossings:
            if self.lasts and first == self.lasts[-1] + 1:
                self.lasts[-1] = last
            else:
                self.firsts.append(first)
                self.lasts.append(last)
        both = [number for row in zip(self.firsts, self.lasts, strict=True) for number in row]
        self._packed = struct.pack(f">{len(both)}Q", *both)

    def __len__(self) -> int:
        return len(self.firsts)

    @property
    def units(self) -> int:
        return sum(self.lasts) - sum(self.firsts) + len(self.firsts)

    def digest(self, begin: int = 0, end: int | None = None) -> str:
        """SHA-256 over rows `begin` to before `end`, each as two 64-bit big-endian numbers."""
        stop = len(self.firsts) if end is None else end
        return hashlib.sha256(memoryview(self._packed)[16 * begin : 16 * stop]).hexdigest()

    def place(self, first: int) -> int:
        """The number of the first row that begins at `first` or later."""
        return bisect_left(self.firsts, first)

    def ranges(self, begin: int, end: int) -> Ranges:
        return tuple(SerialRange(self.firsts[at], self.lasts[at]) for at in range(begin, end))


_NO_ROWS: Final = Rows(())


class Statement:
    """What one book says of its border with one partner, from the last crossing of every unit, by class."""

    def __init__(self, crossings: Mapping[str, Sequence[Crossing]]) -> None:
        self.crossings = crossings

    @cached_property
    def _rows(self) -> dict[Way, dict[str, Rows]]:
        found: dict[Way, dict[str, Rows]] = {way: {} for way in Way}
        for of in sorted(self.crossings):
            for way in Way:
                rows = Rows(each for each in self.crossings[of] if each.way is way)
                if len(rows):
                    found[way][of] = rows
        return found

    @cached_property
    def _digests(self) -> dict[Way, dict[str, str]]:
        return {way: {of: rows.digest() for of, rows in classes.items()} for way, classes in self._rows.items()}

    def classes(self, way: Way) -> Mapping[str, str]:
        """The classes that crossed one way, in order, each with the hash of its ranges."""
        return self._digests[way]

    def rows(self, way: Way, of: str) -> Rows:
        return self._rows[way].get(of, _NO_ROWS)

    def units(self, way: Way) -> int:
        return sum(rows.units for rows in self._rows[way].values())

    def ranges(self, way: Way) -> int:
        return sum(len(rows) for rows in self._rows[way].values())

    def digest(self, way: Way) -> str:
        """One hash over all classes that crossed one way."""
        lines = "".join(f"{of} {digest}\n" for of, digest in self.classes(way).items())
        return hashlib.sha256(lines.encode()).hexdigest()


def answered(question: Any, said: Statement) -> dict[str, JSON] | Refusal:
    """The answer to a question about a statement; a question that is none, or asks for too much, is refused."""
    try:
        way = Way(question["way"])
        match question["ask"]:
            case "summary":
                return {"digest": said.digest(way), "ranges": said.ranges(way), "units": said.units(way)}
            case "classes":
                after = str(question["after"])
                named: list[JSON] = [[of, digest] for of, digest in said.classes(way).items() if of > after]
                return {"classes": named[:CLASSES_MAX], "more": len(named) > CLASSES_MAX}
            case "slices":
                return {"slices": _sliced(said.rows(way, str(question["class"])), question["from"], question["to"])}
            case "ranges":
                rows = said.rows(way, str(question["class"]))
                begin, end = rows.place(int(question["from"])), rows.place(int(question["to"]) + 1)
                stop = min(end, begin + RANGES_MAX)
                listed: list[JSON] = [[each.first, each.last] for each in rows.ranges(begin, stop)]
                return {"ranges": listed, "more": stop < end}
            case other:
                raise ValueError(other)
    except (KeyError, TypeError, ValueError) as unreadable:
        return Refusal(ReconciliationFault.QUESTION_UNREADABLE, {"detail": str(unreadable)[:80]})


def _sliced(rows: Rows, bounds: Any, end: Any) -> list[JSON]:
    """Hash and number of the ranges that begin in each slice: from a bound to before the next, at last to `end`."""
    if not (isinstance(bounds, list) and 1 <= len(bounds) <= SLICES_MAX and isinstance(end, int)):
        raise ValueError("slices")
    places = [rows.place(int(bound)) for bound in (*bounds, end + 1)]
    if places != sorted(places):
        raise ValueError("slices out of order")
    return [[rows.digest(low, high), high - low] for low, high in pairwise(places)]
