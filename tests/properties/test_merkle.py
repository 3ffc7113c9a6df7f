"""The Merkle tree against a naive reading of RFC 6962, and against the vectors that other implementations publish."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.domain.ledger.merkle import EMPTY_ROOT, Frontier, includes, inclusion_proof, leaf_hash, root_of

# The eight leaves of the Certificate Transparency reference tests, and the roots of the trees over the first n of them.
LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")] + [
    bytes(range(0x60, 0x70))
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
BLOBS = st.lists(st.binary(max_size=8), max_size=70)


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """MTH as RFC 6962 section 2.1 writes it, over the leaves themselves."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


def naive_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """PATH as RFC 6962 section 2.1.1 writes it."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*naive_path(leaves[:split], index), naive_root(leaves[split:])]
    return [*naive_path(leaves[split:], index - split), naive_root(leaves[:split])]


def hashes(count: int) -> list[bytes]:
    return [leaf_hash(b"%d" % number) for number in range(count)]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_the_reference_tests(size: int) -> None:
    assert root_of([leaf_hash(leaf) for leaf in LEAVES[:size]]).hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert root_of([]) == EMPTY_ROOT == Frontier().root() == hashlib.sha256().digest()


@given(BLOBS)
def test_the_root_is_the_recursive_one(leaves: list[bytes]) -> None:
    assert root_of([leaf_hash(leaf) for leaf in leaves]) == naive_root(leaves)


@given(BLOBS, st.lists(st.integers(0, 70), max_size=5))
def test_it_does_not_matter_in_which_portions_a_tree_grows(leaves: list[bytes], cuts: list[int]) -> None:
    whole = [leaf_hash(leaf) for leaf in leaves]
    frontier, start = Frontier(), 0
    for cut in [*sorted(cuts), len(whole)]:
        frontier, start = frontier.extended(whole[start:cut]), max(start, cut)
    assert frontier == Frontier().extended(whole)
    assert frontier.size == len(whole)
    assert len(frontier.roots) == len(whole).bit_count()


@given(BLOBS.filter(bool), st.data())
def test_the_proof_is_the_recursive_one(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    assert list(inclusion_proof([leaf_hash(leaf) for leaf in leaves], index)) == naive_path(leaves, index)


@pytest.mark.parametrize("size", range(1, 65))
def test_every_leaf_is_proved_and_no_wrong_proof_passes(size: int) -> None:
    leaves = hashes(size)
    root = root_of(leaves)
    for index, leaf in enumerate(leaves):
        proof = inclusion_proof(leaves, index)
        assert includes(root=root, size=size, index=index, leaf=leaf, proof=proof)
        assert not includes(root=root, size=size, index=index, leaf=leaf_hash(b"other"), proof=proof)
        assert not includes(root=leaf_hash(b"other"), size=size, index=index, leaf=leaf, proof=proof)
        assert not includes(root=root, size=size, index=index, leaf=leaf, proof=[*proof, leaf])
        for place in range(len(proof)):
            without = (*proof[:place], *proof[place + 1 :])
            changed = (*proof[:place], leaf_hash(b"other"), *proof[place + 1 :])
            assert not includes(root=root, size=size, index=index, leaf=leaf, proof=without)
            assert not includes(root=root, size=size, index=index, leaf=leaf, proof=changed)
        for other in {index - 1, index + 1, -1, size, index + size} - {index}:
            assert not includes(root=root, size=size, index=other, leaf=leaf, proof=proof)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 33])
def test_a_proof_does_not_pass_for_a_tree_of_a_size_that_changes_the_path(size: int) -> None:
    leaves = hashes(size)
    root = root_of(leaves)
    proof = inclusion_proof(leaves, size - 1)
    for other in (0, size - 1, 2 * size + 1, 4 * size):
        assert not includes(root=root, size=other, index=size - 1, leaf=leaves[-1], proof=proof)


def test_a_leaf_that_looks_like_a_node_is_not_taken_for_one() -> None:
    left, right = hashes(2)
    assert leaf_hash(left + right) != root_of([left, right])
