"""Which checkpoint covers an entry, and the tree before it: found by halving, as checkpoints count without a gap."""

from counterfoil.application.ports import CheckpointRow, Reading
from counterfoil.domain.ledger.merkle import Frontier, LateTree


class Coverings:
    """The checkpoints that cover entries, with audit paths. The last one is kept, as neighbours are often asked for."""

    __slots__ = ("_first", "_last", "_reading")

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._first = 0
        self._last: tuple[CheckpointRow, LateTree] | None = None

    def path(self, seq: int) -> tuple[CheckpointRow, tuple[bytes, ...]] | None:
        """The first checkpoint above an entry, and the entry's audit path in its tree; None where there is none."""
        if self._last is None or not self._first <= seq < self._last[0].size:
            found = _covering(self._reading, seq)
            if found is None:
                return None
            before, covering = found
            hashes = [each.leaf_hash for each in self._reading.journal(before.size, covering.size - 1)]
            self._first, self._last = before.size, (covering, LateTree(before, hashes))
        covering, tree = self._last
        return covering, tree.path(seq)


def late_path(reading: Reading, seq: int) -> tuple[CheckpointRow, tuple[bytes, ...]] | None:
    """The first checkpoint above an entry, and the entry's audit path in its tree; None where there is none."""
    return Coverings(reading).path(seq)


def checkpoint_of_size(reading: Reading, size: int) -> CheckpointRow | None:
    """The checkpoint over exactly so many entries; None when none was signed."""
    found = _covering(reading, size - 1) if size > 0 else None
    return found[1] if found is not None and found[1].size == size else None


def checkpoint_over(reading: Reading, size: int) -> CheckpointRow | None:
    """The first checkpoint over at least so many entries; None when there is none."""
    found = _covering(reading, size - 1) if size > 0 else None
    return None if found is None else found[1]


def frontier_of(row: CheckpointRow) -> Frontier:
    """The tree under a checkpoint, by the roots of its complete subtrees."""
    return Frontier(row.size, tuple(row.frontier[start : start + 32] for start in range(0, len(row.frontier), 32)))


def _covering(reading: Reading, seq: int) -> tuple[Frontier, CheckpointRow] | None:
    """The first checkpoint above an entry, and the tree before it: checkpoints are numbered without a gap, so halve."""
    last = reading.last_checkpoint()
    if last is None or last.size <= seq:
        return None
    low, high = 1, last.number
    while low < high:
        middle = (low + high) // 2
        row = reading.checkpoint(middle)
        assert row is not None
        low, high = (low, middle) if row.size > seq else (middle + 1, high)
    covering = reading.checkpoint(low)
    earlier = reading.checkpoint(low - 1)
    assert covering is not None
    if earlier is None:
        return Frontier(), covering
    return frontier_of(earlier), covering
