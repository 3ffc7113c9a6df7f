"""A served demonstration in the browser: every role enters with one click, and its own desk opens."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from counterfoil.entrypoints.demo.people import ROLES
from tests.browser.serving import Server
from tests.browser.window import LOOKS, Windows
from tests.worlds import served_world


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, server: Callable[..., Server]) -> Server:
    return server("--demo", "--out", str(served_world(tmp_path_factory, "THA")))


@pytest.mark.parametrize("visitor", LOOKS, ids="-".join)
def test_the_entrance_is_clean_and_says_that_nobody_of_them_is_real(
    demo: Server,
    page_for: Windows,
    axe: Callable[[Page], list[str]],
    shot: Callable[[Page, str], Path],
    visitor: tuple[str, str],
) -> None:
    page = page_for(*visitor)
    page.goto(f"{demo.address}/sign-in")
    assert page.locator("button[name=who]").count() == len(ROLES)
    assert ("fictitious" if visitor[0] == "en" else "虛構") in page.locator("main").inner_text()
    assert axe(page) == []
    shot(page, "demo-entrance")


def test_every_role_enters_with_one_click_and_leaves_again(demo: Server, page_for: Windows) -> None:
    page = page_for(script=False)
    for role in ROLES:
        page.goto(f"{demo.address}/sign-in")
        page.click(f"button[value={role.key}]")
        assert "/desk/" in page.url, role.key
        page.goto(f"{demo.address}/desk/me")
        assert role.name.partition(" · ")[0] in page.locator("main").inner_text()
        page.click("header form[action$='sign-out'] button")
        page.goto(f"{demo.address}/desk/me")
        assert "/sign-in" in page.url, "signed out"


def test_what_the_first_officer_put_forward_waits_for_the_second(demo: Server, page_for: Windows) -> None:
    page = page_for()
    page.goto(f"{demo.address}/sign-in")
    page.click("button[value=authority_2]")
    assert "/desk/tasks" in page.url
    page.locator("main a[href*='proposals/']").first.click()
    assert "DEMO-LOA-2" in page.locator("main").inner_text()
