"""Answers from a file, and the initial report and regular information made of them, on the command line."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from counterfoil.application.paper import Fields, Notice, Paper, Paragraph, Section, Table
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.reports import printing
from counterfoil.entrypoints.statement_file import SUMMARY, read_statement_file
from tests.cli.conftest import UNIT, Counterfoil, ndjson

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "statements" / "THA.json"
NDC = Path(__file__).resolve().parents[2] / "examples" / "ndc" / "THA.json"
DAY = "2026-06-30"
LETTER = b"%PDF-1.7 a signed letter"
KEY = re.compile(r"(?<![\w./])(?:report|ctf4|outcome|standing|method|cli)\.[a-z_]+(?:\.[a-z_0-9]+)*")


@pytest.fixture
def papers(monkeypatch: pytest.MonkeyPatch) -> list[Paper]:
    """The papers of a run, kept instead of printed: their words are what is tested here."""
    kept: list[Paper] = []

    def printed(paper: Paper) -> bytes:
        kept.append(paper)
        return paper.title.encode()

    monkeypatch.setattr(printing, "printer", lambda ending: printed)
    return kept


def statements(tmp_path: Path, *changes: dict[str, Any]) -> Path:
    """The example's answers, those with the same element and approach replaced; all of one day."""
    value = json.loads(EXAMPLE.read_text("utf-8"))
    for change in changes:
        value["statements"] = [each for each in value["statements"] if each["element"] != change["element"]]
        value["statements"].append(change)
    value["statements"] = [{**each, "on": DAY} for each in value["statements"]]
    target = tmp_path / "statements.json"
    target.write_text(json.dumps(value, ensure_ascii=False), "utf-8")
    return target


def with_letter(counterfoil: Counterfoil, folder: Path, tmp_path: Path) -> dict[str, Any]:
    """The answer on the copy of the authorization, its document kept."""
    file = tmp_path / "letter.pdf"
    file.write_bytes(LETTER)
    digest = counterfoil("evidence", "add", file, "--dir", folder, "--json").json["evidence"][0]["sha256"]
    return {"element": "IV.A", "approach": "CA9001", "documents": [{"sha256": digest, "title": "Letter 1"}]}


def answered(counterfoil: Counterfoil, folder: Path, tmp_path: Path) -> Path:
    """The registry with its NDC, method and every answer of the example, all of one day."""
    value = json.loads(NDC.read_text("utf-8"))
    dated = {name: {**value[name], "on": DAY} for name in ("ndc", "method")}
    (tmp_path / "ndc.json").write_text(json.dumps(dated), "utf-8")
    assert counterfoil("import", "ndc", tmp_path / "ndc.json", "--dir", folder).status == 0
    file = statements(tmp_path, with_letter(counterfoil, folder, tmp_path))
    result = counterfoil("import", "statements", file, "--dir", folder)
    assert result.status == 0, result.err
    return folder


def report(counterfoil: Counterfoil, folder: Path, kind: str, *options: str, out: Path | None = None) -> Any:
    year = "2025" if kind == "summary" else "2026"
    asked = ("report", kind, "--party", "THA", "--year", year, "--as-of", DAY, *options)
    return counterfoil(*asked, "--dir", folder, "--out", out or folder / "out", "--json")


def walked(sections: tuple[Section, ...]) -> list[Section]:
    return [each for section in sections for each in (section, *walked(section.sections))]


def texts(paper: Paper) -> list[str]:
    """Every text of a paper."""
    found = [paper.title, paper.subtitle, paper.foot, paper.mark, *(text for row in paper.facts for text in row)]
    for section in walked(paper.sections):
        found.append(section.title)
        for block in section.blocks:
            match block:
                case Paragraph(text):
                    found.append(text)
                case Notice(title, text):
                    found += [title, text]
                case Fields(rows):
                    found += [text for row in rows for text in row]
                case Table():
                    found += [block.caption, block.source, *(column.title for column in block.columns)]
                    found += [cell for row in block.rows for cell in row]
                case _:
                    found += list(block.items)
    return found


@pytest.mark.parametrize("kind", ["initial", "regular"])
def test_a_report_without_answers_is_a_marked_draft_and_names_every_gap(
    counterfoil: Counterfoil, issued: Path, papers: list[Paper], kind: str
) -> None:
    result = report(counterfoil, issued, kind)
    assert result.status == 1
    told = result.json
    assert not told["complete"]
    assert {"I.A", "I.F"} <= {gap["element"] for gap in told["gaps"]}
    assert all(gap["provision"] for gap in told["gaps"])
    assert [paper.mark for paper in papers[::3]] == ["Draft · Demonstration", "草稿 · 示範"]
    listed = [section for section in papers[0].sections if section.title == "What is missing, and the way out"]
    (table,) = listed[0].blocks
    assert isinstance(table, Table)
    assert len(table.rows) == len(told["gaps"])
    assert all(row[-1] for row in table.rows)


@pytest.mark.parametrize("kind", ["initial", "regular"])
def test_a_report_with_every_answer_is_complete(
    counterfoil: Counterfoil, issued: Path, tmp_path: Path, papers: list[Paper], kind: str
) -> None:
    folder = answered(counterfoil, issued, tmp_path)
    result = report(counterfoil, folder, kind)
    assert result.json["gaps"] == []
    assert result.status == 0
    assert [paper.mark for paper in papers[::3]] == ["Demonstration", "示範"]


def test_an_updated_initial_report_is_about_one_approach(
    counterfoil: Counterfoil, issued: Path, tmp_path: Path, papers: list[Paper]
) -> None:
    folder = answered(counterfoil, issued, tmp_path)
    assert report(counterfoil, folder, "updated-initial").json["code"] == "narrative.approach_required"
    unknown = report(counterfoil, folder, "updated-initial", "--approach", "CA1234")
    assert unknown.json["code"] == "narrative.approach_unknown"
    told = report(counterfoil, folder, "updated-initial", "--approach", "CA9001")
    assert told.status == 0
    assert {each["number"].partition(".")[0] for each in told.json["elements"]} == {"IV"}
    assert (folder / "out" / "updated-initial-THA-2026-CA9001.json").exists()


@pytest.mark.parametrize("kind", ["initial", "regular", "summary"])
def test_both_languages_say_the_same_and_show_no_key(
    counterfoil: Counterfoil, issued: Path, tmp_path: Path, papers: list[Paper], kind: str
) -> None:
    folder = answered(counterfoil, issued, tmp_path)
    report(counterfoil, folder, kind)
    english, chinese = papers[0], papers[-1]
    assert (english.language, chinese.language) == ("en", "zh-Hant")
    assert [section.number for section in walked(english.sections)] == [
        section.number for section in walked(chinese.sections)
    ]
    assert len(texts(english)) == len(texts(chinese))
    assert not [text for paper in papers for text in texts(paper) if KEY.search(text)]
    assert all(text.strip() for paper in papers for text in texts(paper) if text)
    numbers = [
        [re.findall(r"\d{1,3}(?:,\d{3})+|\d{4,}", text) for text in texts(paper)] for paper in (english, chinese)
    ]
    assert sorted(map(str, numbers[0])) == sorted(map(str, numbers[1]))


def test_every_table_has_as_many_cells_as_columns_and_names_its_source(
    counterfoil: Counterfoil, issued: Path, tmp_path: Path, papers: list[Paper]
) -> None:
    folder = answered(counterfoil, issued, tmp_path)
    for kind in ("initial", "regular", "summary"):
        report(counterfoil, folder, kind)
    tables = [
        block
        for paper in papers
        for section in walked(paper.sections)
        for block in section.blocks
        if isinstance(block, Table)
    ]
    assert len(tables) > 20
    for table in tables:
        assert {len(row) for row in table.rows} <= {len(table.columns)}
        assert table.source, table.caption


def test_two_exports_of_the_same_journal_are_the_same_bytes(
    counterfoil: Counterfoil, issued: Path, tmp_path: Path
) -> None:
    folder = answered(counterfoil, issued, tmp_path)
    for out in ("one", "two"):
        assert report(counterfoil, folder, "initial", out=tmp_path / out).status == 0
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert len(names) == 7
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    sheets = CalamineWorkbook.from_path(str(tmp_path / "one" / "initial-THA-2026.zh-Hant.xlsx")).sheet_names
    assert len(sheets) > 2


def test_what_was_recorded_after_the_day_does_not_change_the_report_of_that_day(
    counterfoil: Counterfoil, issued: Path, tmp_path: Path, papers: list[Paper]
) -> None:
    folder = answered(counterfoil, issued, tmp_path)
    before = report(counterfoil, folder, "initial").out
    later = {"element": "IV.B", "approach": "CA9001", "text": {"en": "Another description of it."}, "on": "2026-07-01"}
    result = counterfoil("do", "--dir", folder, stdin=json.dumps({"command": "RecordStatement", **later}))
    assert result.status == 0, result.err
    assert report(counterfoil, folder, "initial").out == before
    asked = ("report", "initial", "--party", "THA", "--year", "2026", "--as-of", "2026-07-01", "--dir", folder)
    after = counterfoil(*asked, "--out", tmp_path / "out", "--json").json
    (element,) = [each for each in after["elements"] if each["element"] == "IV.B"]
    assert element["answer"]["version"] == 2


def test_a_report_in_one_language_only_says_so_in_the_other(
    counterfoil: Counterfoil, issued: Path, tmp_path: Path, papers: list[Paper]
) -> None:
    file = statements(tmp_path, {"element": "R.IV.A", "text": {"en": "One serial number for each unit."}})
    counterfoil("import", "statements", file, "--dir", issued)
    report(counterfoil, issued, "regular")
    chinese = texts(papers[-1])
    assert "One serial number for each unit." in chinese
    assert Texts("zh-Hant")("report.other_language", language="英文") in chinese
    assert not [text for text in texts(papers[0]) if "gave this text" in text]


def test_a_long_text_is_kept_as_evidence_and_printed_whole(
    counterfoil: Counterfoil, issued: Path, tmp_path: Path, papers: list[Paper]
) -> None:
    long = "\n".join(f"Paragraph {number} of a long description of the approach." for number in range(200))
    file = statements(tmp_path, {"element": "IV.B", "approach": "CA9001", "text": {"en": long}})
    assert counterfoil("import", "statements", file, "--dir", issued).status == 0
    told = report(counterfoil, issued, "initial").json
    (element,) = [each for each in told["elements"] if each["element"] == "IV.B"]
    assert len(element["answer"]["text"]["en"]) <= SUMMARY + 2
    assert told["full_texts"][element["answer"]["full_text"]["en"]] == long
    assert "Paragraph 199 of a long description of the approach." in texts(papers[0])


def test_answers_are_imported_once_and_a_dry_run_writes_nothing(
    counterfoil: Counterfoil, issued: Path, tmp_path: Path
) -> None:
    file = statements(tmp_path)
    asked = ("import", "statements", file, "--dir", issued)
    count = counterfoil("show", "registry", "--dir", issued, "--json").json["entries"]
    dry = counterfoil(*asked, "--dry-run", "--json").json
    assert (dry["dry_run"], dry["refused"]) == (True, [])
    assert counterfoil("show", "registry", "--dir", issued, "--json").json["entries"] == count
    assert dry["new_or_changed"] == dry["statements"] > 50
    assert counterfoil(*asked).status == 0
    assert counterfoil(*asked, "--dry-run", "--json").json["new_or_changed"] == 0
    assert "already" in counterfoil(*asked).out


def test_a_dry_run_names_what_would_be_refused(counterfoil: Counterfoil, registry: Path) -> None:
    result = counterfoil("import", "statements", EXAMPLE, "--dry-run", "--dir", registry, "--json")
    assert result.status == 1
    assert {each["code"] for each in result.json["refused"]} == {"statement.approach_unknown"}
    spoken = counterfoil("--lang", "zh-Hant", "import", "statements", EXAMPLE, "--dry-run", "--dir", registry)
    assert "要項" in spoken.err


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[]", "statement_file.unreadable"),
        ('{"statements": {}}', "statement_file.unreadable"),
        ('{"party": "THA", "statements": [], "colour": 1}', "statement_file.unreadable"),
        ('{"statements": [7]}', "statement_file.unreadable"),
        ('{"statements": [' + ",".join(["{}"] * 2_001) + "]}", "statement_file.unreadable"),
        ('{"statements": [{"element": "I.A", "tone": "warm"}]}', "command.field_unknown"),
        ('{"statements": [{"element": "I.A", "attested": "yes"}]}', "command.unreadable"),
        (
            '{"statements": [{"element": "R.VI.J", "money": [{"amount": 1.5, "currency": "USD"}]}]}',
            "command.unreadable",
        ),
        ('{"statements": [', "statement_file.unreadable"),
    ],
)
def test_a_bad_file_of_answers_does_nothing(
    counterfoil: Counterfoil, registry: Path, tmp_path: Path, text: str, code: str
) -> None:
    file = tmp_path / "statements.json"
    file.write_text(text, "utf-8")
    result = counterfoil("import", "statements", file, "--dir", registry, "--json")
    assert (result.status, result.json["code"]) == (2, code)


def test_a_text_beyond_all_bounds_is_not_cut_but_refused(
    counterfoil: Counterfoil, issued: Path, tmp_path: Path
) -> None:
    file = statements(tmp_path, {"element": "II.F", "text": {"en": "x" * 200_001}})
    result = counterfoil("import", "statements", file, "--dry-run", "--dir", issued, "--json")
    assert [each["code"] for each in result.json["refused"]] == ["statement.text_too_long"]


def test_the_example_answers_every_element_that_is_asked(counterfoil: Counterfoil) -> None:
    read = read_statement_file(EXAMPLE.read_bytes(), "THA.json")
    assert isinstance(read, tuple)
    commands, long = read
    assert not long
    assert all(command.assumed for command in commands)
    assert len({(command.element, command.approach) for command in commands}) == len(commands)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--party", "CHE", "--year", "2026"), "balance.other_party"),
        (("--party", "THA", "--year", "2026", "--approach", "CA0000"), "narrative.approach_unknown"),
        (("--party", "THA"), "usage.option_missing"),
    ],
)
def test_a_wrong_question_is_answered_by_its_code(
    counterfoil: Counterfoil, issued: Path, arguments: tuple[str, ...], code: str
) -> None:
    result = counterfoil("report", "initial", *arguments, "--dir", issued, "--json")
    assert result.status in (1, 2)
    assert result.json["code"] == code


def test_a_registry_of_no_party_makes_no_report(counterfoil: Counterfoil, tmp_path: Path) -> None:
    folder = tmp_path / "twn"
    founded = counterfoil(
        *("init", "--dir", folder, "--party", "TWN", "--registry", "TWN01", "--name", "TWN", "--not-a-party"),
        *("--ndc-period", "2021-2030"),
    )
    assert founded.status == 0, founded.err
    result = counterfoil("report", "initial", "--party", "TWN", "--year", "2026", "--dir", folder, "--json")
    assert (result.status, result.json["code"]) == (1, "summary.not_a_party")


def moved(counterfoil: Counterfoil, folder: Path) -> None:
    """Forty units cancelled for overall mitigation, and thirty given to the Adaptation Fund."""
    of_class = UNIT.replace("71", "#")
    acts = (
        {"command": "Cancel", "units": {"unit_class": of_class, "first": 1, "last": 40}, "purpose": "OMGE"},
        {
            "command": "ContributeToAdaptationFund",
            "units": {"unit_class": of_class, "first": 41, "last": 70},
        },
    )
    told = counterfoil(
        "do", "--dir", folder, stdin=ndjson(*({**act, "account": "tha:dev", "on": "2024-05-02"} for act in acts))
    )
    assert told.status == 0, told.err


def test_the_regular_information_tells_class_serials_and_account_of_what_was_given(
    counterfoil: Counterfoil, issued: Path, tmp_path: Path, papers: list[Paper]
) -> None:
    folder = answered(counterfoil, issued, tmp_path)
    moved(counterfoil, folder)
    told = report(counterfoil, folder, "regular").json
    (approach,) = told["approaches"]
    assert approach["mitigation_outcomes"] == ["reduction"]
    (cancelled,) = approach["cancelled_for_omge"]
    assert (cancelled["first"], cancelled["last"], cancelled["account"]) == (1, 40, "tha:dev")
    assert [each["quantity"] for each in approach["given_for_adaptation"]] == [30]
    assert sum(row["quantity"] for row in approach["amounts"] if row["line"] == 6) == 70
    # The example says that nothing was cancelled: the journal knows better, and the report says so.
    assert [(gap["kind"], gap["element"], gap["detail"]) for gap in told["gaps"]] == [
        ("contradicts_ledger", "R.VI.K", "40")
    ]
    english = texts(papers[0])
    assert "CA9001-THA01-THA-1-2022" in english and "CA9001-THA01-THA-40-2022" in english
    overview = next(
        block
        for section in walked(papers[0].sections)
        for block in section.blocks
        if isinstance(block, Table) and block.sheet == "Overview"
    )
    assert overview.rows == (("CA9001", "emission reductions", "70", "0", "0", "30", "40"),)


def test_an_approach_without_a_class_of_outcomes_is_a_gap(
    counterfoil: Counterfoil, registry: Path, papers: list[Paper]
) -> None:
    approach = {"approach": "CA9002", "title": "Rice", "participants": ["THA", "CHE"], "on": "2025-01-05"}
    counterfoil("do", "--dir", registry, stdin=ndjson({"command": "RegisterCooperativeApproach", **approach}))
    told = report(counterfoil, registry, "regular").json
    assert ("fact_missing", "R.VI", "classes") in {(gap["kind"], gap["element"], gap["detail"]) for gap in told["gaps"]}


def test_all_changes_of_an_authorization_stand_in_the_regular_information(
    counterfoil: Counterfoil, issued: Path, papers: list[Paper]
) -> None:
    told = report(counterfoil, issued, "regular").json
    (event,) = told["approaches"][0]["authorizations"]
    assert (event["act"], event["on"], event["authorization"]["id"]) == ("Authorized", "2022-06-01", "THA-LOA-1")
    assert any("THA-LOA-1 v1" in text for text in texts(papers[0]))


@pytest.mark.parametrize("party", ["CHE", "JPN"])
def test_the_demonstration_reports_with_honest_gaps(
    counterfoil: Counterfoil, tmp_path: Path, papers: list[Paper], party: str, demo: Path
) -> None:
    for kind, kinds in (("initial", set()), ("regular", {"not_answered", "fact_missing", "not_renewed"})):
        asked = ("report", kind, "--party", party, "--year", "2025", "--as-of", "2026-12-31", "--json")
        result = counterfoil(*asked, "--dir", demo / party, "--out", tmp_path / "out")
        assert (result.status, result.json["complete"]) == ((1, False) if kinds else (0, True))
        assert result.json["approaches"]
        assert {gap["kind"] for gap in result.json["gaps"]} <= kinds
    assert not [text for paper in papers for text in texts(paper) if KEY.search(text)]
