"""Large workbooks stream in one form; the library reads every form. Where both can read, they find the same cells."""

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from counterfoil.adapters.documents import aef_xlsx, xlsx_plain, xlsx_reading
from counterfoil.adapters.documents.aef_xlsx import write_workbook
from counterfoil.adapters.documents.spooled_rows import SpooledRows
from counterfoil.adapters.documents.xlsx_reading import read_workbook, read_workbook_file
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_layout import LaidColumn, LaidRow, LaidSheet, Look, aef_layout
from counterfoil.domain.reporting.aef_parse import read_submission
from counterfoil.domain.reporting.aef_workbook import Cell, RawWorkbook
from tests.documents.test_aef_workbook import ONE, repacked, with_cell, written
from tests.domain.reporting.submissions import FORM, first_transfer

TEXTS = ["a", "b & c", "<x>", " sp ", "é 中", "_x0041_", "two\nlines", '"q"', "tab\tx", "\x01control", "=1+1", ""]


@pytest.fixture(autouse=True)
def _everything_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_plain, "UNPACKED_MIN", 0)


def cells(book: RawWorkbook) -> list[tuple[str, bool, list[list[Cell]]]]:
    """Sheets as lists, without the empty ends that readers may or may not show."""

    def row(found: object) -> list[Cell]:
        values = [None if cell == "" else cell for cell in found]  # type: ignore[attr-defined]
        while values and values[-1] is None:
            values.pop()
        return values

    def rows(sheet: object) -> list[list[Cell]]:
        found = [row(each) for each in sheet]  # type: ignore[attr-defined]
        while found and not found[-1]:
            found.pop()
        return found

    return [(sheet.name, sheet.hidden, rows(sheet.rows)) for sheet in book.sheets]


def mixed(seed: int) -> bytes:
    """A workbook of another program with cells of every kind."""
    chance = random.Random(seed)
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "constant_memory": seed % 2 == 0})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    builtin = book.add_format({"num_format": 14})
    amount = book.add_format({"num_format": "#,##0.00"})
    sheet = book.add_worksheet("A & <B>")
    book.add_worksheet("Hidden").hide()
    for row in range(300):
        sheet.write_number(row, 0, chance.choice([1, 1.5, 0.1, 1e20, -3, 123456789012345678]), amount)
        sheet.write_datetime(row, 1, date(1950, 1, 1) + timedelta(days=chance.randrange(40_000)), day)
        sheet.write_datetime(
            row, 2, datetime.fromisoformat("2024-01-01") + timedelta(milliseconds=chance.randrange(10**11)), moment
        )
        sheet.write_string(row, 3, chance.choice(TEXTS))
        sheet.write_boolean(row, 4, chance.random() < 0.5)
        sheet.write_blank(row, 6, None, day)
        if row % 7:
            sheet.write_datetime(row + 3, 9, date(2024, 2, 29), builtin)
    book.close()
    return target.getvalue()


@pytest.mark.parametrize("seed", range(4))
def test_both_ways_of_reading_find_the_same_cells(seed: int) -> None:
    content = mixed(seed)
    streamed = xlsx_plain.plain_workbook(io.BytesIO(content))
    by_library = xlsx_reading._by_library(content)
    assert isinstance(streamed, RawWorkbook) and isinstance(by_library, RawWorkbook)
    assert cells(streamed) == cells(by_library)


def test_a_workbook_saved_by_another_program_streams(tmp_path: Path) -> None:
    path = tmp_path / "saved-again.xlsx"
    openpyxl.load_workbook(written(tmp_path)).save(path)
    raw = read_workbook_file(path)
    assert isinstance(raw, RawWorkbook) and isinstance(raw.sheets[4].rows, SpooledRows)
    read = read_submission(raw, FORM, path.name)
    assert read.filed is not None
    assert (read.seen, read.filed.submission) == ((), ONE)


def test_what_was_written_streams_back_without_loss(tmp_path: Path) -> None:
    odd = (
        first_transfer(metric="non-GHG", non_ghg_metric="MWh", quantity_co2=Fraction(45, 2), quantity_non_ghg=1000),
        *(first_transfer(additional_explanatory_information=text.strip() or None) for text in TEXTS),
        *(first_transfer(at, at + 9) for at in range(1, 30_000, 10)),
    )
    one = replace(ONE, actions=odd)
    raw = read_workbook_file(written(tmp_path, one))
    assert isinstance(raw, RawWorkbook) and isinstance(raw.sheets[4].rows, SpooledRows)
    read = read_submission(raw, FORM, "x.xlsx")
    assert read.filed is not None
    assert (read.seen, tuple(read.filed.submission.actions)) == ((), odd)


def test_rows_on_disk_can_be_walked_twice(tmp_path: Path) -> None:
    raw = read_workbook_file(written(tmp_path))
    assert isinstance(raw, RawWorkbook)
    assert cells(raw) == cells(raw)


OTHER_FORMS: list[tuple[str, str, Callable[[bytes], bytes]]] = [
    ("a formula", "sheet5.xml", lambda part: part.replace(b"<v>1000</v>", b"<f>500*2</f><v>1000</v>", 1)),
    ("a comment", "sheet5.xml", lambda part: part.replace(b"</sheetData>", b"<!-- here --></sheetData>")),
    ("rich text", "sharedStrings.xml", lambda part: part.replace(b"<t>NA</t>", b"<r><t>N</t></r><r><t>A</t></r>", 1)),
]


@pytest.mark.parametrize(("form", "part", "change"), OTHER_FORMS, ids=[row[0] for row in OTHER_FORMS])
def test_another_form_is_left_to_the_library(
    form: str, part: str, change: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    content = written(tmp_path).read_bytes()
    changed = repacked(content, lambda name, found: change(found) if name.endswith(part) else found)
    assert xlsx_plain.plain_workbook(io.BytesIO(content)) is not None
    assert xlsx_plain.plain_workbook(io.BytesIO(changed)) is None, form
    assert isinstance(read_workbook(changed), RawWorkbook)


def test_a_declared_entity_is_never_resolved(tmp_path: Path) -> None:
    bomb = b'<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE a [<!ENTITY b "bbbb">]>'

    def change(name: str, part: bytes) -> bytes:
        return bomb + part.partition(b"?>")[2] if name.endswith("sheet5.xml") else part

    assert xlsx_plain.plain_workbook(io.BytesIO(repacked(written(tmp_path).read_bytes(), change))) is None


@pytest.mark.parametrize(
    ("error", "cell", "row", "code"),
    [
        ("a cell stands in the last row", "B1048576", 1_048_576, "workbook.too_many_rows"),
        ("a cell stands in the last column", "XFD30", 30, "workbook.too_wide"),
    ],
)
def test_a_streamed_file_is_refused_when(error: str, cell: str, row: int, code: str, tmp_path: Path) -> None:
    outcome = read_workbook(with_cell(written(tmp_path).read_bytes(), cell, row))
    assert isinstance(outcome, Refusal), error
    assert outcome.code == code


@pytest.mark.parametrize("cut", range(0, 100, 9))
def test_no_torn_file_is_a_crash(cut: int, tmp_path: Path) -> None:
    content = written(tmp_path).read_bytes()
    assert isinstance(read_workbook(content[: len(content) * cut // 100]), Refusal)


def test_a_changed_byte_inside_a_part_is_noticed(tmp_path: Path) -> None:
    content = bytearray(
        written(tmp_path, replace(ONE, actions=tuple(first_transfer() for _ in range(500)))).read_bytes()
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        place = archive.getinfo("xl/worksheets/sheet5.xml").header_offset + 200
    content[place] ^= 0xFF
    assert isinstance(read_workbook(bytes(content)), Refusal)


def test_writing_is_refused_when_a_sheet_would_be_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aef_xlsx, "PART_MAX", 100_000)
    one = replace(ONE, actions=tuple(first_transfer() for _ in range(1_000)))
    refusal = write_workbook(aef_layout(one, FORM), tmp_path / "a.xlsx", created=date(2025, 1, 1))
    assert refusal is not None
    assert (refusal.code, refusal.facts["sheet"]) == ("workbook.writing.too_large", "Table 3 Actions")
    assert list(tmp_path.iterdir()) == []


def test_rows_of_every_look_are_written_below_the_frozen_ones(tmp_path: Path) -> None:
    columns = (LaidColumn(3, spacer=True), LaidColumn(20), LaidColumn(20, grouped=True))
    rows = [
        LaidRow(Look.HEADER, (None, "Line", "Amount")),
        LaidRow(Look.BODY, (None, "=1", 10**15 + 1)),
        LaidRow(Look.NOTE, (None, "a note")),
        LaidRow(Look.BLANK),
        LaidRow(Look.BODY, (None, None, Fraction(1, 4))),
    ]
    path = tmp_path / "rows.xlsx"
    assert write_workbook((LaidSheet("Rows", columns, 1, rows),), path, created=date(2025, 1, 1)) is None
    sheet = openpyxl.load_workbook(path)["Rows"]
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=1, max_row=5, max_col=3)]
    assert found == [
        [None, "Line", "Amount"],
        [None, "=1", "1000000000000001"],
        [None, "a note", None],
        [None, None, None],
        [None, None, 0.25],
    ]
    assert sheet["B2"].data_type == "s"
    assert sheet["C5"].number_format == "#,##0.00"
    assert sheet["B5"].border.left.style == "thin"
