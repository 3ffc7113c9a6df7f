"""The written workbook, read by something other than the code that reads it here, and files that are no workbook."""

import io
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from counterfoil.adapters.documents import aef_xlsx, xlsx_bounds, xlsx_reading
from counterfoil.adapters.documents.aef_xlsx import write_workbook
from counterfoil.adapters.documents.xlsx_reading import read_workbook, read_workbook_file
from counterfoil.application.queries.aef_check import NamedRaw, check
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_layout import aef_layout
from counterfoil.domain.reporting.aef_parse import read_submission
from counterfoil.domain.reporting.aef_rows import Submission
from tests.domain.reporting.submissions import (
    FORM,
    SHEET_3,
    authorization,
    contradictions,
    entity,
    first_transfer,
    holding,
    report,
    use,
)

SPACERS = {
    "Table 2 Authorizations": "F",
    SHEET_3: "K O U X AA AF".split(),
    "Table 4 Holdings": "H L R".split(),
}
ONE = report(
    "XAA",
    2024,
    first_transfer(),
    use(1, 10, using_cancelling_party_id="XBB"),
    authorizations=(authorization(authorized_quantity=123456),),
    holdings=(holding(),),
    entities=(entity(),),
    note="Demonstration: simulated acts · 示範：模擬行為",
)


def written(folder: Path, submission: Submission = ONE, name: str = "aef-XAA-2024-v1.0.xlsx") -> Path:
    path = folder / name
    assert write_workbook(aef_layout(submission, FORM), path, created=submission.submitted_on) is None
    return path


def test_another_reader_finds_sheets_labels_order_and_spacers(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path))
    assert tuple(book.sheetnames) == FORM.sheets
    for table in FORM.tables[1:]:
        sheet = book[table.sheet]
        assert sheet["B3"].value == table.title
        header = [cell.value for cell in sheet[4]][1:]
        expected: list[str | None] = []
        for spec in table.fields:
            expected += [spec.label, None] if spec.spacer_after else [spec.label]
        assert header == expected
        for letters in SPACERS.get(table.sheet, ()):
            assert [cell.value for cell in sheet[letters]] == [None] * sheet.max_row
    one = book["Table 1 Submission"]
    assert [one.cell(row, 2).value for row in range(4, 13)] == [spec.label for spec in FORM.tables[0].fields]
    assert one["B9"].value == "Result of the consistency check of this AEF submission"
    assert one["C9"].value == "{Information in this field is populated by the CARP}"


def test_another_reader_finds_true_dates_numbers_and_text(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path))
    dates = [book["Table 1 Submission"]["C7"], book[SHEET_3]["B5"], book["Table 2 Authorizations"]["C5"]]
    assert [(cell.value.isoformat(), cell.is_date, cell.number_format) for cell in dates] == [
        ("2025-03-31T00:00:00", True, "dd/mm/yyyy"),
        ("2024-03-01T00:00:00", True, "dd/mm/yyyy"),
        ("2023-05-01T00:00:00", True, "dd/mm/yyyy"),
    ]
    assert book["Table 2 Authorizations"]["G5"].value == 123456
    assert book[SHEET_3]["I5"].value == "CA9001-XAA01-XAA-1-2023"
    assert book[SHEET_3]["I5"].data_type == "s"
    assert book.properties.created.isoformat() == "2025-03-31T00:00:00"


def test_a_submission_survives_the_file_without_loss(tmp_path: Path) -> None:
    large = authorization(authorized_quantity=2**62 + 1)
    fraction = first_transfer(
        metric="non-GHG", non_ghg_metric="MWh", quantity_co2=Fraction(45, 2), quantity_non_ghg=1000
    )
    formula = authorization(authorization_id="XAA-2", authorization_terms="=HYPERLINK(1)", authorized_party_ids=())
    one = replace(ONE, authorizations=(large, formula), actions=(fraction,))
    raw = read_workbook_file(written(tmp_path, one))
    assert not isinstance(raw, Refusal)
    read = read_submission(raw, FORM, "aef-XAA-2024-v1.0.xlsx")
    assert read.seen == ()
    assert read.filed is not None
    assert read.filed.submission == one


def test_the_same_submission_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = written(tmp_path, name="a.xlsx"), written(tmp_path, name="b.xlsx")
    assert first.read_bytes() == second.read_bytes()


def test_time_and_place_do_not_change_the_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = written(tmp_path, name="a.xlsx").read_bytes()
    monkeypatch.setenv("TZ", "Asia/Taipei")
    assert written(tmp_path, name="b.xlsx").read_bytes() == first


def test_a_year_of_ten_thousand_actions_is_read_back(tmp_path: Path) -> None:
    rows = tuple(first_transfer(at * 10 + 1, at * 10 + 10) for at in range(10_000))
    path = written(tmp_path, replace(ONE, actions=rows, holdings=(), note=None))
    raw = read_workbook_file(path)
    assert not isinstance(raw, Refusal)
    report_ = check([NamedRaw(path.name, raw)], FORM)
    assert contradictions(report_) == []


def test_writing_is_refused_when_a_text_does_not_fit_a_cell(tmp_path: Path) -> None:
    one = replace(ONE, authorizations=(authorization(authorization_terms="x" * 32_768),))
    refusal = write_workbook(aef_layout(one, FORM), tmp_path / "a.xlsx", created=date(2025, 1, 1))
    assert refusal is not None
    assert (refusal.code, refusal.facts["cell"]) == ("workbook.writing.text_too_long", "R5")
    assert list(tmp_path.iterdir()) == []


def test_writing_is_refused_when_the_rows_do_not_fit_a_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aef_xlsx, "ROWS_MAX", 90)
    one = replace(ONE, actions=tuple(first_transfer() for _ in range(100)))
    refusal = write_workbook(aef_layout(one, FORM), tmp_path / "a.xlsx", created=date(2025, 1, 1))
    assert refusal is not None
    assert refusal.code == "workbook.writing.too_many_rows"
    assert list(tmp_path.iterdir()) == []


def repacked(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The workbook with its parts changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for entry in source.infolist():
            packed.writestr(entry.filename, change(entry.filename, source.read(entry)))
    return target.getvalue()


def with_cell(content: bytes, reference: str, row: int) -> bytes:
    """The workbook with one more cell somewhere on the actions."""
    cell = f'<row r="{row}"><c r="{reference}"><v>1</v></c></row></sheetData>'.encode()

    def change(name: str, part: bytes) -> bytes:
        return part.replace(b"</sheetData>", cell) if name == "xl/worksheets/sheet5.xml" else part

    return repacked(content, change)


def without(content: bytes, entry: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as packed:
        for name in source.namelist():
            if name != entry:
                packed.writestr(name, source.read(name))
    return target.getvalue()


def bomb(content: bytes) -> bytes:
    return repacked(content, lambda name, part: part + b" " * (1 << 26) if name == "xl/styles.xml" else part)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BROKEN: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("it is empty", lambda content: content[:0], "workbook.not_a_workbook"),
    ("it is a text", lambda content: b"Party,Version\nXAA,1.0\n", "workbook.not_a_workbook"),
    ("it is an old XLS file", lambda content: OLE + b"\0" * 5000, "workbook.not_a_workbook"),
    ("it is another zip archive", lambda content: without(content, "xl/workbook.xml"), "workbook.not_a_workbook"),
    (
        "it has a password",
        lambda content: OLE + b"\0" * 9 + "EncryptedPackage".encode("utf-16-le"),
        "workbook.encrypted",
    ),
    ("its end is missing", lambda content: content[: len(content) * 2 // 3], "workbook.truncated"),
    (
        "a byte inside was changed",
        lambda content: content[:900] + b"\xff\xff\xff" + content[903:],
        "workbook.truncated",
    ),
    ("it unpacks to 64 MiB of blanks", bomb, "workbook.unpacks_too_large"),
    (
        "a cell stands in the last row",
        lambda content: with_cell(content, "B1048576", 1_048_576),
        "workbook.too_many_rows",
    ),
    (
        "a cell stands in row 2000000",
        lambda content: with_cell(content, "B2000000", 2_000_000),
        "workbook.too_many_rows",
    ),
    ("a cell stands in the last column", lambda content: with_cell(content, "XFD30", 30), "workbook.too_wide"),
    ("a sheet is missing inside", lambda content: without(content, "xl/worksheets/sheet5.xml"), "workbook.unreadable"),
    (
        "a sheet is no XML",
        lambda content: repacked(content, lambda name, part: b"<<<" if name.endswith("sheet5.xml") else part),
        "workbook.unreadable",
    ),
]


@pytest.mark.parametrize(("error", "change", "code"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_file_is_refused_when(error: str, change: Callable[[bytes], bytes], code: str, tmp_path: Path) -> None:
    outcome = read_workbook(change(written(tmp_path).read_bytes()))
    assert isinstance(outcome, Refusal), error
    assert outcome.code == code
    found = check([NamedRaw("bad.xlsx", outcome)], FORM, "zh-Hant").as_json()
    assert found["status"] == "INCONSISTENT"
    assert [(one["check"], one["severity"], one["file"]) for one in found["findings"]] == [("C01", "B", "bad.xlsx")]
    assert found["findings"][0]["message"]


def test_a_file_is_refused_when_it_is_too_large(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(xlsx_bounds, "FILE_MAX", 1000)
    outcome = read_workbook(written(tmp_path).read_bytes())
    assert isinstance(outcome, Refusal)
    assert outcome.code == "workbook.too_large"


def test_a_file_in_the_last_columns_that_are_allowed_is_read(tmp_path: Path) -> None:
    outcome = read_workbook(with_cell(written(tmp_path).read_bytes(), "AZ30", 30))
    assert not isinstance(outcome, Refusal)


@pytest.mark.parametrize("row", ['<row r="30"><c r="XFD30" s="1"/><c s="1" r="AMJ30"  /></row>', '<row r="1048576"/>'])
def test_a_formatted_cell_or_row_without_a_value_is_no_reason_to_refuse(row: str, tmp_path: Path) -> None:
    end = f"{row}</sheetData>".encode()
    content = repacked(written(tmp_path).read_bytes(), lambda _, part: part.replace(b"</sheetData>", end))
    outcome = read_workbook(content)
    assert not isinstance(outcome, Refusal)
    assert read_submission(outcome, FORM, "x.xlsx").seen == ()


def test_a_far_cell_is_found_wherever_its_part_lies_and_however_it_is_written(tmp_path: Path) -> None:
    content = written(tmp_path).read_bytes()
    for cell in (
        '<c a="/>" r="XFD1048576"><v>1</v></c>',
        "<c\tr='XFD7' a=\"/>\"><v>1</v></c>",
        '<c r="&#88;FD7"><v>1</v></c>',
    ):
        end = f"<row>{cell}</row></sheetData>".encode()
        moved = repacked(content, lambda _, part, end=end: part.replace(b"</sheetData>", end))
        assert isinstance(read_workbook(moved), Refusal)


@pytest.mark.parametrize("cut", range(0, 100, 7))
def test_no_torn_file_is_a_crash(cut: int, tmp_path: Path) -> None:
    content = written(tmp_path).read_bytes()
    assert isinstance(read_workbook(content[: len(content) * cut // 100]), Refusal)


def test_a_workbook_of_another_program_is_read(tmp_path: Path) -> None:
    path = tmp_path / "saved-again.xlsx"
    openpyxl.load_workbook(written(tmp_path)).save(path)
    raw = read_workbook_file(path)
    assert not isinstance(raw, Refusal)
    read = read_submission(raw, FORM, path.name)
    assert read.filed is not None
    assert (read.seen, read.filed.submission) == ((), ONE)


SPARSE = b'<row r="19000"><c r="A19000"><v>1</v></c></row>'
HIDDEN: list[tuple[str, bytes, str]] = [
    ("no space parts it from the attribute before", b'<row><c t="n"r="XFD9"><v>1</v></c></row>', "workbook.too_wide"),
    ("its column has five letters", b'<row><c r="AAAAA9"><v>1</v></c></row>', "workbook.too_wide"),
    ("cells have no address", b'<row r="30">' + b"<c><v>1</v></c>" * 60 + b"</row>" + SPARSE, "workbook.too_wide"),
    (
        "its tag is longer than what is looked at in one go",
        b'<row><c z="' + b"y" * (9 << 20) + b'" r="XFD9"><v>1</v></c></row>',
        "workbook.unreadable",
    ),
]


@pytest.mark.parametrize(("hidden", "rows", "code"), HIDDEN, ids=[row[0] for row in HIDDEN])
def test_a_far_cell_is_found_although(
    hidden: str, rows: bytes, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_bounds, "RATIO_MAX", 10**9)
    end = rows + b"</sheetData>"
    content = repacked(written(tmp_path).read_bytes(), lambda _, part: part.replace(b"</sheetData>", end))
    outcome = read_workbook(content)
    assert isinstance(outcome, Refusal), hidden
    assert outcome.code == code


def test_a_tag_of_many_attributes_is_looked_at_in_little_time(tmp_path: Path) -> None:
    """The look once took time by the square of their number: hours for a file of ten kilobytes."""
    end = b'<row><c r="A1000000"' + b" r='A1'" * 100_000 + b" x><v>1</v></c></row></sheetData>"
    content = repacked(written(tmp_path).read_bytes(), lambda _, part: part.replace(b"</sheetData>", end))
    started = time.monotonic()
    assert isinstance(read_workbook(content), Refusal)
    assert time.monotonic() - started < 10


def shared(texts: str, cells: int) -> bytes:
    """A workbook of another program whose cells share one text."""
    sheet = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, cells + 1))
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet().write_string(0, 0, "SHARED")

    def change(name: str, part: bytes) -> bytes:
        if name == "xl/sharedStrings.xml":
            return part.replace(b"SHARED", texts.encode())
        return re.sub(rb"<sheetData>.*</sheetData>", f"<sheetData>{sheet}</sheetData>".encode(), part)

    return repacked(target.getvalue(), change)


def test_a_file_is_refused_when_a_long_text_is_shown_too_often() -> None:
    assert not isinstance(read_workbook(shared("x" * 30_000, 100)), Refusal)
    outcome = read_workbook(shared("x" * 60_000, 10_000))
    assert isinstance(outcome, Refusal)
    assert outcome.code == "workbook.unpacks_too_large"


def test_a_file_is_refused_when_many_sheets_are_one_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = written(tmp_path).read_bytes()
    monkeypatch.setattr(xlsx_reading, "SHEETS_MAX", 2)
    outcome = read_workbook(content)
    assert isinstance(outcome, Refusal)
    assert outcome.code == "workbook.too_many_cells"
    monkeypatch.setattr(xlsx_reading, "SHEETS_MAX", 100)
    monkeypatch.setattr(xlsx_reading, "CELLS_MAX", 50)
    outcome = read_workbook(content)
    assert isinstance(outcome, Refusal)
    assert outcome.code == "workbook.too_many_cells"


def opened_again(folder: Path, change: Callable[[openpyxl.Workbook], object], name: str = "changed.xlsx") -> Path:
    """The written workbook after someone opened it in a spreadsheet program and changed it."""
    book = openpyxl.load_workbook(written(folder))
    change(book)
    path = folder / name
    book.save(path)
    return path


def findings(path: Path) -> list[tuple[str, str | None, str | None]]:
    report_ = check([NamedRaw("a.xlsx", read_workbook_file(path))], FORM)
    return [
        (one.text_key, one.place.sheet, one.place.cell)
        for one in report_.findings
        if one.severity.value == "B" and one.text_key != "C07.missing"
    ]


def test_a_formula_where_a_value_belongs_is_found_with_its_cell(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book[SHEET_3]["S5"] = "=500+500"
        book[SHEET_3]["S6"] = "=SUM(1,2)"
        book["Index"]["D4"] = "=1+1"

    assert findings(opened_again(tmp_path, change)) == [("C07.formula", SHEET_3, "S5")]
    assert findings(opened_again(tmp_path, lambda book: None)) == []


def test_a_text_that_looks_like_a_formula_is_a_text(tmp_path: Path) -> None:
    row = first_transfer(additional_explanatory_information="=1+1 <f> &lt;f&gt; <x:f>")
    path = written(tmp_path, report("XAA", 2024, row, authorizations=(authorization(),)))
    assert findings(path) == []


def test_a_hidden_sheet_is_found(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book[SHEET_3].sheet_state = "veryHidden"
        book["Index"].sheet_state = "hidden"

    hidden = [("C01.hidden_sheet", "Index", None), ("C01.hidden_sheet", SHEET_3, None)]
    assert findings(opened_again(tmp_path, change)) == hidden


def test_macros_are_found_and_the_rest_is_still_read(tmp_path: Path) -> None:
    path = written(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 not a program")
    assert findings(path) == [("C01.macros", None, None)]
