"""`report aef` in its shapes: a workbook, CSV files, the internal profile, and the copy for the public."""

import csv
from hashlib import sha256
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from counterfoil.application.queries.aef_rows_of import DEMONSTRATION_NOTE
from counterfoil.application.queries.aef_submission import PREVIEW_NOTE
from tests.cli.conftest import Counterfoil, ndjson

ASKED = ("report", "aef", "--party", "THA", "--year", "2025", "--submitted-on", "2026-03-31")
SECRET = "a project nobody may know of"


@pytest.fixture
def cancelled(issued: Path, counterfoil: Counterfoil) -> Path:
    """The registry after a cancellation whose explanation is confidential."""
    act = {
        "command": "Cancel",
        "units": {"unit_class": "CA9001-THA01-THA-#-2022", "first": 1, "last": 10},
        "account": "tha:dev",
        "purpose": "OMGE",
        "authority": "registrar",
        "reason": "overall mitigation",
        "on": "2025-05-02",
        "confidential": {"aef_additional_explanatory_information": SECRET},
    }
    result = counterfoil("do", "--dir", issued, stdin=ndjson(act))
    assert result.status == 0, result.err + result.out
    return issued


def explanations(folder: Path, name: str) -> list[str]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return [row["Additional explanatory information"] for row in csv.DictReader(file)]


def test_csv_gives_one_file_for_each_table(cancelled: Path, counterfoil: Counterfoil, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = counterfoil(*ASKED, "--dir", cancelled, "--format", "csv", "--out", out, "--json").json
    names = [f"aef-THA-2025-v1.0-table-{number}.csv" for number in range(1, 6)]
    assert [Path(one["file"]).name for one in found["files"]] == names
    assert [one["sha256"] for one in found["files"]] == [
        sha256((out / name).read_bytes()).hexdigest() for name in names
    ]
    assert found["rows"]["actions"] == 1


def test_the_public_copy_has_a_name_of_its_own_and_nothing_confidential(
    cancelled: Path, counterfoil: Counterfoil, tmp_path: Path
) -> None:
    whole, public = tmp_path / "whole", tmp_path / "public"
    assert counterfoil(*ASKED, "--dir", cancelled, "--format", "csv", "--out", whole).status == 0
    assert counterfoil(*ASKED, "--dir", cancelled, "--format", "csv", "--out", public, "--public").status == 0
    (told,) = explanations(whole, "aef-THA-2025-v1.0-table-3.csv")
    assert SECRET in told and told.startswith(DEMONSTRATION_NOTE)
    assert explanations(public, "aef-THA-2025-v1.0-public-table-3.csv") == [f"{DEMONSTRATION_NOTE} Confidential · 機密"]
    assert all(SECRET not in path.read_text(encoding="utf-8") for path in public.iterdir())


def test_the_internal_profile_has_no_csv(registry: Path, counterfoil: Counterfoil) -> None:
    result = counterfoil(*ASKED, "--dir", registry, "--profile", "internal-json", "--format", "csv", "--json")
    assert (result.status, result.json["code"]) == (2, "usage.not_one_of")


def test_shapes_are_told_in_both_languages(cancelled: Path, counterfoil: Counterfoil, tmp_path: Path) -> None:
    for language in ("en", "zh-Hant"):
        result = counterfoil(*ASKED, "--dir", cancelled, "--format", "csv", "--out", tmp_path, "--lang", language)
        assert result.status == 0
        assert result.out.count("✓") == 5


@pytest.mark.parametrize("shape", ["xlsx", "csv"])
def test_the_report_of_a_year_that_is_not_over_says_that_it_is_a_preview(
    shape: str, issued: Path, counterfoil: Counterfoil, tmp_path: Path
) -> None:
    asked = ("report", "aef", "--party", "THA", "--year", "2026", "--format", shape, "--out", tmp_path / "out")
    asked = (*asked, "--dir", issued)
    told = counterfoil(*asked, "--submitted-on", "2026-11-22", "--json")
    assert (told.status, told.json["preview"]) == (1, True)
    assert all("-preview" in path.name for path in (tmp_path / "out").iterdir())
    spoken = counterfoil(*asked, "--submitted-on", "2026-12-31")
    assert "2026 is not over" in spoken.err and "SubmitAef" not in spoken.out
    over = counterfoil(*asked, "--submitted-on", "2027-01-01", "--json")
    assert (over.status, over.json["preview"]) == (0, False)


def test_a_preview_bears_its_mark_above_every_table(issued: Path, counterfoil: Counterfoil, tmp_path: Path) -> None:
    counterfoil(
        *("report", "aef", "--party", "THA", "--year", "2027", "--submitted-on", "2026-11-22"),
        *("--out", tmp_path / "out", "--dir", issued),
    )
    (path,) = (tmp_path / "out").iterdir()
    book = CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        cells = [str(cell) for row in book.get_sheet_by_name(name).to_python() for cell in row]
        assert any(PREVIEW_NOTE in cell for cell in cells), name
