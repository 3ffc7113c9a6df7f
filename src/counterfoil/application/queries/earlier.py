"""The records as they stood after so many entries: a reading of an earlier moment, for queries that ask for records.

A record that nobody set since is read as it is. One that was set since is read from the entry that set it before.
Blocks and balances have no earlier form here (`past.py` adds them up): asking for them is our own mistake.
"""

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, NoReturn

from counterfoil.application.ports import (
    BalanceRow,
    BlockRow,
    CheckpointRow,
    Codec,
    CosignatureRow,
    JournalRow,
    OpeningRow,
    Reading,
    RecordRow,
    SumRow,
    TermRow,
)
from counterfoil.application.queries.sight import Sight

_AT_ONCE: Final = 64
LastSet = Callable[[str, str], "int | None"]
"""The number of the last entry before the moment that set the record of a kind and key; None where there is none."""


class EarlierFault(StrEnum):
    UNREADABLE = "moment.unreadable"
    NOT_YET = "moment.not_yet"
    BEING_READ = "moment.being_read"
    NOW_ONLY = "moment.now_only"


class EarlierReading:
    """A reading of which the records are those of the first `size` entries, and the journal ends there."""

    def __init__(self, reading: Reading, codec: Codec, size: int, last_set: LastSet) -> None:
        self._now, self._codec, self.size, self._last_set = reading, codec, size, last_set

    @property
    def now(self) -> Reading:
        """The reading of which this one shows an earlier moment."""
        return self._now

    def then(self, row: RecordRow) -> RecordRow | None:
        """A record of now as it stood; None where it was not there yet."""
        if row.seq < self.size:
            return row
        seq = self._last_set(row.kind, row.key)
        entry = None if seq is None else self._now.row(seq)
        if seq is None or entry is None:
            return None
        value: Any = None
        for kind, key, said in self._codec.decode_unchecked(entry.leaf).get("records", ()):
            if kind == row.kind and str(key) == row.key:
                value = said
        return None if value is None else RecordRow(row.kind, row.key, self._codec.encode(value).decode(), seq)

    def walked(self, kind: str, *, after: str, limit: int) -> Iterator[tuple[str, RecordRow | None]]:
        """So many keys of now, each with its record as it stood; read a few at a time, as most pages want few."""
        while limit > 0:
            rows = list(self._now.records(kind, after=after, limit=min(limit, _AT_ONCE)))
            for row in rows:
                yield row.key, self.then(row)
            if len(rows) < min(limit, _AT_ONCE):
                return
            after, limit = rows[-1].key, limit - len(rows)

    def record(self, kind: str, key: str) -> RecordRow | None:
        row = self._now.record(kind, key)
        return None if row is None else self.then(row)

    def records(self, kind: str | None = None, *, after: str = "", limit: int | None = None) -> Iterator[RecordRow]:
        told = 0
        for row in self._now.records(kind, after=after):
            known = self.then(row)
            if known is None:
                continue
            yield known
            told += 1
            if told == limit:
                return

    def row(self, seq: int) -> JournalRow | None:
        return self._now.row(seq) if seq < self.size else None

    def journal(self, first: int = 0, last: int | None = None) -> Iterator[JournalRow]:
        return self._now.journal(first, self.size - 1 if last is None else min(last, self.size - 1))

    def leaves(self) -> Iterator[tuple[int, bytes, bytes]]:
        return (each for each in self._now.leaves() if each[0] < self.size)

    def mentions(self, text: str, *, after: int = -1, before: int | None = None, limit: int = 100) -> list[JournalRow]:
        end = self.size if before is None else min(before, self.size)
        return self._now.mentions(text, after=after, before=end, limit=limit)

    @cached_property
    def _last(self) -> CheckpointRow | None:
        """The last checkpoint of no more entries: sizes grow with the numbers."""
        newest = self._now.last_checkpoint()
        low, high = 0, 0 if newest is None else newest.number
        while low < high:
            middle = (low + high + 1) // 2
            row = self._now.checkpoint(middle)
            low, high = (middle, high) if row is not None and row.size <= self.size else (low, middle - 1)
        return self._now.checkpoint(low) if low else None

    def last_checkpoint(self) -> CheckpointRow | None:
        return self._last

    def checkpoint(self, number: int) -> CheckpointRow | None:
        return self._now.checkpoint(number)

    def checkpoints(self) -> Iterator[CheckpointRow]:
        return (each for each in self._now.checkpoints() if each.size <= self.size)

    def cosignatures(self, number: int | None = None, *, newest_first: bool = False) -> Iterator[CosignatureRow]:
        return self._now.cosignatures(number, newest_first=newest_first)

    def terms(self) -> Iterator[TermRow]:
        return self._now.terms()

    def openings(self, seq: int | None = None) -> Iterator[OpeningRow]:
        return self._now.openings(seq)

    def commands(self, ids: Sequence[str]) -> dict[str, int]:
        return {name: seq for name, seq in self._now.commands(ids).items() if seq < self.size}

    def last_command(self) -> str:
        _untold("last command")

    def blocks(self) -> Iterator[BlockRow]:
        _untold("blocks")

    def blocks_between(self, unit_class: int, first: int, last: int) -> list[BlockRow]:
        _untold(f"blocks {unit_class} {first}-{last}")

    def blocks_of(self, account: int, *, after: tuple[int, int] | None, limit: int) -> list[BlockRow]:
        _untold(f"blocks of {account} after {after}, {limit}")

    def blocks_after(self, after: tuple[int, int], limit: int) -> list[BlockRow]:
        _untold(f"blocks after {after}, {limit}")

    def blocks_at(self, keys: Sequence[tuple[int, int]]) -> list[BlockRow]:
        _untold(f"{len(keys)} blocks")

    def block_sums(self) -> Iterator[SumRow]:
        _untold("sums of blocks")

    def balances(self) -> Iterator[BalanceRow]:
        _untold("balances")

    def close(self) -> None:
        """What it reads from is closed by whoever opened it."""


def _untold(what: str) -> NoReturn:
    raise AssertionError(f"a reading of an earlier moment was asked for {what}")


def sealing(reading: Reading, size: int) -> CheckpointRow | None:
    """The first checkpoint of at least so many entries: it seals them. Sizes grow with the numbers."""
    newest = reading.last_checkpoint()
    if newest is None or newest.size < size:
        return None
    low, high = 1, newest.number
    while low < high:
        middle = (low + high) // 2
        row = reading.checkpoint(middle)
        low, high = (low, middle) if row is not None and row.size >= size else (middle + 1, high)
    return reading.checkpoint(low)


def walked(sight: Sight, kind: str, *, after: str, limit: int) -> Iterator[tuple[str, Any]]:
    """The records of a kind after a key, no more than `limit` keys; None for one that was not there yet."""
    if not isinstance(sight.reading, EarlierReading):
        yield from sight.records(kind, after=after, limit=limit)
        return
    for key, row in sight.reading.walked(kind, after=after, limit=limit):
        yield key, None if row is None else sight.codec.decode(row.value)
