"""What belongs together stays on one page, and a sheet on paper can be read."""

import io
from datetime import date
from pathlib import Path

import openpyxl
from docx import Document
from pypdf import PdfReader

from counterfoil.adapters.documents import docx, paper_xlsx, pdf
from counterfoil.adapters.documents.aef_xlsx import write_workbook
from counterfoil.adapters.documents.page_flow import Heading, kept_whole, leads_on
from counterfoil.application.paper import Column, Fields, Notice, Paper, Paragraph, Section, Table
from counterfoil.domain.reporting.aef_layout import LaidColumn, LaidRow, LaidSheet, Look

FORM = Fields((("Provision", "2/CMA.3 annex para. 18(a)"),))
LONG = Table("t", (Column("a"),), tuple((str(n),) for n in range(200)), "source")
SHORT = Table("t", (Column("a"),), (("1",), ("2",)), "source")


def elements(count: int) -> Paper:
    """Elements whose notes have different lengths, so that pages end at every place within one."""
    sections = tuple(
        Section(f"Element {n}", (Notice("Missing", "No answer is recorded. " * (1 + n % 7)), FORM), number=f"I.{n}")
        for n in range(count)
    )
    return Paper("Report", "en", sections=sections, contents=False, day=date(2026, 1, 1))


def test_a_form_never_stands_on_the_page_after_what_it_closes() -> None:
    pages = PdfReader(io.BytesIO(pdf.printed(elements(60)))).pages
    assert len(pages) > 5
    for page in pages[1:]:
        lines = [line for line in page.extract_text().splitlines() if line.strip() and line != "Report"]
        assert not lines[0].startswith(("Provision", "Missing", "No answer")), lines[:3]


def test_short_blocks_lead_on_to_their_form_and_long_ones_do_not() -> None:
    parts = (Heading(1, "", "A"), Paragraph("a"), Notice("", "b"), FORM, Paragraph("c" * 9_000), FORM, SHORT, LONG)
    assert leads_on(parts, sideways=False) == (False, True, True, False, False, False, False, False)
    assert kept_whole(SHORT, sideways=True) and not kept_whole(LONG, sideways=False)


def test_a_table_keeps_its_last_row_beside_its_source_in_a_word_document() -> None:
    content = docx.printed(Paper("Report", "en", sections=(Section("S", (SHORT, LONG)),), contents=False))
    short, long = Document(io.BytesIO(content)).tables
    assert all(row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in short.rows[1:])
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in long.rows[1:]]
    assert kept[-1] and not any(kept[1:-1])


def test_a_wide_sheet_goes_over_several_pages_and_a_long_text_gets_lines(tmp_path: Path) -> None:
    columns = (LaidColumn(3, spacer=True), *(LaidColumn(40) for _ in range(12)))
    rows = [LaidRow(Look.HEADER, (None, *("h" for _ in range(12))))]
    rows += [LaidRow(Look.BODY, (None, *(text for _ in range(12)))) for text in ("short", "a long remark " * 12)]
    target = tmp_path / "wide.xlsx"
    assert write_workbook((LaidSheet("Wide", columns, 1, rows),), target, created=date(2026, 1, 1)) is None
    sheet = openpyxl.load_workbook(target).worksheets[0]
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (2, 0)
    assert sheet.row_dimensions[2].height is None and sheet.row_dimensions[3].height >= 60
    assert sheet["B3"].alignment.wrap_text and not sheet["B2"].alignment.wrap_text
    narrow = openpyxl.load_workbook(io.BytesIO(paper_xlsx.printed(elements(1)))).worksheets[0]
    assert narrow.page_setup.fitToHeight == 0
