"""Which part of an activity an overlap blocks: never too little, never more than all."""

from datetime import date

from hypothesis import given
from hypothesis.strategies import integers, lists

from counterfoil.domain.activities.overlap import MILLION, blocked, share_ppm, tolerance_on


@given(part=integers(0, 10**15), whole=integers(1, 10**15))
def test_a_share_is_rounded_up_and_at_most_one(part: int, whole: int) -> None:
    ppm = share_ppm(part, whole)
    assert ppm == MILLION if part >= whole else part * MILLION <= ppm * whole < part * MILLION + whole


@given(quantity=integers(0, 10**12), shares=lists(integers(0, MILLION), max_size=8))
def test_what_is_blocked_is_never_too_little_and_never_more_than_there_is(quantity: int, shares: list[int]) -> None:
    kept = blocked(quantity, shares)
    assert min(quantity * MILLION, quantity * sum(shares)) <= kept * MILLION
    assert kept <= quantity
    assert kept == 0 or any(shares)


def test_a_tolerance_holds_also_before_its_first_day() -> None:
    assert tolerance_on(date(1999, 1, 1)) == tolerance_on(date(2026, 11, 22))
