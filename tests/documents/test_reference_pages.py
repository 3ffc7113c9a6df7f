"""The generated pages are what their generators write today, and the table of requirements names real things only."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from counterfoil.application.commands.table import BY_NAME
from counterfoil.domain.reporting.consistency.registered import CHECKS
from tests.documents.pages import ROOT
from tools.update import (
    checks_page,
    commands_page,
    glossary_page,
    permissions_page,
    requirements_page,
    transfer_checks_page,
)


@pytest.mark.parametrize(
    "path, write",
    [
        (commands_page.PAGE, commands_page.page),
        (glossary_page.PAGE, glossary_page.page),
        (permissions_page.PAGE, permissions_page.page),
        (checks_page.PAGE, checks_page.page),
        (transfer_checks_page.PAGE, transfer_checks_page.page),
        (requirements_page.PAGE, requirements_page.page),
        (requirements_page.PROVISIONS, requirements_page.provisions_page),
    ],
    ids=["commands", "glossary", "permissions", "checks", "transfer-checks", "requirements", "provisions"],
)
def test_a_generated_page_is_current(path: Path, write: Callable[[], str]) -> None:
    assert path.read_text("utf-8") == write(), "run `python -m tools.update`"


def test_every_command_is_on_the_page_of_commands() -> None:
    """R-GLB-03: every act has a documented command with its fields."""
    page = commands_page.page()
    for name, cls in BY_NAME.items():
        section = page.partition(f"\n### {name}\n")[2].partition("\n### ")[0]
        own = set(cls.__dataclass_fields__) - set(commands_page.COMMON)
        assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == own


def test_every_check_is_on_the_page_of_checks() -> None:
    assert re.findall(r"^## (C\d+)", checks_page.page(), re.MULTILINE) == [check.id for check in CHECKS]


def test_every_term_is_on_the_page_of_the_glossary() -> None:
    terms = re.findall(r"^\[(\w+)\]$", glossary_page.TERMS.read_text("utf-8"), re.MULTILINE)
    assert re.findall(r'^\| <a id="(\w+)">', glossary_page.page(), re.MULTILINE) == terms


def functions(path: Path) -> set[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, kinds)}


@pytest.mark.parametrize("name", requirements_page.table())
def test_a_requirement_names_files_and_tests_that_exist(name: str) -> None:
    entry = requirements_page.table()[name]
    assert entry["state"] in requirements_page.STATES
    assert entry["where"] and entry["tests"]
    assert entry["state"] == "covered" or entry["open"], "say what is missing"
    for path in entry["where"]:
        assert (ROOT / path).is_file(), path
    for test in entry["tests"]:
        path, _, function = test.partition("::")
        assert function in functions(ROOT / path), test


def test_the_requirements_of_this_version_are_all_in_the_table() -> None:
    asked = [
        *(f"R-GLB-{number}" for number in ("01", "02", "03", "04", "05", "07", "08", "09", "10", "11", "12", "13")),
        *(
            f"R-A62-{number}"
            for number in (
                "01",
                "04",
                "05",
                "06",
                "07",
                "08",
                "09",
                "10",
                "11",
                "12",
                "16",
                "17",
                "18",
                "19",
                "20",
                "21",
            )
        ),
        "R-A64-02",
        "R-A64-07",
        "R-A64-08",
        "R-INT-01",
        *(f"R-C30-{number}" for number in ("02", "03", "04", "05", "06", "07")),
    ]
    assert list(requirements_page.table()) == asked


def test_every_id_of_a_requirement_anywhere_in_the_tree_exists() -> None:
    folders = [ROOT / name for name in ("src", "tests", "docs", "examples", "tools")]
    files = [path for folder in folders for kind in ("py", "md", "toml") for path in folder.rglob(f"*.{kind}")]
    wrong = {
        (found, str(path.relative_to(ROOT)))
        for path in files
        if path != Path(__file__)
        for found in requirements_page.ID.findall(path.read_text("utf-8"))
        if not requirements_page.known_id(found)
    }
    assert wrong == set()


@pytest.mark.parametrize("wrong", ["R-GLB-15", "R-GLB-00", "R-XYZ-01", "R-INT-99"])
def test_a_wrong_id_is_found(wrong: str) -> None:
    assert requirements_page.ID.fullmatch(wrong)
    assert not requirements_page.known_id(wrong)
    assert requirements_page.known_id("R-INT-17")
