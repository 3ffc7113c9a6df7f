"""The domain is pure: a short list of imports, no clock, no float, and nothing happens when a module is imported."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tidy.tree import ROOT, SOURCE, no_findings, place, python_files, tree

DOMAIN = SOURCE / "domain"
APPLICATION = SOURCE / "application"
# An allow-list, because a deny-list in .importlinter cannot name every library there is.
ALLOWED = frozenset(
    "__future__ abc base64 bisect collections dataclasses datetime decimal enum fractions functools hashlib heapq "
    "itertools math operator re struct typing".split()
)
CLOCK_CALLS = frozenset({"now", "today", "utcnow"})


def imports(module: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(level=0, module=str(name)):
                yield node.lineno, name
            case ast.ImportFrom():
                yield node.lineno, "." * node.level + (node.module or "")


def foreign_imports(path: Path, module: ast.Module) -> list[str]:
    return [
        f"{place(path, line)}: imports {name}. The domain is pure: take the value as an argument, "
        f"or move the code to application or adapters."
        for line, name in imports(module)
        if name.split(".")[0] not in ALLOWED
        and name != "counterfoil.domain"
        and not name.startswith("counterfoil.domain.")
    ]


def clock_calls(path: Path, module: ast.Module) -> list[str]:
    return [
        f"{place(path, node.lineno)}: calls {called(node)}(). Take the day or the moment as an argument."
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and called(node) in CLOCK_CALLS
    ]


def called(node: ast.Call) -> str:
    match node.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def floats(path: Path, module: ast.Module) -> list[str]:
    """Calls of `float` and annotations with it. `isinstance(x, float)` stays allowed: that is how one is refused."""
    lines: set[int] = set()
    for node in ast.walk(module):
        match node:
            case ast.Call() if called(node) == "float":
                lines.add(node.lineno)
            case ast.arg(annotation=ast.expr() as annotation) | ast.AnnAssign(annotation=annotation):
                lines.update(named_float(annotation))
            case (
                ast.FunctionDef(returns=ast.expr() as annotation)
                | ast.AsyncFunctionDef(returns=ast.expr() as annotation)
            ):
                lines.update(named_float(annotation))
    return [
        f"{place(path, line)}: float. Use int for units and money, Fraction or Decimal for ratios."
        for line in sorted(lines)
    ]


def named_float(annotation: ast.expr) -> list[int]:
    return [node.lineno for node in ast.walk(annotation) if isinstance(node, ast.Name) and node.id == "float"]


def acts_at_import(path: Path, module: ast.Module) -> list[str]:
    """Bare calls and opened files at module level. A call whose value is kept as a constant is fine."""
    opened = {"open", "read_text", "read_bytes"}
    found = []
    for statement in module.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            found.append(statement.lineno)
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            inside = ast.walk(statement.value)
            found += [node.lineno for node in inside if isinstance(node, ast.Call) and called(node) in opened]
    return [
        f"{place(path, line)}: acts when it is imported. Move it into a function that the bootstrap calls."
        for line in found
    ]


def over(check: object, *folders: Path) -> list[str]:
    assert callable(check)
    return [finding for path in python_files(*folders) for finding in check(path, tree(path))]


def test_the_domain_imports_only_from_the_short_list() -> None:
    no_findings(over(foreign_imports, DOMAIN))


def test_the_domain_never_asks_for_the_time() -> None:
    no_findings(over(clock_calls, DOMAIN))


def test_domain_and_application_know_no_binary_floats() -> None:
    no_findings(over(floats, DOMAIN, APPLICATION))


def test_nothing_happens_when_a_module_is_imported() -> None:
    no_findings(over(acts_at_import, SOURCE))


@pytest.mark.parametrize(
    "check, bad, good",
    [
        (foreign_imports, "import requests", "import struct\nfrom counterfoil.domain.units import serials"),
        (foreign_imports, "from os import path", "from collections.abc import Mapping"),
        (foreign_imports, "from counterfoil.application import ports", "from counterfoil.domain import kernel"),
        (foreign_imports, "from . import share", "import counterfoil.domain.kernel.share"),
        (foreign_imports, "def f():\n    import random", "def f():\n    import math"),
        (clock_calls, "from datetime import date\nday = date.today()", "day = date(2027, 3, 31)"),
        (clock_calls, "x = datetime.now(UTC)", "x = clock.moment"),
        (floats, "def f(price: float) -> int: ...", "def f(price: Decimal) -> int: ..."),
        (floats, "def f(x: int) -> dict[str, float]: ...", "ok = isinstance(x, float)"),
        (floats, "x = float('0.1')", "x = Fraction('0.1')"),
        (floats, "class A:\n    t: float | None", "class A:\n    t: int | None"),
        (acts_at_import, "register(PACK)", "PACK = Pack('xa')"),
        (acts_at_import, "TEXT = Path('x').read_text()", "def text():\n    return Path('x').read_text()"),
    ],
)  # fmt: skip
def test_the_purity_checks_find_a_bad_sample_and_pass_a_good_one(check: object, bad: str, good: str) -> None:
    assert callable(check)
    sample = ROOT / "sample.py"
    assert check(sample, ast.parse(bad))
    assert not check(sample, ast.parse(good))
