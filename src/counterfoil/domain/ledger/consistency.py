"""Consistency proofs: that a tree only grew, and nothing in its older part was changed or taken away.

A witness asks for one before it signs. It is made from the older tree's frontier and the leaves that came after, so its
cost is that of the growth, not of the journal.
Source: RFC 6962 section 2.1.2; RFC 9162 section 2.1.4.2.
"""

from collections.abc import Sequence

from counterfoil.domain.ledger.merkle import EMPTY_ROOT, Frontier, node_hash, root_of


def consistency_proof(before: Frontier, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """The proof from an older tree to the one that has these leaf hashes after it. Empty when either adds nothing.

    Every node of the proof is either a complete subtree that ends where the older tree ends, or one before it, or
    begins at its end or later: so the frontier and the new leaves are enough.
    """
    old, size = before.size, before.size + len(leaves)
    if old in (0, size):
        return ()
    known: dict[tuple[int, int], bytes] = {}
    place = 0
    for root, width in zip(before.roots, _widths(old), strict=True):
        known[(place, place + width)] = root
        place += width

    def subtree(low: int, high: int) -> bytes:
        if low >= old:
            return root_of(leaves[low - old : high - old])
        if high <= old:
            return known[(low, high)]
        middle = low + _split(high - low)
        return node_hash(subtree(low, middle), subtree(middle, high))

    path: list[bytes] = []
    low, high = 0, size
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(subtree(middle, high))
            high = middle
        else:
            path.append(subtree(low, middle))
            low = middle
    if low:
        path.append(subtree(low, high))
    return tuple(reversed(path))


def consistent(*, old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """True when the proof shows that the tree of `size` leaves begins with the tree of `old` leaves.

    Every tree begins with the empty one, and each with itself; both are shown by a proof without hashes.
    """
    if not 0 <= old <= size:
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    if old == size:
        return not proof and old_root == root
    if not proof:
        return False
    # An older tree that is complete stands in the newer one as it is, and is left out of the proof.
    nodes = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    older = newer = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            older, newer = node_hash(node, older), node_hash(node, newer)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            newer = node_hash(newer, node)
        place, last = place >> 1, last >> 1
    return last == 0 and older == old_root and newer == root


def _widths(size: int) -> list[int]:
    """The sizes of the complete subtrees of a tree, the largest first."""
    return [1 << bit for bit in reversed(range(size.bit_length())) if size >> bit & 1]


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
