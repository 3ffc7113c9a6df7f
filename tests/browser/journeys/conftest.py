"""The worlds of the journeys: each made once, and served for one file of tests."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.journeys.walk import Walk, Walking
from tests.browser.serving import Server
from tests.browser.window import Windows
from tests.worlds import served_world


@pytest.fixture(scope="module")
def party() -> str:
    """Whose registry a file of tests walks through."""
    return "THA"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, party: str, server: Callable[..., Server]) -> Server:
    return server("--demo", "--party", party, "--out", str(served_world(tmp_path_factory, party)))


@pytest.fixture
def walking(
    demo: Server, page_for: Windows, axe: Callable[[Page], list[str]], shot: Callable[[Page, str], Path]
) -> Walking:
    """`walking(3, ("en", "phone"))` begins the third journey."""
    return lambda number, look: Walk(demo, page_for, axe, shot, number, *look)
