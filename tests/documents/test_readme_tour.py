"""The tour of the README runs, in both languages, and the two READMEs say the same."""

import re
from pathlib import Path

import pytest

from tests.documents.pages import BLOCK, ROOT, blocks, done, shell
from tests.documents.warm import installed

ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh-Hant.md"


@pytest.fixture(scope="module")
def toured(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a reader of the English README sees on the tour."""
    return done(shell("\n".join(blocks(ENGLISH, "sh tour")), tmp_path_factory.mktemp("tour")))


def test_the_tour_is_a_tour() -> None:
    assert len(list(blocks(ENGLISH, "sh tour"))) >= 5


def test_the_tour_issues_once_for_two_identical_commands(toured: str) -> None:
    receipts = re.findall(r"^✓ (#\d+)  \S+  Issued$", toured, re.MULTILINE)
    assert len(receipts) == 2
    assert len(set(receipts)) == 1


def test_the_tour_meets_a_refusal_and_a_finding(toured: str) -> None:
    assert "refused: status 1" in toured
    assert "found: status 1" in toured
    assert "[verify.balance]" in toured


def test_the_trace_of_a_used_unit_reaches_the_readings_behind_it(toured: str) -> None:
    """R-GLB-04: use, acquisition, first transfer, letter, issuance, verification and readings, in one answer."""
    trace = toured[toured.index("\nCA9001-THA01-THA-1-2023\n") :]
    steps = ["Used towards the NDC", "Acquired", "First transferred", "Transfer proposed", "Issued", "month,device"]
    places = [trace.index(step) for step in steps]
    assert places == sorted(places)
    assert "assumed · 假定" in trace


def test_the_workbooks_of_the_tour_are_consistent(toured: str) -> None:
    assert re.search(r"^CONSISTENT · 44 ", toured, re.MULTILINE)


def test_the_tour_runs_in_chinese(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with installed(tmp_path_factory.mktemp("warm")) as warm:
        said = done(shell("\n".join(blocks(CHINESE, "sh tour")), tmp_path, language="zh-Hant", first=warm))
    assert "首次轉讓" in said
    assert "示範：模擬行為" in said


def test_both_readmes_have_the_same_blocks_tables_and_links() -> None:
    english, chinese = ENGLISH.read_text("utf-8"), CHINESE.read_text("utf-8")
    for of in (
        lambda text: [(match["kind"], match["text"]) for match in BLOCK.finditer(text)],
        lambda text: re.findall(r"^#+(?= )", text, re.MULTILINE),
        lambda text: [set(re.findall(r"\]\(([^)]+)\)", line)) for line in text.splitlines() if line.startswith("| ")],
        lambda text: text.count("\n**"),
    ):
        assert of(english) == of(chinese)


def test_the_english_readme_opens_in_both_languages_with_the_same_chinese() -> None:
    opening = CHINESE.read_text("utf-8").split("\n\n")[2:4]
    assert all(paragraph in ENGLISH.read_text("utf-8") for paragraph in opening)


def test_the_two_commands_are_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for command in re.findall(r"^make (\w+)$", next(blocks(ENGLISH, "sh")), re.MULTILINE):
        assert re.search(rf"^{command}:", makefile, re.MULTILINE)
