"""What holds for all flows: averages give the totals back, methods agree where nothing varies, lines add up."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from counterfoil.domain.accounting.ctf_completeness import GapKind, gaps
from counterfoil.domain.accounting.emissions_balance import (
    Flows,
    IndicativeBasis,
    Method,
    adjustments,
    average_adjustment,
    deviations,
)
from counterfoil.domain.accounting.flow import Basis, Flow, FlowKind, by_year, net_flows, split
from counterfoil.domain.accounting.safeguards import Range, Verdict, no_double_use, uses_are_backed
from counterfoil.domain.kernel.period import YearSpan
from tests.domain.accounting.ndcs import inventory
from tests.domain.accounting.test_ctf_table4 import facts

PERIOD = YearSpan(2021, 2030)
years = st.integers(PERIOD.first, PERIOD.last)
amounts = st.dictionaries(years, st.integers(0, 10**15))
flows = st.builds(Flows, st.just(PERIOD), amounts, amounts)
many = st.lists(
    st.builds(
        Flow,
        st.sampled_from(FlowKind),
        st.integers(2019, 2033),
        st.integers(1, 10**12),
        st.sampled_from(("tCO2e", "metric:MWh")),
        years,
        st.dates(date(2021, 1, 1), date(2033, 1, 1)),
        st.sampled_from(("CA9001", "CA9002")),
        st.sampled_from(("Transportation", "Agriculture")),
        st.sampled_from(("XAA", "XBB")),
        entities=st.just(("E-1",)),
    ),
    max_size=20,
)
ranges = st.builds(
    lambda of, first, size: Range(of, first, first + size),
    st.sampled_from("AB"),
    st.integers(1, 50),
    st.integers(0, 20),
)


@given(flows, years)
def test_an_average_times_its_years_is_what_happened(found: Flows, as_of: int) -> None:
    elapsed = as_of - PERIOD.first + 1
    assert average_adjustment(found, as_of=as_of) * elapsed == found.cumulative(as_of)
    assert sum(adjustments(found, Method.AVERAGING, as_of=as_of).values()) == found.cumulative(as_of)
    assert sum(adjustments(found, Method.TRAJECTORY, as_of=as_of).values()) == found.cumulative(as_of)
    assert sum(deviations(found, as_of=as_of).values()) == 0


@given(st.integers(0, 10**15), st.integers(0, 10**15), years)
def test_the_methods_agree_where_every_year_is_the_same(added: int, used: int, as_of: int) -> None:
    same = Flows(PERIOD, dict.fromkeys(PERIOD.years(), added), dict.fromkeys(PERIOD.years(), used))
    told = [adjustments(same, method, as_of=as_of) for method in Method]
    told.append(adjustments(same, Method.AVERAGING, as_of=as_of, basis=IndicativeBasis.RUNNING))
    assert all(each == told[0] for each in told)


@given(flows, years)
def test_restated_and_running_averages_end_in_the_same_year_alike(found: Flows, as_of: int) -> None:
    restated, running = (adjustments(found, Method.AVERAGING, as_of=as_of, basis=basis) for basis in IndicativeBasis)
    assert restated[as_of] == running[as_of]


@given(many)
def test_flows_inside_the_period_are_counted_once_and_others_never(found: list[Flow]) -> None:
    tonnes = [flow for flow in found if flow.commodity == "tCO2e"]
    net = net_flows(tonnes, PERIOD)
    inside = [flow for flow in tonnes if flow.year in PERIOD]
    assert net.cumulative(PERIOD.last) == sum(
        -flow.quantity if flow.kind is FlowKind.USED else flow.quantity for flow in inside
    )


@given(many, st.sampled_from(Basis))
def test_the_split_gives_the_lines_back(found: list[Flow], basis: Basis) -> None:
    for kind in FlowKind:
        by_line = by_year(found, kind, basis=basis)
        for year, quantity in by_line.items():
            parts = [row.quantity for row in split(found, basis=basis) if (row.kind, row.year) == (kind, year)]
            assert sum(parts) == quantity


@given(many, st.sampled_from(Basis), st.integers(2021, 2032), st.sampled_from(Method))
def test_every_table_adds_up_whatever_happened(found: list[Flow], basis: Basis, year: int, method: Method) -> None:
    from counterfoil.domain.accounting.ctf_table4 import table4

    levels = inventory(dict.fromkeys(PERIOD.years(), 1_000))
    table = table4(facts(flows=tuple(found), basis=basis, year=year, method=method, inventories=(levels,)))
    broken = {GapKind.DOES_NOT_ADD_UP, GapKind.SPLIT_DIFFERS, GapKind.LINE_MISSING, GapKind.YEAR_MISSING}
    assert not [gap for gap in gaps(table) if gap.kind in broken]
    assert all(isinstance(figure, Fraction) for figure in table.row(13).years.values())


@given(st.lists(ranges, max_size=12), st.lists(ranges, max_size=12))
def test_the_safeguards_on_serials_say_what_counting_one_by_one_says(used: list[Range], acquired: list[Range]) -> None:
    def serials(of: list[Range]) -> list[tuple[str, int]]:
        return [(each.unit_class, serial) for each in of for serial in range(each.first, each.last + 1)]

    twice = len(serials(used)) != len(set(serials(used)))
    assert (no_double_use(used).verdict is Verdict.FAIL) == twice
    bare = bool(set(serials(used)) - set(serials(acquired)))
    assert (uses_are_backed(used, acquired).verdict is Verdict.FAIL) == bare
