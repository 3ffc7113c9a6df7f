"""Journey 11 to its end: after the first administrator, two officers bring the registry to its first activity."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from tests.browser.office.people import enrol
from tests.browser.office.setting_up import setting_up
from tests.browser.window import Windows

Shot = Callable[[Page, str], Path]
Axe = Callable[[Page], list[str]]
SEE = "form[data-keep] .actions button:not([name])"


@pytest.mark.parametrize("look", [("en", "desktop"), ("zh-Hant", "phone")], ids="-".join)
def test_a_ministry_comes_from_an_empty_folder_to_its_first_activity(
    tmp_path: Path, page_for: Windows, shot: Shot, axe: Axe, look: tuple[str, str]
) -> None:
    folder = tmp_path / "ministry"
    with setting_up(folder) as link:
        root = link.partition("/set-up")[0]
        ada = page_for(*look)
        founded_by(ada, link)
        olga, boon = (officer(ada, page_for(*look), root, name) for name in ("Olga", "Boon"))

        def seen(page: Page, name: str) -> None:
            assert not axe(page), axe(page)
            shot(page, f"first-activity-{name}")

        begin(olga, root, "RegisterEntity", entity="0105", name="Clean <Buses>", country="THA")
        sign(olga)
        begin(olga, root, "OpenAccount", account="tha:clean-buses", holder="0105")
        seen(olga, "account")
        olga.fill("#why", "The first holder")
        olga.click("button[value=propose]")
        olga.wait_for_url("**/desk/proposals/*")
        boon.goto(f"{root}/desk/tasks")
        boon.click(".tasks a")
        boon.click("button[value=approve]")
        boon.wait_for_url("**/desk/receipts/*")
        bus = {"activity": "BUS-1", "title": "巴士 <b>Buses</b>", "sector": "3", "activity_type": "Transport"}
        begin(olga, root, "RegisterActivity", mitigation_type="reduction", **bus)
        seen(olga, "look")
        sign(olga)
        seen(olga, "receipt")
        ada.goto(f"{root}/desk/first")
        expect(ada.locator(".checklist li.done")).to_have_count(7)
        seen(ada, "steps")
        olga.goto(f"{root}/activities/BUS-1")
        expect(olga.locator("main")).to_contain_text(bus["title"])
        seen(olga, "activity")
        olga.goto(f"{root}/readiness")
        expect(olga.locator("main")).to_contain_text("THA01")
        seen(olga, "readiness")
    with open_for_reading(Folder(folder)) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        assert sight.record("activity", "BUS-1")["title"] == bus["title"]
        assert sight.record("account", "tha:clean-buses")["holder"] == "0105"


def founded_by(page: Page, link: str) -> None:
    """The five steps of the set-up, of which the first hour's own test looks at every page."""
    page.goto(link)
    page.select_option("#country", "THA")
    page.click("#country-form button")
    page.click("#details button")
    page.click("#found button >> nth=0")
    page.fill("#administrator #name", "Ada")
    page.fill("#administrator #mail", "ada@example.org")
    page.click("#administrator button")
    page.click("#enrol button")
    page.wait_for_selector("#enrolling")
    enrol(page)


def officer(administrator: Page, page: Page, root: str, name: str) -> Page:
    """Invite an officer, and let them enrol in a browser of their own."""
    administrator.goto(f"{root}/desk/admin/people")
    administrator.click("#invite > summary")
    administrator.fill("#invite-form #name", name)
    administrator.fill("#invite-form #mail", f"{name.lower()}@example.org")
    administrator.select_option("#invite-form #role", "operator")
    administrator.click("#invite-form button[type=submit]")
    page.goto(administrator.input_value("#link"))
    page.click("#invitation-form button")
    page.wait_for_selector("#enrolling")
    enrol(page)
    return page


def begin(page: Page, root: str, act: str, **said: str) -> None:
    """Follow the link of the first steps to an act, fill its form, and look at what it will do."""
    page.goto(f"{root}/desk/first")
    page.click(f".checklist li:not(.done) a[href$='acts/{act}']")
    for name, value in said.items():
        place = page.locator(f'[name="f.{name}"]')
        if place.evaluate("each => each.tagName") == "SELECT":
            place.select_option(value)
        else:
            place.fill(value)
    page.click(SEE)
    page.wait_for_selector("#sign")


def sign(page: Page) -> None:
    page.click("button[value=sign]")
    page.wait_for_url("**/desk/receipts/*")
