"""The block index: which account holds which serials, with drafts that are kept after the commit or taken back.

A block is a range of one class in one account with one lot of facts. Entries change the index at once, and the blocks
from before are kept until the batch is durable: a failed commit puts them back, and nothing is left behind.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from counterfoil.domain.ledger.firsts import Firsts

FOUND_MAX: Final = 256
"""Answers that are kept until the books change: an act names a few dozen ranges, and looks at each a few times."""


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
    """The blocks of one class."""

    __slots__ = ("firsts", "rows")

    def __init__(self, rows: dict[int, Block]) -> None:
        self.rows = rows
        self.firsts = Firsts(sorted(rows))


class BlockIndex:
    """All blocks by class number. Not safe for two writers: there is one (ADR-0010)."""

    __slots__ = ("_before", "_found", "_shelves", "_sums")

    def __init__(self) -> None:
        self._found: dict[tuple[int, int, int], list[Block]] = {}
        self._shelves: dict[int, _Shelf] = {}
        self._before: dict[int, dict[int, Block | None]] = {}
        self._sums: dict[int, dict[int, int]] = {}

    def load(self, unit_class: int, blocks: Iterable[Block]) -> None:
        """Put the committed blocks of a class in place, at start."""
        self._found.clear()
        self._sums.pop(unit_class, None)
        self._shelves[unit_class] = _Shelf({block.first: block for block in blocks})

    def covering(self, unit_class: int, first: int, last: int) -> list[Block]:
        """The whole blocks that have a serial between `first` and `last`, in order."""
        asked = (unit_class, first, last)
        # Rules look before the books change, some several times, and the books look again: then nothing is searched.
        found = self._found.get(asked)
        if found is None:
            if len(self._found) >= FOUND_MAX:
                self._found.clear()
            found = self._found[asked] = self._covering(unit_class, first, last)
        return found

    def _covering(self, unit_class: int, first: int, last: int) -> list[Block]:
        shelf = self._shelves.get(unit_class)
        if shelf is None:
            return []
        rows, firsts = shelf.rows, shelf.firsts
        key = firsts.floor(first)
        if key is not None:
            block = rows[key]
            if block.last >= last:
                return [block]  # the usual case: the range lies inside one block
            found = [block] if block.last >= first else []
        else:
            found = []
        key = firsts.above(first)
        while key is not None and key <= last:
            found.append(rows[key])
            key = firsts.above(key)
        return found

    def put(self, unit_class: int, block: Block) -> None:
        shelf = self._shelves.get(unit_class)
        if shelf is None:
            shelf = self._shelves[unit_class] = _Shelf({})
        first = block.first
        old = shelf.rows.get(first)
        self._keep(unit_class, first, old)
        if old is None:
            shelf.firsts.add(first)
        shelf.rows[first] = block
        if self._sums:
            self._recount(unit_class, old, block)

    def remove(self, unit_class: int, first: int) -> None:
        """Take out the block that begins at `first`, if one does."""
        shelf = self._shelves.get(unit_class)
        old = None if shelf is None else shelf.rows.get(first)
        if shelf is None or old is None:
            return
        self._keep(unit_class, first, old)
        del shelf.rows[first]
        shelf.firsts.discard(first)
        if self._sums:
            self._recount(unit_class, old, None)

    def changes(self) -> tuple[list[tuple[int, ...]], list[tuple[int, int]]]:
        """What the running draft changed, in key order so that B-tree pages stay local.

        Returns:
            The blocks that stand now, each behind the number of its class; class and first serial of the removed ones.
        """
        standing: list[tuple[int, ...]] = []
        removed: list[tuple[int, int]] = []
        for unit_class in sorted(self._before):
            before, rows = self._before[unit_class], self._shelves[unit_class].rows
            for first in sorted(before):
                block = rows.get(first)
                if block is not None:
                    standing.append((unit_class, *block))
                elif before[first] is not None:
                    removed.append((unit_class, first))
        return standing, removed

    def commit(self) -> None:
        """Keep the draft."""
        self._before.clear()

    def discard(self) -> None:
        """Take the draft back: the blocks from before it stand again."""
        self._found.clear()
        for unit_class, blocks in self._before.items():
            shelf = self._shelves[unit_class]
            for first, block in blocks.items():
                stands = first in shelf.rows
                if self._sums:
                    self._recount(unit_class, shelf.rows.get(first), block)
                if block is not None:
                    shelf.rows[first] = block
                    if not stands:
                        shelf.firsts.add(first)
                elif stands:
                    del shelf.rows[first]
                    shelf.firsts.discard(first)
        self._before.clear()

    def of_class(self, unit_class: int) -> Iterator[Block]:
        """The blocks of one class, by first serial."""
        shelf = self._shelves.get(unit_class)
        return iter(()) if shelf is None else (shelf.rows[first] for first in shelf.firsts)

    def held(self, unit_class: int, account: int) -> int:
        """How many units of a class an account holds.

        The first question about a class adds its blocks up. From then on the sums follow each change, so that a
        preview costs what it changes, however many blocks there are; classes that nobody asked about cost nothing.
        """
        sums = self._sums.get(unit_class)
        if sums is None:
            sums = {}
            for block in self.of_class(unit_class):
                sums[block.account] = sums.get(block.account, 0) + block.last - block.first + 1
            self._sums[unit_class] = sums
        return sums.get(account, 0)

    def __iter__(self) -> Iterator[tuple[int, Block]]:
        """Every block, by class and first serial."""
        return ((unit_class, block) for unit_class in sorted(self._shelves) for block in self.of_class(unit_class))

    def __len__(self) -> int:
        return sum(len(shelf.rows) for shelf in self._shelves.values())

    def _recount(self, unit_class: int, old: Block | None, new: Block | None) -> None:
        """Let the sums of a class follow a block that became another."""
        sums = self._sums.get(unit_class)
        if sums is None:
            return
        if old is not None:
            sums[old.account] -= old.last - old.first + 1
        if new is not None:
            sums[new.account] = sums.get(new.account, 0) + new.last - new.first + 1

    def _keep(self, unit_class: int, first: int, old: Block | None) -> None:
        self._found.clear()
        before = self._before.get(unit_class)
        if before is None:
            self._before[unit_class] = {first: old}
        elif first not in before:
            before[first] = old
