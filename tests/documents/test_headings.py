"""Every field that the screen shows has a text in both languages, or a Chinese reader would see its name in code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterfoil.domain.ledger.entry import Entry
from counterfoil.entrypoints.cli.trail import SHOWN
from counterfoil.entrypoints.language import Texts
from tests.domain.commands.test_names import EXAMPLES
from tests.tidy.tree import SOURCE

LISTS = ("run_list", "run_requests", "run_trail", "_row", "shown_application", "shown_file")
"""Functions whose mappings become the headings of a list of the office."""
ROWS = (*sorted((SOURCE / "entrypoints" / "cli").glob("*.py")), SOURCE / "entrypoints/http/office/applications.py")
NAMED_BY_THE_READER = frozenset({"fee_settled", "reissued_years"})
"""Records that map invoices or years to amounts, and have no fields."""
LANGUAGES = ("en", "zh-Hant")


def headings(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name in LISTS:
            for found in ast.walk(function):
                if isinstance(found, ast.Dict):
                    yield from (key.value for key in found.keys if isinstance(key, ast.Constant) and key.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_heading_of_the_offices_lists_has_a_text(language: str) -> None:
    asked = {name for path in ROWS if "show_rows" in path.read_text() or path.parent.name == "office"
             for name in headings(path)} | set(SHOWN)  # fmt: skip
    assert {"mail", "retain_until", "answer_by", "tries", "endorsed_by", "capacity"} <= asked
    text = Texts(language)
    assert sorted(name for name in asked if text.known(f"field.{name}") is None) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_of_a_record_has_a_text(language: str) -> None:
    text = Texts(language)
    missing = set()
    for example in EXAMPLES:
        entry = example.ask(example.command)
        assert isinstance(entry, Entry), entry
        for record in entry.records:
            fields = {} if record.kind in NAMED_BY_THE_READER or not isinstance(record.value, dict) else record.value
            missing |= {f"{record.kind}.{name}" for name in fields if text.known(f"field.{name}") is None}
    assert sorted(missing) == []
