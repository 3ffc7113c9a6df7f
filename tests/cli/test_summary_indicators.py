"""CTF table 4 in files: the indicators before its lines, and lines that do not apply."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Counterfoil
from tests.cli.test_accounting import FIXTURES, cells, founded, summary


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_the_workbook_and_the_json_have_the_indicators_that_the_paper_has(
    counterfoil: Counterfoil, tmp_path: Path, language: str
) -> None:
    folder = founded(counterfoil, tmp_path / "THA")
    counterfoil("import", "ndc", FIXTURES / "THA.json", "--dir", folder)
    summary(counterfoil, folder, tmp_path)
    told = json.loads((tmp_path / "ctf4-THA-2024.json").read_text("utf-8"))["indicators"]
    assert [row["key"] for row in told][-2:] == ["total_emissions", "land_use"] and len(told) > 2
    assert all(row["unit"] and row["provision"].startswith("18/CMA.1") and len(row["years"]) == 4 for row in told)
    rows = cells(tmp_path / f"ctf4-THA-2024.{language}.xlsx", 1)[-len(told) :]
    assert [row[0] for row in rows] == [row["label"][language] for row in told]
    assert [row[4] or None for row in rows] == [row.get("reference_year") for row in told]
    assert [row[10] or None for row in rows] == [row.get("target_year") for row in told]


def test_a_line_that_does_not_apply_is_not_told_in_tonnes(counterfoil: Counterfoil, tmp_path: Path) -> None:
    folder = founded(counterfoil, tmp_path / "THA")
    counterfoil("import", "ndc", FIXTURES / "THA.json", "--dir", folder)
    summary(counterfoil, folder, tmp_path)
    lines = json.loads((tmp_path / "ctf4-THA-2024.json").read_text("utf-8"))["lines"]
    assert {row["line"] for row in lines if row["unit"] is None} == {5, 14}
    sheet = cells(tmp_path / "ctf4-THA-2024.en.xlsx", 0)
    unit = {row[0]: row[3] for row in sheet if isinstance(row[0], float)}
    assert (unit[3], unit[5], unit[13], unit[14]) == ("t CO2 eq", "", "t CO2 eq", "")
