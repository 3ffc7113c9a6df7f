"""The blocks of tutorial and how-to guides run as they stand, in the order of the page."""

from pathlib import Path

import pytest

from tests.documents.pages import ROOT, blocks, documents, done, shell

NEED_A_SERVER = {"run-on-postgresql", "run-a-standby"}
"""Guides whose steps are a database administrator's. What they promise is tested in `tests/conformance/storage`."""
PAGES = [page for page in documents() if list(blocks(page, "sh run"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_blocks_of_a_page_run_in_order(page: Path, tmp_path: Path) -> None:
    done(shell("\n".join(blocks(page, "sh run")), tmp_path))


def test_every_guide_and_the_tutorial_have_something_that_runs() -> None:
    guides = [*(ROOT / "docs" / "how-to").glob("*.md"), *(ROOT / "docs" / "tutorial").glob("*.md")]
    runnable = sorted(page for page in guides if page.stem not in NEED_A_SERVER)
    assert runnable == sorted(page for page in PAGES if page.parent.name in ("how-to", "tutorial"))


def test_a_block_that_fails_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="status 3"):
        done(shell("true\n(exit 3)\ntrue", tmp_path))
