"""Which units of other registries stand behind units of this book, so that none stands behind two.

The index is folded from the facts of the units, so that issuances of any age are in it. It holds ranges by series: a
registry and the text around the number. Ranges that touch become one; an old journal may name a range twice.

Source: 6/CMA.4 annex I para. 4 (traceable to the mitigation outcome); consistency check C70.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from counterfoil.domain.ledger.blocks import Block, BlockIndex

UNDERLYING: Final = "underlying"
Series: TypeAlias = tuple[str, str, str]
"""Registry, text before the number, text after it."""


class UnderlyingIndex:
    """Ranges of underlying units by series. Costs a search by halving per act that names any, and nothing else."""

    __slots__ = ("_numbers", "_ranges")

    def __init__(self) -> None:
        self._numbers: dict[Series, int] = {}
        self._ranges = BlockIndex()

    def taken(self, series: Series, first: int, last: int) -> tuple[int, int] | None:
        """The first numbers between `first` and `last` that stand behind units here, or None."""
        number = self._numbers.get(series)
        found = [] if number is None else self._ranges.covering(number, first, last)
        return (max(found[0].first, first), min(found[0].last, last)) if found else None

    def add(self, facts: Mapping[str, Any], first: int, last: int) -> None:
        """Note what stands behind units `first` to `last` by their facts, if anything."""
        read = _series(facts)
        if read is None:
            return
        series, offset = read
        number = self._numbers.setdefault(series, len(self._numbers))
        low, high = first + offset, last + offset
        for known in self._ranges.covering(number, low - 1, high + 1):
            low, high = min(low, known.first), max(high, known.last)
            self._ranges.remove(number, known.first)
        self._ranges.put(number, Block(low, high, 0, 0, 0))

    def free(self, facts: Mapping[str, Any], first: int, last: int) -> None:
        """The units were taken back by a correction: what stood behind them may stand behind others."""
        read = _series(facts)
        if read is None:
            return
        series, offset = read
        number = self._numbers[series]
        low, high = first + offset, last + offset
        for known in self._ranges.covering(number, low, high):
            self._ranges.remove(number, known.first)
            if known.first < low:
                self._ranges.put(number, Block(known.first, low - 1, 0, 0, 0))
            if high < known.last:
                self._ranges.put(number, Block(high + 1, known.last, 0, 0, 0))

    def commit(self) -> None:
        self._ranges.commit()

    def discard(self) -> None:
        self._ranges.discard()


def _series(facts: Mapping[str, Any]) -> tuple[Series, int] | None:
    """Series and offset by the facts; None where they name none, or nothing that can be read (a partner wrote them)."""
    match facts.get(UNDERLYING):
        case [str(registry), str(prefix), str(suffix), int(offset)]:
            return (registry, prefix, suffix), offset
    return None
