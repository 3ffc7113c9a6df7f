"""What tests of pages ask for: a browser, windows of visitors, servers, screenshots, and the checker of accessibility.

A browser lives for one file of tests: while it runs, its thread has an event loop, and other tests want their own.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, Page

from counterfoil.entrypoints.bootstrap import Folder
from tests.browser.serving import Server, serving
from tests.browser.window import CHECKER, Seats, Windows, browser_from, chromium_here, seen, violations
from tests.http.desk import founded


@pytest.fixture(scope="module")
def chromium(do_without: Callable[[str, str], NoReturn]) -> Iterator[Browser]:
    """The machine's Chromium."""
    program = chromium_here()
    if program is None:
        do_without("chromium", "no Chromium was found to show the pages")
    with browser_from(program) as browser:
        yield browser


@pytest.fixture(scope="module")
def seats(chromium: Browser) -> Seats:
    """Where visitors of this file's tests sat and nobody sits now."""
    assert chromium.is_connected()
    return {}


@pytest.fixture
def page_for(chromium: Browser, seats: Seats) -> Iterator[Windows]:
    """`page_for("zh-Hant", "phone", "dark", script=False)`; the test fails when the browser complains of anything."""
    windows = Windows(chromium, seats)
    yield windows
    windows.close()
    assert not windows.complaints, "\n".join(windows.complaints)


@pytest.fixture
def shot(page_for: Windows) -> Callable[[Page, str], Path]:
    """`shot(page, "home")` leaves a picture of the whole page in each size in var/screens; it fits both."""
    return lambda page, name: seen(page, name, page_for.look(page))


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """`assert not axe(page)`: what WCAG 2.2 AA forbids, one line for each place. Wants a page with script."""
    assert CHECKER.is_file(), 'axe-core is missing: run "make setup"'
    return violations


@pytest.fixture(scope="module")
def server() -> Iterator[Callable[..., Server]]:
    """`server(folder)` serves it until the end of the file of tests; `server("--option")` serves with an option."""
    with ExitStack() as stack:

        def start(*given: Folder | Path | str) -> Server:
            folder = next((each for each in given if not isinstance(each, str)), None)
            path = folder.path if isinstance(folder, Folder) else folder
            options = [each for each in given if isinstance(each, str)]
            return stack.enter_context(serving(*options, folder=path))

        yield start


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, server: Callable[..., Server]) -> Server:
    """A registry of a demonstration with ten blocks of units, served."""
    return server(founded(tmp_path_factory.mktemp("registry") / "small"))
