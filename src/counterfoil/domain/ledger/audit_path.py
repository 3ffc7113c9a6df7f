"""Audit paths of several leaves at once, in one pass over all leaf hashes.

The tree under a new checkpoint has new nodes on its right edge only, but an old leaf's path needs nodes from all over
it. They are made by hashing every leaf once: time grows with the tree, memory with the wanted paths and the tree's
height.
Source: RFC 6962 section 2.1.1.
"""

from collections.abc import Collection, Iterable

from counterfoil.domain.ledger.merkle import node_hash

Place = tuple[int, int]
"""A node by its level above the leaves, and its number from the left within the level."""


def audit_paths(
    leaves: Iterable[bytes], *, size: int, indices: Collection[int]
) -> tuple[bytes, dict[int, tuple[bytes, ...]]] | None:
    """The root of the tree over `leaves` (hashes), and the audit path of each wanted leaf, from the leaf upwards.

    Args:
        leaves: The leaf hashes in order. They are gone through once and not kept.
        size: How many there are, above zero. With more or fewer the answer is None.
    """
    assert size > 0 and all(0 <= index < size for index in indices)
    siblings = {index: _siblings(index, size) for index in indices}
    wanted = {place for places in siblings.values() for place in places if _complete(place, size)}
    nodes, stack = _nodes(leaves, wanted)
    if sum(1 << level for level, _, _ in stack) != size:
        return None
    # From the right: the hash of everything from a place of the frontier to the end of the tree.
    suffixes: dict[int, bytes] = {}
    suffix: bytes | None = None
    for level, number, node in reversed(stack):
        suffix = node if suffix is None else node_hash(node, suffix)
        suffixes[number << level] = suffix
    paths = {
        index: tuple(nodes[place] if place in nodes else suffixes[place[1] << place[0]] for place in places)
        for index, places in siblings.items()
    }
    return suffixes[0], paths


def _siblings(index: int, size: int) -> list[Place]:
    """The places beside a leaf's way up. Where there is nothing beside, the node goes up as it is."""
    places: list[Place] = []
    level = 0
    while size - 1 >> level:
        sibling = (index >> level) ^ 1
        if sibling << level < size:
            places.append((level, sibling))
        level += 1
    return places


def _complete(place: Place, size: int) -> bool:
    level, number = place
    return number + 1 << level <= size


def _nodes(leaves: Iterable[bytes], wanted: set[Place]) -> tuple[dict[Place, bytes], list[tuple[int, int, bytes]]]:
    """The wanted complete nodes, and the frontier as (level, number, root), the largest first."""
    found: dict[Place, bytes] = {}
    stack: list[tuple[int, int, bytes]] = []
    for index, leaf in enumerate(leaves):
        level, number, node = 0, index, leaf
        if (0, index) in wanted:
            found[(0, index)] = leaf
        while number & 1:
            node = node_hash(stack.pop()[2], node)
            level, number = level + 1, number >> 1
            if (level, number) in wanted:
                found[(level, number)] = node
        stack.append((level, number, node))
    return found, stack
