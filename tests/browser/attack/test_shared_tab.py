"""What a browser that several people use keeps of each of them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts.officers import Staffed, staffed
from tests.browser.serving import Server
from tests.browser.window import Windows

KEPT = "Object.keys(sessionStorage).filter(key => key.startsWith('counterfoil:')).length"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, server: Callable[..., Server]) -> Staffed:
    return staffed(tmp_path_factory.mktemp("attack") / "registry", server)


def typed(page: Page, desk: Staffed) -> None:
    page.goto(desk.at("/desk/acts/OpenAccount?lang=en"))
    page.fill('[name="f.holder"]', "Confidential Holder")
    assert page.evaluate(KEPT) == 1


def test_who_signs_out_leaves_nothing_typed_for_the_next_person_at_the_same_tab(
    desk: Staffed, page_for: Windows
) -> None:
    page = page_for("en", "desktop")
    desk.anna.enter(page)
    typed(page, desk)
    page.reload()
    expect(page.locator('[name="f.holder"]')).to_have_value("Confidential Holder")
    page.click("form[action$=sign-out] button")
    page.wait_for_url(lambda url: "/desk/" not in url)
    assert page.evaluate(KEPT) == 0
    desk.bela.enter(page)
    page.goto(desk.at("/desk/acts/OpenAccount?lang=en"))
    expect(page.locator('[name="f.holder"]')).to_have_value("")
    page.go_back()
    expect(page.locator("body")).not_to_contain_text("Confidential Holder")
