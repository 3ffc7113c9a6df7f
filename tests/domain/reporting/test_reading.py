"""Reading a workbook: C01 to C08, each by one seeded error, and what a reader must not get wrong."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from fractions import Fraction

import pytest

from counterfoil.application.queries.aef_check import CheckReport, NamedRaw, check
from counterfoil.domain.reporting.aef_parse import read_submission
from counterfoil.domain.reporting.aef_rows import Submission
from counterfoil.domain.reporting.aef_workbook import Cell, RawSheet, RawWorkbook, cell_name
from counterfoil.domain.reporting.finding import CheckStatus
from tests.domain.reporting.submissions import (
    FORM,
    SHEET_3,
    acquisition,
    authorization,
    contradictions,
    entity,
    first_transfer,
    history,
    holding,
    host_2023,
    laid_out,
    report,
    seen,
)

NAME = "aef-XAA-2024-v1.0.xlsx"


def full() -> Submission:
    """A submission with a row in every table."""
    return report(
        "XAA",
        2024,
        first_transfer(),
        authorizations=(authorization(),),
        holdings=(holding(2001, 2010, party_itmo_registry_id="XAA01"),),
        entities=(entity(),),
    )


def changed(book: RawWorkbook, sheet: str, cell: str, value: Cell) -> RawWorkbook:
    """The workbook with one cell changed."""
    sheets = []
    for raw in book.sheets:
        rows = [list(row) for row in raw.rows]
        if raw.name == sheet:
            column = max(len(row) for row in rows) + 2
            for number, row in enumerate(rows):
                row.extend([None] * (column - len(row)))
                for at in range(column):
                    if cell_name(number, at) == cell:
                        row[at] = value
        sheets.append(RawSheet(raw.name, rows))
    return RawWorkbook(tuple(sheets))


def looked_at(book: RawWorkbook, name: str = NAME) -> CheckReport:
    return check([NamedRaw(name, book)], FORM)


def labelled(sheet: str, label: str, row: int = 5) -> str:
    """The cell of a field in a data row, found by its label."""
    header = next(raw for raw in laid_out(full()).sheets if raw.name == sheet).rows[3]
    return cell_name(row - 1, list(header).index(label))


def test_a_submission_is_read_as_it_was_laid_out() -> None:
    one = replace(full(), note="Demonstration: simulated acts · 示範：模擬行為")
    read = read_submission(laid_out(one), FORM, NAME)
    assert read.seen == ()
    assert read.filed is not None
    assert read.filed.submission == one


def test_the_full_submission_has_no_finding() -> None:
    assert contradictions(looked_at(laid_out(full()))) == []


SHEETS: list[tuple[str, Callable[[tuple[RawSheet, ...]], tuple[RawSheet, ...]], str]] = [
    ("a sheet is missing", lambda sheets: sheets[:6], "missing_sheet"),
    ("there is one more sheet", lambda sheets: (*sheets, RawSheet("Notes", [])), "extra_sheet"),
    (
        "a name differs in one letter",
        lambda sheets: (*sheets[:6], RawSheet("Table 5 Auth. Entities", [])),
        "missing_sheet",
    ),
    ("two sheets changed places", lambda sheets: (sheets[1], sheets[0], *sheets[2:]), "order"),
]


@pytest.mark.parametrize(("error", "change", "case"), SHEETS, ids=[row[0] for row in SHEETS])
def test_c01_finds_that(error: str, change: Callable, case: str) -> None:  # type: ignore[type-arg]
    found = seen(looked_at(RawWorkbook(change(laid_out(full()).sheets))), "C01")
    assert case in [each for each, severity, _ in found if severity == "B"], error


LABELS = [
    ("a label is spelt otherwise", "Table 2 Authorizations", "G4", "Measure", "label"),
    ("a label is empty", "Table 2 Authorizations", "G4", None, "label"),
    ("the capitals differ", SHEET_3, "C4", "Action Type", "capitals"),
    ("the last label of table 5 is spelt otherwise", "Table 5 Auth. entities", "I4", "Remarks", "label"),
    ("a label of table 1 is spelt otherwise", "Table 1 Submission", "B10", "First year", "label"),
    ("a column stands beside the table", "Table 2 Authorizations", "W4", "Remarks", "label"),
]


@pytest.mark.parametrize(("error", "sheet", "cell", "value", "case"), LABELS, ids=[row[0] for row in LABELS])
def test_c02_finds_that(error: str, sheet: str, cell: str, value: Cell, case: str) -> None:
    found = seen(looked_at(changed(laid_out(full()), sheet, cell, value)), "C02")
    assert found == [(case, "B", "H4" if value is None else cell)], error


def test_c02_finds_swapped_columns() -> None:
    book = changed(changed(laid_out(full()), SHEET_3, "C4", "Action subtype"), SHEET_3, "D4", "Action type")
    assert seen(looked_at(book), "C02") == [("label", "B", "C4")]


def test_c02_finds_a_sheet_without_its_table() -> None:
    sheets = laid_out(full()).sheets
    book = RawWorkbook((*sheets[:6], RawSheet(sheets[6].name, [["nothing"]])))
    assert seen(looked_at(book), "C02") == [("no_table", "B", None)]


HEADINGS: list[tuple[str, str, Cell, str]] = [
    ("the Party is a name", "C4", "Atlantis", "unreadable"),
    ("the version has no minor number", "C5", "1", "unreadable"),
    ("the year is a word", "C6", "last", "unreadable"),
    ("the year is empty", "C6", None, "unreadable"),
]


@pytest.mark.parametrize(("error", "cell", "value", "case"), HEADINGS, ids=[row[0] for row in HEADINGS])
def test_c03_finds_that(error: str, cell: str, value: Cell, case: str) -> None:
    found = seen(looked_at(changed(laid_out(full()), "Table 1 Submission", cell, value)), "C03")
    assert found == [(case, "B", cell)], error


@pytest.mark.parametrize("name", ["aef-XAA-2023-v1.0.xlsx", "XBB_2024_1_0.xlsx", "aef-XAA-2024-v1.10.xlsx"])
def test_c03_finds_a_file_name_that_says_otherwise(name: str) -> None:
    assert [case for case, _, _ in seen(looked_at(laid_out(full()), name), "C03")] == ["file_name"]


@pytest.mark.parametrize("version", ["1.0", "1.10", "12.3"])
def test_a_file_name_with_any_number_of_digits_is_parsed_and_not_sliced(version: str) -> None:
    book = laid_out(replace(full(), version=version))
    assert contradictions(looked_at(book, f"aef-XAA-2024-v{version}.xlsx")) == []
    assert contradictions(looked_at(book, "final (2).xlsx")) == []


def test_a_version_that_was_typed_as_a_number_is_read() -> None:
    for cell, version in ((1, "1.0"), (Fraction(11, 10), "1.1")):
        read = read_submission(changed(laid_out(full()), "Table 1 Submission", "C5", cell), FORM, "x.xlsx")
        assert read.filed is not None
        assert read.filed.submission.version == version


def versions(*numbers: str, days: tuple[date, ...] = ()) -> CheckReport:
    dates = days or tuple(date(2025, 3, 31) for _ in numbers)
    books = [
        laid_out(replace(full(), version=number, submitted_on=day)) for number, day in zip(numbers, dates, strict=True)
    ]
    return check([NamedRaw(f"{at}.xlsx", book) for at, book in enumerate(books)], FORM)


def test_c04_finds_the_same_version_twice() -> None:
    assert seen(versions("1.0", "1.0"), "C04") == [("again", "B", "C5")]


def test_c05_finds_an_older_version_after_a_newer_one() -> None:
    days = (date(2025, 3, 1), date(2025, 4, 2))
    assert seen(versions("1.10", "1.9", days=days), "C05") == [("older", "B", "C5")]


def test_a_newer_version_replaces_the_older_one_without_a_finding() -> None:
    assert contradictions(versions("1.9", "1.10")) == []


@pytest.mark.parametrize("days", [(date(2025, 4, 2), date(2025, 3, 1)), ()], ids=["two days", "one day"])
def test_the_order_of_the_files_does_not_matter(days: tuple[date, ...]) -> None:
    assert contradictions(versions("1.1", "1.0", days=days)) == []
    assert contradictions(versions("1.0", "1.1", days=tuple(reversed(days)))) == []


def test_of_two_files_of_one_version_the_same_one_counts_in_either_order() -> None:
    one, other = replace(full(), note="one"), replace(full(), note="other")
    books = [NamedRaw("a.xlsx", laid_out(one)), NamedRaw("b.xlsx", laid_out(other))]
    for order in (books, books[::-1]):
        assert [found.place.file for found in check(order, FORM).findings if found.check == "C04"] == ["b.xlsx"]


CARP = [
    ("Table 1 Submission", "C8", "Review pending"),
    ("Table 1 Submission", "C9", "Checked, no inconsistencies identified"),
    (SHEET_3, labelled(SHEET_3, "Result of the consistency checks"), "ok"),
    ("Table 2 Authorizations", labelled("Table 2 Authorizations", "Authorization documentation"), "https://x.example"),
]


@pytest.mark.parametrize(("sheet", "cell", "value"), CARP)
def test_c06_finds_a_written_field_of_the_carp(sheet: str, cell: str, value: str) -> None:
    assert seen(looked_at(changed(laid_out(full()), sheet, cell, value)), "C06") == [("written", "B", cell)]


@pytest.mark.parametrize(("sheet", "cell", "value"), CARP)
def test_c06_accepts_an_empty_field_of_the_carp(sheet: str, cell: str, value: str) -> None:
    del value
    assert contradictions(looked_at(changed(laid_out(full()), sheet, cell, ""))) == []


CELLS: list[tuple[str, str, str, Cell, str]] = [
    ("a required cell is empty", SHEET_3, "Cooperative approach ID", None, "missing"),
    ("a required cell is blank", SHEET_3, "Cooperative approach ID", "  ", "missing"),
    ("a required cell is NA", SHEET_3, "Metric", "NA", "not_applicable"),
    ("a date is a text", SHEET_3, "Action date", "01/03/2024", "not_a_date"),
    ("a date is an ISO text without a time", SHEET_3, "Action date", "2024-03-01", "not_a_date"),
    ("a date is a number", SHEET_3, "Action date", 45352, "not_a_date"),
    ("a quantity is a word", SHEET_3, "Quantity (t CO2 eq)", "many", "not_a_number"),
    ("a quantity has a thousands separator", SHEET_3, "Quantity (t CO2 eq)", "1,000", "not_a_number"),
    ("a quantity is beyond 63 bits", SHEET_3, "Quantity (t CO2 eq)", 2**63, "too_large"),
    ("a vintage is a fraction", SHEET_3, "Vintage", Fraction(4047, 2), "not_whole"),
    ("a vintage has two digits", SHEET_3, "Vintage", 23, "pattern"),
    ("an approach has three digits", SHEET_3, "Cooperative approach ID", "CA901", "pattern"),
    ("an approach has a letter more", SHEET_3, "Cooperative approach ID", "CA90011", "pattern"),
    ("digits are the letter d", SHEET_3, "Cooperative approach ID", "CAdddd", "pattern"),
    (
        "a template's word is left in a cell",
        "Table 2 Authorizations",
        "Authorized Party(ies) ID",
        "blankable",
        "pattern",
    ),
    ("a registry is a Party", SHEET_3, "Party ITMO registry ID", "XAA", "pattern"),
    ("a Party is in small letters", SHEET_3, "First transferring participating Party ID", "xaa", "pattern"),
    (
        "one of several Parties is a name",
        "Table 2 Authorizations",
        "Authorized Party(ies) ID",
        "XBB, Atlantis",
        "pattern",
    ),
    ("a time frame has a word", "Table 2 Authorizations", "Authorized timeframe", "until 2030", "pattern"),
    ("a version of the authorization is 0", "Table 2 Authorizations", "Version of the authorization", 0, "pattern"),
    ("the last column of table 4 is a word", "Table 4 Holdings", "Vintage", "old", "pattern"),
    ("a name in table 5 is empty", "Table 5 Auth. entities", "Name", None, "missing"),
    ("a date in table 5 is a text", "Table 5 Auth. entities", "Date of the authorization", "2023", "not_a_date"),
]


@pytest.mark.parametrize(("error", "sheet", "label", "value", "case"), CELLS, ids=[row[0] for row in CELLS])
def test_c07_finds_that(error: str, sheet: str, label: str, value: Cell, case: str) -> None:
    cell = labelled(sheet, label)
    outcome = looked_at(changed(laid_out(full()), sheet, cell, value))
    assert seen(outcome, "C07") == [(case, "B", cell)], error
    assert outcome.status is CheckStatus.INCONSISTENT


def test_c07_finds_data_below_an_empty_row() -> None:
    sheets = list(laid_out(full()).sheets)
    at = FORM.sheets.index(SHEET_3)
    rows = list(sheets[at].rows)
    sheets[at] = RawSheet(SHEET_3, [*rows, [], rows[-1]])
    assert seen(looked_at(RawWorkbook(tuple(sheets))), "C07") == [("after_gap", "B", "B7")]


def test_a_remark_below_a_table_is_not_data() -> None:
    sheets = list(laid_out(full()).sheets)
    at = FORM.sheets.index(SHEET_3)
    sheets[at] = RawSheet(SHEET_3, [*sheets[at].rows, [], [None, "Source: the registry"]])
    assert contradictions(looked_at(RawWorkbook(tuple(sheets)))) == []


@pytest.mark.parametrize(
    ("cell", "day", "at"),
    [
        (datetime.combine(date(2024, 12, 31), time(23, 59, 59, 999000)), date(2024, 12, 31), time(23, 59, 59, 999000)),
        ("2024-12-31T23:59:59.999Z", date(2024, 12, 31), time(23, 59, 59, 999000)),
        (date(2024, 12, 31), date(2024, 12, 31), None),
    ],
)
def test_an_action_date_may_have_a_time_in_utc(cell: Cell, day: date, at: time | None) -> None:
    read = read_submission(changed(laid_out(full()), SHEET_3, "B5", cell), FORM, NAME)
    assert read.filed is not None
    row = read.filed.submission.actions[0]
    assert (read.seen, row.action_date, row.action_time) == ((), day, at)


WORDS: list[tuple[str, str, str, str]] = [
    (SHEET_3, "Action type", "First Transfer", "spelling"),
    (SHEET_3, "Action type", "Export", "unlisted"),
    (SHEET_3, "Mitigation type", "Emission reductions and removals", "unlisted"),
    (SHEET_3, "Metric", "CO2", "unlisted"),
    ("Table 2 Authorizations", "Sector(s)", "Transportation, Energy", "unlisted"),
    ("Table 2 Authorizations", "Activity type(s)", "CO2 Usage", "unlisted"),
    ("Table 2 Authorizations", "Purposes for authorization", "Other", "unlisted"),
]


@pytest.mark.parametrize(("sheet", "label", "value", "case"), WORDS)
def test_c08_finds_a_word_outside_its_list(sheet: str, label: str, value: str, case: str) -> None:
    cell = labelled(sheet, label)
    assert seen(looked_at(changed(laid_out(full()), sheet, cell, value)), "C08") == [(case, "I", cell)]


@pytest.mark.parametrize("label", ["First transferring participating Party ID", "Acquiring participating Party ID"])
def test_c08_finds_a_code_of_no_party(label: str) -> None:
    cell = labelled(SHEET_3, label)
    assert seen(looked_at(changed(laid_out(full()), SHEET_3, cell, "ZZZ")), "C08") == [("unlisted", "I", cell)]
    assert seen(looked_at(changed(laid_out(full()), SHEET_3, cell, "THA")), "C08") == []


def test_c08_finds_a_reporting_party_of_no_country_and_the_rest_is_still_checked() -> None:
    outcome = looked_at(changed(laid_out(full()), "Table 1 Submission", "C4", "ZZZ"), "x.xlsx")
    assert seen(outcome, "C08") == [("unlisted", "I", "C4")]
    assert seen(outcome, "C31") == [
        ("other_party", "I", labelled(SHEET_3, "First transferring participating Party ID"))
    ]


def test_c08_accepts_the_other_spellings_that_are_published() -> None:
    book = laid_out(full())
    for label, value in (("Purposes for authorization", "NDC"), ("Activity type(s)", "C02 usage, Solar")):
        book = changed(book, "Table 2 Authorizations", labelled("Table 2 Authorizations", label), value)
    assert contradictions(looked_at(book)) == []


def test_a_type_in_the_wrong_case_is_found_and_its_row_is_still_checked() -> None:
    book = laid_out(replace(full(), actions=(first_transfer(acquiring_party_id=None),)))
    outcome = looked_at(changed(book, SHEET_3, labelled(SHEET_3, "Action type"), "First Transfer"))
    assert [key[:3] for key, _ in contradictions(outcome)] == ["C08", "C27"]


def test_a_bad_cell_costs_its_row_and_no_other_finding_is_invented() -> None:
    submissions = history()
    book = changed(laid_out(submissions[4]), SHEET_3, labelled(SHEET_3, "Vintage"), "old")
    books = [NamedRaw(f"{at}.xlsx", laid_out(one)) for at, one in enumerate(submissions)]
    books[4] = NamedRaw("4.xlsx", book)
    assert contradictions(check(books, FORM)) == [("C07.pattern", "B")]


def test_a_date_of_submission_that_cannot_be_read_leaves_the_other_checks_running() -> None:
    book = laid_out(replace(full(), actions=(first_transfer(quantity_co2=1),)))
    outcome = looked_at(changed(book, "Table 1 Submission", "C7", "31/03/2025"))
    assert [key[:3] for key, _ in contradictions(outcome)] == ["C07", "C35"]


def test_a_table_is_found_wherever_it_stands() -> None:
    sheets = [
        RawSheet(sheet.name, [[], [None, "moved"], *([None, None, *row] for row in sheet.rows)])
        for sheet in laid_out(full()).sheets
    ]
    read = read_submission(RawWorkbook(tuple(sheets)), FORM, NAME)
    assert read.seen == ()
    assert read.filed is not None
    assert read.filed.submission == full()


def test_an_empty_workbook_is_findings_and_no_crash() -> None:
    outcome = check([NamedRaw("a", RawWorkbook(())), NamedRaw("b", laid_out(host_2023()))], FORM)
    assert {one.check for one in outcome.findings} == {"C01"}
    assert looked_at(RawWorkbook(tuple(RawSheet(name, []) for name in FORM.sheets))).status is CheckStatus.INCONSISTENT


def test_a_finding_of_a_row_names_file_party_sheet_cell_and_identifiers() -> None:
    row = acquisition(transferring_party_id="XBB")
    outcome = check([NamedRaw("x.xlsx", laid_out(report("XBB", 2024, row)))], FORM, "zh-Hant")
    first = next(one for one in outcome.as_json()["findings"] if one["check"] == "C26")
    assert first == {
        "check": "C26",
        "aliases": [],
        "severity": "I",
        "file": "x.xlsx",
        "party": "XBB",
        "sheet": SHEET_3,
        "cell": labelled(SHEET_3, "Transferring participating Party ID"),
        "first_id": row.first_id,
        "last_id": row.last_id,
        "message": "轉讓締約方 XBB 即為申報締約方本身。",
        "fix": "僅取得行動填寫轉讓締約方，其餘填 NA。",
    }
