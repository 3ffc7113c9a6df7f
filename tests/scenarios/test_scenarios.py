"""The scenarios: each is played as its file says, and a file that says something wrong is caught."""

import dataclasses
import json
from pathlib import Path

import pytest

from counterfoil.entrypoints.cli.main import run
from counterfoil.entrypoints.scenarios.play import Status, play
from counterfoil.entrypoints.scenarios.script import (
    Scenario,
    ScriptUnreadable,
    all_scenarios,
    read_scenario,
    scenario_files,
)

SCENARIOS = {scenario.id: scenario for scenario in all_scenarios()}
PLAYED = [name for name, scenario in SCENARIOS.items() if not scenario.missing]


def test_there_are_all_twenty_two() -> None:
    assert list(SCENARIOS) == [f"SC-{number:02d}" for number in range(1, 23)]


@pytest.mark.parametrize("name", PLAYED)
def test_a_scenario_ends_as_its_file_says(name: str) -> None:
    played = play(SCENARIOS[name])
    wrong = [result for result in (*played.steps, *played.end) if not result.right]
    assert not wrong, wrong
    assert played.status is Status.PASSED


def test_a_scenario_that_waits_is_not_played_and_names_what_it_waits_for() -> None:
    waiting = next(scenario for scenario in SCENARIOS.values() if scenario.missing)
    played = play(waiting)
    assert played.status is Status.NOT_YET
    assert not played.steps
    assert not played.end


def _first_played() -> Scenario:
    return SCENARIOS["SC-01"]


def test_a_figure_that_is_one_tonne_off_fails_the_scenario() -> None:
    scenario = _first_played()
    off = [dataclasses.replace(end, value=end.value + 1) for end in scenario.end]
    played = play(dataclasses.replace(scenario, end=tuple(off)))
    assert played.status is Status.FAILED
    assert not any(result.right for result in played.end)


def test_a_refusal_that_was_not_expected_fails_the_scenario_with_its_code() -> None:
    scenario = _first_played()
    refused = next(step for step in scenario.steps if not step.accepted)
    steps = tuple(dataclasses.replace(step, expect="accepted") if step is refused else step for step in scenario.steps)
    played = play(dataclasses.replace(scenario, steps=steps))
    assert played.status is Status.FAILED
    assert [result.outcome for result in played.steps if not result.right] == [refused.expect]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('id = "SC-99"', "not the file's name"),
        ('id = "SC-01"', "has steps and an end"),
        ("id = ", "Invalid value"),
        ('id = "SC-01"\nrules = []\nmissing = ["packs"]\n[[step]]\n', "KeyError"),
    ],
)
def test_a_file_that_is_no_scenario_is_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "SC-01.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ScriptUnreadable, match=told):
        read_scenario(path)


def test_every_step_speaks_both_languages() -> None:
    for scenario in SCENARIOS.values():
        for words in (scenario.title, scenario.figures, *(step.words for step in scenario.steps)):
            assert words["en"].isascii() or "–" in words["en"] or "é" in words["en"], words
            assert not words["zh-Hant"].isascii(), words


def test_the_command_prints_ids_status_and_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["scenario", "run", "SC-01", "SC-22", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["scenarios"]
    assert [(row["id"], row["status"], row["missing"]) for row in told] == [
        ("SC-01", "passed", []),
        ("SC-22", "not_yet", ["finance"]),
    ]


@pytest.mark.parametrize("arguments", [["run", "SC-77"], ["run"]])
def test_an_unknown_scenario_and_none_at_all_are_refused_with_the_known_ones(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["scenario", *arguments]) == 2
    assert "SC-01" in capsys.readouterr().err


def test_the_files_are_where_the_package_looks() -> None:
    assert (scenario_files() / "SC-01.toml").is_file()
