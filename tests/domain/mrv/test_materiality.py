"""The measure of materiality by the size of an activity, and shares that never pass for less than they are."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.domain.mrv.materiality import difference, threshold_ppm


@pytest.mark.parametrize(
    "yearly, ppm",
    [(0, 20_000), (300_000, 20_000), (300_001, 10_000), (499_999, 10_000), (500_000, 5_000), (10**12, 5_000)],
)
def test_large_activities_have_a_smaller_measure(yearly: int, ppm: int) -> None:
    assert threshold_ppm(yearly) == ppm


def test_half_a_year_counts_as_twice_as_much_a_year() -> None:
    found = difference(monitored=160_000, verified=158_000, first_day=date(2025, 1, 1), last_day=date(2025, 7, 1))
    assert (found.yearly, found.threshold_ppm, found.ppm, found.material) == (320_879, 10_000, 12_500, True)


@given(monitored=st.integers(1, 10**15), share=st.integers(0, 10**6))
def test_a_share_is_rounded_against_the_report(monitored: int, share: int) -> None:
    verified = monitored - monitored * share // 10**6
    found = difference(monitored=monitored, verified=verified, first_day=date(2025, 1, 1), last_day=date(2025, 12, 31))
    assert found.over * 10**6 <= found.ppm * monitored < found.over * 10**6 + monitored
