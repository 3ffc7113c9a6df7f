"""What published tools get wrong: each wrong formula beside ours, and a case in which they differ.

The numbers of the errors are those of the Article 6.2 rulebook, section 7.
"""

from fractions import Fraction
from itertools import accumulate

from counterfoil.domain.accounting.ctf_table4 import table4
from counterfoil.domain.accounting.emissions_balance import Flows, Method, adjustments, average_adjustment
from counterfoil.domain.accounting.figure import Unavailable
from counterfoil.domain.accounting.flow import Basis, FlowKind
from counterfoil.domain.accounting.safeguards import Verdict, World, no_net_increase, target_kept, uses_are_backed
from counterfoil.domain.accounting.target import ceiling
from counterfoil.domain.kernel.period import YearSpan
from tests.domain.accounting.ndcs import told
from tests.domain.accounting.test_ctf_table4 import EMISSIONS, account, facts, flow

PERIOD = YearSpan(2021, 2030)
FIRST, ACQUIRED, USED = 1_000, 400, 300
FLOWS = Flows(PERIOD, {2023: FIRST}, {2023: USED})


def balance(flows: Flows, emissions: int = 10_000, method: Method = Method.TRAJECTORY, year: int = 2023) -> Fraction:
    return emissions + adjustments(flows, method, as_of=year)[year]


def test_1_an_acquisition_has_no_term_and_a_use_is_subtracted() -> None:
    wrong = 10_000 + FIRST - ACQUIRED + USED
    assert balance(FLOWS) == 10_000 + FIRST - USED != wrong


def test_2_the_host_is_charged_and_not_credited() -> None:
    assert balance(FLOWS) == 10_700 != 10_000 - (FIRST - USED)


def test_3_the_method_is_applied_and_not_only_stored() -> None:
    assert balance(FLOWS, method=Method.AVERAGING) != balance(FLOWS, method=Method.TRAJECTORY)


def test_4_an_average_stops_counting_in_its_own_year() -> None:
    flows = Flows(PERIOD, dict.fromkeys(PERIOD.years(), 100), {})
    whole_period_over_elapsed = Fraction(flows.cumulative(2030), 4)
    assert average_adjustment(flows, as_of=2024) == 100 != whole_period_over_elapsed == 250


def test_5_rows_and_adjustments_come_from_one_population() -> None:
    late = (flow("n", 2023, 500, vintage=2023),)  # vintage 2023, first transferred in 2024
    by_vintage = table4(facts(flows=late, year=2023))
    assert told(by_vintage.row(6).years[2023], by_vintage.row(11).years[2023]) == (500, 500)
    by_act = table4(facts(flows=late, year=2024, basis=Basis.FIRST_TRANSFER_YEAR))
    assert told(by_act.row(6).years[2023], by_act.row(6).years[2024]) == (0, 500)  # a view, and labelled as one
    assert told(by_act.row(11).years[2023], by_act.row(11).years[2024]) == (500, 0)  # the adjustment does not move


def test_13_another_metric_is_neither_added_nor_converted_by_a_constant() -> None:
    table = table4(facts(flows=(flow("n", 2023, 500, commodity="metric:MWh"),)))
    assert table.row(13).years[2023] == EMISSIONS[2023]
    assert table.row(6, unit="MWh").years[2023] == 500


def test_16_a_safeguard_without_data_is_indeterminate() -> None:
    assert no_net_increase(World({"XAA": None}, oimp=0, omge=0, unused=0)).verdict is Verdict.INDETERMINATE
    assert uses_are_backed([], None).verdict is Verdict.INDETERMINATE
    unknown = ceiling(Fraction(1), Unavailable.INVENTORY_MISSING)
    assert target_kept([unknown]).verdict is Verdict.INDETERMINATE


def test_22_an_outcome_for_both_purposes_stands_on_one_line_only() -> None:
    both = table4(facts(flows=(flow("n", 2023, 500),)))
    assert told(both.row(6).years[2023], both.row(7).years[2023], both.row(9).years[2023]) == (500, 0, 500)


def test_27_an_empty_period_is_a_table() -> None:
    table = table4(facts(flows=(), method=Method.AVERAGING, account=account(Method.AVERAGING)))
    assert list(table.row(13).years.values()) == list(EMISSIONS.values())
    assert all(row.kind in FlowKind for row in table.split)


def test_the_cumulative_line_is_the_running_sum_of_the_net_line() -> None:
    table = table4(facts())
    net = [figure for figure in table.row(9).years.values() if isinstance(figure, Fraction)]
    assert list(accumulate(net)) == list(table.row(12).years.values())
