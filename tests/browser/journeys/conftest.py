"""The worlds of the journeys: each made once, and served for one file of tests."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.journeys.walk import Walk, Walking
from tests.browser.serving import Server
from tests.browser.window import Windows


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("journeys")


@pytest.fixture(scope="module")
def party() -> str:
    """Whose registry a file of tests walks through."""
    return "THA"


@pytest.fixture(scope="module")
def demo(worlds: Path, party: str, server: Callable[..., Server]) -> Server:
    return server("--demo", "--party", party, "--out", str(worlds / party))


@pytest.fixture
def walking(
    demo: Server, page_for: Windows, axe: Callable[[Page], list[str]], shot: Callable[[Page, str], Path]
) -> Walking:
    """`walking(3, ("en", "phone"))` begins the third journey."""
    return lambda number, look: Walk(demo, page_for, axe, shot, number, *look)
