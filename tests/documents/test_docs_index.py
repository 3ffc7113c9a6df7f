"""The index of the pages names every page once, so that a newcomer finds what exists."""

import re

from tests.documents.pages import ROOT

DOCS = ROOT / "docs"


def test_the_index_names_every_guide_and_explanation_once() -> None:
    named = re.findall(
        r"^- \[.+\]\(((?:how-to|explanation)/[\w-]+\.md)\)", (DOCS / "README.md").read_text("utf-8"), re.M
    )
    pages = [
        page.relative_to(DOCS).as_posix()
        for folder in ("how-to", "explanation")
        for page in DOCS.glob(f"{folder}/*.md")
    ]
    assert sorted(named) == sorted(pages)
