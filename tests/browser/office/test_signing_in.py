"""Journeys through the door in a real browser: both factors, a passkey, single sign-on, and a session that ends.

By whatever way somebody signs in again, the form that they were filling in comes back.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket
from typing import Any

import pytest
from playwright.sync_api import Page

from counterfoil.application.office.invitations import Guest, Invited, invite, invite_administrator
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.office_at_hand import OfficeAtHand
from tests.browser.office.people import enrol, sign_in
from tests.browser.window import Windows
from tests.http.desk import founded
from tests.office.provider import CLIENT, SECRET, Provider, serving

MAIL, OFFICER = "ada@example.org", "cho@example.org"
SETTINGS = """
address = "{address}"
name = "Test"
[single_sign_on]
issuer = "{issuer}"
client = "{client}"
secret_file = "provider.secret"
"""
Shot = Callable[[Page, str], Path]
Axe = Callable[[Page], list[str]]


def free_port() -> int:
    with socket(AF_INET, SOCK_STREAM) as own:
        own.bind(("127.0.0.1", 0))
        return int(own.getsockname()[1])


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with serving() as made:
        made.lies = {"email": OFFICER, "sub": "cho"}
        yield made


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[tuple[Folder, str, str]]:
    """A served registry with an invited administrator: its folder, its address, and the invitation."""
    folder, port = founded(tmp_path_factory.mktemp("registry") / "office", blocks=1), free_port()
    address = f"http://localhost:{port}"
    (folder.path / "provider.secret").write_text(SECRET)
    (folder.path / "provider.secret").chmod(0o600)
    settings = SETTINGS.format(address=address, issuer=provider.issuer, client=CLIENT)
    (folder.path / "office.toml").write_text(settings, "utf-8")
    at_hand = OfficeAtHand(folder.path)
    office = at_hand.office(create=True)
    assert office is not None
    invited = invite_administrator(office, name="Ada", mail=MAIL)
    assert isinstance(invited, Invited)
    assert isinstance(invite(office, Guest("Cho", OFFICER, "operator"), actor="local"), Invited)
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
    interrupted(page, place[1], "AdoptPack", ADOPTION)
    page.click("#passkey button")
    assert came_back(page, "AdoptPack", ADOPTION)


ADOPTION = {"f.pack": "tha", "f.version": "<b>1 & 2</b>"}
OPENING = {"f.account": "tha:kept", "f.holder": "Bo <b>& Co</b>", "f.name": "Kept · 保留"}


def interrupted(page: Page, address: str, act: str, typed: dict[str, str]) -> None:
    """Somebody fills in a form, the session ends, and the form is sent; then the page that asks to sign in."""
    page.goto(f"{address}/desk/acts/{act}")
    for name, value in typed.items():
        page.fill(f"main form[data-keep] [name='{name}']", value)
    page.context.clear_cookies(name="__Host-counterfoil")
    page.click("form[data-keep] .actions button:not([name])")
    page.click("#session-over button")


def came_back(page: Page, act: str, typed: dict[str, str]) -> bool:
    """Whether all stands in the form that waited, once its owner has taken it back."""
    page.wait_for_selector("#kept")
    page.click("#kept button")
    page.wait_for_selector("form[data-keep]")
    found = {name: page.input_value(f"main form[data-keep] [name='{name}']") for name in typed}
    return page.url.endswith(f"/desk/acts/{act}") and found == typed


def test_a_form_that_waited_comes_back_by_single_sign_on(
    place: tuple[Folder, str, str], page_for: Windows, shot: Shot
) -> None:
    page = page_for("en", "phone", script=False)
    page.goto(f"{place[1]}/desk/accounts")
    page.click("a[href*='sign-in/provider']")
    page.wait_for_url("**/desk/accounts")
    interrupted(page, place[1], "OpenAccount", OPENING)
    page.click("#provider button")
    shot(page, "to-the-provider")
    page.click("#to-provider")
    assert came_back(page, "OpenAccount", OPENING)


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
