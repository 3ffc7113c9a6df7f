"""A docstring may leave out what the signature says, but it never speaks of an argument that is not there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tidy.tree import ROOT, SOURCE, no_findings, place, python_files, tree

ARGS = re.compile(r"^Args:\n((?:[ \t]+.*\n?|\n)+)", re.MULTILINE)
SOURCE_LINE = re.compile(r"^\s*sources?\s*[:：]", re.IGNORECASE | re.MULTILINE)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def documented(docstring: str) -> list[str]:
    """Names in the `Args:` section: the first word of each line at the section's own indent."""
    match = ARGS.search(docstring)
    if match is None:
        return []
    lines = [line for line in match.group(1).splitlines() if line.strip()]
    indent = min(len(line) - len(line.lstrip()) for line in lines)
    own = [line[indent:] for line in lines if len(line) - len(line.lstrip()) == indent]
    return [name.strip(" *`") for line in own for name in line.split(":")[0].split(",")]


def arguments(node: Function) -> set[str]:
    spec = node.args
    every = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, *filter(None, (spec.vararg, spec.kwarg))]
    return {argument.arg for argument in every}


def argument_findings(path: Path, module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, Function):
            absent = [name for name in documented(ast.get_docstring(node) or "") if name not in arguments(node)]
            for name in absent:
                yield f"{place(path, node.lineno)}: {node.name} has no argument {name!r}. Correct the docstring."


def source_findings(path: Path, module: ast.Module) -> Iterator[str]:
    """The traceability table is collected from lines that begin `Source: ` and say something."""
    for node in ast.walk(module):
        if not isinstance(node, Function | ast.ClassDef | ast.Module):
            continue
        for line in (ast.get_docstring(node) or "").splitlines():
            if SOURCE_LINE.match(line) and not re.match(r"Source: \S", line):
                yield f"{place(path)}: {line.strip()!r}. Write 'Source: ' with a provision, at the start of the line."


def test_no_docstring_speaks_of_an_argument_that_is_not_there() -> None:
    no_findings([finding for path in python_files(SOURCE) for finding in argument_findings(path, tree(path))])


def test_every_source_line_keeps_the_one_form() -> None:
    no_findings([finding for path in python_files(SOURCE) for finding in source_findings(path, tree(path))])


def sample(docstring: str) -> ast.Module:
    return ast.parse(f'def f(verified_t, *, on):\n    """Say.\n\n{docstring}    """\n')


@pytest.mark.parametrize("name", ["verified", "day"])
def test_an_argument_that_is_not_there_is_found(name: str) -> None:
    good = "    Args:\n        verified_t: Whole tonnes:\n            above zero.\n\n    Returns:\n        Nothing.\n"
    assert not list(argument_findings(ROOT / "x.py", sample(good)))
    assert list(argument_findings(ROOT / "x.py", sample(good.replace("verified_t", name))))


@pytest.mark.parametrize("bad", ["    source: 2/CMA.3\n", "    Sources: a\n", "    Source:\n", "      Source: a\n"])
def test_a_source_line_of_another_form_is_found(bad: str) -> None:
    assert not list(source_findings(ROOT / "x.py", sample("    Source: 2/CMA.3 annex para. 8(a)\n")))
    assert list(source_findings(ROOT / "x.py", sample("    Whole.\n" + bad)))
