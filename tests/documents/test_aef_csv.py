"""CSV files of the tables: another reader finds the same cells, and no spreadsheet finds a formula."""

import csv
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from counterfoil.adapters.documents.aef_csv import guarded, write_table
from counterfoil.domain.reporting.aef_rows import Submission
from tests.documents.test_aef_workbook import ONE
from tests.domain.reporting.submissions import FORM, authorization, first_transfer


def read(folder: Path, one: Submission, number: int) -> list[list[str]]:
    path = folder / "table.csv"
    write_table(one, FORM, number, path)
    assert [entry.name for entry in folder.iterdir()] == ["table.csv"]
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


def column(rows: list[list[str]], label: str) -> list[str]:
    return [row[rows[0].index(label)] for row in rows[1:]]


@pytest.mark.parametrize("number", [2, 3, 4, 5])
def test_a_table_has_its_labels_and_one_line_for_each_row(number: int, tmp_path: Path) -> None:
    rows = read(tmp_path, ONE, number)
    assert rows[0] == [spec.label for spec in FORM.table(number).fields]
    assert {len(row) for row in rows} == {len(rows[0])}
    assert len(rows) == {2: 2, 3: 3, 4: 2, 5: 2}[number]


def test_table_1_is_fields_and_values(tmp_path: Path) -> None:
    rows = dict(read(tmp_path, ONE, 1))  # type: ignore[arg-type]
    assert (rows["Field"], rows["Party"], rows["Reported year"]) == ("Value", "XAA", "2024")
    assert rows["Date of submission"] == "2025-03-31"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("x","y")'])
def test_no_text_begins_like_a_formula(text: str, tmp_path: Path) -> None:
    assert guarded(text) == f"'{text}"
    one = replace(ONE, actions=(first_transfer(additional_explanatory_information=text),))
    assert column(read(tmp_path, one, 3), "Additional explanatory information") == [f"'{text}"]


def test_numbers_stay_numbers(tmp_path: Path) -> None:
    amounts = (-5, 0, 10**17, Fraction(1, 3), Fraction(45, 2))
    one = replace(ONE, actions=tuple(first_transfer(quantity_co2=amount) for amount in amounts))
    assert column(read(tmp_path, one, 3), "Quantity (t CO2 eq)") == [
        *("-5", "0", "100000000000000000"),
        *("0.3333333333333333333333333333", "22.5"),
    ]


@pytest.mark.parametrize("text", ['a "quoted" word', "one, two", "two\nlines", "two\r\nlines", " spaces ", "中文"])
def test_any_text_comes_back(text: str, tmp_path: Path) -> None:
    one = replace(ONE, authorizations=(authorization(authorization_terms=text),))
    assert column(read(tmp_path, one, 2), "Authorization terms and conditions") == [text]


def test_more_different_texts_than_are_remembered_come_back(tmp_path: Path) -> None:
    rows = tuple(first_transfer(at, at) for at in range(1, 5_001))
    found = column(read(tmp_path, replace(ONE, actions=rows), 3), "First ID")
    assert found == [row.first_id for row in rows]
