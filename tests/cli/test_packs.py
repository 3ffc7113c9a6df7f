"""The command line shows, checks, compares and explains the laws, in both languages."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Counterfoil
from tests.packs.exampleland import PARTY, rule, write


def test_the_list_names_every_pack_with_its_version(counterfoil: Counterfoil) -> None:
    run = counterfoil("packs", "list", "--json")
    assert run.status == 0
    assert {"idn", "jpn"} <= {pack["id"] for pack in json.loads(run.out)["packs"]}
    assert all(pack["version"] for pack in json.loads(run.out)["packs"])


@pytest.mark.parametrize(("language", "word"), [("en", "cases hold"), ("zh-Hant", "個語句均符合")])
def test_a_sound_pack_is_said_to_be_sound(counterfoil: Counterfoil, language: str, word: str) -> None:
    run = counterfoil("packs", "check", "idn", "--lang", language)
    assert run.status == 0
    assert word in run.out


def test_an_unsound_pack_is_told_with_file_and_line(counterfoil: Counterfoil, tmp_path: Path) -> None:
    place = write(tmp_path, PARTY + rule("gate", "export_gate", 'gate = "ajar"'))
    run = counterfoil("packs", "check", str(place))
    assert run.status == 1
    assert "xaa/law/law.toml, line 18" in run.err
    assert counterfoil("packs", "list", "--packs", str(tmp_path)).status == 1
    assert counterfoil("packs", "show", str(place)).status == 2


def test_a_new_pack_passes_the_check_and_is_never_written_over(counterfoil: Counterfoil, tmp_path: Path) -> None:
    assert counterfoil("packs", "new", "XAA", "--out", str(tmp_path)).status == 0
    assert counterfoil("packs", "check", str(tmp_path / "xaa")).status == 0
    assert counterfoil("packs", "new", "XAA", "--out", str(tmp_path)).status == 2
    assert counterfoil("packs", "new", "ZZZ", "--out", str(tmp_path)).status == 2


def test_the_law_of_two_days_stands_side_by_side(counterfoil: Counterfoil) -> None:
    run = counterfoil("packs", "diff", "idn@2025-10-09", "idn@2025-10-10", "--json")
    changed = {each["name"]: each for each in json.loads(run.out)["rules"]["changed"]}
    assert changed["export_gate"]["before"]["says"]["gate"] == "surplus_only"
    assert changed["export_gate"]["after"]["says"]["gate"] == "decision"
    assert counterfoil("packs", "diff", "idn@2025-10-09", "idn@2025-10-09").out.count("\n") >= 2
    assert "art. 58(1)" in counterfoil("packs", "show", "idn", "--on", "2025-10-10").out


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "Rules that no longer hold",
                "Changed rules",
                "± Gate for export  [export_gate: export_gate]",
                "      gate: surplus_only → decision",
                "      decision: (nothing) → minister_authorizes",
            ],
        ),
        ("zh-Hant", ["不再適用之規則", "變更之規則", "      decision: （無） → minister_authorizes", "變更之數值"]),
    ],
)
def test_a_change_of_law_is_told_by_its_keys_in_both_languages(
    counterfoil: Counterfoil, language: str, lines: list[str]
) -> None:
    told = counterfoil("packs", "diff", "idn@2025-10-09", "idn@2025-10-10", "--lang", language).out.splitlines()
    assert [line for line in told if line in lines] == lines
    assert not any("base: units" in line for line in told if line.startswith("      ")), "what stayed is not repeated"


def test_two_packs_stand_side_by_side_under_their_titles(counterfoil: Counterfoil) -> None:
    told = counterfoil("packs", "diff", "gha@2026-01-01", "rwa@2026-01-01", "--lang", "zh-Hant").out.splitlines()
    assert told[:2] == ["− 迦納：gha 1.1.0，2026-01-01 之法律", "+ 盧安達：rwa 1.0.0，2026-01-01 之法律"]
    assert "      currency: GHS → RWF" in told


FACTS = ("quantity_t=1000000", "achieved_t=28000000", "target_t=30000000", "results_paid=no")


def test_the_same_act_is_explained_under_the_law_of_its_day(counterfoil: Counterfoil) -> None:
    def answer(on: str, *facts: str) -> dict[str, object]:
        command = ("explain", "--jurisdiction", "IDN", "--act", "authorize", "--on", on, *FACTS, *facts, "--json")
        return dict(json.loads(counterfoil(*command).out))

    assert answer("2025-10-09", "quota_t=0", "quota_used_t=0")["verdict"] == "refused"
    assert answer("2025-10-10")["missing"] == ["minister_authorizes"]
    assert answer("2025-10-10", "minister_authorizes=yes")["verdict"] == "allowed"


def test_an_explanation_names_provision_source_and_what_is_doubtful(counterfoil: Counterfoil) -> None:
    command = ("explain", "--jurisdiction", "JPN", "--act", "issue", "--on", "2025-06-01", "quantity_t=100000")
    facts = ("reversible=yes", "jpn_share=0.5", "both_sides_consent=yes", "both_ledgers=yes")
    english = counterfoil(*command, *facts).out
    assert "20,000 t" in english and "placeholder" in english
    assert "暫定值" in counterfoil(*command, *facts, "--lang", "zh-Hant").out


@pytest.mark.parametrize("fact", ["weight=1", "quantity_t=many"])
def test_a_fact_that_cannot_be_is_refused(counterfoil: Counterfoil, fact: str) -> None:
    assert counterfoil("explain", "--jurisdiction", "IDN", "--act", "authorize", fact).status == 2
    assert counterfoil("explain", "--jurisdiction", "IDN", "--act", "dance").status == 2


@pytest.mark.parametrize(("language", "words"), [("en", "says nothing about issue"), ("zh-Hant", "未有規定")])
def test_a_law_that_says_nothing_is_not_said_to_permit(counterfoil: Counterfoil, language: str, words: str) -> None:
    """Before the first day of any rule there is no law to ask; an answer on nothing would be read as a permission."""
    run = counterfoil("explain", "--jurisdiction", "SGP", "--act", "issue", "--on", "1990-01-01", "--lang", language)
    assert words in run.out
    assert "✓" not in run.out


def test_an_amount_of_money_is_told_as_people_write_it(counterfoil: Counterfoil, tmp_path: Path) -> None:
    fee = 'acts = ["issue"]\npayer = "holder"\nrecipient = "treasury"\namount = "0.15 USD"\nper = "tonne"'
    write(tmp_path, PARTY + rule("issuance", "fee", fee))
    asked = ("--jurisdiction", "XAA", "--act", "issue", "--on", "2026-01-01", "--packs", str(tmp_path))
    run = counterfoil("explain", *asked, "quantity_t=100001")
    assert "issuance: 15,000.15 USD → treasury" in run.out


def test_a_refusal_without_any_rule_claims_no_source(counterfoil: Counterfoil, tmp_path: Path) -> None:
    write(tmp_path)
    asked = ("--jurisdiction", "XAA", "--act", "first_transfer", "--on", "2026-01-01", "--packs", str(tmp_path))
    run = counterfoil("explain", *asked, "partner=CHE", "purpose=NDC")
    assert "There is no agreement with CHE" in run.out
    assert "· - ·" not in run.out


@pytest.mark.parametrize(("language", "words"), [("en", "is said twice"), ("zh-Hant", "載明兩次")])
def test_a_fact_that_is_said_twice_is_refused(counterfoil: Counterfoil, language: str, words: str) -> None:
    """The last of two answers would win without a word."""
    asked = ("--jurisdiction", "IDN", "--act", "authorize", "quantity_t=1", "quantity_t=2", "--lang", language)
    explained, placed = counterfoil("explain", *asked), ("--answer", "transfer=all", "--answer", "transfer=none")
    assert explained.status == 2
    assert words in explained.err
    assert "usage.fact_twice" in counterfoil("pathway", "--jurisdiction", "IDN", *placed).err
