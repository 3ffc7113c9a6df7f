"""A past act is explained: the recorded question, put again to the law of its day, in both languages."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Counterfoil

APPROACH = {"approach": "CA9001", "title": "IDN-NOR", "participants": ["IDN", "NOR"]}
ACTIVITY = {
    "activity": "ID-1",
    "title": "A project",
    "mitigation_type": "reduction",
    "sector": "Energy generation",
    "activity_type": "Solar",
    "standard": "national",
    "cooperative_approach": "CA9001",
    "answers": {"additional": True, "sdg_count": 1},
}


@pytest.fixture
def registry(counterfoil: Counterfoil, tmp_path: Path) -> Path:
    """A registry of Indonesia under its pack: founded (0), pack (1), approach (2), activity (3)."""
    folder = tmp_path / "idn"
    packs = counterfoil("packs", "list", "--json").json["packs"]
    version = next(pack["version"] for pack in packs if pack["id"] == "idn")
    here = ("--dir", folder)
    founded = counterfoil(
        "init", "--party", "IDN", "--registry", "IDN01", "--name", "I", "--ndc-period", "2021-2030", *here
    )
    assert founded.status == 0, founded.err
    for command, content in (
        ("AdoptPack", {"pack": "idn", "version": version}),
        ("RegisterCooperativeApproach", APPROACH),
        ("RegisterActivity", ACTIVITY),
    ):
        done = counterfoil("do", *here, stdin=json.dumps({"command": command, **content}))
        assert done.status == 0, done.err
    return folder


def explained(counterfoil: Counterfoil, registry: Path, entry: int) -> Any:
    run = counterfoil("explain", "--entry", entry, "--dir", registry, "--json")
    assert run.status == 0, run.err
    return run.json


def test_the_recorded_question_has_the_recorded_answer_with_its_provisions(
    counterfoil: Counterfoil, registry: Path
) -> None:
    view = explained(counterfoil, registry, 3)
    law = view["law"]
    assert law["asked"]["sdg_count"] == 1
    assert law["loaded"] == law["version"]
    assert law["answer"]["verdict"] == "allowed"
    gate = next(ruling for ruling in law["answer"]["rulings"] if ruling["rule"] == "project_gate")
    assert gate["rule"] in law["rules"]
    assert gate["basis"][0]["provision"]
    deciding = {rule["rule"]: rule["provisions"] for rule in view["rules_of_code"]}
    assert sorted(deciding) == ["bring_in_activity", "register_activity"]
    assert any("2/CMA.3" in provision for provision in deciding["register_activity"])


def test_an_entry_of_which_the_law_does_not_speak_says_so(counterfoil: Counterfoil, registry: Path) -> None:
    view = explained(counterfoil, registry, 2)
    assert view["law"] is None
    assert view["rules_of_code"][0]["rule"] == "register_approach"


@pytest.mark.parametrize(("language", "words"), [("en", "Decided then by"), ("zh-Hant", "當時據以決定之規則")])
def test_an_entry_is_explained_to_people(counterfoil: Counterfoil, registry: Path, language: str, words: str) -> None:
    run = counterfoil("explain", "--entry", 3, "--dir", registry, "--lang", language)
    assert run.status == 0
    assert words in run.out
    assert "project_gate" in run.out
    assert ("para" in run.out) is (language == "en"), "a Chinese reader is told provisions in Chinese"


def test_an_entry_that_is_not_there_is_refused(counterfoil: Counterfoil, registry: Path) -> None:
    run = counterfoil("explain", "--entry", 4, "--dir", registry, "--json")
    assert run.status == 1
    assert "explain.entry_unknown" in run.out + run.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--act", "authorize"), "usage.option_missing"),
        (("--jurisdiction", "IDN"), "usage.option_missing"),
        (("--entry", "1", "--act", "authorize"), "usage.argument_extra"),
    ],
)
def test_an_entry_and_a_planned_act_are_two_questions(
    counterfoil: Counterfoil, arguments: tuple[str, ...], code: str
) -> None:
    run = counterfoil("explain", *arguments, "--json")
    assert run.status == 2
    assert code in run.out + run.err


@pytest.mark.parametrize(("fact", "status"), [("quantity_t=-5", 2), ("price=-1", 2), ("achieved_t=-5", 0)])
def test_an_amount_below_zero_is_no_fact_unless_it_may_be_a_rise(
    fact: str, status: int, counterfoil: Counterfoil
) -> None:
    result = counterfoil("explain", "--jurisdiction", "idn", "--act", "authorize", "--on", "2026-01-01", fact, "--json")
    assert result.status == status, result.out
    assert (result.json.get("code") == "policy.fact_unreadable") is (status != 0)
