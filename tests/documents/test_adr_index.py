"""Decisions: one page each, all in the index, each with a question, options, a choice and a bad consequence."""

import re
from pathlib import Path

import pytest

from tests.documents.pages import ROOT

FOLDER = ROOT / "docs" / "adr"
PAGES = sorted(FOLDER.glob("[0-9]*.md"))
LINES_MAX = 80
ASKED = {
    "question": r"^## (?:Question|The question)",
    "what pushed us": r"^## What pushed us",
    "options": r"^## Options",
    "choice": r"^## Choice",
    "consequences": r"^## Consequences",
    "a bad consequence": r"^(?:- Bad:|### Bad|\*\*Bad)",
}


def findings(name: str, text: str) -> list[str]:
    number = name[:4]
    found = [f"no {what}" for what, pattern in ASKED.items() if not re.search(pattern, text, re.MULTILINE)]
    if not re.match(rf"# (?:ADR )?{number}[.:]? \S", text):
        found.append("the title does not begin with its number")
    if "\nStatus: " not in text:
        found.append("no status")
    if len(text.splitlines()) > LINES_MAX:
        found.append(f"more than {LINES_MAX} lines")
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_decision_says_all_that_it_must(page: Path) -> None:
    assert re.fullmatch(r"\d{4}(?:-[a-z0-9]+)+", page.stem)
    assert findings(page.name, page.read_text("utf-8")) == []


def test_numbers_run_without_a_gap_and_the_index_names_every_decision() -> None:
    index = (FOLDER / "README.md").read_text("utf-8")
    assert [page.name[:4] for page in PAGES] == [f"{number:04d}" for number in range(1, len(PAGES) + 1)]
    assert re.findall(r"\]\((\d{4}-[^)]+)\)", index) == [page.name for page in PAGES]
    for page in PAGES:
        title = page.read_text("utf-8").splitlines()[0]
        assert re.search(rf"\[{page.name[:4]}\]\({page.name}\) \| \S", index), title


def test_every_decision_that_the_tree_cites_exists() -> None:
    numbers = {page.name[:4] for page in PAGES}
    files = [path for kind in ("py", "toml", "md", "sh") for path in ROOT.glob(f"[!.]*/**/*.{kind}")]
    cited = {
        (number, str(path.relative_to(ROOT)))
        for path in files
        if ".venv" not in path.parts and path != Path(__file__)
        for number in re.findall(r"ADR[- ](\d{4})", path.read_text("utf-8"))
    }
    assert sorted(entry for entry in cited if entry[0] not in numbers) == []


def test_a_decision_without_its_price_is_found() -> None:
    good = PAGES[0].read_text("utf-8")
    assert findings(PAGES[0].name, good) == []
    assert findings(PAGES[0].name, good.replace("- Bad:", "- Good:")) == ["no a bad consequence"]
    assert findings("0099-x.md", good) == ["the title does not begin with its number"]
    assert findings(PAGES[0].name, good + "\n" * LINES_MAX)
