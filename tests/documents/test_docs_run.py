"""The blocks of tutorial and how-to guides run as they stand, in the order of the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.documents.pages import ROOT, blocks, documents, done, shell
from tests.documents.warm import installed
from tests.worlds import played_world

NEED_A_SERVER = {"run-on-postgresql", "run-a-standby"}
"""Guides whose steps are a database administrator's. What they promise is tested in `tests/conformance/storage`."""
PAGES = [page for page in documents() if list(blocks(page, "sh run"))]


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with installed(tmp_path_factory.mktemp("warm"), played_world(tmp_path_factory)) as path:
        yield path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_blocks_of_a_page_run_in_order(page: Path, tmp_path: Path, warm: Path) -> None:
    done(shell("\n".join(blocks(page, "sh run")), tmp_path, first=warm))


def test_a_warm_command_does_and_ends_as_one_that_starts(tmp_path: Path, warm: Path) -> None:
    script = "counterfoil --version; printf x | counterfoil show nothing --dir missing || echo status $?; pwd"
    each = [shell(script, tmp_path, first=first) for first in (warm, None)]
    assert each[0].stdout == each[1].stdout and each[0].stderr == each[1].stderr and "status" in each[0].stdout
    done(shell("counterfoil init --dir a --party THA --registry THA01 --name R", tmp_path, first=warm))
    until = "until [ -s said ]; do sleep 0.1; done; kill $!; wait $!"
    ended = shell(f"counterfoil serve --dir a --port 0 --json > said & {until}", tmp_path, first=warm)
    assert done(ended) == ""


def test_every_guide_and_the_tutorial_have_something_that_runs() -> None:
    guides = [*(ROOT / "docs" / "how-to").glob("*.md"), *(ROOT / "docs" / "tutorial").glob("*.md")]
    runnable = sorted(page for page in guides if page.stem not in NEED_A_SERVER)
    assert runnable == sorted(page for page in PAGES if page.parent.name in ("how-to", "tutorial"))


def test_a_block_that_fails_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="status 3"):
        done(shell("true\n(exit 3)\ntrue", tmp_path))
