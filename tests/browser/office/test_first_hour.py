"""Journey 11: a new ministry, from an empty folder to its first steps, in a browser alone."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from tests.browser.office.people import enrol
from tests.browser.office.setting_up import setting_up
from tests.browser.window import LOOKS, Windows
from tests.http.desk import founded
from tests.office.stage import member, staged

Shot = Callable[[Page, str], Path]
Axe = Callable[[Page], list[str]]


@pytest.mark.parametrize("visitor", LOOKS, ids="-".join)
def test_a_ministry_founds_its_registry_and_sees_what_comes_next(
    tmp_path: Path, page_for: Windows, shot: Shot, axe: Axe, visitor: tuple[str, str]
) -> None:
    folder = tmp_path / "ministry"
    with setting_up(folder) as link:
        page = page_for(*visitor)
        page.goto(link)
        assert "key=" not in page.url, "the secret does not stay in the address"

        def look(name: str) -> None:
            assert not axe(page), axe(page)
            shot(page, f"first-hour-{name}")

        look("country")
        page.select_option("#country", "THA")
        page.click("#country-form button")
        page.wait_for_selector("#details")
        look("details")
        page.fill("#details #name", "Registry <of> Thailand")
        page.click("#details button")
        page.wait_for_selector("#found")
        look("look")
        assert not folder.exists() or not any(folder.iterdir()), "nothing is written before the last look"
        page.click("#found button >> nth=0")
        page.wait_for_selector("#administrator")
        look("administrator")
        page.fill("#name", "Ada")
        page.fill("#mail", "ada@example.org")
        page.click("#administrator button")
        page.wait_for_selector("#enrol")
        look("enrol")
        page.click("#enrol button")
        page.wait_for_selector("#enrolling")
        look("phone")
        enrol(page)
        look("recovery-codes")
        root = link.partition("/set-up")[0]
        for name, path in (
            ("steps", "/desk/first"),
            ("readiness", "/readiness"),
            ("me", "/desk/me"),
            ("desk", "/desk/admin"),
        ):
            page.goto(f"{root}{path}")
            look(name)
        page.goto(f"{root}/desk/first")
        done = page.locator(".checklist li.done").count()
        assert done == 3, "founded, the first administrator, and the pack"
    with open_for_reading(Folder(folder)) as readable:
        registry = readable.registry
        assert (registry.registry, registry.name) == ("THA01", "Registry <of> Thailand")
        assert (folder / "keys" / "registry.key").stat().st_mode & 0o077 == 0


def test_the_link_works_once_and_for_one_browser(tmp_path: Path, page_for: Windows) -> None:
    with setting_up(tmp_path / "new") as link:
        stranger = page_for()
        stranger.goto(link.partition("?")[0])
        assert "not open to you" in stranger.inner_text("h1")
        first = page_for()
        first.goto(link)
        assert first.locator("#country-form").count() == 1
        second = page_for()
        second.goto(link)
        assert "not open to you" in second.inner_text("h1")
        token = second.request.post(
            link.partition("?")[0], form={"step": "found"}, headers={"sec-fetch-site": "same-origin"}
        )
        assert token.status == 403
    assert not (tmp_path / "new" / "ledger.db").exists()


def test_two_tabs_found_one_registry(tmp_path: Path, page_for: Windows) -> None:
    folder = tmp_path / "new"
    with setting_up(folder) as link:
        page = page_for()
        page.goto(link)
        tabs = (page, page_for.beside(page))
        for tab in tabs:
            tab.goto(link.partition("?")[0])
            tab.select_option("#country", "SGP")
            tab.click("#country-form button")
            tab.click("#details button")
            tab.wait_for_selector("#found")
        for tab in tabs:
            tab.click("#found button >> nth=0")
            tab.wait_for_selector("#administrator")
        for tab in tabs:
            tab.fill("#name", "Ada")
            tab.fill("#mail", "ada@example.org")
        page.click("#administrator button")
        page.wait_for_selector("#enrol")
    with open_for_reading(Folder(folder)) as readable:
        last = readable.reading.last_checkpoint()
        assert last is not None and last.size == 2, "the founding and the pack"
        assert readable.registry.party == "SGP"


def test_a_registry_whose_people_can_sign_in_is_not_set_up_again(tmp_path: Path) -> None:
    for host in ("0.0.0.0", "::"):
        told = counterfoil(tmp_path / "new", "--host", host)
        assert told.returncode == 1 and json.loads(told.stdout)["code"] == "set_up.loopback_only"
    assert not (tmp_path / "new").exists()
    folder = founded(tmp_path / "staffed", blocks=0)
    stage = staged(folder.path)
    member(stage)
    stage.at_hand.close()
    told = counterfoil(folder.path)
    assert told.returncode == 1 and json.loads(told.stdout)["code"] == "set_up.staffed"


def counterfoil(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    command = [
        sys.executable,
        "-m",
        "counterfoil",
        "--dir",
        str(folder),
        "serve",
        "--set-up",
        "--port",
        "0",
        "--for",
        "5",
    ]
    return subprocess.run([*command, "--json", *options], capture_output=True, text=True, timeout=60, check=False)
