"""Serial ranges: closed intervals, so that a printed range can be compared by eye with the AEF columns.

Read next: `domain/units/identifier.py`, then `domain/ledger/entry.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.canonical import INTEGER_MAX
from counterfoil.domain.kernel.refusal import Refusal


class SerialsFault(StrEnum):
    BACKWARDS = "serials.backwards"
    OUT_OF_BOUNDS = "serials.out_of_bounds"


SERIAL_MAX: Final = INTEGER_MAX


@dataclass(frozen=True, slots=True, order=True)
class SerialRange:
    """Serials `first` to `last`, both included, inside one class. One serial is one tonne (or one unit of a metric)."""

    first: int
    last: int

    def __post_init__(self) -> None:
        assert 1 <= self.first <= self.last <= SERIAL_MAX, (self.first, self.last)

    @property
    def size(self) -> int:
        """How many units the range holds.

        >>> SerialRange(71, 1_000).size
        930
        """
        return self.last - self.first + 1

    def overlaps(self, other: "SerialRange") -> bool:
        """True when a serial lies in both; ranges that only touch (1-10 and 11-20) do not overlap."""
        return self.first <= other.last and other.first <= self.last

    def contains(self, other: "SerialRange") -> bool:
        return self.first <= other.first and other.last <= self.last

    def intersection(self, other: "SerialRange") -> "SerialRange | None":
        first, last = max(self.first, other.first), min(self.last, other.last)
        return SerialRange(first, last) if first <= last else None

    def minus(self, other: "SerialRange") -> tuple["SerialRange", ...]:
        """What is left of this range without the other: nothing, one piece or two.

        >>> SerialRange(1, 10).minus(SerialRange(4, 6))
        (SerialRange(first=1, last=3), SerialRange(first=7, last=10))
        """
        if not self.overlaps(other):
            return (self,)
        below = (SerialRange(self.first, other.first - 1),) if self.first < other.first else ()
        above = (SerialRange(other.last + 1, self.last),) if other.last < self.last else ()
        return below + above

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}..{self.last}"


def serial_range(first: int, last: int) -> SerialRange | Refusal:
    """A range from two numbers that somebody typed."""
    return no_range(first, last) or SerialRange(first, last)


def no_range(first: int, last: int) -> Refusal | None:
    """Why two numbers that somebody typed are no range."""
    if not (1 <= first <= SERIAL_MAX and 1 <= last <= SERIAL_MAX):
        return Refusal(SerialsFault.OUT_OF_BOUNDS, {"first": str(first), "last": str(last)})
    if first > last:
        return Refusal(SerialsFault.BACKWARDS, {"first": first, "last": last})
    return None


def joined(ranges: Iterable[SerialRange]) -> tuple[SerialRange, ...]:
    """The same serials in the fewest ranges, in order.

    >>> joined([SerialRange(11, 20), SerialRange(1, 10), SerialRange(30, 31)])
    (SerialRange(first=1, last=20), SerialRange(first=30, last=31))
    """
    pieces: list[SerialRange] = []
    for piece in sorted(ranges):
        if pieces and piece.first <= pieces[-1].last + 1:
            pieces[-1] = SerialRange(pieces[-1].first, max(pieces[-1].last, piece.last))
        else:
            pieces.append(piece)
    return tuple(pieces)
