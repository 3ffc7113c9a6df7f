"""Consistency proofs against the plain recursion of RFC 6962, for all pairs of small sizes."""

from collections.abc import Sequence

import pytest

from counterfoil.domain.ledger.consistency import consistency_proof, consistent
from counterfoil.domain.ledger.merkle import EMPTY_ROOT, Frontier, leaf_hash, root_of

SIZE_MAX = 64
LEAVES = [leaf_hash(bytes([number])) for number in range(SIZE_MAX)]


def naive(old: int, leaves: Sequence[bytes], *, whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962 section 2.1.2, word for word."""
    if old == len(leaves):
        return [] if whole else [root_of(leaves)]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if old <= split:
        return [*naive(old, leaves[:split], whole=whole), root_of(leaves[split:])]
    return [*naive(old - split, leaves[split:], whole=False), root_of(leaves[:split])]


def pairs() -> list[tuple[int, int]]:
    return [(old, size) for size in range(1, SIZE_MAX + 1) for old in range(1, size + 1)]


def made(old: int, size: int) -> tuple[bytes, ...]:
    return consistency_proof(Frontier().extended(LEAVES[:old]), LEAVES[old:size])


def shows(old: int, size: int, proof: Sequence[bytes]) -> bool:
    return consistent(old=old, old_root=root_of(LEAVES[:old]), size=size, root=root_of(LEAVES[:size]), proof=proof)


def test_every_proof_is_that_of_the_plain_recursion_and_is_accepted() -> None:
    for old, size in pairs():
        proof = made(old, size)
        assert list(proof) == naive(old, LEAVES[:size]), (old, size)
        assert shows(old, size, proof), (old, size)


def test_a_proof_for_other_sizes_is_refused() -> None:
    for old, size in pairs():
        if old == size:
            continue
        proof = made(old, size)
        for other in {old - 1, old + 1, size} - {0, old}:
            roots = {"old_root": root_of(LEAVES[:old]), "root": root_of(LEAVES[:size])}
            assert not consistent(old=other, size=size, proof=proof, **roots), (old, other, size)


@pytest.mark.parametrize("old, size", [(1, 2), (3, 7), (4, 7), (6, 8), (8, 64), (21, 50), (63, 64)])
def test_a_proof_that_was_changed_is_refused(old: int, size: int) -> None:
    proof = made(old, size)
    for at in range(len(proof)):
        changed = bytes([proof[at][0] ^ 1, *proof[at][1:]])
        assert not shows(old, size, [*proof[:at], changed, *proof[at + 1 :]])
        assert not shows(old, size, [*proof[:at], *proof[at + 1 :]])
        assert not shows(old, size, [*proof[:at], proof[at], *proof[at:]])
    assert not shows(old, size, ())


def test_a_tree_that_shrank_or_forked_is_refused() -> None:
    fork = [*LEAVES[:20], leaf_hash(b"other"), *LEAVES[21:40]]
    honest, forked = Frontier().extended(LEAVES[:30]), Frontier().extended(fork[:30])
    proof = consistency_proof(forked, fork[30:40])
    sizes = {"old": 30, "size": 40, "root": root_of(fork)}
    assert consistent(old_root=forked.root(), proof=proof, **sizes)
    assert not consistent(old_root=honest.root(), proof=proof, **sizes)
    assert not consistent(old_root=honest.root(), proof=consistency_proof(honest, fork[30:40]), **sizes)
    assert not consistent(old=5, old_root=root_of(LEAVES[:5]), size=4, root=root_of(LEAVES[:4]), proof=())
    assert not consistent(old=4, old_root=root_of(LEAVES[:4]), size=4, root=root_of(LEAVES[1:5]), proof=())


def test_the_empty_tree_needs_no_proof_and_takes_none() -> None:
    root = root_of(LEAVES[:3])
    assert consistency_proof(Frontier(), LEAVES[:3]) == ()
    assert consistent(old=0, old_root=EMPTY_ROOT, size=3, root=root, proof=())
    assert not consistent(old=0, old_root=EMPTY_ROOT, size=3, root=root, proof=(root,))
    assert not consistent(old=0, old_root=root, size=3, root=root, proof=())
