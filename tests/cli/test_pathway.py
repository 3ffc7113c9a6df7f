"""`pathway` places an activity, in both languages, from options, from a file, or by asking."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Counterfoil

DAY = ("--on", "2026-01-01")
ANSWERS = {"transfer": "none", "paid_for": "results", "consent": True, "measurable": True, "reference_level": True}


def test_without_answers_every_question_is_shown(counterfoil: Counterfoil) -> None:
    view = counterfoil("pathway", "--jurisdiction", "THA", *DAY, "--json").json
    assert {each["standing"] for each in view["pathways"]} == {"needs"}
    questions = {each["name"]: each for each in view["questions"]}
    assert questions["transfer"]["choices"] == ["all", "none", "part"]
    assert questions["activity_type"]["pathways"], "the law of Thailand asks for the type"
    assert questions["supervised"]["decides"] == "order"
    assert [each["id"] for each in view["packs"]] == ["pathways", "tha"]


def test_an_option_stands_before_the_file(counterfoil: Counterfoil, tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(ANSWERS), encoding="utf-8")
    call = ("pathway", "--jurisdiction", "IDN", *DAY, "--answers", file, "--json")
    first = counterfoil(*call).json["pathways"][0]
    assert (first["pathway"], first["standing"]) == ("results_payment", "open")
    assert {each["rule"] for each in first["reasons"]} >= {"level_reviewed", "consent_held"}
    changed = counterfoil(*call, "--answer", "reference_level=no").json["pathways"]
    assert {each["standing"] for each in changed} == {"closed"}


@pytest.mark.parametrize(
    ("language", "closed", "change", "provision"),
    [
        (
            "en",
            "✗ closed: Article 6.2",
            "→ Transfer all results; for a part of them see the mixes.",
            "Decision 2/CMA.3",
        ),
        ("zh-Hant", "✗ 不可行：第6.2條", "→ 轉讓全部成果；僅轉讓部分者，見混合途徑。", "第2/CMA.3號決定"),
    ],
)
def test_a_closed_pathway_says_by_which_provision_and_what_would_change_it(
    counterfoil: Counterfoil, language: str, closed: str, change: str, provision: str
) -> None:
    data = json.dumps(ANSWERS)
    run = counterfoil("pathway", "--jurisdiction", "IDN", *DAY, "--answers", "-", "--lang", language, stdin=data)
    assert run.status == 0
    assert closed in run.out
    assert change in run.out
    assert provision in run.out
    assert "{" not in run.out


def test_a_jurisdiction_that_is_no_party_is_told_so(counterfoil: Counterfoil) -> None:
    run = counterfoil("pathway", "--jurisdiction", "TWN", *DAY, "--answer", "transfer=all", "--json")
    bilateral = next(each for each in run.json["pathways"] if each["pathway"] == "article_6_2")
    reason = next(each for each in bilateral["reasons"] if each["outcome"] == "refused")
    assert reason["code"] == "policy.party.not_a_party"
    assert reason["basis"][0]["pack"] == "twn"


def test_asking_ends_with_the_input_and_repeats_what_it_cannot_read(counterfoil: Counterfoil) -> None:
    typed = "none\nresults\nperhaps\nyes\n\nyes\n"
    run = counterfoil("pathway", "--jurisdiction", "IDN", *DAY, "--ask", "--json", stdin=typed)
    assert run.status == 0
    assert run.err.count("  consent (yes | no)") == 2
    assert "policy.fact_unreadable" in run.err
    view = run.json
    assert view["answers"] == {"transfer": "none", "paid_for": "results", "consent": True, "reference_level": True}
    assert [each["name"] for each in view["questions"]] == ["measurable"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("[]", "policy.pathway.answers_unreadable"),
        ("{", "policy.pathway.answers_unreadable"),
        ('{"transfer": "all", "transfer": "none"}', "policy.pathway.answers_unreadable"),
        ("[" * 20_000, "policy.pathway.answers_unreadable"),
        (" " * 70_000, "policy.pathway.answers_unreadable"),
        ('{"speed": 1}', "policy.fact_unknown"),
        ('{"consent": 7}', "policy.fact_unreadable"),
        ('{"transfer": "most"}', "policy.pathway.choice_unknown"),
    ],
)
def test_answers_that_are_none_are_refused(counterfoil: Counterfoil, data: str, code: str) -> None:
    run = counterfoil("pathway", "--jurisdiction", "THA", *DAY, "--answers", "-", "--json", stdin=data)
    assert (run.status, run.json["code"]) == (2, code)


def test_asking_and_reading_answers_from_one_input_is_refused(counterfoil: Counterfoil) -> None:
    run = counterfoil("pathway", "--jurisdiction", "THA", "--ask", "--answers", "-", "--json")
    assert (run.status, run.json["code"]) == (2, "usage.argument_extra")
    assert counterfoil("pathway", "--jurisdiction", "ZZZ").status == 2
