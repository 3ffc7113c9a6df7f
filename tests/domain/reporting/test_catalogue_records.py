"""The checks that look at what stands beside the workbooks, and the catalogue as a whole."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from counterfoil.domain.reporting.consistency.registered import CHECKS
from counterfoil.domain.reporting.finding import Severity
from counterfoil.domain.reporting.records import ListedApproach, Records
from counterfoil.domain.reporting.structured_summary import FinalAssessment, Line, StructuredSummary, YearBasis
from tests.domain.reporting.recorded import (
    averaging,
    changed,
    final,
    initial_report,
    records,
    summary,
)
from tests.domain.reporting.recorded import (
    whole_history as world,
)
from tests.domain.reporting.submissions import checked, seen
from tests.domain.reporting.test_catalogue import ERRORS

D = date

BESIDE: list[tuple[str, str, Records, list[tuple[str, str]]]] = [
    (
        "C10",
        "another period than in the initial report",
        records(summaries=[], initial_reports=[initial_report(ndc_last_year=2025), initial_report("XBB")]),
        [("differs", "I")] * 5,
    ),
    (
        "C13",
        "the initial report does not cover the approach",
        records(initial_reports=[initial_report(approaches=()), initial_report("XBB")]),
        [("not_covered", "I")] * 2,
    ),
    (
        "C13",
        "the initial report came later",
        records(initial_reports=[initial_report(submitted_on=D(2024, 4, 1)), initial_report("XBB")]),
        [("not_covered", "I")],
    ),
    ("C23", "no document", records(documents=frozenset()), [("absent", "N")]),
    ("C67", "an approach that nobody listed", records(approaches=[]), [("not_listed", "I")] * 3),
    (
        "C67",
        "a Party that is no participant",
        records(approaches=[ListedApproach("CA9001", ("XAA",))]),
        [("not_participating", "I")] * 2,
    ),
    ("C76", "another inventory", records(inventories={("XAA", 2024): Fraction(1)}), [("differs", "W")]),
]


@pytest.mark.parametrize(("check_id", "error", "beside", "cases"), BESIDE, ids=[f"{row[0]}-{row[1]}" for row in BESIDE])
def test_a_check_finds_in_the_records_that(
    check_id: str, error: str, beside: Records, cases: list[tuple[str, str]]
) -> None:
    outcome = checked(*world(), records=beside)
    assert [(case, severity) for case, severity, _ in seen(outcome, check_id)] == cases, error
    assert {one.check for one in outcome.findings} == {check_id}


HOST_TABLE = summary({2023: 1000}, {})
TABLES: list[tuple[str, str, list[StructuredSummary], list[tuple[str, str]]]] = [
    ("C71", "a vintage less", [summary({2023: 999}, {})], [("differs", "I")]),
    (
        "C71",
        "by the year of the first transfer, said to be by vintage",
        [summary({2024: 1000}, {})],
        [("differs", "I")] * 2,
    ),
    ("C71", "a use that the annual information does not know", [summary({2023: 1000}, {2024: 1})], [("differs", "I")]),
    ("C71", "a Party without annual information", [summary({}, {}, party="XCC")], [("not_available", "N")]),
    ("C72", "a wrong net amount", [changed(HOST_TABLE, Line.NET, 2023, 1001)], [("differs", "I")]),
    ("C72", "a wrong cumulative amount", [changed(HOST_TABLE, Line.CUMULATIVE, 2025, 0)], [("differs", "I")]),
    ("C72", "a balance that is left out", [changed(HOST_TABLE, Line.BALANCE, 2024, None)], [("omitted", "I")]),
    ("C72", "an average under another method", [changed(HOST_TABLE, Line.AVERAGE, 2021, 0)], [("not_applicable", "I")]),
    ("C72", "a whole-period numerator", [changed(averaging(), Line.AVERAGE, 2024, 200)], [("differs", "I")]),
    ("C75", "the adjustment is taken away", [changed(HOST_TABLE, Line.BALANCE, 2023, 49_000)], [("inverted", "I")]),
    ("C73", "another method", [replace(averaging(), splits=HOST_TABLE.splits)], [("differs", "I")]),
    (
        "C73",
        "another method than two years before",
        [replace(HOST_TABLE, submitted_on=D(2026, 12, 30)), averaging()],
        [("differs", "I")] * 2,
    ),
    (
        "C74",
        "a table that does not add up",
        [replace(HOST_TABLE, splits=(replace(HOST_TABLE.splits[0], amount=Fraction(999)),))],
        [("differs", "I")],
    ),
    ("C74", "no table", [replace(HOST_TABLE, splits=())], [("not_available", "N")]),
    (
        "C77",
        "the sum under a single-year target",
        [final(final=FinalAssessment(compared=Fraction(501_000), target=Fraction(501_000), achieved=True))],
        [("compared", "I")],
    ),
    ("C77", "one year under a multi-year target", [final(method="multi_year")], [("compared", "I")]),
    (
        "C77",
        "achieved, though above the target",
        [final(final=FinalAssessment(compared=Fraction(50_100), target=Fraction(50_099), achieved=True))],
        [("achieved", "I")],
    ),
    (
        "C77",
        "the last year's balance, though the target is of an earlier year",
        [
            changed(
                final(
                    final=FinalAssessment(
                        compared=Fraction(50_100), target=Fraction(50_100), achieved=True, target_year=2028
                    )
                ),
                Line.BALANCE,
                2028,
                50_000,
            )
        ],
        [("compared", "I")],
    ),
    ("C77", "the target year is missing", [changed(final(), Line.BALANCE, 2030, None)], [("not_available", "N")]),
    (
        "C78",
        "a contribution that no row shows",
        [replace(HOST_TABLE, adaptation_t=Fraction(50))],
        [("adaptation", "W")],
    ),
    ("C78", "a cancellation that no row shows", [replace(HOST_TABLE, omge_t=Fraction(20))], [("omge", "W")]),
]


@pytest.mark.parametrize(("check_id", "error", "tables", "cases"), TABLES, ids=[f"{row[0]}-{row[1]}" for row in TABLES])
def test_a_check_finds_in_a_structured_summary_that(
    check_id: str, error: str, tables: list[StructuredSummary], cases: list[tuple[str, str]]
) -> None:
    outcome = checked(*world(), records=records(summaries=tables, inventories=None))
    assert [(case, severity) for case, severity, _ in seen(outcome, check_id)] == cases, error


@pytest.mark.parametrize(
    "table",
    [
        averaging(),
        replace(
            averaging(running_average=True),
            lines={
                **averaging().lines,
                Line.ADJUSTMENT: averaging().amounts(Line.AVERAGE),
                Line.BALANCE: {year: 50_000 + amount for year, amount in averaging().amounts(Line.AVERAGE).items()},
            },
        ),
        replace(summary({2024: 1000}, {}), year_basis=YearBasis.FIRST_TRANSFER_YEAR),
        final(),
        changed(
            changed(
                final(
                    final=FinalAssessment(
                        compared=Fraction(50_000), target=Fraction(50_050), achieved=True, target_year=2028
                    )
                ),
                Line.BALANCE,
                2028,
                50_000,
            ),
            Line.EMISSIONS,
            2028,
            49_900,
        ),
        final(
            method="multi_year",
            final=FinalAssessment(compared=Fraction(501_000), target=Fraction(500_000), achieved=False),
        ),
    ],
    ids=["averaging", "running", "by year of first transfer", "single year", "an earlier target year", "multi-year"],
)
def test_a_table_of_each_method_recomputes(table: StructuredSummary) -> None:
    outcome = checked(*world(), records=records(summaries=[table], inventories=None, initial_reports=None))
    found = [one.text_key for one in outcome.findings if not one.text_key.endswith("not_available")]
    assert [key for key in found if key[:3] in ("C72", "C75", "C77")] == []
    if max(table.years()) == 2025:
        assert found == []


def test_a_view_by_the_year_of_the_act_does_not_move_the_lines_that_adjust() -> None:
    stated = summary({2024: 1000}, {})
    shown = {**stated.lines, Line.FIRST_TRANSFERRED: {year: Fraction(0) for year in stated.years()}}
    by_act = replace(stated, lines=shown, year_basis=YearBasis.FIRST_TRANSFER_YEAR)
    for table, expected in ((by_act, []), (replace(by_act, year_basis=YearBasis.VINTAGE), ["C72"])):
        outcome = checked(*world(), records=records(summaries=[table], inventories=None, initial_reports=None))
        assert sorted({one.check for one in outcome.findings if one.check in ("C72", "C75")}) == expected


def test_a_check_without_what_it_needs_is_not_made_and_not_counted_as_passed() -> None:
    outcome = checked(*world())
    assert outcome.not_made == ("C13", "C23", "C67", "C71", "C72", "C73", "C74", "C75", "C76", "C77", "C78")
    assert outcome.as_json() == {"status": "CONSISTENT", "findings": []}
    partly = checked(*world(), records=Records(documents=records().documents))
    assert partly.as_json()["not_made"] == [one for one in outcome.not_made if one != "C23"]


def test_every_check_has_a_seeded_error_and_is_silent_on_the_consistent_world() -> None:
    from tests.domain.reporting.test_seeded_errors import ONE_ERROR

    seeded = {row[0] for rows in (ERRORS, BESIDE, TABLES, ONE_ERROR) for row in rows}
    read = {f"C0{number}" for number in range(1, 9)}  # seeded in test_reading.py
    assert seeded | read == {check.id for check in CHECKS} == {f"C{number:02}" for number in range(1, 79)}
    assert [one for one in CHECKS if one.severity is Severity.NOT_AVAILABLE] == [
        one for one in CHECKS if one.id == "C23"
    ]


def test_the_codes_of_the_secretariat_name_our_checks() -> None:
    aliases = {alias for check in CHECKS for alias in check.aliases}
    assert aliases == {
        *(f"II0{number}" for number in range(1, 8)),
        *(f"STC0{number}" for number in range(1, 5)),
        "ISC01",
    }
