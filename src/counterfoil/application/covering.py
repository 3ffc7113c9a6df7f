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
    """The first checkpoint above an entry, and the tree before it.

    Checkpoints are numbered without a gap, so halve; what is asked for is mostly new, so step back from the end first,
    twice as far each time.
    """
    last = reading.last_checkpoint()
    if last is None or last.size <= seq:
        return None
    covering, step = last, 1
    while (before := reading.checkpoint(covering.number - step)) is not None and before.size > seq:
        covering, step = before, step * 2
    low = 1 if before is None else before.number + 1
    while low < covering.number:
        middle = reading.checkpoint((low + covering.number) // 2)
        assert middle is not None
        if middle.size > seq:
            covering = middle
        else:
            low, before = middle.number + 1, middle
    if before is None or before.number != covering.number - 1:
        before = reading.checkpoint(covering.number - 1)
    return (Frontier() if before is None else frontier_of(before)), covering
