"""What tree, checkpoint and signature take of a batch: the same work on the same leaves, timed right after the batch.

Timing it inside the batch would need a hook in the writer's hot path, and a clock read for each leaf would cost as much
as the leaf.
"""

import time
from collections.abc import Sequence

from counterfoil.application.ports import CheckpointRow, JournalRow, Signer
from counterfoil.domain.ledger.checkpoint import Checkpoint, signed_note
from counterfoil.domain.ledger.merkle import Frontier, leaf_hash

_HASH_BYTES = 32


def frontier_of(row: CheckpointRow | None) -> Frontier:
    """The tree as a checkpoint left it."""
    if row is None:
        return Frontier()
    roots = [row.frontier[at : at + _HASH_BYTES] for at in range(0, len(row.frontier), _HASH_BYTES)]
    return Frontier(row.size, tuple(roots))


def tree_seconds(frontier: Frontier, rows: Sequence[JournalRow], batch: int, signer: Signer) -> float:
    """Seconds for hashing the leaves, growing the tree, and one signed checkpoint for each batch."""
    begun = time.perf_counter()
    for start in range(0, len(rows), batch):
        frontier = frontier.extended([leaf_hash(row.leaf) for row in rows[start : start + batch]])
        checkpoint = Checkpoint(
            origin=signer.name,
            size=frontier.size,
            root=frontier.root(),
            number=start + 1,
            recorded_at="2026-01-01T00:00:00.000Z",
            epoch=1,
        )
        text = checkpoint.text()
        signed_note(text, name=signer.name, public_key=signer.public_key, signature=signer.sign(text.encode()))
    return time.perf_counter() - begun
