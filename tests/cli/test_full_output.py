"""A disk that fills while a report is written: the file is named, the advice fits, and nothing unfinished stays."""

import resource
from pathlib import Path

import pytest

from counterfoil.adapters import durable
from tests.cli.conftest import Counterfoil

BYTES = 100
"""A file may not grow beyond this, which a system tells like a full disk."""


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (("initial", "--year", "2026"), "initial-THA-2026.json"),
        (("summary", "--year", "2023"), "ctf4-THA-2023.json"),
        (("aef", "--year", "2023"), "aef-THA-2023-v1.0.xlsx"),
        (("aef", "--year", "2023", "--format", "csv"), "aef-THA-2023-v1.0-table-"),
        (("aef", "--year", "2023", "--profile", "internal-json"), "aef-THA-2023-v1.0.json"),
    ],
)
def test_a_report_that_fills_the_disk_names_its_file_and_leaves_nothing_behind(
    asked: tuple[str, ...], name: str, issued: Path, counterfoil: Counterfoil, monkeypatch: pytest.MonkeyPatch
) -> None:
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]

    def fill(folder: Path) -> None:
        """What is made right before the first file: from here on none may grow."""
        folder.mkdir()
        resource.setrlimit(resource.RLIMIT_FSIZE, (BYTES, hard))

    monkeypatch.setattr(durable, "made_folder", fill)
    out = issued.parent / "out"
    try:
        told = counterfoil("report", *asked, "--party", "THA", "--dir", issued, "--out", out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert told.status == 2, told.out
    assert "[storage.disk_full]" in told.err and name in told.err
    assert "stdout" not in told.err and "with the same id" not in told.err
    assert list(out.iterdir()) == []
