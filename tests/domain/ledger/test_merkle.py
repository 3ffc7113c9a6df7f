"""The frontier at the sizes where it changes shape."""

import pytest

from counterfoil.domain.ledger.merkle import Frontier, includes, inclusion_proof, leaf_hash, node_hash, root_of

A, B, C, D, E = (leaf_hash(text) for text in (b"a", b"b", b"c", b"d", b"e"))


def test_a_frontier_keeps_the_roots_of_complete_trees_the_largest_first() -> None:
    four = node_hash(node_hash(A, B), node_hash(C, D))
    assert Frontier().extended([A, B, C, D, E]) == Frontier(5, (four, E))
    assert root_of([A, B, C, D, E]) == node_hash(four, E)
    assert root_of([A, B, C]) == node_hash(node_hash(A, B), C)


def test_a_frontier_is_not_changed_by_what_grows_from_it() -> None:
    frontier = Frontier().extended([A, B, C])
    frontier.extended([D])
    assert frontier == Frontier(3, (node_hash(A, B), C))


def test_a_single_leaf_needs_no_proof() -> None:
    assert inclusion_proof([A], 0) == ()
    assert includes(root=A, size=1, index=0, leaf=A, proof=())
    assert not includes(root=A, size=1, index=0, leaf=B, proof=())


@pytest.mark.parametrize("index", [-1, 1])
def test_a_leaf_outside_the_tree_is_our_own_mistake(index: int) -> None:
    with pytest.raises(AssertionError):
        inclusion_proof([A], index)
