"""Ranges of underlying units: two ids of another programme that differ in one running number."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from counterfoil.domain.reporting.aef_rows import ActionRow, HoldingRow

DIGITS_MAX: Final = 40
"""Digits of an underlying serial that are read as a number."""
_NUMBERS: Final = re.compile(r"(\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class UnitRange:
    """The text of an id around its running number, and the numbers of the range, both ends included.

    When both ids are equal, nobody can say which of its numbers runs, so it is the last one.
    """

    around: tuple[str, str]
    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


@lru_cache(maxsize=4_096)
def unit_range(first: str, last: str) -> UnitRange | None:
    """The range between two ids; None when they differ in more than one running number, or run backwards.

    >>> unit_range("VCS-15-100", "VCS-15-199").size
    100
    """
    ours, theirs = _NUMBERS.split(first.replace(",", "")), _NUMBERS.split(last.replace(",", ""))
    if len(ours) != len(theirs):
        return None
    # Splitting on numbers puts them at the odd positions.
    differing = [place for place, part in enumerate(ours) if part != theirs[place]]
    place = differing[0] if differing else len(ours) - 2
    if len(differing) > 1 or place % 2 == 0 or place < 0:
        return None if differing else UnitRange((first, ""), 1, 1)
    if max(len(ours[place]), len(theirs[place])) > DIGITS_MAX:
        return None
    low, high = int(ours[place]), int(theirs[place])
    around = ("".join(ours[:place]), "".join(ours[place + 1 :]))
    return UnitRange(around, low, high) if low <= high else None


def units_behind(row: ActionRow | HoldingRow) -> UnitRange | None:
    """The underlying units of a row; None when it names none, or not as a range."""
    first, last = row.underlying_unit_first_unit_id, row.underlying_unit_last_unit_id
    return None if first is None or last is None else unit_range(first, last)
