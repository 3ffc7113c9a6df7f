"""A registry that may file its annual information: fixtures for the tests of submissions and of their review."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cli.conftest import Counterfoil

PARTY = ("--party", "THA")
KEY = "aef:THA:2023"


@pytest.fixture
def filing(issued: Path, tmp_path: Path, counterfoil: Counterfoil) -> Any:
    """File a report of the registry, in the folders `out` and `carp` beside it."""

    def file(*arguments: str | Path) -> Any:
        return counterfoil(
            *("submission", "file", "--dir", issued, *PARTY, "--json", *arguments),
            *("--out", tmp_path / "out", "--carp", tmp_path / "carp"),
        )

    return file


@pytest.fixture
def initial(filing: Any, tmp_path: Path) -> Path:
    """The initial report of CA9001 is filed: one that was written elsewhere, which takes a public reason."""
    report = tmp_path / "initial.json"
    report.write_text('{"party": "THA"}')
    reason = ("--despite", "It was submitted before this registry was founded.")
    assert filing(report, "--kind", "initial", "--approach", "CA9001", *reason).status == 0
    return report


@pytest.fixture
def annual(issued: Path, tmp_path: Path, counterfoil: Counterfoil) -> Path:
    """The folder with the annual information of 2023."""
    return printed(counterfoil, issued, tmp_path / "aef")


class House(NamedTuple):
    """A registry that may file its annual information, with what a test needs of it."""

    file: Any
    annual: Path
    run: Counterfoil
    folder: Path
    tmp: Path


@pytest.fixture
def house(filing: Any, annual: Path, initial: Path, counterfoil: Counterfoil, issued: Path) -> House:
    """A registry with its initial report filed and its annual information printed."""
    return House(filing, annual, counterfoil, issued, initial.parent)


def printed(counterfoil: Counterfoil, folder: Path, out: Path, version: str = "1.0", year: str = "2023") -> Path:
    arguments = ("--year", year, "--version", version, "--submitted-on", "2024-03-31", "--out", out)
    assert counterfoil("report", "aef", "--dir", folder, *PARTY, *arguments).status == 0
    return out


def aef(filing: Any, folder: Path, *more: str, version: str = "1.0") -> Any:
    return filing(folder, "--kind", "aef", "--year", "2023", "--version", version, *more)
