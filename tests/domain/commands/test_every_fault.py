"""Every fault that a decision can return is produced by a case of this folder, and by its own name."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from enum import StrEnum
from types import ModuleType
from typing import Any

import counterfoil.application.commands
import tests.domain.commands
from tests.domain.commands.desk import Case


def modules(package: ModuleType) -> list[ModuleType]:
    return [
        importlib.import_module(found.name) for found in pkgutil.iter_modules(package.__path__, package.__name__ + ".")
    ]


SHOWN_ELSEWHERE = tuple(
    f"counterfoil.domain.{each}" for each in ("policy.asked", "policy.ruling", "policy.kinds.", "people.organisation")
)
"""What answers about a law or a role as such; test_permits.py and tests/domain/people show it."""


def deciding() -> list[ModuleType]:
    """The command modules, and every module of the domain that they ask, directly or through another."""
    found: dict[str, ModuleType] = {}
    waiting = [module.__name__ for module in modules(counterfoil.application.commands)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = importlib.import_module(name)
            waiting += [
                asked
                for asked in imported(found[name])
                if asked.startswith("counterfoil.domain.") and not asked.startswith(SHOWN_ELSEWHERE)
            ]
    return list(found.values())


def imported(module: ModuleType) -> Iterator[str]:
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module


def returned(module: ModuleType) -> Iterator[str]:
    """The codes of the fault members that a module names."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=member) if name.endswith("Fault"):
                yield str(getattr(getattr(module, name), member))


def produced(value: Any) -> Iterator[str]:
    match value:
        case Case():
            yield str(value.fault)
        case tuple():
            for item in value:
                yield from produced(item)


def test_every_fault_of_a_decision_has_a_case_and_every_case_a_fault_of_a_decision() -> None:
    reachable = {code for module in deciding() for code in returned(module)}
    tables = [value for module in modules(tests.domain.commands) for value in vars(module).values()]
    shown = {code for value in tables for code in produced(value)}
    assert sorted(reachable - shown) == [], "add a case to the table of the use case"
    assert sorted(shown - reachable) == [], "no decision returns it any more"
    assert len(reachable) > 120


def test_a_case_names_a_member_of_a_fault() -> None:
    for module in modules(tests.domain.commands):
        for value in vars(module).values():
            if isinstance(value, Case):
                assert isinstance(value.fault, StrEnum)
                assert type(value.fault).__name__.endswith("Fault")
