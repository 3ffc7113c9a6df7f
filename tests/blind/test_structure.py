"""Errors of the workbook itself, made with a spreadsheet program: sheets, labels, columns, formulas, stray rows."""

import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest

from counterfoil.adapters.documents.xlsx_reading import read_workbook
from counterfoil.application.queries.aef_check import CheckReport, NamedRaw, check
from tests.blind.book import written
from tests.blind.checking import FORM, checks, lines
from tests.blind.template import SHEETS
from tests.blind.worlds import clean

SUMMARY, SUBMISSION, GRANTS, ACTIONS, HOLDINGS, ENTITIES = SHEETS[1:]
Change = Callable[[openpyxl.Workbook], object]


def looked_at(change: Change) -> CheckReport:
    """The host's report of 2023, which has rows in every table, after someone changed it."""
    book = written(clean()["XAA", 2023])
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return check([NamedRaw("a.xlsx", read_workbook(stream.getvalue()))], FORM)


def renamed(book: openpyxl.Workbook) -> None:
    book[ENTITIES].title = "Table 5 Authorized entities"


def lower_case(book: openpyxl.Workbook) -> None:
    book[ACTIONS].title = "Table 3 actions"


def added(book: openpyxl.Workbook) -> None:
    book.create_sheet("Notes")


def reordered(book: openpyxl.Workbook) -> None:
    book.move_sheet(HOLDINGS, -1)


def hidden(book: openpyxl.Workbook) -> None:
    book[ACTIONS].sheet_state = "hidden"


def removed(book: openpyxl.Workbook) -> None:
    del book[SUMMARY]


def misspelt(book: openpyxl.Workbook) -> None:
    book[ACTIONS]["A2"] = "Date of action"


def capitals(book: openpyxl.Workbook) -> None:
    book[ACTIONS]["A2"] = "Action Date"


def last_label(book: openpyxl.Workbook) -> None:
    book[ENTITIES]["H2"] = "Additional information"


def last_column(book: openpyxl.Workbook) -> None:
    book[ENTITIES].delete_cols(8)


def swapped_labels(book: openpyxl.Workbook) -> None:
    sheet = book[ACTIONS]
    sheet["D2"], sheet["E2"] = sheet["E2"].value, sheet["D2"].value


def swapped_columns(book: openpyxl.Workbook) -> None:
    sheet = book[ENTITIES]
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, 2).value, sheet.cell(row, 4).value = sheet.cell(row, 4).value, sheet.cell(row, 2).value


def label_of_table_1(book: openpyxl.Workbook) -> None:
    book[SUBMISSION]["A4"] = "Reporting year"


def column_more(book: openpyxl.Workbook) -> None:
    book[HOLDINGS].cell(2, 21, "Cumulative holdings")


def no_header(book: openpyxl.Workbook) -> None:
    book[HOLDINGS].delete_rows(1, 2)


def formula(book: openpyxl.Workbook) -> None:
    book[ACTIONS]["R3"] = "=400+400"


def gap(book: openpyxl.Workbook) -> None:
    book[ACTIONS].insert_rows(3)


def swapped_values(book: openpyxl.Workbook) -> None:
    """First and last day of the table stand in each other's place: codes where dates belong."""
    sheet = book[GRANTS]
    sheet["A3"], sheet["B3"] = sheet["B3"].value, sheet["A3"].value


def text_date(book: openpyxl.Workbook) -> None:
    book[ACTIONS]["A3"] = "20/05/2023"


def bare_number(book: openpyxl.Workbook) -> None:
    """The number of a day that lost the format of a date."""
    book[ACTIONS]["A3"] = 45_066
    book[ACTIONS]["A3"].number_format = "General"


def separators(book: openpyxl.Workbook) -> None:
    book[ACTIONS]["R3"] = "8,00"


def decimal_comma(book: openpyxl.Workbook) -> None:
    book[ACTIONS]["R3"] = "800,0"


def error_value(book: openpyxl.Workbook) -> None:
    book[ACTIONS]["R3"] = "#REF!"


CHANGES: list[tuple[Change, str, str]] = [
    (renamed, "C01", "missing_sheet extra_sheet"),
    (lower_case, "C01", "missing_sheet extra_sheet"),
    (added, "C01", "extra_sheet"),
    (reordered, "C01", "order"),
    (hidden, "C01", "hidden_sheet"),
    (removed, "C01", "missing_sheet"),
    (misspelt, "C02", "label"),
    (capitals, "C02", "capitals"),
    (last_label, "C02", "label"),
    (last_column, "C02", "label"),
    (swapped_labels, "C02 C07", "label pattern"),
    (swapped_columns, "C02", "label"),
    (label_of_table_1, "C02", "label"),
    (column_more, "C02", "label"),
    (no_header, "C02", "no_table"),
    (formula, "C07", "formula"),
    (gap, "C07", "after_gap"),
    (swapped_values, "C07", "not_a_text not_a_date"),
    (text_date, "C07", "not_a_date"),
    (bare_number, "C07", "not_a_date"),
    (separators, "C07", "not_a_number"),
    (decimal_comma, "C07", "not_a_number"),
    (error_value, "C07", "missing"),
]


@pytest.mark.parametrize(("change", "check_ids", "cases"), CHANGES, ids=[row[0].__name__ for row in CHANGES])
def test_a_change_of_the_workbook_is_found(change: Change, check_ids: str, cases: str) -> None:
    report = looked_at(change)
    graves = [one for one in report.findings if one.severity.value in "BI"]
    assert {one.text_key.partition(".")[2] for one in graves} >= set(cases.split()), lines(graves, report)
    assert {one.check for one in graves} == set(check_ids.split()), lines(graves, report)


def test_the_report_that_was_changed_is_without_contradiction() -> None:
    report = looked_at(lambda book: None)
    assert set(checks(report).values()) <= {"N"}


def test_a_remark_far_below_a_table_is_no_data() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book[ACTIONS]["A900"] = "Prepared by the registry office"

    assert set(checks(looked_at(change)).values()) <= {"N"}


def test_a_day_typed_with_an_hour_is_that_day() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book[SUBMISSION]["B5"] = date(2024, 4, 1)
        book[SUBMISSION]["B5"].number_format = "dd/mm/yyyy hh:mm"

    assert set(checks(looked_at(change)).values()) <= {"N"}
