"""The browser itself: the first page opens and is clean, and a page that misbehaves is found out."""

import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.browser.serving import Server
from tests.browser.window import LOCALES, SCREENS, SIZES, Windows, is_loopback

POLICY = "default-src 'none'; script-src 'self'; img-src * data:"
PAGE = """<!doctype html><html lang="en"><title>Bad</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width">
<main><h1>Bad</h1><p id="cookie">{cookie}</p><p style="color:red">inline</p><p><img src="{image}"></p>
<p id="ran">no script ran</p><script src="/script.js"></script></main></html>"""
SCRIPT = "document.getElementById('ran').textContent = 'script ran'; if (location.search) nothing.of.this()"


class Misbehaving(http.server.BaseHTTPRequestHandler):
    """A site with an inline style, a foreign picture, a script that fails, and a cookie that wants to be secure."""

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        self.send_response(404 if path == "/none" else 200)
        self.send_header("content-type", "text/javascript" if path == "/script.js" else "text/html")
        self.send_header("content-security-policy", POLICY)
        self.send_header("set-cookie", "__Host-session=kept; Secure; Path=/; HttpOnly; SameSite=Lax")
        self.end_headers()
        image = "http://192.0.2.1/pixel.png" if path == "/foreign" else "data:,"
        body = SCRIPT if path == "/script.js" else PAGE.format(cookie=self.headers.get("cookie"), image=image)
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


@pytest.fixture
def bad() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Misbehaving) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_port}"
        site.shutdown()


@pytest.mark.parametrize("visitor", [(language, size) for language in LOCALES for size in SIZES], ids="-".join)
def test_the_first_page_opens_without_a_complaint_and_axe_finds_nothing(
    small: Server,
    page_for: Windows,
    axe: Callable[[Page], list[str]],
    shot: Callable[[Page, str], Path],
    visitor: tuple[str, str],
) -> None:
    language, size = visitor
    page = page_for(language, size)
    answer = page.goto(f"{small.address}/")
    assert answer is not None and answer.status == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert page.locator("html").get_attribute("lang") == language
    assert "Thailand <泰國>" in page.locator("body").inner_text()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), "wider than the window"
    assert axe(page) == []
    picture = shot(page, "first-page")
    assert picture == SCREENS / f"first-page-{language}-{size}.png" and picture.stat().st_size > 5_000


def test_the_first_page_reads_without_script(small: Server, page_for: Windows) -> None:
    page = page_for(script=False)
    page.goto(f"{small.address}/")
    assert page.locator("h1").count() == 1


def test_what_the_policy_forbids_is_a_complaint(page_for: Windows, bad: str) -> None:
    page_for().goto(bad)
    page_for.excuse("inline style violates")
    page_for.excuse("policy style-src-attr forbids inline")
    assert page_for.complaints == []


def test_a_request_to_another_host_is_a_complaint_and_does_not_leave(page_for: Windows, bad: str) -> None:
    page = page_for()
    page.goto(f"{bad}/foreign")
    page_for.excuse("asked another host: http://192.0.2.1/pixel.png")
    page_for.excuse("ERR_PROXY_CONNECTION_FAILED")
    with pytest.raises(Error, match="ERR_PROXY_CONNECTION_FAILED"):
        page.goto("http://192.0.2.1/")
    page_for.excuse("asked another host: http://192.0.2.1/")
    page_for.excuse("inline")


def test_a_script_that_fails_is_a_complaint_and_a_page_that_is_not_found_is_none(page_for: Windows, bad: str) -> None:
    page = page_for()
    page.goto(f"{bad}/?fail")
    page_for.excuse("script failed: .*nothing is not defined")
    assert page.goto(f"{bad}/none").status == 404  # type: ignore[union-attr]
    page_for.excuse("inline")
    assert page_for.complaints == []


def test_axe_names_the_place_of_each_violation_in_spite_of_the_policy(
    page_for: Windows, bad: str, axe: Callable[[Page], list[str]]
) -> None:
    page = page_for()
    page.goto(bad)
    assert any(each.startswith("image-alt: img: ") for each in axe(page))
    page_for.excuse("inline")


def test_a_visitor_without_script_has_none_and_a_second_tab_is_the_same_visitor(page_for: Windows, bad: str) -> None:
    page = page_for(script=False)
    page.goto(bad)
    assert page.locator("#ran").inner_text() == "no script ran"
    assert page.locator("#cookie").inner_text() == "None"
    second = page_for.beside(page)
    second.goto(bad)
    assert second.locator("#cookie").inner_text() == "__Host-session=kept"
    assert page_for.look(second).suffix == "en-desktop-noscript"
    page_for.excuse("inline")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_secure_cookie_is_kept_on_loopback_by_number_and_by_name(page_for: Windows, bad: str, host: str) -> None:
    page = page_for()
    for _ in range(2):
        page.goto(bad.replace("127.0.0.1", host))
    assert page.locator("#cookie").inner_text() == "__Host-session=kept"
    page_for.excuse("inline")


def test_dark_and_phone_are_what_the_page_sees(page_for: Windows, bad: str) -> None:
    page = page_for("zh-Hant", "phone", "dark")
    page.goto(bad)
    assert page.evaluate(
        "() => [innerWidth, matchMedia('(prefers-color-scheme: dark)').matches, navigator.language]"
    ) == [
        390,
        True,
        "zh-TW",
    ]
    page_for.excuse("inline")


def test_a_map_could_be_drawn_here(chromium: Browser) -> None:
    page = chromium.new_page()
    assert page.evaluate("() => document.createElement('canvas').getContext('webgl2') !== null")
    page.close()


def test_only_this_machine_is_loopback() -> None:
    assert all(is_loopback(each) for each in ("http://127.0.0.1:8642/", "http://localhost/", "data:image/png;base64,"))
    assert not any(
        is_loopback(each) for each in ("http://127.0.0.1.example/", "https://example.org/", "ws://10.0.0.1/")
    )


def test_who_comes_next_finds_nothing_of_who_was_here(page_for: Windows, chromium: Browser, bad: str) -> None:
    """A seat is used by one visitor after the other."""
    seats = []
    for windows in (page_for, Windows(chromium, page_for.free)):
        page = windows()
        page.goto(bad)
        assert page.locator("#cookie").inner_text() == "None"
        assert page.evaluate("() => localStorage.length + sessionStorage.length") == 0
        page.evaluate("() => { localStorage.kept = 1; sessionStorage.kept = 1; }")
        page.goto(bad)
        assert page.locator("#cookie").inner_text() == "__Host-session=kept"
        assert page.evaluate("() => localStorage.length + sessionStorage.length") == 2
        windows.excuse("inline")
        seats.append(page.context)
        windows.close()
        assert windows.complaints == []
    assert seats[0] is seats[1]
