"""Signs first: every worked example, and beside it the known wrong answer that must not come out."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from counterfoil.domain.accounting.emissions_balance import (
    Flows,
    Method,
    adjusted_indicator,
    adjustments,
    annual_adjustment,
    average_adjustment,
    emissions_balance,
)
from counterfoil.domain.kernel.period import YearSpan
from tests.domain.accounting.vectors import (
    AVERAGES_OF_ACQUIRER,
    AVERAGES_OF_HOST,
    AVERAGING_ACQUIRER,
    AVERAGING_ACQUIRER_BALANCE,
    AVERAGING_HOST,
    AVERAGING_HOST_BALANCE,
    BUDGET,
    BUDGET_MIXED,
    BUDGET_WITH_INVERTED_SIGN,
    FOR_OIMP,
    INDICATOR_GWH,
    OUTSIDE_SCOPE,
    STRUCTURED_SUMMARY,
    SUMMARY_AVERAGES,
    TRAJECTORY_HOST,
    TRAJECTORY_TARGET,
    Vector,
)

ANNUAL = (TRAJECTORY_HOST, BUDGET_MIXED, STRUCTURED_SUMMARY, OUTSIDE_SCOPE)


def balances(vector: Vector) -> dict[int, Fraction]:
    reported = adjustments(vector.flows, vector.method, as_of=vector.period.last)
    return {year: emissions_balance(vector.emissions[year], reported[year]) for year in reported}


def name(vector: Vector) -> str:
    return vector.id


@pytest.mark.parametrize("vector", ANNUAL, ids=name)
def test_a_first_transfer_is_added_and_a_use_subtracted_in_each_year(vector: Vector) -> None:
    assert adjustments(vector.flows, vector.method, as_of=vector.period.last) == vector.adjustments
    assert {year: annual_adjustment(vector.flows, year) for year in vector.period.years()} == vector.adjustments
    assert balances(vector) == vector.balances


@pytest.mark.parametrize("vector", ANNUAL, ids=name)
def test_the_inverted_sign_gives_another_answer(vector: Vector) -> None:
    inverted = {year: vector.emissions[year] - vector.adjustments[year] for year in vector.period.years()}
    assert balances(vector) != inverted


def test_only_the_target_years_vintage_enters_the_target_years_balance_of_a_trajectory() -> None:
    found = balances(TRAJECTORY_HOST)[2030]
    assert found == 1_095_000
    assert TRAJECTORY_TARGET - found == 5_000
    assert TRAJECTORY_HOST.flows.cumulative(2030) == 400_000
    assert found != 1_045_000 + 400_000  # the whole period's first transfers in the target year
    assert found != 1_045_000 - 50_000  # the inverted sign


def test_a_budget_is_met_by_the_sum_although_its_first_year_is_above_the_path() -> None:
    found = balances(BUDGET_MIXED)
    assert sum(found.values()) == 2_345_000
    assert sum(BUDGET.values()) - sum(found.values()) == 30_000
    assert [year for year in BUDGET if found[year] > BUDGET[year]] == [2026]
    wrong = {year: BUDGET_MIXED.emissions[year] - found[year] + BUDGET_MIXED.emissions[year] for year in found}
    assert wrong == BUDGET_WITH_INVERTED_SIGN
    assert sum(wrong.values()) == 2_465_000 > sum(BUDGET.values())


@pytest.mark.parametrize(
    ("vector", "averages"),
    [
        (AVERAGING_HOST, AVERAGES_OF_HOST),
        (AVERAGING_ACQUIRER, AVERAGES_OF_ACQUIRER),
        (STRUCTURED_SUMMARY, SUMMARY_AVERAGES),
    ],
    ids=["CA-V3", "CA-V4", "CA-V7"],
)
def test_an_average_is_what_happened_so_far_over_the_years_so_far(
    vector: Vector, averages: Mapping[int, Fraction | int]
) -> None:
    assert {year: average_adjustment(vector.flows, as_of=year) for year in averages} == averages


def test_averaging_gives_the_host_a_tenth_of_the_period_in_the_target_year() -> None:
    flows = AVERAGING_HOST.flows
    found = emissions_balance(900_000, adjustments(flows, Method.AVERAGING, as_of=2030)[2030])
    assert found == AVERAGING_HOST_BALANCE
    assert found <= 940_000
    assert found != emissions_balance(900_000, annual_adjustment(flows, 2030)) == 900_000  # the 2030 vintage alone
    assert found != emissions_balance(900_000, flows.cumulative(2030)) == 1_260_000  # everything in one year


def test_averaging_restates_every_elapsed_year_and_no_other() -> None:
    found = adjustments(AVERAGING_HOST.flows, Method.AVERAGING, as_of=2024)
    assert found == dict.fromkeys((2021, 2022, 2023, 2024), 22_500)
    whole_period_numerator = Fraction(AVERAGING_HOST.flows.cumulative(2030), 4)
    assert whole_period_numerator == 90_000 not in found.values()
    years_since_the_first_transaction = Fraction(AVERAGING_HOST.flows.cumulative(2024), 2)
    assert years_since_the_first_transaction not in found.values()


def test_averaging_gives_the_acquirer_a_tenth_of_its_uses() -> None:
    flows = AVERAGING_ACQUIRER.flows
    found = emissions_balance(750_000, adjustments(flows, Method.AVERAGING, as_of=2030)[2030])
    assert found == AVERAGING_ACQUIRER_BALANCE <= 710_000
    assert found != emissions_balance(750_000, flows.cumulative(2030)) == 330_000  # all uses in the target year
    assert found != emissions_balance(750_000, 42_000)  # the inverted sign


def test_a_non_ghg_indicator_takes_the_opposite_signs() -> None:
    vector = INDICATOR_GWH
    found = {year: adjusted_indicator(vector.emissions[year], vector.flows, year) for year in vector.period.years()}
    assert found == vector.balances
    assert found[2030] == 1_830
    assert found[2030] >= 1_800
    as_if_emissions = emissions_balance(vector.emissions[2030], annual_adjustment(vector.flows, 2030))
    assert as_if_emissions == 1_970 != found[2030]


def test_first_transfers_for_other_purposes_count_like_all_others() -> None:
    forgotten = {year: vector_t - FOR_OIMP[year] for year, vector_t in STRUCTURED_SUMMARY.first_transferred.items()}
    flows = Flows(STRUCTURED_SUMMARY.period, forgotten, STRUCTURED_SUMMARY.used)
    assert adjustments(flows, Method.TRAJECTORY, as_of=2024) != STRUCTURED_SUMMARY.adjustments
    assert STRUCTURED_SUMMARY.flows.cumulative(2024) - flows.cumulative(2024) == sum(FOR_OIMP.values()) == 4_000


def test_averaging_the_structured_summary_gives_one_figure_in_all_four_columns() -> None:
    found = adjustments(STRUCTURED_SUMMARY.flows, Method.AVERAGING, as_of=2024)
    assert set(found.values()) == {Fraction(4_125)}
    assert [emissions_balance(STRUCTURED_SUMMARY.emissions[year], found[year]) for year in found] == [
        404_125,
        409_125,
        414_125,
        416_125,
    ]


def test_a_first_transfer_from_outside_the_ndc_counts() -> None:
    assert balances(OUTSIDE_SCOPE)[2026] == 88_000 != 80_000 + 5_000


@pytest.mark.parametrize("method", Method)
def test_a_report_before_the_period_states_nothing_and_one_after_it_stops_at_its_end(method: Method) -> None:
    flows = AVERAGING_HOST.flows
    assert adjustments(flows, method, as_of=2020) == {}
    assert adjustments(flows, method, as_of=2035) == adjustments(flows, method, as_of=2030)


def test_averages_are_exact() -> None:
    flows = Flows(YearSpan(2021, 2023), {2021: 1}, {})
    assert average_adjustment(flows, as_of=2023) * 3 == 1
