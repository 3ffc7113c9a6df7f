"""The table of the structured summary: every line there, every number recomputed, every gap with its reason."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from counterfoil.domain.accounting.ctf_completeness import Gap, GapKind, gaps
from counterfoil.domain.accounting.ctf_indicators import indicator_rows
from counterfoil.domain.accounting.ctf_lines import LINES, Part
from counterfoil.domain.accounting.ctf_table4 import Facts, Table4, table4
from counterfoil.domain.accounting.emissions_balance import IndicativeBasis, Method
from counterfoil.domain.accounting.figure import Unavailable
from counterfoil.domain.accounting.flow import Basis, Flow, FlowKind
from counterfoil.domain.accounting.inventory import YearTotal
from counterfoil.domain.accounting.ndc import InventorySector, NdcKind, Scope, Standing, Target, TargetForm
from counterfoil.domain.accounting.period_account import PeriodAccount, YearLevel
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.period import YearSpan
from tests.domain.accounting.ndcs import CEILING, GASES, NDC_TEXT, inventory, ndc, told
from tests.domain.accounting.vectors import (
    BUDGET,
    BUDGET_MIXED,
    INDICATOR_GWH,
    OUTSIDE_SCOPE,
    TRAJECTORY_HOST,
    Vector,
)

PERIOD = YearSpan(2021, 2030)
EMISSIONS = {2021: 400_000, 2022: 405_000, 2023: 410_000, 2024: 412_000}
KIND = {"n": FlowKind.FIRST_TRANSFERRED, "o": FlowKind.OIMP, "u": FlowKind.USED}


def flow(kind: str, year: int, quantity: int, **changes: Any) -> Flow:
    content: dict[str, Any] = {
        "commodity": "tCO2e",
        "vintage": year,
        "on": date(year + 1, 3, 1),
        "approach": "CA9001",
        "sector": "Transportation",
        "transferring": "XAA",
        "entities": ("E-1",) if kind == "o" else (),
    }
    return Flow(KIND[kind], year, quantity, **{**content, **changes})


# CA-V7: first transferred for NDC use, for other purposes, and used.
FLOWS = (
    *(flow("n", year, quantity) for year, quantity in ((2022, 3_000), (2023, 8_000), (2024, 5_000))),
    *(flow("o", year, quantity) for year, quantity in ((2022, 1_000), (2023, 1_000), (2024, 2_000))),
    *(flow("u", year, quantity, transferring="XBB") for year, quantity in ((2023, 2_000), (2024, 1_500))),
)


def facts(**changes: Any) -> Facts:
    content: dict[str, Any] = {
        "party": "XAA",
        "standing": Standing.PARTY,
        "period": PERIOD,
        "year": 2024,
        "as_of": date(2026, 12, 31),
        "ndc": ndc(),
        "method": Method.TRAJECTORY,
        "account": account(Method.TRAJECTORY),
        "inventories": (inventory(EMISSIONS),),
        "flows": FLOWS,
    }
    return Facts(**{**content, **changes})


def account(method: Method, **changes: Any) -> PeriodAccount:
    path = () if method is Method.AVERAGING else tuple(YearLevel(year, 1_100_000) for year in PERIOD.years())
    return PeriodAccount(
        **{"first": 2021, "last": 2030, "method": method, "locked_on": date(2024, 1, 1), "path": path, **changes}
    )


def line(table: Table4, number: int, *, part: Part = Part.WHOLE) -> list[object]:
    return list(table.row(number, part=part).years.values())


def test_the_worked_rows_come_out() -> None:
    table = table4(facts())
    assert line(table, 3) == line(table, 4) == list(EMISSIONS.values())
    assert line(table, 6) == [0, 3_000, 8_000, 5_000]
    assert line(table, 7) == [0, 1_000, 1_000, 2_000]
    assert line(table, 8) == [0, 0, 2_000, 1_500]
    assert line(table, 9) == line(table, 11) == [0, 4_000, 7_000, 5_500]
    assert line(table, 10) == [Unavailable.NOT_APPLICABLE] * 4
    assert line(table, 12) == [0, 4_000, 11_000, 16_500]
    assert line(table, 13) == [400_000, 409_000, 417_000, 417_500]
    assert gaps(table) == ()


def test_the_balance_adds_and_an_inverted_sign_would_be_found() -> None:
    table = table4(facts())
    wrong = tuple(
        replace(row, years={year: EMISSIONS[year] - (row.years[year] - EMISSIONS[year]) for year in row.years})  # type: ignore[operator, misc]
        if row.line.number == 13
        else row
        for row in table.rows
    )
    assert [gap.kind for gap in gaps(replace(table, rows=wrong))] == [GapKind.DOES_NOT_ADD_UP] * 3


def test_averaging_states_one_figure_in_all_columns_and_the_running_average_on_its_own_line() -> None:
    table = table4(facts(method=Method.AVERAGING, account=account(Method.AVERAGING)))
    assert line(table, 10) == [0, 2_000, Fraction(11_000, 3), 4_125]
    assert line(table, 11) == [4_125] * 4
    assert line(table, 13) == [404_125, 409_125, 414_125, 416_125]
    assert line(table, 1) == line(table, 2) == [Unavailable.NOT_APPLICABLE] * 4
    assert gaps(table) == ()


def test_a_party_may_keep_each_years_own_average() -> None:
    running = account(Method.AVERAGING, basis=IndicativeBasis.RUNNING)
    table = table4(facts(method=Method.AVERAGING, account=running))
    assert line(table, 11) == line(table, 10)


def test_every_line_is_there_even_when_nothing_is_known() -> None:
    empty = facts(ndc=None, method=None, account=None, inventories=(), flows=())
    table = table4(empty)
    assert {row.line.number for row in table.rows} == {line.number for line in LINES} == set(range(1, 21))
    assert line(table, 13) == [Unavailable.NDC_NOT_RECORDED] * 4
    assert line(table, 11) == [Unavailable.METHOD_NOT_CHOSEN] * 4
    assert line(table, 6) == [0] * 4  # nothing was first transferred, and that is known
    assert {gap.kind for gap in gaps(table)} == {GapKind.NOT_AVAILABLE}


def test_a_year_without_an_inventory_is_not_available_and_not_zero() -> None:
    table = table4(facts(inventories=(inventory({2021: 400_000}),)))
    assert line(table, 13) == [400_000, *[Unavailable.INVENTORY_MISSING] * 3]
    assert Gap(GapKind.NOT_AVAILABLE, 13, 2022, "inventory_missing") in gaps(table)


def test_a_total_outside_the_scope_gives_no_balance() -> None:
    table = table4(facts(inventories=(inventory(EMISSIONS, gases=("CO2",)),)))
    assert line(table, 3) == line(table, 13) == [Unavailable.OUTSIDE_SCOPE] * 4


def test_one_of_several_parties_of_an_ndc_has_no_balance_of_its_own() -> None:
    table = table4(facts(ndc=ndc(parties=(Party("EUE"), Party("XAA")))))
    assert line(table, 13) == [Unavailable.SHARED_NDC] * 4


def test_the_split_adds_up_to_the_lines_and_a_lost_row_is_found() -> None:
    table = table4(facts())
    assert sum(row.quantity for row in table.split if row.kind is FlowKind.FIRST_TRANSFERRED) == 16_000
    assert [(row.transferring, row.quantity) for row in table.split if row.kind is FlowKind.USED] == [
        ("XBB", 2_000),
        ("XBB", 1_500),
    ]
    lost = replace(table, split=table.split[1:])
    assert [gap.kind for gap in gaps(lost)] == [GapKind.SPLIT_DIFFERS]


def test_line_7_names_the_entities() -> None:
    assert table4(facts()).entities == ("E-1",)
    nobody = tuple(replace(each, entities=()) for each in FLOWS)
    assert gaps(table4(facts(flows=nobody))) == (Gap(GapKind.ENTITIES_MISSING, 7),)


def test_a_missing_line_and_a_missing_year_are_found() -> None:
    table = table4(facts())
    without = tuple(row for row in table.rows if row.line.number != 8)
    assert Gap(GapKind.LINE_MISSING, 8) in gaps(replace(table, rows=without))
    shorter = tuple(replace(row, years={2021: row.years[2021]}) if row.line.number == 1 else row for row in table.rows)
    assert [gap.year for gap in gaps(replace(table, rows=shorter))] == [2022, 2023, 2024]


def test_by_the_year_of_the_act_only_lines_6_and_7_and_their_split_are_shown_otherwise() -> None:
    table, by_vintage = table4(facts(basis=Basis.FIRST_TRANSFER_YEAR)), table4(facts())
    assert line(table, 6) == [0, 0, 3_000, 8_000] != line(by_vintage, 6)
    assert {row.year for row in table.split if row.kind is FlowKind.FIRST_TRANSFERRED} == {2023, 2024}
    assert [row for row in table.rows if row.line.number not in (6, 7)] == [
        row for row in by_vintage.rows if row.line.number not in (6, 7)
    ]
    assert gaps(table) == ()


def test_first_transfers_from_outside_the_scope_count() -> None:
    flows = (flow("n", 2026, 5_000), flow("n", 2026, 3_000, sector="Forestry and land use"))
    table = table4(facts(year=2026, flows=flows, inventories=(inventory(dict(OUTSIDE_SCOPE.emissions)),)))
    assert table.row(13).years[2026] == 88_000


def test_a_vintage_or_use_outside_the_period_adjusts_nothing() -> None:
    flows = (flow("n", 2031, 5), flow("u", 2031, 7))
    table = table4(facts(flows=flows))
    assert line(table, 12) == [0, 0, 0, 0]


def test_the_assessment_waits_for_the_final_report() -> None:
    table = table4(facts())
    assert [row.single for row in table.rows if row.line.number >= 16] == [Unavailable.FINAL_REPORT_ONLY] * 5


def vector_facts(vector: Vector, **changes: Any) -> Facts:
    flows = (
        *(flow("n", year, amount) for year, amount in vector.first_transferred.items()),
        *(flow("u", year, amount) for year, amount in vector.used.items()),
    )
    content: dict[str, Any] = {
        "period": vector.period,
        "year": vector.period.last,
        "flows": flows,
        "method": vector.method,
        "inventories": (inventory(dict(vector.emissions)),),
    }
    return facts(**{**content, **changes})


def test_the_final_report_of_a_single_year_target_says_that_it_is_met() -> None:
    table = table4(vector_facts(TRAJECTORY_HOST))
    assert told(table.row(18).single, table.row(19).single, table.row(20).statement) == (1_095_000, 5_000, "met")
    assert table.row(13).progress == 5_000


def test_the_final_report_of_a_budget_adds_all_years() -> None:
    path = tuple(YearLevel(year, level) for year, level in BUDGET.items())
    target = Target("budget", TargetForm.BUDGET, 2030, "within the budget", NDC_TEXT)
    multi = account(Method.MULTI_YEAR, first=2026, path=path)
    of = ndc(first=2026, kind=NdcKind.MULTI_YEAR, targets=(target,))
    table = table4(vector_facts(BUDGET_MIXED, ndc=of, account=multi))
    assert told(table.row(18).single, table.row(19).single, table.row(20).statement) == (2_345_000, 30_000, "met")
    assert list(table.row(2).years.values()) == list(BUDGET.values())


def test_the_ceiling_beside_the_balance_is_the_first_unconditional_one() -> None:
    conditional = Target(
        "conditional", TargetForm.LEVEL, 2030, "at most 900,000 t", NDC_TEXT, level=900_000, conditional=True
    )
    second = Target("second", TargetForm.LEVEL, 2030, "at most 1,500,000 t", NDC_TEXT, level=1_500_000)
    table = table4(vector_facts(TRAJECTORY_HOST, ndc=ndc(targets=(conditional, CEILING, second))))
    assert table.row(13).target == 1_100_000


def test_a_final_report_with_a_missing_year_is_indeterminate() -> None:
    table = table4(vector_facts(TRAJECTORY_HOST, inventories=(inventory({2021: 1}),)))
    assert table.row(20).statement == "indeterminate"


def test_an_indicator_is_adjusted_with_the_opposite_signs_and_compared_with_its_floor() -> None:
    vector = INDICATOR_GWH
    floor = Target(
        "share", TargetForm.FLOOR, 2030, "at least 1,800 GWh", NDC_TEXT, level=1_800, unit="GWh", metric="GWh"
    )
    flows = tuple(replace(each, commodity="metric:GWh") for each in vector_facts(vector).flows)
    table = table4(
        facts(
            period=vector.period,
            year=2030,
            ndc=ndc(first=2026, targets=(floor,)),
            flows=flows,
            inventories=(inventory(dict(vector.emissions), metric="GWh", gases=()),),
        )
    )
    changes, adjusted = (table.row(14, unit="GWh", part=part) for part in (Part.ADJUSTMENT, Part.ADJUSTED))
    assert list(changes.years.values()) == [0, -50, -100, -150, -70]
    assert list(adjusted.years.values()) == [1_200, 1_300, 1_400, 1_550, 1_830]
    assert table.row(20, unit="GWh").statement == "met"
    assert line(table, 9) == [0] * 5  # gigawatt-hours are never netted with tonnes
    assert list(table.row(6, unit="GWh").years.values()) == [0, 50, 100, 150, 100]


def test_an_intensity_adjusts_its_numerator_before_it_is_divided_and_is_not_told_in_tonnes() -> None:
    target = Target(
        "intensity", TargetForm.INTENSITY, 2030, "at most 110 t a million", NDC_TEXT, level=110, metric="M USD"
    )
    outputs = inventory({2029: 9_000, 2030: 10_000}, id="GDP", metric="M USD", gases=())
    emissions = inventory(dict(TRAJECTORY_HOST.emissions))
    table = table4(vector_facts(TRAJECTORY_HOST, ndc=ndc(targets=(target,)), inventories=(emissions, outputs)))
    # CA-V1: 1,045,000 of 2030 and 50,000 added make 1,095,000, over 10,000.
    rows = [table.row(number) for number in (18, 19, 20)]
    assert told(rows[0].single, rows[1].single, rows[2].statement) == (Fraction(219, 2), Fraction(1, 2), "met")
    assert {row.unit for row in table.rows if row.line.number >= 16} == {"tCO2e/M USD"}
    selected = indicator_rows(table.facts)[0]
    assert (selected.unit, selected.years[2030]) == ("tCO2e/M USD", Fraction(209, 2))
    missing = table4(vector_facts(TRAJECTORY_HOST, ndc=ndc(targets=(target,)), inventories=(emissions,)))
    assert missing.row(20).statement == "indeterminate"


def test_a_floor_without_a_unit_of_its_own_is_told_in_its_metric() -> None:
    target = Target("share", TargetForm.FLOOR, 2030, "at least 9 GWh", NDC_TEXT, level=9, metric="GWh")
    table = table4(vector_facts(TRAJECTORY_HOST, ndc=ndc(targets=(target,))))
    assert {row.unit for row in table.rows if row.line.number >= 16} == {"GWh"}
    assert indicator_rows(table.facts)[0].unit == "GWh"


@pytest.mark.parametrize("year", [2020, 2021, 2030, 2035])
def test_the_columns_are_the_elapsed_years_of_the_period(year: int) -> None:
    table = table4(facts(year=year))
    assert len(line(table, 6)) == max(0, min(year, 2030) - 2020)


MEASURES = ndc(of_measures=True, targets=(), portion=Scope((InventorySector.ENERGY,), GASES))
AFFECTED = tuple(YearTotal(year, 100_000 + year, (InventorySector.ENERGY,)) for year in EMISSIONS)


def measured(**changes: Any) -> Table4:
    levels = inventory({}, values=(*inventory(EMISSIONS).values, *AFFECTED))
    return table4(facts(**{"ndc": MEASURES, "inventories": (levels,), **changes}))


def test_measures_are_accounted_for_in_what_they_affect_and_tell_the_portion_apart() -> None:
    table = measured()
    assert line(table, 3) == list(EMISSIONS.values())
    assert line(table, 4) == [100_000 + year for year in EMISSIONS]
    assert line(table, 13) == [400_000, 409_000, 417_000, 417_500]
    assert line(table4(facts()), 4) == line(table4(facts()), 3)  # a target of its own has no portion


def test_a_portion_that_nobody_recorded_is_missing_and_not_the_whole() -> None:
    table = measured(ndc=ndc(of_measures=True, targets=()))
    assert set(line(table, 4)) == {Unavailable.PORTION_MISSING}
    assert {gap.line for gap in gaps(table)} == {4}
    assert line(table, 13) == [400_000, 409_000, 417_000, 417_500]


def test_measures_without_a_quantity_are_not_compared_at_the_end() -> None:
    for year, reason in ((2024, Unavailable.FINAL_REPORT_ONLY), (2030, Unavailable.NOT_APPLICABLE)):
        table = measured(year=year)
        assert {table.row(number).single for number in range(16, 21)} == {reason}


def test_a_total_in_other_gwp_values_leaves_the_balance_out_and_says_so() -> None:
    table = table4(facts(ndc=ndc(gwp="AR5"), inventories=(inventory(EMISSIONS, gwp="AR4"),)))
    assert set(line(table, 3)) == set(line(table, 13)) == {Unavailable.GWP_DIFFERS}
    assert line(table, 11) == [0, 4_000, 7_000, 5_500]


def test_years_ahead_are_indicative_and_the_last_ones_final() -> None:
    assert [facts(year=year).final for year in (2024, 2029, 2030, 2031)] == [False, False, True, True]
    assert list(facts(year=2031).years) == list(PERIOD.years())
