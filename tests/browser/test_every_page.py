"""Every page of a served demonstration in the browser, in alternating languages and sizes: clean and not too wide."""

import re
from collections.abc import Callable
from itertools import cycle, pairwise

import pytest
from playwright.sync_api import Page

from tests.browser.serving import Server
from tests.browser.window import LOCALES, SIZES, Windows
from tests.web.crawling import Visitor
from tests.worlds import served_world

LOOKS = [(language, size) for language in LOCALES for size in SIZES]
LEVELS = "() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(each => Number(each.tagName[1]))"
SEEN_ALREADY = re.compile(r"[?&](lang|as_of|after|state|direction|host|sector|year|tag|person)=|^/(data/|desk/acts/.)")
SLOW = re.compile(r"^/(api/|log/)|/check/|\.(csv|json|parquet|pdf|xlsx|atom)$|/static/")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, server: Callable[..., Server]) -> Server:
    return server("--demo", "--out", str(served_world(tmp_path_factory, "THA")))


def wanted(path: str) -> bool:
    return not SEEN_ALREADY.search(path) and not SLOW.search(path)


def faults_of(page: Page, path: str, axe: Callable[[Page], list[str]]) -> list[str]:
    """What is wrong with the page that stands there: each line begins with its path."""
    found = [f"{path}: {each}" for each in axe(page)]
    if not page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"):
        found.append(f"{path}: wider than the window")
    levels = page.evaluate(LEVELS)
    if levels.count(1) != 1 or any(lower - upper > 1 for upper, lower in pairwise(levels)):
        found.append(f"{path}: headings out of order {levels}")
    return found


def test_every_public_page_is_clean(demo: Server, page_for: Windows, axe: Callable[[Page], list[str]]) -> None:
    paths = (
        Visitor(demo.address)
        .walk(
            "/",
            "/claims",
            "/readiness",
            "/data/activities",
            wanted=lambda path: path == "/data/activities" or wanted(path),
        )
        .pages
    )
    paths = [path for path in paths if not path.startswith("/desk")]
    assert len(paths) >= 30
    faults: list[str] = []
    looks = cycle([page_for(*look) for look in LOOKS])
    for path, page in zip(paths, looks, strict=False):
        page.goto(f"{demo.address}{path}")
        faults += faults_of(page, path, axe)
    assert faults == []


def test_every_page_of_the_registry_desk_is_clean(
    demo: Server, page_for: Windows, axe: Callable[[Page], list[str]]
) -> None:
    starts = ("/desk/tasks", "/desk/me", "/desk/acts", "/desk/admin", "/desk/first", "/desk/acts/RecordNdc")
    visitor = Visitor(demo.address, who="administrator_1")
    paths = visitor.walk(
        *starts, wanted=lambda path: path.startswith("/desk") and (path in starts or wanted(path))
    ).pages
    assert len(paths) >= 30
    faults: list[str] = []
    pages = [page_for(*look) for look in (LOOKS[1], LOOKS[2])]
    for page in pages:
        page.goto(f"{demo.address}/sign-in")
        page.click("button[value=administrator_1]")
    for path, page in zip(paths, cycle(pages), strict=False):
        page.goto(f"{demo.address}{path}")
        faults += faults_of(page, path, axe)
    assert faults == []
