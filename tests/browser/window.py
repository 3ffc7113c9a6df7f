"""Windows of Chromium: what a visitor has (language, size, theme, script), and what the browser complained of.

Nothing leaves the machine: the browser's proxy is a port where nobody listens, and only loopback goes without it.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, sync_playwright

from tests.tidy.tree import ROOT

SCREENS: Final = ROOT / "var" / "screens"
CHECKER: Final = ROOT / "var" / "assets" / "axe.min.js"
NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
SIZES: Final = {"desktop": (1280, 900), "phone": (390, 844)}
LOCALES: Final = {"en": "en-GB", "zh-Hant": "zh-TW"}
LOOKS: Final = (("en", "desktop"), ("zh-Hant", "phone"))
"""Who walks through pages: each picture is taken in the other size as well, so two of them see all."""
LAWS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SECONDS: Final = 20
ARGUMENTS: Final = (
    "--proxy-server=127.0.0.1:9",
    "--enable-unsafe-swiftshader",  # maps are drawn where there is no graphics card
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)
TELL_POLICY: Final = """document.addEventListener('securitypolicyviolation', event => console.error(
    `policy ${event.effectiveDirective} forbids ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`))"""
CHECK: Final = """async laws => {
    const found = await axe.run(document, {runOnly: {type: 'tag', values: laws}, resultTypes: ['violations']});
    return found.violations.flatMap(rule => rule.nodes.map(
        node => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary.replace(/\\s+/g, ' ')}`));
}"""


def chromium_here() -> str | None:
    """Where Chromium lies on this machine."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def browser_from(program: str) -> Iterator[Browser]:
    """A browser without a screen, ended at the end. Root has no sandbox in Chromium; everybody else has."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, headless=True, chromium_sandbox=not root, args=list(ARGUMENTS)
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True, slots=True)
class Look:
    """What a visitor has. `language` is en or zh-Hant, `size` desktop or phone, `theme` light or dark."""

    language: str = "en"
    size: str = "desktop"
    theme: str = "light"
    script: bool = True

    @property
    def suffix(self) -> str:
        rest = "" if self.theme == "light" else f"-{self.theme}"
        return f"{self.language}-{self.size}{rest}{'' if self.script else '-noscript'}"


@dataclass
class Seat:
    """A profile of the browser in which one visitor after the other sits down, and finds nothing of the last one.

    A profile of its own costs a second of processor time until its first page stands there. The first page of a seat
    stays open and blank, since the process that draws ends with its last page.
    """

    context: BrowserContext
    first: Page | None = None
    said: Callable[[ConsoleMessage], None] | None = None
    failed: Callable[[str], None] | None = None
    asked: Callable[[Request], None] | None = None
    origins: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.context.on("request", self._asked)
        self.context.on("console", lambda message: self.said and self.said(message))
        self.context.on("weberror", lambda error: self.failed and self.failed(str(error.error)))

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and is_loopback(request.url):
            self.origins.add(f"{parts.scheme}://{parts.netloc}")
        if self.asked is not None:
            self.asked(request)

    def page(self) -> Page:
        page = self.context.new_page()
        self.first = self.first or page
        return page

    def leave(self) -> None:
        """Forget who sat here: windows, cookies, and what pages kept."""
        self.said = self.failed = self.asked = None
        for page in self.context.pages:
            if page is not self.first:
                page.close()
        self.context.clear_cookies()
        if self.first is None:
            return
        self.first.goto("about:blank")
        tools = self.context.new_cdp_session(self.first)
        for origin in self.origins:
            tools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        tools.detach()
        self.origins.clear()


Seats = dict[Look, list[Seat]]
"""Where nobody sits, for as long as a browser lives."""


@dataclass
class Windows:
    """The windows of one test, and what went wrong in any of them."""

    browser: Browser
    free: Seats = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    _looks: dict[Page, Look] = field(default_factory=dict)
    _taken: list[tuple[Look, Seat]] = field(default_factory=list)
    _documents: set[str] = field(default_factory=set)
    _closing: bool = False

    def __call__(
        self, language: str = "en", size: str = "desktop", theme: str = "light", *, script: bool = True
    ) -> Page:
        """A page of a visitor who was never here: no cookies, nothing kept."""
        look = Look(language, size, theme, script)
        idle = self.free.setdefault(look, [])
        seat = idle.pop() if idle else Seat(self._context(look))
        seat.said, seat.asked = self._said, self._asked
        seat.failed = lambda error: self.complaints.append(f"script failed: {error}")
        self._taken.append((look, seat))
        page = seat.page()
        self._looks[page] = look
        return page

    def beside(self, page: Page) -> Page:
        """A second tab of the same visitor."""
        second = page.context.new_page()
        self._looks[second] = self._looks[page]
        return second

    def look(self, page: Page) -> Look:
        return self._looks[page]

    def excuse(self, pattern: str) -> None:
        """Take back complaints that a test wanted to see, such as a form that is refused; it must have seen one."""
        kept = [each for each in self.complaints if not re.search(pattern, each)]
        assert len(kept) < len(self.complaints), f"the browser did not complain of {pattern}: {self.complaints}"
        self.complaints[:] = kept

    def close(self) -> None:
        """Hear what each page still has to say, then leave; a request that this cuts off is nobody's mistake."""
        for page in self._looks:
            with suppress(Error):
                page.title()
        self._closing = True
        for look, seat in self._taken:
            try:
                seat.leave()
            except Error:
                seat.context.close()
            else:
                self.free[look].append(seat)
        self._taken.clear()

    def _context(self, look: Look) -> BrowserContext:
        width, height = SIZES[look.size]
        phone = look.size == "phone"
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            is_mobile=phone,
            has_touch=phone,
            locale=LOCALES[look.language],
            timezone_id="UTC",
            color_scheme="dark" if look.theme == "dark" else "light",
            reduced_motion="reduce",
            java_script_enabled=look.script,
        )
        context.set_default_timeout(SECONDS * 1_000)
        context.add_init_script(TELL_POLICY)
        return context

    def _asked(self, request: Request) -> None:
        if request.is_navigation_request():
            self._documents.add(request.url)
        if not is_loopback(request.url):
            self.complaints.append(f"asked another host: {request.url[:200]}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type != "error" or self._closing:
            return
        where = message.location["url"]
        # A page that is not found is an answer; a file that a page misses is a mistake.
        if message.text.startswith("Failed to load resource") and where in self._documents:
            return
        self.complaints.append(f"{message.text} ({where}:{message.location['lineNumber']})")


def is_loopback(address: str) -> bool:
    """Whether a request stays on this machine."""
    parts = urlsplit(address)
    return parts.scheme in {"data", "about", "blob"} or parts.hostname in {"127.0.0.1", "localhost", "::1"}


def seen(page: Page, name: str, look: Look) -> Path:
    """A picture in the visitor's own size and one in the other; the page may be wider than the window in neither.

    Returns:
        The picture in the own size.
    """
    own, other = SIZES[look.size], next(size for size in SIZES if size != look.size)
    target = photograph(page, name, look)
    assert fits(page), f"{page.url} is wider than a {look.size}"
    _resize(page, SIZES[other])
    photograph(page, name, replace(look, size=other))
    wide = not fits(page)
    _resize(page, own)
    assert not wide, f"{page.url} is wider than a {other}"
    return target


def fits(page: Page) -> bool:
    """Whether nobody has to scroll sideways."""
    return bool(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))


def _resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def photograph(page: Page, name: str, look: Look, folder: Path = SCREENS) -> Path:
    """The whole page, as `var/screens/<name>-<language>-<size>.png`."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}-{look.suffix}.png"
    page.screenshot(path=target, full_page=True, animations="disabled")
    return target


def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA, one line for each place; it runs beside the page's own policy."""
    if not page.evaluate("() => typeof axe === 'object'"):
        page.evaluate(CHECKER.read_text("utf-8"))
    found: list[str] = page.evaluate(CHECK, LAWS)
    return found
