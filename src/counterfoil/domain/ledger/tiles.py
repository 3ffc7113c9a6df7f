"""Tiles: the whole tree as files that never change once full, so that a plain web server can publish the log.

A tile holds 256 consecutive hashes of one level, an entry bundle the 256 leaves below a tile of level 0. Level 1 has
the root of each full tile of level 0, and so on. The rightmost tiles are partial; their width is part of their name.
Source: C2SP tlog-tiles, sections Merkle Tree, Partial Tiles and Log entries.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from counterfoil.domain.ledger.merkle import EMPTY_ROOT, node_hash, root_of

WIDTH: Final = 256
HASH_BYTES: Final = 32
ENTRY_BYTES_MAX: Final = 2**16 - 1
CHECKPOINT: Final = "checkpoint"


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile by level and number; of `width` hashes, 256 when it is full."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def full(self) -> bool:
        return self.width == WIDTH

    def path(self) -> str:
        """Where its hashes lie.

        >>> Tile(0, 1_234_067).path(), Tile(1, 0, 17).path()
        ('tile/0/x001/x234/067', 'tile/1/000.p/17')
        """
        return f"tile/{self.level}/{self._place()}"

    def entries_path(self) -> str:
        """Where the entry bundle of a tile of level 0 lies."""
        assert self.level == 0
        return f"tile/entries/{self._place()}"

    def _place(self) -> str:
        assert 0 < self.width <= WIDTH
        digits = str(self.number)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
        place = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        return place if self.full else f"{place}.p/{self.width}"


def partial_tiles(size: int) -> Iterator[Tile]:
    """The partial tiles of a tree, one at most for each level. A width of zero is no tile.

    >>> [(tile.level, tile.number, tile.width) for tile in partial_tiles(70_000)]
    [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    """
    level = 0
    while hashes := size >> 8 * level:
        if hashes % WIDTH:
            yield Tile(level, hashes // WIDTH, hashes % WIDTH)
        level += 1


def entry_bundle(leaves: Sequence[bytes]) -> bytes:
    """The leaves of a tile of level 0, each after its length in two bytes."""
    assert 0 < len(leaves) <= WIDTH and all(len(leaf) <= ENTRY_BYTES_MAX for leaf in leaves)
    return b"".join(struct.pack(">H", len(leaf)) + leaf for leaf in leaves)


def entries_of(bundle: bytes) -> list[bytes] | None:
    """The leaves in an entry bundle; None when its lengths do not come out."""
    leaves: list[bytes] = []
    at = 0
    while at + 2 <= len(bundle):
        (length,) = struct.unpack_from(">H", bundle, at)
        at += 2 + length
        leaves.append(bundle[at - length : at])
    return leaves if at == len(bundle) else None


def hashes_of(tile: bytes) -> list[bytes] | None:
    """The hashes in a tile; None when it is empty, too wide, or cut off."""
    if not tile or len(tile) % HASH_BYTES or len(tile) > WIDTH * HASH_BYTES:
        return None
    return [tile[start : start + HASH_BYTES] for start in range(0, len(tile), HASH_BYTES)]


class Tiling:
    """A growing tree, by the hashes of its partial tiles: all that is needed to go on, and to know the root."""

    def __init__(self, edge: Sequence[Sequence[bytes]] = ()) -> None:
        """Start empty, or from the partial tiles' hashes of each level, an empty sequence for a level without one."""
        self._edge: list[list[bytes]] = [list(hashes) for hashes in edge]
        self.size = sum(len(hashes) << 8 * level for level, hashes in enumerate(self._edge))

    def append(self, leaf_hash: bytes) -> list[tuple[Tile, bytes]]:
        """Take one leaf. Returns the tiles that became full with it, with their bytes, the lowest first."""
        done: list[tuple[Tile, bytes]] = []
        node, level = leaf_hash, 0
        self.size += 1
        while True:
            if level == len(self._edge):
                self._edge.append([])
            hashes = self._edge[level]
            hashes.append(node)
            if len(hashes) < WIDTH:
                return done
            done.append((Tile(level, (self.size >> 8 * (level + 1)) - 1), b"".join(hashes)))
            node = root_of(hashes)
            self._edge[level] = []
            level += 1

    def edge(self, level: int) -> bytes:
        """The bytes of a level's partial tile as it stands."""
        return b"".join(self._edge[level])

    def root(self) -> bytes:
        """The root of the tree: the roots of the partial tiles, joined from the right."""
        root: bytes | None = None
        for hashes in self._edge:
            end = len(hashes)
            for width in _complete_widths(end):
                left = root_of(hashes[end - width : end])
                root = left if root is None else node_hash(left, root)
                end -= width
        return EMPTY_ROOT if root is None else root


def _complete_widths(count: int) -> Iterator[int]:
    """The sizes of the complete subtrees over so many hashes, from the right: the smallest first."""
    for bit in range(count.bit_length()):
        if count >> bit & 1:
            yield 1 << bit
