"""Serial ranges: closed at both ends."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.serials import SERIAL_MAX, SerialRange, SerialsFault, joined, serial_range

SMALL = st.tuples(st.integers(1, 30), st.integers(0, 12)).map(lambda pair: SerialRange(pair[0], sum(pair)))


def members(*ranges: SerialRange) -> set[int]:
    return {serial for each in ranges for serial in range(each.first, each.last + 1)}


@pytest.mark.parametrize(("first", "last", "size"), [(1, 1, 1), (71, 1_000, 930), (SERIAL_MAX, SERIAL_MAX, 1)])
def test_a_range_counts_both_ends(first: int, last: int, size: int) -> None:
    assert SerialRange(first, last).size == size


@pytest.mark.parametrize(
    ("first", "last", "fault"),
    [
        (2, 1, SerialsFault.BACKWARDS),
        (0, 1, SerialsFault.OUT_OF_BOUNDS),
        (-5, -1, SerialsFault.OUT_OF_BOUNDS),
        (1, SERIAL_MAX + 1, SerialsFault.OUT_OF_BOUNDS),
        (SERIAL_MAX + 1, 1, SerialsFault.OUT_OF_BOUNDS),
    ],
)
def test_two_numbers_are_refused_as_a_range(first: int, last: int, fault: SerialsFault) -> None:
    refusal = serial_range(first, last)
    assert isinstance(refusal, Refusal)
    assert refusal.code == fault


@given(SMALL, SMALL)
def test_ranges_behave_as_sets_of_serials(one: SerialRange, other: SerialRange) -> None:
    both = members(one) & members(other)
    assert one.overlaps(other) == other.overlaps(one) == bool(both)
    assert one.contains(other) == (members(other) <= members(one))
    common = one.intersection(other)
    assert (set() if common is None else members(common)) == both
    left = one.minus(other)
    assert members(*left) == members(one) - members(other)
    assert len(left) <= 2


@given(st.lists(SMALL, max_size=8))
def test_joining_keeps_the_serials_in_the_fewest_ranges(ranges: list[SerialRange]) -> None:
    pieces = joined(ranges)
    assert members(*pieces) == members(*ranges)
    assert all(low.last + 1 < high.first for low, high in pairwise(pieces))


def test_a_range_of_one_is_written_as_one_number() -> None:
    assert [str(SerialRange(7, 7)), str(SerialRange(7, 9))] == ["7", "7..9"]
