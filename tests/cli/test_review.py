"""The review of a report on the command line: a finding, its answer with a corrected version, its end, the lessons."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Counterfoil
from tests.cli.house import KEY, aef, annual, filing, initial, printed

__all__ = ["annual", "filing", "initial"]


def recorded(counterfoil: Counterfoil, folder: Path, *more: str, finding: str = "F-1") -> int:
    return counterfoil(
        *("review", "record", finding, "--report", KEY, "--version", "1.0", "--team", "TERT-2024-3"),
        *("--area", "annual_information", "--provision", "2/CMA.3 annex para. 20", "--issue", "quantified"),
        *(more or ("--text", "THA reported 40,000 of CA9001 and recorded 42,000.")),
        *("--dir", folder),
    ).status


@pytest.fixture
def reviewed(filing: object, annual: Path, initial: Path, counterfoil: Counterfoil, issued: Path) -> Path:
    assert aef(filing, annual).status == 0
    assert recorded(counterfoil, issued, "--text", "40,000 reported, 42,000 recorded.", "--significant") == 0
    return issued


def test_a_report_is_found_wrong_corrected_and_closed_and_both_versions_stay(
    reviewed: Path, filing: object, counterfoil: Counterfoil, tmp_path: Path
) -> None:
    folder = printed(counterfoil, reviewed, tmp_path / "second", "1.1")
    assert aef(filing, folder, version="1.1").status == 0
    answer = ("--text", "A correction of 2,000 was missed.", "--resubmitted", "1.1")
    assert counterfoil("review", "answer", "F-1", *answer, "--dir", reviewed).status == 0
    close = ("--outcome", "resolved", "--reason", "Version 1.1 says 42,000.")
    assert counterfoil("review", "close", "F-1", *close, "--dir", reviewed).status == 0
    told = counterfoil("review", "show", "F-1", "--dir", reviewed, "--json").json
    assert (told["state"], told["outcome"], told["version"], told["resubmitted"]) == (
        "closed",
        "resolved",
        "1.0",
        "1.1",
    )
    assert told["answered"][0]["text"] == "A correction of 2,000 was missed."
    shown = counterfoil("submission", "show", KEY, "--version", "1.0", "--dir", reviewed, "--json").json
    assert (shown["versions"], shown["findings"]) == (["1.0", "1.1"], ["F-1"])


def test_a_confidential_finding_is_in_no_list_and_no_export(
    reviewed: Path, counterfoil: Counterfoil, tmp_path: Path
) -> None:
    assert recorded(counterfoil, reviewed, "--confidential-text", "The price was CHF 30.", finding="F-2") == 0
    for arguments in (("review", "list"), ("review", "show", "F-2"), ("review", "lessons"), ("list", "review_finding")):
        assert "CHF" not in counterfoil(*arguments, "--dir", reviewed, "--json").out
    assert counterfoil("export", "--dir", reviewed, "--out", tmp_path / "all").status == 0
    for path in (tmp_path / "all").rglob("*"):
        assert path.is_dir() or b"CHF 30" not in path.read_bytes(), path


def test_lessons_name_nobody_and_findings_of_one_kind_are_one(reviewed: Path, counterfoil: Counterfoil) -> None:
    assert recorded(counterfoil, reviewed, finding="F-2") == 0
    assert counterfoil("review", "answer", "F-1", "--text", "Yes.", "--dir", reviewed).status == 0
    lesson = "THA01 missed 2,000 units of CA9001-THA01-THA-71-2022: compare THA-BUS after each correction."
    close = ("--outcome", "resolved", "--reason", "Done.", "--lesson", lesson)
    assert counterfoil("review", "close", "F-1", *close, "--dir", reviewed).status == 0
    told = counterfoil("review", "lessons", "--dir", reviewed, "--json")
    (one,) = told.json["lessons"]
    assert (one["area"], one["provision"], one["recurring"]) == ("annual_information", "2/CMA.3 annex para. 20", True)
    (text,) = one["lessons"]
    assert text.endswith("after each correction.") and "~1,000" in text
    for name in ("THA", "CA9001", "2,000", "2022", "F-1", "40,000"):
        assert name not in told.out.replace('"findings_at_least"', ""), name


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_people_read_findings_in_their_language(language: str, reviewed: Path, counterfoil: Counterfoil) -> None:
    listed = counterfoil("review", "list", "--dir", reviewed, "--lang", language).out
    assert "F-1" in listed and ("待答覆" in listed) == (language == "zh-Hant")
    assert "年度資訊" in counterfoil("review", "lessons", "--dir", reviewed, "--lang", "zh-Hant").out
    shown = counterfoil("review", "show", "F-1", "--dir", reviewed, "--lang", language).out
    assert "TERT-2024-3" in shown


def test_a_refused_finding_says_why(reviewed: Path, counterfoil: Counterfoil) -> None:
    refused = counterfoil(
        "review", "close", "F-1", "--outcome", "resolved", "--reason", "R", "--dir", reviewed, "--json"
    )
    assert (refused.status, json.loads(refused.out)["code"]) == (1, "review.nothing_answered")
    assert counterfoil("review", "show", "F-9", "--dir", reviewed, "--json").json["code"] == "show.not_found"
