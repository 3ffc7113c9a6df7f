"""Overlaps of blocks, by sorting: never all pairs.

Two blocks overlap only when they share the class key and a serial. All functions here take the blocks of one class.

Source: rulebook 2.2 (overlap iff max(firsts) <= min(lasts)).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from counterfoil.domain.reporting.consistency.world import Act, Block

T = TypeVar("T", bound=Block)
U = TypeVar("U", bound=Block)


def in_serial_order(acts: Sequence[Act]) -> list[Act]:
    return sorted(acts, key=lambda act: (act.first, act.moment))


def overlapping(acts: Sequence[Act]) -> Iterator[tuple[Act, Act]]:
    """Each act that shares a serial with one before it in serial order, with the one that reaches furthest.

    One pair per overlapping act, so n copies of a row give n-1 pairs and not n squared.
    """
    reach: Act | None = None
    for act in in_serial_order(acts):
        if reach is not None and act.first <= reach.last:
            yield reach, act
        if reach is None or act.last > reach.last:
            reach = act


def disagreeing(blocks: Iterable[T], value: Callable[[T], Hashable]) -> Iterator[tuple[T, T]]:
    """Blocks that share a serial with an earlier one in serial order that has another value, one pair per block.

    Each block is compared with the one before it that reaches furthest: among blocks that overlap in a chain, some pair
    that disagrees is always found, though not every pair.
    """
    reach: T | None = None
    for block in sorted(blocks, key=lambda block: block.first):
        if reach is not None and block.first <= reach.last and value(reach) != value(block):
            yield reach, block
        if reach is None or block.last > reach.last:
            reach = block


def disjoint_blocks(blocks: Iterable[T]) -> list[T]:
    """The blocks without those that overlap an earlier one in serial order."""
    kept: list[T] = []
    for block in sorted(blocks, key=lambda block: block.first):
        if not kept or block.first > kept[-1].last:
            kept.append(block)
    return kept


def disjoint(acts: Sequence[Act]) -> list[Act]:
    """The acts without those that overlap an earlier one, so that each serial has one answer."""
    kept: list[Act] = []
    for act in in_serial_order(acts):
        if not kept or act.first > kept[-1].last:
            kept.append(act)
    return kept


def meetings(left: Sequence[T], right: Sequence[U]) -> Iterator[tuple[T, U]]:
    """The pairs of two disjoint lists that share a serial, in one walk over both."""
    i = j = 0
    while i < len(left) and j < len(right):
        if max(left[i].first, right[j].first) <= min(left[i].last, right[j].last):
            yield left[i], right[j]
        if left[i].last < right[j].last:
            i += 1
        else:
            j += 1


class Moments:
    """Which of some disjoint acts that touch a range came first, or last: a segment tree over their moments."""

    def __init__(self, acts: Sequence[Act]) -> None:
        self._acts = acts
        self._firsts = [act.first for act in acts]
        self._lasts = [act.last for act in acts]
        self._size = len(acts)
        self._early = self._tree(latest=False)
        self._late = self._tree(latest=True)

    def earliest(self, first: int, last: int) -> Act | None:
        return self._found(self._early, first, last, latest=False)

    def latest(self, first: int, last: int) -> Act | None:
        return self._found(self._late, first, last, latest=True)

    def covered(self, first: int, last: int) -> bool:
        """Whether some act touches the range at all."""
        return bisect_left(self._lasts, first) < bisect_right(self._firsts, last)

    def _tree(self, *, latest: bool) -> list[Act]:
        tree = [*self._acts, *self._acts]
        for node in range(self._size - 1, 0, -1):
            tree[node] = _picked(tree[2 * node], tree[2 * node + 1], latest=latest)
        return tree

    def _found(self, tree: Sequence[Act], first: int, last: int, *, latest: bool) -> Act | None:
        low = bisect_left(self._lasts, first) + self._size
        high = bisect_right(self._firsts, last) + self._size
        best: Act | None = None
        while low < high:
            if low & 1:
                best = tree[low] if best is None else _picked(best, tree[low], latest=latest)
                low += 1
            if high & 1:
                high -= 1
                best = tree[high] if best is None else _picked(best, tree[high], latest=latest)
            low >>= 1
            high >>= 1
        return best


def _picked(one: Act, other: Act, *, latest: bool) -> Act:
    return one if (one.moment >= other.moment) is latest else other
