"""Printed workbooks, read by another library: the whole document, exact numbers, and text that stays text."""

import io
from typing import Any

import openpyxl
import pytest

from counterfoil.adapters.documents.paper_xlsx import printed
from counterfoil.application.paper import Align, Column, Paper, Paragraph, Section, Table
from tests.documents.papers import HOSTILE, TEXTS, paper, saying


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def figures(*cells: str) -> list[tuple[Any, str]]:
    table = Table("c", (Column("n", Align.END),), tuple((cell,) for cell in cells), sheet="N")
    sheet = opened(printed(Paper("T", "en", sections=(Section("S", (table,)),))))["N"]
    return [(sheet.cell(row, 1).value, sheet.cell(row, 1).data_type) for row in range(5, 5 + len(cells))]


@pytest.mark.parametrize("language", TEXTS)
def test_another_reader_finds_the_document_and_a_sheet_for_each_table(language: str) -> None:
    book = opened(printed(paper(language)))
    title, chapter, sentence = TEXTS[language]
    first = {str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None}
    assert {title, chapter, sentence, "CHE", "I.A", f"• {chapter}"} <= first
    assert len(book.sheetnames) == 3 and book.sheetnames[2] == "CTF 4"
    sheet = book["CTF 4"]
    assert sheet["A1"].value == title and sheet["A2"].value == sentence
    assert sheet["K4"].value == "2030" and sheet.freeze_panes == "A5"
    assert sheet["B5"].value == 1_234_567 and sheet["B5"].number_format == "#,##0"


def test_only_whole_numbers_that_a_spreadsheet_keeps_exactly_are_numbers() -> None:
    assert figures("1,234", "-5", "\u22127,000", "0", "999999999999999") == [
        (1234, "n"),
        (-5, "n"),
        (-7000, "n"),
        (0, "n"),
        (999999999999999, "n"),
    ]
    texts = ("1.5", "007", "12,34", "9,999,999,999,999,999", "not available", "1e5", "=1+1", "\u0661")
    assert figures(*texts) == [(text, "s") for text in texts]


def test_a_text_never_becomes_a_formula_not_even_when_somebody_edits_it() -> None:
    book = opened(printed(saying("=SUM(A1:A9)", "+1", "-1", "@SUM(1)", *HOSTILE)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    risky = [cell for cell in cells if isinstance(cell.value, str) and cell.value[0] in "=+-@"]
    assert len(risky) > 30 and all(cell.quotePrefix for cell in risky)


def test_names_of_sheets_are_made_to_fit() -> None:
    names = ("a" * 40, "A" * 40, "x/y:[z]", "History", "'", "")
    sections = tuple(Section("S", (Table("c", (Column("n"),), (("1",),), sheet=name),)) for name in names)
    found = opened(printed(Paper("T", "en", sections=sections))).sheetnames[1:]
    assert found == ["a" * 31, "A" * 29 + " 2", "x y  z", "History 2", "Table", "Table 6"]


@pytest.mark.parametrize("language", TEXTS)
def test_the_same_paper_gives_the_same_bytes(language: str) -> None:
    assert printed(paper(language)) == printed(paper(language))


def test_it_holds_every_row_that_a_page_leaves_out_and_marks_a_text_that_is_too_long_for_a_cell() -> None:
    rows = tuple((str(n),) for n in range(20_000))
    blocks = (Table("c", (Column("n"),), rows, sheet="N"), Paragraph("x" * 40_000))
    book = opened(printed(Paper("T", "en", sections=(Section("S", blocks),))))
    assert book["N"].max_row == 20_004 and book["N"]["A20004"].value == "19999"
    longest = max((str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row), key=len)
    assert len(longest) == 32_767 and longest.endswith("[…]")
