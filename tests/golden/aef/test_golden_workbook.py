"""The workbook, cell by cell, is the one that was reviewed, as another library than the writer's reads it."""

from pathlib import Path

import openpyxl

from tests.documents.test_aef_workbook import written

GOLDEN = Path(__file__).parent / "aef-XAA-2024-v1.0.txt"


def cells(path: Path) -> str:
    """Every cell that holds something: sheet, address, number format, value."""
    lines = []
    for sheet in openpyxl.load_workbook(path).worksheets:
        lines.append(f"[{sheet.title}] frozen at {sheet.freeze_panes}")
        for row in sheet.iter_rows():
            lines += [
                f"{cell.coordinate}\t{cell.number_format}\t{cell.value!r}" for cell in row if cell.value is not None
            ]
    return "\n".join(lines) + "\n"


def test_the_workbook_is_the_reviewed_one(tmp_path: Path, update_golden: bool) -> None:
    found = cells(written(tmp_path))
    if update_golden:
        GOLDEN.write_text(found, encoding="utf-8")
    assert found == GOLDEN.read_text(encoding="utf-8")
