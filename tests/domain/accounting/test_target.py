"""Targets of every form: met, not met, or indeterminate where something is missing."""

from fractions import Fraction
from itertools import accumulate

import pytest

from counterfoil.domain.accounting.emissions_balance import (
    Flows,
    IndicativeBasis,
    Method,
    adjusted_indicator,
    adjustments,
    deviations,
    emissions_balance,
    largest_relative_deviation,
)
from counterfoil.domain.accounting.figure import Figure, Unavailable, less, shown, total
from counterfoil.domain.accounting.target import Comparison, Outcome, budget, ceiling, floor, intensity
from counterfoil.domain.kernel.period import YearSpan
from tests.domain.accounting.ndcs import told
from tests.domain.accounting.vectors import (
    AVERAGES_OF_HOST,
    AVERAGING_ACQUIRER,
    AVERAGING_HOST,
    BUDGET,
    BUDGET_MIXED,
    INDICATOR_GWH,
    STRUCTURED_SUMMARY,
    SUMMARY_AVERAGES,
    TRAJECTORY_HOST,
    TRAJECTORY_TARGET,
    Vector,
)

MISSING = Unavailable.INVENTORY_MISSING


def final(vector: Vector) -> Fraction:
    last = vector.period.last
    return emissions_balance(vector.emissions[last], adjustments(vector.flows, vector.method, as_of=last)[last])


def figures(values: dict[int, int]) -> list[Figure]:
    return [Fraction(value) for value in values.values()]


@pytest.mark.parametrize(
    ("vector", "target", "margin"),
    [
        (TRAJECTORY_HOST, TRAJECTORY_TARGET, 5_000),
        (AVERAGING_HOST, 940_000, 4_000),
        (AVERAGING_ACQUIRER, 710_000, 2_000),
    ],
    ids=["CA-V1", "CA-V3", "CA-V4"],
)
def test_a_ceiling_is_met_by_the_balance_of_its_year(vector: Vector, target: int, margin: int) -> None:
    found = ceiling(Fraction(target), final(vector))
    assert (found.outcome, found.margin) == (Outcome.MET, margin)
    assert ceiling(Fraction(target - margin), final(vector)).outcome is Outcome.MET  # exactly at the target
    assert ceiling(Fraction(target - margin - 1), final(vector)).outcome is Outcome.NOT_MET


def test_a_budget_compares_sums_and_the_inverted_sign_would_miss_it() -> None:
    balances: list[Figure] = [Fraction(balance) for balance in BUDGET_MIXED.balances.values()]
    found = budget(figures(dict(BUDGET)), balances)
    assert told(found.target, found.reached, found.margin) == (2_375_000, 2_345_000, 30_000)
    assert found.outcome is Outcome.MET
    wrong: list[Figure] = [
        Fraction(BUDGET_MIXED.emissions[year] - BUDGET_MIXED.adjustments[year]) for year in BUDGET_MIXED.period.years()
    ]
    assert budget(figures(dict(BUDGET)), wrong).outcome is Outcome.NOT_MET


def test_a_budget_is_kept_in_sum_although_its_first_year_lies_above_the_path() -> None:
    above = [year for year in BUDGET if BUDGET_MIXED.balances[year] > BUDGET[year]]
    assert above == [2026]
    assert list(accumulate(BUDGET_MIXED.balances.values())) == [510_000, 995_000, 1_450_000, 1_900_000, 2_345_000]
    assert list(accumulate(BUDGET.values())) == [495_000, 980_000, 1_455_000, 1_920_000, 2_375_000]


def test_a_floor_is_met_from_above_and_a_wrong_sign_would_flatter_it() -> None:
    vector = INDICATOR_GWH
    reached = adjusted_indicator(vector.emissions[2030], vector.flows, 2030)
    assert floor(Fraction(1_800), Fraction(reached)).margin == 30
    assert floor(Fraction(1_831), Fraction(reached)).outcome is Outcome.NOT_MET
    assert floor(Fraction(1_831), Fraction(1_970)).outcome is Outcome.MET  # what the sign of emissions would say


def test_what_a_non_ghg_unit_stands_for_in_tonnes_is_told_by_each_sides_own_factor() -> None:
    flows = INDICATOR_GWH.flows
    host, user = Fraction("0.45"), Fraction("0.40")
    assert [flows.first_transferred.get(year, 0) * 1_000 * host for year in flows.period.years()] == [
        *(0, 22_500, 45_000, 67_500, 45_000),
    ]
    assert flows.used[2030] * 1_000 * user == 12_000


def test_an_intensity_is_adjusted_before_it_is_divided() -> None:
    found = intensity(Fraction(2), emissions=Fraction(900), adjustment=Fraction(300), denominator=Fraction(600))
    assert told(found.reached, found.outcome) == (2, Outcome.MET)
    assert found.reached != Fraction(900, 600) + 300
    none = intensity(Fraction(2), emissions=Fraction(900), adjustment=Fraction(300), denominator=Fraction(0))
    assert none.outcome is Outcome.INDETERMINATE


@pytest.mark.parametrize(
    "found",
    [
        ceiling(Unavailable.TARGET_LEVEL_MISSING, Fraction(1)),
        ceiling(Fraction(1), MISSING),
        budget([Fraction(1), Fraction(1)], [Fraction(0), MISSING]),
        floor(Fraction(1), Unavailable.INDICATOR_MISSING),
        intensity(Fraction(1), emissions=MISSING, adjustment=Fraction(0), denominator=Fraction(1)),
    ],
)
def test_what_cannot_be_told_is_neither_met_nor_missed(found: Comparison) -> None:
    assert found.outcome is Outcome.INDETERMINATE


def test_a_missing_part_makes_a_sum_missing_and_never_zero() -> None:
    assert total([Fraction(1), MISSING, Fraction(2)]) is MISSING
    assert less(Fraction(1), MISSING) is MISSING
    assert total([]) == 0


def test_the_average_of_the_host_is_not_representative_and_says_by_how_much() -> None:
    found = deviations(AVERAGING_HOST.flows, as_of=2030)
    thousands = (-36, -36, -6, 24, 54, 54, 24, -6, -36, -36)
    assert list(found.values()) == [value * 1_000 for value in thousands]
    assert largest_relative_deviation(AVERAGING_HOST.flows, as_of=2030) == Fraction(3, 2)
    assert largest_relative_deviation(Flows(YearSpan(2021, 2022), {}, {}), as_of=2022) is None


def test_running_averages_keep_each_years_own_and_end_where_restated_ones_do() -> None:
    flows = AVERAGING_HOST.flows
    running = adjustments(flows, Method.AVERAGING, as_of=2030, basis=IndicativeBasis.RUNNING)
    assert running == AVERAGES_OF_HOST
    assert running[2030] == adjustments(flows, Method.AVERAGING, as_of=2030)[2030]
    summary = STRUCTURED_SUMMARY.flows
    assert adjustments(summary, Method.AVERAGING, as_of=2024, basis=IndicativeBasis.RUNNING) == SUMMARY_AVERAGES


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(1, 8), "0.12"), (Fraction(3, 8), "0.38"), (Fraction(330_000, 7), "47142.86"), (Fraction(-5), "-5")],
)
def test_rounding_is_for_the_eye_and_half_even(value: Fraction, text: str) -> None:
    assert shown(value) == text


def test_a_figure_of_any_size_is_shown_exactly_to_the_hundredth() -> None:
    assert shown(Fraction(10**30 * 3 + 1, 3)) == f"{10**30}.33"
