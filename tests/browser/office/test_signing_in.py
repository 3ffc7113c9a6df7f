"""Journeys through the door in a real browser: both factors, a passkey, without script, and a session that ends."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket
from typing import Any

import pytest
from playwright.sync_api import Page

from counterfoil.application.office.invitations import Invited, invite_administrator
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.office_at_hand import OfficeAtHand
from tests.browser.office.people import enrol, sign_in
from tests.browser.window import Windows
from tests.http.desk import founded

MAIL = "ada@example.org"
Shot = Callable[[Page, str], Path]
Axe = Callable[[Page], list[str]]


def free_port() -> int:
    with socket(AF_INET, SOCK_STREAM) as own:
        own.bind(("127.0.0.1", 0))
        return int(own.getsockname()[1])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Folder, str, str]]:
    """A served registry with an invited administrator: its folder, its address, and the invitation."""
    folder, port = founded(tmp_path_factory.mktemp("registry") / "office", blocks=1), free_port()
    address = f"http://localhost:{port}"
    (folder.path / "office.toml").write_text(f'address = "{address}"\nname = "Test"\n', "utf-8")
    at_hand = OfficeAtHand(folder.path)
    office = at_hand.office(create=True)
    assert office is not None
    invited = invite_administrator(office, name="Ada", mail=MAIL)
    assert isinstance(invited, Invited)
    at_hand.close()
    command = [sys.executable, "-m", "counterfoil", "--dir", str(folder.path), "serve", "--host", "localhost"]
    command += ["--port", str(port), "--for", "600"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and "http://" in process.stdout.readline()
        yield folder, address, invited.secret
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture(scope="module")
def known() -> dict[str, Any]:
    """What the first test of this file learned: the administrator's phone and recovery codes."""
    return {}


def recover(page: Page, known: dict[str, Any]) -> None:
    """The second step by a recovery code: digits would have to be waited for."""
    page.click("details:has(#by-recovery) summary")
    page.fill("#recovery", known["codes"].pop())
    page.click("#by-recovery button")


def test_an_invitation_link_leads_to_an_account_on_a_phone(
    place: tuple[Folder, str, str], page_for: Windows, shot: Shot, axe: Axe, known: dict[str, Any]
) -> None:
    _, address, secret = place
    page = page_for("zh-Hant", "phone")
    page.goto(f"{address}/invitation#{secret}")
    assert secret not in page.url and page.input_value("#invitation") == secret
    assert not axe(page)
    page.click("#invitation-form button")
    page.wait_for_selector("#enrolling")
    shot(page, "enrolling")
    phone, codes = enrol(page)
    assert len(codes) == 10 and not axe(page)
    known["phone"], known["codes"] = phone, codes
    page.goto(f"{address}/desk/me")
    assert not axe(page)


def test_both_factors_in_a_row_without_script(
    place: tuple[Folder, str, str], page_for: Windows, shot: Shot, known: dict[str, Any]
) -> None:
    page = page_for("en", "desktop", script=False)
    page.goto(f"{place[1]}/desk/admin/people")
    shot(page, "sign-in")
    sign_in(page, MAIL)
    assert not page.context.cookies() or all(each["name"] != "__Host-counterfoil" for each in page.context.cookies())
    shot(page, "second-factor")
    page.fill("#code", known["phone"].digits())
    page.click("#by-code button")
    page.wait_for_selector("table.list")
    assert page.url.endswith("/desk/admin/people")
    kept = next(each for each in page.context.cookies() if each["name"] == "__Host-counterfoil")
    assert kept["httpOnly"] and kept["secure"] and kept["sameSite"] == "Lax"
    page.click(".own form button")
    page.goto(f"{place[1]}/desk/me")
    assert "/sign-in?next=" in page.url


def test_a_passkey_is_added_and_then_signs_in_alone(
    place: tuple[Folder, str, str], page_for: Windows, shot: Shot, known: dict[str, Any]
) -> None:
    page = page_for("en", "desktop")
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"{place[1]}/sign-in?next=/desk/me")
    sign_in(page, MAIL)
    recover(page, known)
    page.wait_for_selector("#new-passkey")
    page.fill("#new-passkey #label", "laptop")
    page.click("#new-passkey button")
    page.wait_for_selector("text=The passkey was added.")
    assert "laptop" in page.inner_text("main")
    shot(page, "me-with-passkey")
    page.click(".own form button")
    page.goto(f"{place[1]}/sign-in?next=/desk/admin")
    page.click("#passkey button")
    page.wait_for_selector(".rooms")
    page.goto(f"{place[1]}/desk/me")
    assert "passkey" in page.inner_text("section[aria-labelledby=sessions-title]")


def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing(
    place: tuple[Folder, str, str], page_for: Windows, shot: Shot, axe: Axe, known: dict[str, Any]
) -> None:
    folder, address, _ = place
    page = page_for("en", "desktop")
    page.goto(f"{address}/sign-in?next=/desk/admin/people")
    sign_in(page, MAIL)
    recover(page, known)
    page.wait_for_selector("table.list")
    page.click("#invite summary")
    page.fill("#name", "Bo <b>& Co</b>")
    page.fill("#mail", "bo@example.org")
    page.fill("#until", "2027-03-31")
    page.context.clear_cookies()
    page.click("#invite-form button[type=submit]")
    page.wait_for_selector("#session-over")
    shot(page, "session-over")
    page.click("#session-over button")
    sign_in(page, MAIL)
    recover(page, known)
    page.wait_for_selector("#kept")
    assert not axe(page)
    shot(page, "kept-form")
    page.click("#kept button")
    page.wait_for_selector("#invite-form")
    values = [page.input_value(f"#invite-form #{name}") for name in ("name", "mail", "until")]
    assert values == ["Bo <b>& Co</b>", "bo@example.org", "2027-03-31"]
    page.click("#invite-form button[type=submit]")
    page.wait_for_selector("#link")
    assert not axe(page)
    shot(page, "invitation-made")
    assert OfficeAtHand(folder.path).staffed()
