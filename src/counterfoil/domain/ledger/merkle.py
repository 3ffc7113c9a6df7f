"""The Merkle tree over the journal's leaves, as RFC 6962 section 2.1 defines it.

Only the frontier (the roots of the complete subtrees) is kept to append; proofs are made from leaf hashes.
Read next: `domain/ledger/checkpoint.py`.
Source: RFC 6962 section 2.1; ADR-0005.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_sha256 = hashlib.sha256
EMPTY_ROOT: Final = _sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one leaf. The prefix byte keeps leaves and inner nodes apart."""
    return _sha256(b"\x00" + leaf).digest()


def leaf_hashes(leaves: Iterable[bytes]) -> list[bytes]:
    """The hashes of many leaves."""
    return [_sha256(b"\x00" + leaf).digest() for leaf in leaves]


def node_hash(left: bytes, right: bytes) -> bytes:
    return _sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """A tree of `size` leaves, by the roots of its complete subtrees, the largest first."""

    size: int = 0
    roots: tuple[bytes, ...] = ()

    def extended(self, leaves: Sequence[bytes]) -> "Frontier":
        """The frontier after more leaf hashes."""
        size, roots = self.size, list(self.roots)
        for leaf in leaves:
            node, level = leaf, size
            while level & 1:
                node = _sha256(b"\x01" + roots.pop() + node).digest()
                level >>= 1
            roots.append(node)
            size += 1
        return Frontier(size, tuple(roots))

    def root(self) -> bytes:
        """The tree's root hash; of the empty tree the hash of nothing."""
        if not self.roots:
            return EMPTY_ROOT
        node = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            node = node_hash(left, node)
        return node


def root_of(leaves: Sequence[bytes]) -> bytes:
    return Frontier().extended(leaves).root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The audit path of leaf `index` in the tree over `leaves` (hashes), from the leaf upwards."""
    assert 0 <= index < len(leaves)
    if len(leaves) == 1:
        return ()
    split = _split(len(leaves))
    if index < split:
        return (*inclusion_proof(leaves[:split], index), root_of(leaves[split:]))
    return (*inclusion_proof(leaves[split:], index - split), root_of(leaves[:split]))


class LateTree:
    """A tree of which only the leaves after a known frontier are at hand: audit paths of those leaves.

    A sibling that lies wholly before is complete, and its parent is not: so it is one of the frontier's roots. What was
    hashed for one path serves the next, so that all paths of a batch cost little more than its tree.
    """

    __slots__ = ("_before", "_leaves", "_roots", "size")

    def __init__(self, before: Frontier, leaves: Sequence[bytes]) -> None:
        """Make the tree.

        Args:
            before: The tree before the leaves below were appended.
            leaves: The leaf hashes after it, up to the size of the tree that the paths are for.
        """
        self._before = before.size
        self._leaves = leaves
        self.size = before.size + len(leaves)
        self._roots: dict[tuple[int, int], bytes] = {}
        place = 0
        for root, width in zip(before.roots, _widths(before.size), strict=True):
            self._roots[place, place + width] = root
            place += width

    def path(self, index: int) -> tuple[bytes, ...]:
        """The audit path of a leaf that is not older than the frontier."""
        assert self._before <= index < self.size
        path: list[bytes] = []
        low, high = 0, self.size
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._subtree(middle, high))
                high = middle
            else:
                path.append(self._subtree(low, middle))
                low = middle
        return tuple(reversed(path))

    def _subtree(self, low: int, high: int) -> bytes:
        if high - low == 1 and low >= self._before:
            return self._leaves[low - self._before]
        known = self._roots.get((low, high))
        if known is None:
            middle = low + _split(high - low)
            known = self._roots[low, high] = node_hash(self._subtree(low, middle), self._subtree(middle, high))
        return known


def late_inclusion_proof(before: Frontier, leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The audit path of one leaf that came after a known frontier, without the older leaves."""
    return LateTree(before, leaves).path(index)


def _widths(size: int) -> list[int]:
    """The sizes of the complete subtrees of a tree, the largest first."""
    return [1 << bit for bit in reversed(range(size.bit_length())) if size >> bit & 1]


def includes(*, root: bytes, size: int, index: int, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """True when the proof leads from the leaf hash to the root of a tree of `size` leaves.

    Source: RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    node, place, last = leaf, index, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            node = node_hash(node, sibling)
        place >>= 1
        last >>= 1
    return last == 0 and node == root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
