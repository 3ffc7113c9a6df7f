"""What a scenario's file says: the registries, the steps with what is expected of each, and the figures at the end.

A file is TOML, one for each scenario, named by its id. Nothing in it is a program: a step names a command of the
registry and gives its fields; the few words that stand for something to look up are read in `stage.py`.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Final

FILES: Final = "scenarios"
LANGUAGES: Final = ("en", "zh-Hant")
FILE_BYTES_MAX: Final = 1024 * 1024

Words = Mapping[str, str]
"""A text in each language."""


class ScriptUnreadable(Exception):
    """A scenario's file does not say what it must. The message names the file and the place."""


@dataclass(frozen=True, slots=True)
class Founding:
    """A registry of the scenario, what stands in its founding act, and the pack that it adopts at once, if any."""

    party: str
    registry: str
    fields: Mapping[str, Any]
    accounts: tuple[str, ...]
    pack: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One act on its day. `expect` is `accepted` or the code with which it must be refused."""

    words: Words
    on: date
    registry: str
    do: str
    fields: Mapping[str, Any]
    expect: str
    number: int

    @property
    def accepted(self) -> bool:
        return self.expect == ACCEPTED


ACCEPTED: Final = "accepted"


@dataclass(frozen=True, slots=True)
class End:
    """One figure of the end state: what is measured, where, and what it must be."""

    words: Words
    measure: str
    registry: str
    of: str
    value: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario. `missing` names the modules that it waits for: then it has no steps, and is *not yet*."""

    id: str
    title: Words
    rules: tuple[str, ...]
    figures: Words
    missing: tuple[str, ...]
    registries: tuple[Founding, ...]
    steps: tuple[Step, ...]
    end: tuple[End, ...]


def scenario_files() -> Path:
    """Where the scenarios are: inside an installed package, or in the source tree beside it."""
    packaged = Path(str(resources.files("counterfoil"))) / "examples" / FILES
    if packaged.is_dir():
        return packaged
    return Path(__file__).resolve().parents[4] / "examples" / FILES


def all_scenarios(folder: Path | None = None) -> list[Scenario]:
    """Every scenario of the folder, in order of their ids.

    Raises:
        ScriptUnreadable: a file is not a scenario.
    """
    return [read_scenario(path) for path in sorted((folder or scenario_files()).glob("SC-*.toml"))]


def read_scenario(path: Path) -> Scenario:
    """One scenario from its file.

    Raises:
        ScriptUnreadable: the file is too large, no TOML, or lacks something; the message says which.
    """
    if path.stat().st_size > FILE_BYTES_MAX:
        raise ScriptUnreadable(f"{path.name}: larger than {FILE_BYTES_MAX} bytes")
    try:
        return _scenario(tomllib.loads(path.read_text("utf-8")), path.stem)
    except (KeyError, TypeError, ValueError) as wrong:
        raise ScriptUnreadable(f"{path.name}: {type(wrong).__name__}: {wrong}") from wrong


def _scenario(told: Mapping[str, Any], stem: str) -> Scenario:
    if told["id"] != stem:
        raise ValueError(f"id {told['id']!r} is not the file's name")
    missing = tuple(told.get("missing", ()))
    steps = tuple(_steps(told.get("step", ())))
    end = tuple(_end(row) for row in told.get("end", ()))
    if missing and (steps or end):
        raise ValueError("a scenario that waits for modules has no steps")
    if not missing and not (steps and end):
        raise ValueError("a scenario has steps and an end")
    return Scenario(
        id=stem,
        title=_words(told["title"]),
        rules=tuple(told["rules"]),
        figures=_words(told["figures"]),
        missing=missing,
        registries=tuple(_founding(row) for row in told.get("registries", ())),
        steps=steps,
        end=end,
    )


def _founding(row: Mapping[str, Any]) -> Founding:
    fields = {name: value for name, value in row.items() if name not in ("party", "registry", "accounts", "pack")}
    return Founding(row["party"], row["registry"], fields, tuple(row.get("accounts", ())), row.get("pack", ""))


def _steps(rows: Sequence[Mapping[str, Any]]) -> Iterator[Step]:
    day = date.min
    for number, row in enumerate(rows, 1):
        step = Step(
            words=_words(row),
            on=row["on"],
            registry=row["registry"],
            do=row["do"],
            fields=row.get("with", {}),
            expect=row.get("expect", ACCEPTED),
            number=number,
        )
        if step.on < day:
            raise ValueError(f"step {number} is before the step that it follows")
        day = step.on
        yield step


def _end(row: Mapping[str, Any]) -> End:
    if type(row["value"]) is not int:
        raise ValueError(f"a figure of the end is a whole number: {row['value']!r}")
    return End(_words(row), row["measure"], row.get("registry", ""), row.get("of", ""), row["value"])


def _words(row: Mapping[str, Any]) -> Words:
    return {language: str(row[language]) for language in LANGUAGES}
