"""Which blocks stand in which account: the store keeps blocks by class and serial only, as an index would cost commits.

The book is read once, a stretch at a time, and set in the order of accounts; what entries changed since is kept beside
it. 16 bytes are kept for each block. Read before: `application/queries/standings.py`.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from heapq import merge
from itertools import accumulate
from typing import Any, Final

from counterfoil.application.queries.sight import Sight

CHANGES_MAX: Final = 50_000
"""Beyond so many changes the book is read anew."""
Key = tuple[int, int]
"""The number of a class, and the first serial of a block of it."""
BEFORE_ALL: Final[Key] = (-1, 0)


class _Book:
    """Blocks in the order in which they were put in, as columns."""

    def __init__(self, blocks: int = 0) -> None:
        self.accounts, self.classes = array("I", bytes(4 * blocks)), array("I", bytes(4 * blocks))
        self.firsts = array("q", bytes(8 * blocks))

    def add(self, account: int, key: Key) -> None:
        self.accounts.append(account)
        self.classes.append(key[0])
        self.firsts.append(key[1])

    def key(self, at: int) -> Key:
        return self.classes[at], self.firsts[at]

    def by_account(self) -> "tuple[_Book, array[int]]":
        """The same blocks by account, each account's in the order of now; and where each account begins."""
        counts = [0] * (max(self.accounts, default=0) + 2)
        for account in self.accounts:
            counts[account + 1] += 1
        begins = array("I", accumulate(counts))
        places, ordered = array("I", begins), _Book(len(self.accounts))
        for account, unit_class, first in zip(self.accounts, self.classes, self.firsts, strict=True):
            place = places[account]
            places[account] = place + 1
            ordered.accounts[place], ordered.classes[place], ordered.firsts[place] = account, unit_class, first
        return ordered, begins


class BlocksByAccount:
    """The blocks of one registry by account. One thread at a time uses it."""

    def __init__(self) -> None:
        self.ready = False
        """Whether the whole book has been read, and everything that came since."""
        self.changes = 0
        self.size = 0
        """How many entries are in it."""
        self._begin()

    def _begin(self) -> None:
        self._read, self._mark, self._whole = _Book(), BEFORE_ALL, False
        self._book, self._begins = _Book(), array("I")
        self._gone: set[tuple[int, Key]] = set()
        self._added: dict[int, list[Key]] = {}
        self.changes, self.ready = 0, False

    def follow(self, sight: Sight, *, limit: int) -> None:
        """Go on for a stretch of so many blocks or entries, as far as this look at the books reaches."""
        last = sight.reading.last_checkpoint()
        size = 0 if last is None else last.size
        if self.changes > CHANGES_MAX:
            self._begin()
        if not self._whole:
            self._go_through(sight, size, limit)
            return
        end = min(size, self.size + limit)
        if self.size < end:
            for row in sight.reading.journal(self.size, end - 1):
                self._take(sight, sight.codec.decode_unchecked(row.leaf))
                self.size += 1
        self.ready = self.ready or self.size >= size

    def of(self, account: int, *, after: Key = BEFORE_ALL) -> Iterator[Key]:
        """The keys of an account's blocks above one, in order. One may have left since this look: who reads it sees."""
        begin, end = self._of_base(account)
        place = bisect_right(range(begin, end), after, key=self._book.key) + begin
        kept = (self._book.key(at) for at in range(place, end))
        added = self._added.get(account, [])
        return merge((key for key in kept if (account, key) not in self._gone), added[bisect_right(added, after) :])

    def _of_base(self, account: int) -> tuple[int, int]:
        known = account + 1 < len(self._begins)
        return (self._begins[account], self._begins[account + 1]) if known else (0, 0)

    def _go_through(self, sight: Sight, size: int, limit: int) -> None:
        """The book as it stands, a stretch at a look: entries that come meanwhile are taken in afterwards, all."""
        if self._mark == BEFORE_ALL:
            self.size = size
        rows = sight.reading.blocks_after(self._mark, limit)
        for row in rows:
            self._read.add(row.account, (row.unit_class, row.first))
        if len(rows) == limit:
            self._mark = rows[-1].unit_class, rows[-1].first
            return
        (self._book, self._begins), self._read, self._whole = self._read.by_account(), _Book(), True
        self.ready = self.size >= size

    def _take(self, sight: Sight, leaf: Mapping[str, Any]) -> None:
        """Take out what left an account, and put in what stands there now: the same twice changes nothing."""
        for name, first, last, source, _ in leaf.get("moves", ()):
            account, unit_class = sight.number("account", source), sight.number("class", name)
            if account is not None and unit_class is not None:
                self._take_out(account, (unit_class, first), (unit_class, last))
        for name, first, last, *_ in (*leaf.get("moves", ()), *leaf.get("facts", ())):
            unit_class = sight.number("class", name)
            # A block that is cut goes on behind the cut.
            for row in sight.reading.blocks_between(unit_class, first, last + 1) if unit_class is not None else ():
                self._put_in(row.account, (row.unit_class, row.first))

    def _take_out(self, account: int, first: Key, last: Key) -> None:
        begin, end = self._of_base(account)
        for at in range(bisect_left(range(begin, end), first, key=self._book.key) + begin, end):
            key = self._book.key(at)
            if key > last:
                break
            self._gone.add((account, key))
            self.changes += 1
        added = self._added.get(account, [])
        del added[bisect_left(added, first) : bisect_right(added, last)]

    def _put_in(self, account: int, key: Key) -> None:
        begin, end = self._of_base(account)
        at = bisect_left(range(begin, end), key, key=self._book.key) + begin
        if at < end and self._book.key(at) == key:
            self._gone.discard((account, key))
            return
        added = self._added.setdefault(account, [])
        place = bisect_left(added, key)
        if place == len(added) or added[place] != key:
            added.insert(place, key)
            self.changes += 1
