"""A sorted set in chunks, at the sizes where a chunk fills, splits and empties."""

import pytest

from counterfoil.domain.ledger.firsts import CHUNK, Firsts


def test_an_empty_set_has_no_neighbours() -> None:
    firsts = Firsts()
    assert (len(firsts), list(firsts), firsts.floor(5), firsts.above(5)) == (0, [], None, None)
    firsts.discard(5)
    firsts.add(7)
    assert (list(firsts), firsts.floor(7), firsts.above(6)) == ([7], 7, 7)


@pytest.mark.parametrize("count", [1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1, 5 * CHUNK])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_set_of_many_chunks_stays_in_order(count: int, *, backwards: bool) -> None:
    firsts = Firsts()
    for value in sorted(range(0, 10 * count, 10), reverse=backwards):
        firsts.add(value)
    assert list(firsts) == list(Firsts(range(0, 10 * count, 10))) == list(range(0, 10 * count, 10))
    for value in (0, 5, 10 * (count // 2), 10 * count - 10, 10 * count):
        below = min(value // 10 * 10, 10 * count - 10)
        assert firsts.floor(value) == below
        assert firsts.above(value) == (below + 10 if below + 10 < 10 * count and value < 10 * count else None)
    assert firsts.floor(-1) is None


def test_chunks_stay_bounded() -> None:
    firsts = Firsts()
    for value in range(7 * CHUNK):
        firsts.add(value)
    assert max(map(len, firsts._chunks)) <= 2 * CHUNK


def test_a_set_that_is_emptied_can_be_filled_again() -> None:
    firsts = Firsts(range(3 * CHUNK))
    for value in range(3 * CHUNK):
        firsts.discard(value)
    assert (len(firsts), firsts.floor(10**9)) == (0, None)
    firsts.add(3)
    assert list(firsts) == [3]
