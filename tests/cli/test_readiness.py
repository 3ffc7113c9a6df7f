"""What a country has, pilots or lacks, on the command line: from pack and registry, as lines and as papers."""

from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from tests.cli.conftest import Counterfoil, ndjson
from tests.packs.exampleland import write

STATES = ("has", "pilots", "lacks", "cannot_be_determined", "not_applicable")


@pytest.fixture
def newcomer(tmp_path: Path, counterfoil: Counterfoil) -> Path:
    """Taiwan's registry, founded with nothing but its code."""
    folder = tmp_path / "twn"
    assert counterfoil("init", "--dir", folder, "--jurisdiction", "twn").status == 0
    return folder


def stating(state: str, *, criterion: str = "digital_monitoring", **more: Any) -> dict[str, Any]:
    statement = {"criterion": criterion, "state": state, "authority": "Ministry of Environment"}
    return {"command": "StateArrangement", **statement, "document": "5" * 64, **more}


def line(view: Any, name: str) -> Any:
    (found,) = [each for each in view["lines"] if each["criterion"] == name]
    return found


def gaps(view: Any) -> tuple[int, int]:
    (group,) = view["groups"]
    return group["has"], group["of"]


def test_the_pack_alone_has_none_of_the_four_gaps_closed(tmp_path: Path, counterfoil: Counterfoil) -> None:
    view = counterfoil("readiness", "--jurisdiction", "TWN", "--dir", tmp_path, "--json").json
    assert (view["registry"], gaps(view)) == (None, (0, 4))
    shown = line(view, "national_registry")
    assert shown["state"] == "lacks"
    assert shown["evidence"][0]["rule"]["name"] == "four_gaps"
    assert "init" in shown["next"]
    assert line(view, "ndc_maintained")["state"] == "not_applicable"
    assert sum(view["counts"].values()) == len(view["lines"])
    assert set(view["counts"]) == set(STATES)


def test_the_registry_closes_a_gap_and_a_statement_another_and_each_names_its_entry(
    newcomer: Path, counterfoil: Counterfoil
) -> None:
    empty = counterfoil("readiness", "--dir", newcomer, "--json").json
    assert (gaps(empty), line(empty, "law_adopted")["state"], line(empty, "accounts")["state"]) == (
        (0, 4),
        "has",
        "lacks",
    )
    opened = {"command": "OpenAccount", "account": "twn:firm", "holder": "Firm"}
    assert counterfoil("do", "--dir", newcomer, stdin=ndjson(opened, stating("pilots"))).status == 0
    view = counterfoil("readiness", "--dir", newcomer, "--json").json
    assert gaps(view) == (1, 4)
    piloted = line(view, "digital_monitoring")
    (evidence,) = piloted["evidence"]
    assert (piloted["state"], evidence["means"], evidence["entry"]) == ("pilots", "statement", 3)
    assert evidence["document"] == "5" * 64
    assert counterfoil("do", "--dir", newcomer, stdin=ndjson(stating("has"))).status == 0
    assert gaps(counterfoil("readiness", "--dir", newcomer, "--json").json) == (2, 4)


def test_a_past_day_is_answered_by_what_stood_in_the_journal_then(
    newcomer: Path, issued: Path, counterfoil: Counterfoil
) -> None:
    before = counterfoil("readiness", "--dir", issued, "--on", "2022-01-04", "--json").json
    assert line(before, "accounts")["state"] == "lacks"
    after = counterfoil("readiness", "--dir", issued, "--on", "2022-01-05", "--json").json
    assert line(after, "accounts")["state"] == "has"
    assert line(after, "digital_monitoring")["state"] == "lacks"
    now = counterfoil("readiness", "--dir", issued, "--json").json
    assert line(now, "digital_monitoring")["state"] == "pilots"
    replaced = ndjson(stating("pilots", on="2023-01-01"), stating("lacks", on="2024-01-01"))
    assert counterfoil("do", "--dir", issued, stdin=replaced).status == 0
    for day, state in (("2022-12-31", "lacks"), ("2023-06-01", "pilots"), ("2024-01-01", "lacks")):
        view = counterfoil("readiness", "--dir", issued, "--on", day, "--json").json
        assert line(view, "digital_monitoring")["state"] == state
    assert gaps(counterfoil("readiness", "--dir", newcomer, "--on", "2025-01-01", "--json").json) == (0, 4)


def test_the_tables_and_the_journal_give_the_same_answer(issued: Path, counterfoil: Counterfoil) -> None:
    from counterfoil.application.queries import readiness_ground
    from counterfoil.application.queries.readiness import readiness_of
    from counterfoil.entrypoints.cli.reading import looking
    from counterfoil.entrypoints.laws_at_hand import LawsAtHand

    with looking(issued) as sight:
        on = readiness_ground.last_day(sight)
        assert on is not None
        tables = readiness_of(LawsAtHand(), jurisdiction="THA", sight=sight, on=on)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(readiness_ground, "last_day", lambda _: None)
            journal = readiness_of(LawsAtHand(), jurisdiction="THA", sight=sight, on=on)
    assert tables == journal


def test_a_statement_on_what_nobody_asks_is_told(newcomer: Path, counterfoil: Counterfoil) -> None:
    assert counterfoil("do", "--dir", newcomer, stdin=ndjson(stating("has", criterion="digital_mrv"))).status == 0
    assert "digital_mrv" in counterfoil("readiness", "--dir", newcomer).out
    view = counterfoil("readiness", "--dir", newcomer, "--json").json
    assert view["unplaced"] == [{"criterion": "digital_mrv", "entry": 2}]


def test_countries_stand_beside_each_other_by_their_packs_of_the_day(tmp_path: Path, counterfoil: Counterfoil) -> None:
    arguments = ("readiness", "--compare", "IDN, tha,KHM,IDN", "--dir", tmp_path)
    early = counterfoil(*arguments, "--on", "2025-08-25", "--json").json
    assert [each["jurisdiction"] for each in early["countries"]] == ["IDN", "THA", "KHM"]
    assert line(early, "positive_list")["states"]["THA"] == "cannot_be_determined"
    assert line(early, "quota")["states"]["IDN"] == "has"
    assert line(early, "authorization_process")["states"]["KHM"] == "pilots"
    late = counterfoil(*arguments, "--on", "2026-01-01", "--json").json
    assert line(late, "positive_list")["states"]["THA"] == "has"
    assert line(late, "quota")["states"]["IDN"] == "cannot_be_determined"
    assert line(late, "authorization_process")["states"]["KHM"] == "has"
    for row in late["lines"]:
        assert list(row["states"]) == ["IDN", "THA", "KHM"]
    chinese = counterfoil(*arguments, "--lang", "zh-Hant").out
    assert "授權書程序" in chinese


def test_lines_are_told_in_both_languages_with_provision_and_command(newcomer: Path, counterfoil: Counterfoil) -> None:
    english = counterfoil("readiness", "--dir", newcomer).out
    assert "0 of 4" in english
    assert "counterfoil do StateArrangement" in english
    assert "annex, para. 4(a)" in english
    chinese = counterfoil("readiness", "--dir", newcomer, "--lang", "zh-Hant").out
    assert "共 4 項" in chinese
    assert "尚缺" in chinese


def test_a_paper_in_both_languages_holds_every_line(newcomer: Path, tmp_path: Path, counterfoil: Counterfoil) -> None:
    day = ("--on", "2025-02-01")
    for ending in ("pdf", "docx"):
        told = counterfoil("readiness", "--dir", newcomer, *day, "--format", ending, "--out", tmp_path / "o", "--json")
        assert [Path(file).name for file in told.json["files"]] == [
            f"readiness-TWN-2025-02-01.{language}.{ending}" for language in ("en", "zh-Hant")
        ]
    for language in ("en", "zh-Hant"):
        stem = tmp_path / "o" / f"readiness-TWN-2025-02-01.{language}"
        document = Document(str(stem) + ".docx")
        cells = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
        for each in told.json["lines"]:
            assert each["label"][language] in cells
        assert PdfReader(str(stem) + ".pdf").pages


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--jurisdiction", "XQX"), "readiness.nothing_known"),
        (("--jurisdiction", "readiness"), "readiness.nothing_known"),
        (("--compare", "IDN,XQX"), "readiness.nothing_known"),
        (("--compare", ","), "usage.value_missing"),
        (("--jurisdiction", "IDN", "--compare", ""), "usage.value_missing"),
        (
            ("--compare", ",".join(f"X{a}{b}" for a in "ABC" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")),
            "readiness.too_many",
        ),
        ((), "registry.not_founded"),
    ],
)
def test_a_question_about_nothing_is_refused_by_its_code(
    tmp_path: Path, counterfoil: Counterfoil, arguments: tuple[str, ...], code: str
) -> None:
    refused = counterfoil("readiness", "--dir", tmp_path, "--json", *arguments)
    assert refused.status in (1, 2)
    assert refused.json["code"] == code


def test_without_the_rulebook_nothing_is_guessed() -> None:
    from datetime import date

    from counterfoil.application.queries.readiness import readiness_of
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.policy.laws import NO_LAWS

    refused = readiness_of(NO_LAWS, jurisdiction="TWN", sight=None, on=date(2026, 1, 1))
    assert isinstance(refused, Refusal)
    assert str(refused.code) == "readiness.rulebook_absent"


def test_a_registry_whose_pack_is_not_here_is_refused_and_nothing_is_said_to_be_lacking(
    tmp_path: Path, counterfoil: Counterfoil, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "packs")
    monkeypatch.setenv("COUNTERFOIL_PACKS", str(tmp_path / "packs"))
    assert counterfoil("init", "--dir", tmp_path / "xaa", "--jurisdiction", "XAA").status == 0
    assert counterfoil("readiness", "--dir", tmp_path / "xaa").status == 0
    monkeypatch.delenv("COUNTERFOIL_PACKS")
    run = counterfoil("readiness", "--dir", tmp_path / "xaa")
    assert run.status != 0
    assert "pack.not_loaded" in run.err
    assert "lacks" not in run.out
