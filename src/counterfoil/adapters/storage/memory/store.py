"""The same contract without a file, with a failure on demand: for tests and for the simulator."""

from collections import Counter
from collections.abc import Iterator, Sequence

from counterfoil.adapters.storage.memory.state import State
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.ports import (
    BalanceRow,
    Batch,
    BlockRow,
    CheckpointRow,
    CosignatureRow,
    JournalRow,
    OpeningRow,
    Outage,
    RecordRow,
    SumRow,
    TermRow,
)


class MemoryReading:
    """One committed moment. The state in it is never changed again: the next commit works on a copy."""

    __slots__ = ("_state",)

    def __init__(self, state: State) -> None:
        self._state = state

    def last_checkpoint(self) -> CheckpointRow | None:
        return self._state.checkpoints[-1] if self._state.checkpoints else None

    def checkpoint(self, number: int) -> CheckpointRow | None:
        known = 1 <= number <= len(self._state.checkpoints)
        return self._state.checkpoints[number - 1] if known else None

    def checkpoints(self) -> Iterator[CheckpointRow]:
        return iter(self._state.checkpoints)

    def cosignatures(self, number: int | None = None, *, newest_first: bool = False) -> Iterator[CosignatureRow]:
        rows = self._state.cosignatures_of(number)
        return reversed(rows) if newest_first else iter(rows)

    def terms(self) -> Iterator[TermRow]:
        return iter(sorted(self._state.terms.values()))

    def blocks(self) -> Iterator[BlockRow]:
        return iter(sorted(self._state.blocks.values()))

    def blocks_between(self, unit_class: int, first: int, last: int) -> list[BlockRow]:
        return [
            row for row in self.blocks() if row.unit_class == unit_class and row.first <= last and first <= row.last
        ]

    def blocks_of(self, account: int, *, after: tuple[int, int] | None, limit: int) -> list[BlockRow]:
        own = (row for row in self.blocks() if row.account == account)
        return [row for row in own if after is None or row[:2] > after][:limit]

    def blocks_after(self, after: tuple[int, int], limit: int) -> list[BlockRow]:
        return [row for row in self.blocks() if row[:2] > after][:limit]

    def blocks_at(self, keys: Sequence[tuple[int, int]]) -> list[BlockRow]:
        wanted = set(keys)
        return [row for row in self.blocks() if row[:2] in wanted]

    def block_sums(self) -> Iterator[SumRow]:
        sums: Counter[tuple[int, int]] = Counter()
        for row in self.blocks():
            sums[(row.unit_class, row.account)] += row.last - row.first + 1
        return (SumRow(*key, units) for key, units in sums.items())

    def records(self, kind: str | None = None, *, after: str = "", limit: int | None = None) -> Iterator[RecordRow]:
        rows = (row for row in self._state.records.values() if kind is None or row.kind == kind)
        return iter(sorted(row for row in rows if not after or row.key > after)[:limit])

    def record(self, kind: str, key: str) -> RecordRow | None:
        return self._state.records.get((kind, key))

    def balances(self) -> Iterator[BalanceRow]:
        return iter(sorted(self._state.balances.values()))

    def journal(self, first: int = 0, last: int | None = None) -> Iterator[JournalRow]:
        return iter(self._state.journal[first : None if last is None else last + 1])

    def leaves(self) -> Iterator[tuple[int, bytes, bytes]]:
        return ((row.seq, row.leaf_hash, row.leaf) for row in self._state.journal)

    def mentions(self, text: str, *, after: int = -1, before: int | None = None, limit: int = 100) -> list[JournalRow]:
        sought = text.encode()
        return [row for row in self._state.journal[after + 1 : before] if sought in row.leaf][:limit]

    def row(self, seq: int) -> JournalRow | None:
        return self._state.row(seq)

    def openings(self, seq: int | None = None) -> Iterator[OpeningRow]:
        return iter(self._state.openings_of(seq))

    def commands(self, ids: Sequence[str]) -> dict[str, int]:
        return self._state.commands_among(ids)

    def last_command(self) -> str:
        return max(self._state.commands, default="")

    def close(self) -> None:
        """Nothing is held."""


class MemoryStore:
    """A registry that ends with its process.

    Attributes:
        fail_next: The outage that the next commit raises, once, with nothing written.
    """

    __slots__ = ("_shared", "_state", "fail_next")

    def __init__(self) -> None:
        self._state = State()
        self._shared = False
        self.fail_next: Outage | None = None

    @property
    def epoch(self) -> int:
        """Always 1: the registry's lock keeps a second writer away."""
        return 1

    def reading(self) -> MemoryReading:
        self._shared = True
        return MemoryReading(self._state)

    def commit(self, batch: Batch) -> None:
        if self.fail_next is not None:
            outage, self.fail_next = self.fail_next, None
            raise outage
        conflict = self._state.conflict(batch)
        if conflict is not None:
            raise Outage(StorageFault.CONFLICT, {"path": "memory", "detail": conflict})
        self._own().take(batch)

    def commands(self, ids: Sequence[str]) -> dict[str, int]:
        return self._state.commands_among(ids)

    def row(self, seq: int) -> JournalRow | None:
        return self._state.row(seq)

    def openings(self, seq: int) -> list[OpeningRow]:
        return self._state.openings_of(seq)

    def erase(self, seq: int, field: str) -> bool:
        return self._own().openings.pop((seq, field), None) is not None

    def cosign(self, row: CosignatureRow) -> bool:
        if all(checkpoint.number != row.number for checkpoint in self._state.checkpoints):
            detail = f"there is no checkpoint {row.number}"
            raise Outage(StorageFault.CONFLICT, {"path": "memory", "detail": detail})
        return self._own().cosign(row)

    def close(self) -> None:
        """Nothing is held."""

    def _own(self) -> State:
        """The state to change: copied once after a reading took hold of it, so that commits in a row stay cheap."""
        if self._shared:
            self._state, self._shared = self._state.copy(), False
        return self._state
