"""A journalist follows a unit from the sensor to its end, then asks where activities are: journey 9 of the portal."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from counterfoil.entrypoints.language import Texts
from tests.browser.serving import Server
from tests.browser.window import LOOKS, Windows
from tests.worlds import played_world

UNIT = "CA9001-THA01-THA-71-2023"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return played_world(tmp_path_factory)


@pytest.fixture(scope="module")
def user(world: Path, server: Callable[..., Server]) -> Server:
    return server(world / "CHE")


@pytest.fixture(scope="module")
def host(world: Path, server: Callable[..., Server]) -> Server:
    return server(world / "THA")


@pytest.mark.parametrize("visitor", LOOKS, ids="-".join)
def test_a_unit_is_followed_from_its_end_back_to_the_sensor(
    user: Server,
    page_for: Windows,
    axe: Callable[[Page], list[str]],
    shot: Callable[[Page, str], Path],
    visitor: tuple[str, str],
) -> None:
    language, size = visitor
    say = Texts(language)
    page = page_for(language, size)
    page.goto(f"{user.address}/")
    assert not axe(page)
    shot(page, "home")
    page.locator("header input[name=text]").fill(UNIT.lower())
    page.locator("header form[role=search] button").click()
    page.wait_for_url(f"**/units/{UNIT}")
    expect(page.get_by_role("heading", level=1)).to_have_text(UNIT)
    # One of the two drawings is shown: the one that fits the screen.
    expect(page.locator("svg.life:visible")).to_have_class("life wide" if size == "desktop" else "life tall")
    assert not axe(page)
    shot(page, "unit")
    expect(page.locator("section", has=page.locator("#may"))).to_contain_text(say("claim.statement.towards_ndc"))
    steps = page.locator("ol.timeline > li")
    expect(steps.first).to_contain_text(say("act.UsedTowardsNdc"))
    expect(steps.last).to_contain_text(say("act.Issued"))
    steps.first.get_by_role("link", name=say("act.UsedTowardsNdc")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("act.UsedTowardsNdc"))
    expect(page.locator("main").get_by_role("link", name=say("web.entry.check"))).to_be_visible()
    assert not axe(page)
    shot(page, "entry")
    page.get_by_role("link", name=f"{UNIT.replace('-71-', '-1-')}").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("CA9001-THA01-THA-1-2023")


@pytest.mark.parametrize("visitor", LOOKS, ids="-".join)
def test_the_register_is_read_list_by_list_and_as_of_an_entry(
    host: Server,
    page_for: Windows,
    axe: Callable[[Page], list[str]],
    shot: Callable[[Page, str], Path],
    visitor: tuple[str, str],
) -> None:
    language, size = visitor
    page = page_for(language, size)
    for name, path in (
        ("activities", "/activities"),
        ("activity", "/activities/TH-EBUS"),
        ("units", "/units"),
        ("accounts", "/accounts"),
        ("account", "/accounts/to:CHE"),
        ("entries", "/entries"),
        ("find", "/find?text=bus"),
        ("unit-then", f"/units/{UNIT}?as_of=103"),
    ):
        answer = page.goto(f"{host.address}{path}")
        assert answer is not None and answer.status == 200, path
        assert not axe(page), path
        shot(page, name)
    expect(page.locator("main .note").first).to_contain_text("103")


@pytest.mark.parametrize("visitor", LOOKS, ids="-".join)
def test_the_map_moves_with_script_and_is_drawn_without(
    host: Server,
    page_for: Windows,
    axe: Callable[[Page], list[str]],
    shot: Callable[[Page, str], Path],
    visitor: tuple[str, str],
) -> None:
    language, size = visitor
    page = page_for(language, size)
    page.goto(f"{host.address}/activities/map?host=THA")
    expect(page.locator("#map[data-ready]")).to_be_visible()
    expect(page.locator("#drawn")).to_be_hidden()
    assert not axe(page)
    shot(page, "map")
    plain = page_for(language, size, script=False)
    plain.goto(f"{host.address}/activities/map")
    expect(plain.locator("svg.world")).to_be_visible()
    expect(plain.locator("svg.world path.shade1")).to_have_count(1)
    shot(plain, "map")
