"""Functions stay short, files hold one noun, and names say what the thing is."""

import ast
import re
from pathlib import Path

import pytest

from tests.tidy.tree import ROOT, no_findings, place, python_files, tree

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 400
# path -> why it may be longer. An entry that is no longer needed fails, so the list can only shrink.
LONGER_FOR_A_REASON: dict[str, str] = {}

BANNED_FILE_NAMES = frozenset("util utils helper helpers common misc miscellaneous stuff".split())
BANNED_ENDINGS = ("Manager", "Helper", "Helpers", "Util", "Utils", "Processor", "Info", "Service")
PLACE_WORDS = re.compile(r"^(country|party|jurisdiction)(_?code)?$")


def function_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, the docstring not counted: explaining is never punished."""
    whole = (node.end_lineno or node.lineno) - node.lineno + 1
    match node.body[0]:
        case ast.Expr(value=ast.Constant(value=str())) as docstring:
            return whole - ((docstring.end_lineno or docstring.lineno) - docstring.lineno + 1)
    return whole


def long_functions(path: Path, module: ast.Module) -> list[str]:
    return [
        f"{place(path, node.lineno)}: {node.name} has {lines} lines, more than {FUNCTION_LINES_MAX}. "
        f"Keep the branching here and move the arithmetic into pure functions."
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := function_lines(node)) > FUNCTION_LINES_MAX
    ]


def long_file(name: str, lines: int, excused: dict[str, str]) -> list[str]:
    if lines > FILE_LINES_MAX and name not in excused:
        return [
            f"{name}: {lines} lines, more than {FILE_LINES_MAX}. Two nouns live here: split it, "
            f"or enter it in LONGER_FOR_A_REASON with the reason."
        ]
    if lines <= FILE_LINES_MAX and name in excused:
        return [f"{name}: no longer long. Take it out of LONGER_FOR_A_REASON."]
    return []


def banned_file_name(path: Path) -> list[str]:
    inside = path.relative_to(ROOT).with_suffix("").parts
    return [
        f"{place(path)}: the name {part!r} says nothing. Move the function next to its only caller, or find its noun."
        for part in inside
        if part in BANNED_FILE_NAMES
    ]


def banned_class_names(path: Path, module: ast.Module) -> list[str]:
    return [
        f"{place(path, node.lineno)}: class {node.name}. The real noun has not been found yet; "
        f"ask what it holds or decides, and name that."
        for node in ast.walk(module)
        if isinstance(node, ast.ClassDef) and node.name.endswith(BANNED_ENDINGS)
    ]


def place_conditions(path: Path, module: ast.Module) -> list[str]:
    """Comparisons such as `country == "XA"`: a place named in code instead of a pack."""
    return [
        f"{place(path, node.lineno)}: compares {named(node.left)} with a code. "
        f"What differs between places is dated data in a pack."
        for node in ast.walk(module)
        if isinstance(node, ast.Compare)
        and PLACE_WORDS.match(named(node.left).lower())
        and any(names_a_code(side) for side in node.comparators)
    ]


def names_a_code(side: ast.expr) -> bool:
    """A literal that is not empty, alone or inside a tuple or set: `"XA"`, `("XA", "XB")`."""
    return any(isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value for node in ast.walk(side))


def named(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def test_no_function_is_longer_than_seventy_lines() -> None:
    no_findings([finding for path in python_files() for finding in long_functions(path, tree(path))])


def test_no_file_is_longer_than_four_hundred_lines_without_a_reason() -> None:
    sizes = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    gone = [
        f"{name}: no such file. Take it out of LONGER_FOR_A_REASON."
        for name in LONGER_FOR_A_REASON
        if name not in sizes
    ]
    no_findings(gone + [found for name, size in sizes.items() for found in long_file(name, size, LONGER_FOR_A_REASON)])


def test_no_file_is_named_like_a_drawer_for_odds_and_ends() -> None:
    no_findings([finding for path in python_files() for finding in banned_file_name(path)])


def test_no_class_is_named_by_a_word_that_says_nothing() -> None:
    no_findings([finding for path in python_files() for finding in banned_class_names(path, tree(path))])


def test_no_place_is_named_in_a_condition() -> None:
    no_findings([found for path in python_files(ROOT / "src") for found in place_conditions(path, tree(path))])


@pytest.mark.parametrize(
    "check, bad, good",
    [
        (long_functions, "def f():\n" + "    x = 1\n" * 71, "def f():\n    '''" + "a\n" * 90 + "'''\n    x = 1"),
        (banned_class_names, "class TransferService: ...", "class BufferPool: ..."),
        (banned_class_names, "class UnitInfo: ...", "class SerialRange: ..."),
        (place_conditions, "if country == 'XA':\n    limit = 1", "if mechanism.limits(on):\n    pass"),
        (place_conditions, "if account.party in ('XA',):\n    pass", "if target.party == source.party:\n    pass"),
        (place_conditions, "x = 1 if block.party_code != 'CHE' else 2", "if party == '':\n    pass"),
    ],
)  # fmt: skip
def test_the_size_and_name_checks_find_a_bad_sample_and_pass_a_good_one(check: object, bad: str, good: str) -> None:
    assert callable(check)
    sample = ROOT / "sample.py"
    assert check(sample, ast.parse(bad))
    assert not check(sample, ast.parse(good))


def test_the_file_checks_find_a_bad_sample_and_pass_a_good_one() -> None:
    assert long_file("a.py", 401, {})
    assert not long_file("a.py", 400, {})
    assert not long_file("a.py", 401, {"a.py": "a table"})
    assert long_file("a.py", 10, {"a.py": "a table"})
    assert banned_file_name(ROOT / "src" / "counterfoil" / "utils.py")
    assert banned_file_name(ROOT / "src" / "common" / "serials.py")
    assert not banned_file_name(ROOT / "src" / "counterfoil" / "serials.py")
