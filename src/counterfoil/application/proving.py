"""Inclusion proofs: that an entry stands in the log under a signed checkpoint, for anybody with the public key.

Source: RFC 6962 section 2.1.1; ADR-0005.
"""

from collections.abc import Mapping
from typing import Any

from counterfoil.application.ports import CheckpointRow, JournalRow, Reading, Verifier
from counterfoil.domain.ledger.checkpoint import signed_checkpoint
from counterfoil.domain.ledger.merkle import Frontier, includes, late_inclusion_proof, leaf_hash


def entry_proof(reading: Reading, seq: int) -> dict[str, Any] | None:
    """The proof of an entry under the first checkpoint that covers it; None where there is no such entry.

    The cost is that of one batch: the checkpoint before gives all older subtrees.
    """
    row = reading.row(seq)
    found = None if row is None else _covering(reading, seq)
    if row is None or found is None:
        return None
    before, covering = found
    hashes = [each.leaf_hash for each in reading.journal(before.size, covering.size - 1)]
    path = late_inclusion_proof(before, hashes, seq)
    return {
        "seq": seq,
        "leaf": row.leaf.decode(),
        "checkpoint": covering.note,
        "proof": [node.hex() for node in path],
    }


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
    roots = tuple(earlier.frontier[start : start + 32] for start in range(0, len(earlier.frontier), 32))
    return Frontier(earlier.size, roots), covering


def proven(proof: Mapping[str, Any], *, public_key: bytes, origin: str, verify: Verifier) -> JournalRow | None:
    """The entry that a proof shows to stand in the log of `origin`, or None when it does not show it."""
    checkpoint = signed_checkpoint(proof["checkpoint"], name=origin, public_key=public_key, verify=verify)
    if checkpoint is None:
        return None
    data = str(proof["leaf"]).encode()
    leaf = leaf_hash(data)
    try:
        path = [bytes.fromhex(node) for node in proof["proof"]]
    except (TypeError, ValueError):
        return None
    seq = int(proof["seq"])
    shown = includes(root=checkpoint.root, size=checkpoint.size, index=seq, leaf=leaf, proof=path)
    return JournalRow(seq, "", leaf, data) if shown else None
