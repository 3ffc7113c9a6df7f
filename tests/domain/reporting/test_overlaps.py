"""The sorted walks agree with comparing everything with everything."""

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from counterfoil.domain.reporting.aef_parse import read_submission
from counterfoil.domain.reporting.consistency.deadline import deadline_of_period
from counterfoil.domain.reporting.consistency.holdings import Spans
from counterfoil.domain.reporting.consistency.overlaps import Moments, disjoint, meetings, overlapping
from counterfoil.domain.reporting.consistency.timeframe import Timeframe, timeframe
from counterfoil.domain.reporting.consistency.world import Act, world_of
from tests.domain.reporting.submissions import FORM, laid_out, report, use

Range = tuple[int, int, int]

ranges = st.lists(
    st.tuples(st.integers(1, 60), st.integers(0, 12), st.integers(0, 5)).map(lambda r: (r[0], r[0] + r[1], r[2])),
    max_size=12,
)


def acts_of(blocks: Sequence[Range]) -> list[Act]:
    rows = [use(first, last, day=date(2025, 1, 1) + timedelta(days=day)) for first, last, day in blocks]
    filed = read_submission(laid_out(report("XBB", 2025, *rows)), FORM, "x.xlsx").filed
    assert filed is not None
    return list(world_of([filed], FORM).acts)


def meet(one: Act, other: Act) -> bool:
    return max(one.first, other.first) <= min(one.last, other.last)


@given(blocks=ranges)
def test_overlapping_finds_an_overlap_exactly_when_there_is_one(blocks: list[Range]) -> None:
    acts = acts_of(blocks)
    pairs = list(overlapping(acts))
    assert all(meet(*pair) for pair in pairs)
    touched = {id(act) for at, act in enumerate(acts) for other in acts[:at] if meet(act, other)}
    assert bool(pairs) is bool(touched)
    assert len(pairs) < max(len(acts), 1)


@given(left=ranges, right=ranges)
def test_meetings_are_all_pairs_that_share_a_serial(left: list[Range], right: list[Range]) -> None:
    ours, theirs = disjoint(acts_of(left)), disjoint(acts_of(right))
    expected = {(id(one), id(other)) for one in ours for other in theirs if meet(one, other)}
    assert {(id(one), id(other)) for one, other in meetings(ours, theirs)} == expected


@given(blocks=ranges, asked=st.tuples(st.integers(1, 70), st.integers(0, 20)))
def test_the_first_and_last_moment_over_a_range_are_the_extremes(blocks: list[Range], asked: tuple[int, int]) -> None:
    acts = disjoint(acts_of(blocks))
    moments = Moments(acts)
    first, last = asked[0], asked[0] + asked[1]
    touched = [act.moment for act in acts if act.first <= last and first <= act.last]
    early, late = moments.earliest(first, last), moments.latest(first, last)
    assert (early.moment if early else None) == min(touched, default=None)
    assert (late.moment if late else None) == max(touched, default=None)
    assert moments.covered(first, last) is bool(touched)


@example(steps=[(True, 1, 4), (True, 6, 4), (True, 20, 0), (True, 19, 0)])
@given(steps=st.lists(st.tuples(st.booleans(), st.integers(1, 40), st.integers(0, 15)), max_size=30))
def test_spans_are_a_set_of_serials(steps: list[tuple[bool, int, int]]) -> None:
    spans, serials = Spans(), set[int]()
    for adds, first, length in steps:
        block = set(range(first, first + length + 1))
        assert spans.holds(first, first + length) is (block <= serials)
        assert spans.touches(first, first + length) is bool(block & serials)
        if adds:
            spans.add(first, first + length)
            serials |= block
        else:
            spans.remove(first, first + length)
            serials -= block
        assert [spans.touches(serial, serial) for serial in range(1, 60)] == [n in serials for n in range(1, 60)]
        runs = [n for n in range(1, 60) if {n, n + 1} <= serials]
        assert all(spans.holds(serial, serial + 1) for serial in runs)


def test_the_oimp_deadline_is_the_year_before_the_final_report() -> None:
    assert [deadline_of_period(year).isoformat() for year in (2025, 2030, 2035)] == [
        "2027-12-31",
        "2031-12-31",
        "2037-12-31",
    ]


def test_a_time_frame_is_read_in_both_spellings() -> None:
    years = (date(2021, 1, 1), date(2030, 12, 31))
    assert timeframe("2021 - 2030") == Timeframe(occurred=years, acted=years)
    both = timeframe("Occurred: from 2021 to 02/2024. Use: from 01/07/2022 to 2030")
    assert both.occurred == (date(2021, 1, 1), date(2024, 2, 29))
    assert both.used == (date(2022, 7, 1), date(2030, 12, 31))
    assert timeframe(None) == timeframe("whenever") == timeframe("Use: from 31/02/2022 to 2030") == Timeframe()
