"""Serial ranges are sets of numbers: every operation is held against a plain set."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.serials import SERIAL_MAX, SerialRange, SerialsFault, joined, serial_range


def near(low: int, high: int) -> st.SearchStrategy[SerialRange]:
    ends = st.integers(low, high)
    return st.tuples(ends, ends).map(lambda pair: SerialRange(min(pair), max(pair)))


# Both ends of what a serial can be.
RANGES = near(1, 24) | near(SERIAL_MAX - 12, SERIAL_MAX)
PAIRS = st.tuples(near(1, 24), near(1, 24)) | st.tuples(RANGES, RANGES)


def numbers(*ranges: SerialRange) -> set[int]:
    return {serial for piece in ranges for serial in range(piece.first, piece.last + 1)}


@given(RANGES)
def test_the_size_is_how_many_units_there_are(piece: SerialRange) -> None:
    assert piece.size == len(numbers(piece))


@given(PAIRS)
def test_two_ranges_overlap_when_a_unit_is_in_both(pair: tuple[SerialRange, SerialRange]) -> None:
    one, other = pair
    assert one.overlaps(other) == other.overlaps(one) == bool(numbers(one) & numbers(other))
    assert one.contains(other) == (numbers(other) <= numbers(one))
    assert one.contains(one)


@given(PAIRS)
def test_a_range_is_its_part_in_another_and_what_is_left(pair: tuple[SerialRange, SerialRange]) -> None:
    one, other = pair
    common, rest = one.intersection(other), one.minus(other)
    assert (numbers(common) if common else set()) == numbers(one) & numbers(other)
    assert numbers(*rest) == numbers(one) - numbers(other)
    assert sum(piece.size for piece in rest) + (common.size if common else 0) == one.size
    assert list(rest) == sorted(rest)


@given(st.lists(RANGES, max_size=8))
def test_joining_keeps_the_units_in_the_fewest_ranges(ranges: list[SerialRange]) -> None:
    pieces = joined(ranges)
    assert numbers(*pieces) == numbers(*ranges)
    assert all(below.last + 1 < above.first for below, above in pairwise(pieces))
    assert joined(reversed(ranges)) == joined(pieces) == pieces


@given(
    st.one_of(st.integers(-2, 3), st.integers(SERIAL_MAX - 1, SERIAL_MAX + 2)),
    st.one_of(st.integers(-2, 3), st.integers(SERIAL_MAX - 1, SERIAL_MAX + 2)),
)
def test_typed_numbers_give_a_range_or_say_why_not(first: int, last: int) -> None:
    answer = serial_range(first, last)
    possible = 1 <= first <= SERIAL_MAX and 1 <= last <= SERIAL_MAX
    if possible and first <= last:
        assert answer == SerialRange(first, last)
    else:
        assert isinstance(answer, Refusal)
        assert answer.code == (SerialsFault.BACKWARDS if possible else SerialsFault.OUT_OF_BOUNDS)
