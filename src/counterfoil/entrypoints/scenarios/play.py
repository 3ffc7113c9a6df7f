"""Play a scenario: every step with what was expected of it, then every figure of the end beside the real one.

After each step the books are asked again: a refused step leaves the journal as it was, and no unit is lost or made.
"""

import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Protocol

from counterfoil.application.draft import Outcome
from counterfoil.application.queries.sight import Sight
from counterfoil.application.receipt import Receipt
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.scenarios.measures import MEASURES, adjustment
from counterfoil.entrypoints.scenarios.script import ACCEPTED, End, Scenario, ScriptUnreadable, Step, Words
from counterfoil.entrypoints.scenarios.stage import Stage

WORLD: Final = "world_adjustment"


class ScenarioFault(StrEnum):
    UNKNOWN = "scenario.unknown"
    NONE_NAMED = "scenario.none_named"
    UNREADABLE = "scenario.unreadable"


class Status(StrEnum):
    """How a scenario ended. `not_yet` waits for modules that it names."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class StepResult:
    """A step and what came of it. `changed` says that a refused step left a trace in the journal, which none may."""

    step: Step
    outcome: str
    detail: str
    changed: bool

    @property
    def right(self) -> bool:
        return self.outcome == self.step.expect and not self.changed


@dataclass(frozen=True, slots=True)
class EndResult:
    """A figure of the end beside the real one."""

    end: End
    found: int

    @property
    def right(self) -> bool:
        return self.found == self.end.value


@dataclass(frozen=True, slots=True)
class Played:
    """A scenario with what came of it."""

    scenario: Scenario
    steps: tuple[StepResult, ...] = ()
    end: tuple[EndResult, ...] = ()

    @property
    def status(self) -> Status:
        if self.scenario.missing:
            return Status.NOT_YET
        right = all(step.right for step in self.steps) and all(figure.right for figure in self.end)
        return Status.PASSED if right else Status.FAILED


def play(scenario: Scenario) -> Played:
    """Play a scenario in a folder of its own, which is gone afterwards."""
    if scenario.missing:
        return Played(scenario)
    with tempfile.TemporaryDirectory(prefix="counterfoil-scenario-") as folder:
        stage = Stage(Path(folder), scenario)
        try:
            return played_on(stage, scenario)
        finally:
            stage.close()


class Boards(Protocol):
    """Where a scenario can be played: in this process, or in processes of its registries' own."""

    @property
    def registries(self) -> Collection[str]: ...
    def play(self, step: Step) -> Outcome | None: ...
    def size(self, party: str) -> int: ...
    def sight(self, party: str) -> Sight: ...


def played_on(stage: Boards, scenario: Scenario) -> Played:
    """Play all steps of a scenario, and measure every figure of its end."""
    steps = tuple(_steps(stage, scenario.steps))
    return Played(scenario, steps, tuple(EndResult(end, _measured(stage, end)) for end in scenario.end))


def _steps(stage: Boards, steps: Sequence[Step]) -> Iterator[StepResult]:
    """Every step is played, also after one that came out otherwise: the end then shows what it cost."""
    for step in steps:
        before = stage.size(step.registry)
        try:
            outcome = stage.play(step)
        except ScriptUnreadable as unreadable:
            yield StepResult(step, str(ScenarioFault.UNREADABLE), str(unreadable), changed=False)
            continue
        local = not isinstance(outcome, Receipt) and step.do != "ProposeTransfer"
        yield StepResult(step, _code(outcome), _detail(outcome), local and stage.size(step.registry) != before)


def _code(outcome: Outcome | None) -> str:
    return ACCEPTED if outcome is None or isinstance(outcome, Receipt) else str(outcome.code)


def _detail(outcome: Outcome | None) -> str:
    facts = outcome.facts if isinstance(outcome, Refusal) else {}
    return ", ".join(f"{name} = {value}" for name, value in facts.items())


def _measured(stage: Boards, end: End) -> int:
    if end.measure == WORLD:
        return sum(_in(stage, party, lambda sight: adjustment(sight, end.of)) for party in stage.registries)
    measure = MEASURES[end.measure]
    return _in(stage, end.registry, lambda sight: measure(sight, end.of))


def _in(stage: Boards, party: str, look: Any) -> int:
    sight = stage.sight(party)
    try:
        return int(look(sight))
    finally:
        sight.reading.close()


def summary(played: Sequence[Played]) -> dict[str, Any]:
    """What `scenario run --json` prints first: ids, status, and what each waits for."""
    return {
        "scenarios": [
            {"id": each.scenario.id, "status": each.status.value, "missing": list(each.scenario.missing)}
            for each in played
        ]
    }


def detailed(played: Sequence[Played]) -> dict[str, Any]:
    """The summary with every step and every figure."""
    told = summary(played)
    for row, each in zip(told["scenarios"], played, strict=True):
        row["title"] = dict(each.scenario.title)
        row["rules"] = list(each.scenario.rules)
        row["steps"] = [_step_json(result) for result in each.steps]
        row["end"] = [_end_json(result) for result in each.end]
    return told


def _step_json(result: StepResult) -> dict[str, Any]:
    step = result.step
    return {
        "step": step.number,
        "on": step.on.isoformat(),
        "registry": step.registry,
        "act": step.do,
        "words": dict(step.words),
        "expected": step.expect,
        "outcome": result.outcome,
        "detail": result.detail,
        "left_a_trace": result.changed,
        "right": result.right,
    }


def _end_json(result: EndResult) -> dict[str, Any]:
    words: Words = result.end.words
    return {"words": dict(words), "expected": result.end.value, "found": result.found, "right": result.right}
