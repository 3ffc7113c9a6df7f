"""The block index: which account holds which serials, with an overlay that is merged after the commit or dropped.

A block is a range of one class in one account with one lot of facts. The overlay holds what the entries of the running
batch changed; lookups see it, a failed commit drops it, and nothing is left behind.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from counterfoil.domain.ledger.firsts import Firsts


class Block(NamedTuple):
    """Serials `first` to `last`, the numbers of account and lot, and the entry that last touched them.

    A named tuple, not a dataclass: a million of them must fit in memory (ADR-0010).
    """

    first: int
    last: int
    account: int
    lot: int
    seq: int


class _Shelf:
    """The committed blocks of one class."""

    __slots__ = ("firsts", "rows")

    def __init__(self, rows: dict[int, Block]) -> None:
        self.rows = rows
        self.firsts = Firsts(sorted(rows))


class _Draft:
    """The blocks of one class that the running batch changed; None stands for a removed block."""

    __slots__ = ("firsts", "rows")

    def __init__(self) -> None:
        self.rows: dict[int, Block | None] = {}
        self.firsts: list[int] = []


class BlockIndex:
    """All blocks by class number. Not safe for two writers: there is one (ADR-0010)."""

    __slots__ = ("_drafts", "_shelves")

    def __init__(self) -> None:
        self._shelves: dict[int, _Shelf] = {}
        self._drafts: dict[int, _Draft] = {}

    def load(self, unit_class: int, blocks: Iterable[Block]) -> None:
        """Put the committed blocks of a class in place, at start."""
        self._shelves[unit_class] = _Shelf({block.first: block for block in blocks})

    def covering(self, unit_class: int, first: int, last: int) -> list[Block]:
        """The whole blocks that have a serial between `first` and `last`, in order."""
        key = self._floor(unit_class, first)
        block = None if key is None else self._at(unit_class, key)
        # A removed block hides what begins below it: after a removal, a wider block may have been put there.
        while key is not None and block is None:
            key = self._floor(unit_class, key - 1)
            block = None if key is None else self._at(unit_class, key)
        if block is not None and block.last >= last:
            return [block]  # the usual case: the range lies inside one block
        found: list[Block] = []
        if key is None:
            key = self._above(unit_class, first)
        while key is not None and key <= last:
            block = self._at(unit_class, key)
            if block is not None and block.last >= first:
                found.append(block)
                if block.last >= last:
                    break
            key = self._above(unit_class, key)
        return found

    def put(self, unit_class: int, block: Block) -> None:
        draft = self._drafts.get(unit_class)
        if draft is None:
            draft = self._drafts[unit_class] = _Draft()
        if block.first not in draft.rows:
            insort(draft.firsts, block.first)
        draft.rows[block.first] = block

    def remove(self, unit_class: int, first: int) -> None:
        draft = self._drafts.setdefault(unit_class, _Draft())
        if first not in draft.rows:
            insort(draft.firsts, first)
        draft.rows[first] = None

    def changes(self) -> Iterator[tuple[int, int, Block | None]]:
        """What the running batch changed: (class, first, block), in key order so that B-tree pages stay local."""
        for unit_class in sorted(self._drafts):
            draft = self._drafts[unit_class]
            for first in draft.firsts:
                yield unit_class, first, draft.rows[first]

    def commit(self) -> None:
        for unit_class, draft in self._drafts.items():
            shelf = self._shelves.get(unit_class)
            if shelf is None:
                shelf = self._shelves[unit_class] = _Shelf({})
            for first, block in draft.rows.items():
                if block is None:
                    if shelf.rows.pop(first, None) is not None:
                        shelf.firsts.discard(first)
                else:
                    if first not in shelf.rows:
                        shelf.firsts.add(first)
                    shelf.rows[first] = block
        self._drafts.clear()

    def discard(self) -> None:
        self._drafts.clear()

    def committed(self) -> Iterator[tuple[int, Block]]:
        """Every committed block, by class and first serial."""
        for unit_class in sorted(self._shelves):
            shelf = self._shelves[unit_class]
            for first in shelf.firsts:
                yield unit_class, shelf.rows[first]

    def __len__(self) -> int:
        return sum(len(shelf.rows) for shelf in self._shelves.values())

    def _at(self, unit_class: int, first: int) -> Block | None:
        draft = self._drafts.get(unit_class)
        if draft is not None and first in draft.rows:
            return draft.rows[first]
        shelf = self._shelves.get(unit_class)
        return None if shelf is None else shelf.rows.get(first)

    def _floor(self, unit_class: int, value: int) -> int | None:
        shelf = self._shelves.get(unit_class)
        below = None if shelf is None else shelf.firsts.floor(value)
        draft = self._drafts.get(unit_class)
        if draft is not None and (place := bisect_right(draft.firsts, value)):
            drafted = draft.firsts[place - 1]
            return drafted if below is None or drafted > below else below
        return below

    def _above(self, unit_class: int, value: int) -> int | None:
        shelf = self._shelves.get(unit_class)
        above = None if shelf is None else shelf.firsts.above(value)
        draft = self._drafts.get(unit_class)
        if draft is not None and (place := bisect_left(draft.firsts, value + 1)) < len(draft.firsts):
            drafted = draft.firsts[place]
            return drafted if above is None or drafted < above else above
        return above
