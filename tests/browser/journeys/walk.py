"""One walk through the pages: who walks, what they look at on the way, and what they sign."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, expect

from tests.browser.serving import Server
from tests.browser.window import Windows

SEE: Final = "form[data-keep] .actions button:not([name])"
LOOKS: Final = (("en", "desktop"), ("zh-Hant", "phone"), ("en", "phone"), ("zh-Hant", "desktop"))
OPEN: Final = "each => { for (let at = each; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true; }"
STRAIGHT: Final = LOOKS[:2]
CROSSED: Final = LOOKS[2:]
"""Each journey is walked in both languages, once on each size; what it sees is looked at in both sizes each time."""


@dataclass
class Walk:
    """A journey in one language and size; every page that is seen is checked and leaves a picture."""

    server: Server
    windows: Windows
    axe: Callable[[Page], list[str]]
    shot: Callable[[Page, str], Path]
    number: int
    language: str
    size: str

    @property
    def mark(self) -> str:
        """What the names in this walk end with: two walks write the same book."""
        return f"{self.language}-{self.size}".upper()

    def enter(self, who: str) -> Page:
        """A window of one of the people, who came in with one click."""
        page = self.guest()
        page.goto(f"{self.server.address}/sign-in")
        page.click(f"button[value={who}]")
        expect(page.locator("header form[action$='sign-out']")).to_have_count(1)
        return page

    def guest(self) -> Page:
        return self.windows(self.language, self.size)

    def go(self, page: Page, path: str) -> None:
        answer = page.goto(f"{self.server.address}{path}")
        assert answer is not None and answer.ok, f"{path}: {answer and answer.status}"

    def see(self, page: Page, step: str) -> None:
        """What every page must keep: clean for axe, in neither size wider than the window, a picture of each.

        The two walks of a journey see the same pages: axe looks at the English ones here, and at all in every language
        and size in `test_every_page`.
        """
        wrong = self.axe(page) if self.language == "en" else []
        assert wrong == [], "\n".join([page.url, *wrong])
        assert "[&#39;" not in page.content() and "['" not in page.locator("main").inner_text(), (
            "a list as a program has it"
        )
        self.shot(page, f"journey-{self.number}-{step}")

    def fill(self, page: Page, **values: object) -> None:
        """Fields of an act by name, `__` for a dot; a choice is chosen by its value."""
        for name, value in values.items():
            field = page.locator(f"main form[data-keep] [name='f.{name.replace('__', '.')}']:not([type=hidden])").first
            if not field.is_visible():
                field.evaluate(OPEN)
            if field.evaluate("each => each.tagName") == "SELECT":
                field.select_option(str(value))
            elif field.get_attribute("type") in {"checkbox", "radio"}:
                page.check(f"main form[data-keep] [name='f.{name.replace('__', '.')}'][value='{value}']")
            else:
                field.fill(str(value))

    def effect(self, page: Page) -> None:
        """Go on to what the act would change."""
        page.click(SEE)
        self.refusal(page)
        expect(page.locator("#sign")).to_be_visible()

    def refusal(self, page: Page) -> None:
        """Say what a form was refused for, where it was."""
        summary = page.locator("#summary")
        assert summary.count() == 0, f"{page.url}: {summary.inner_text()}"

    def sign(self, page: Page) -> int:
        """Alone; the number of the entry."""
        page.click("button[value=sign]")
        return self.receipt(page)

    def receipt(self, page: Page) -> int:
        page.wait_for_url("**/desk/receipts/*")
        return int(page.url.rpartition("/")[2].partition("?")[0])

    def propose(self, page: Page, why: str) -> str:
        """To a second person; the path of the proposal."""
        field = page.locator("#why")
        if not field.is_visible():
            page.locator("#sign details summary").click()
        field.fill(why)
        page.click("button[value=propose]")
        page.wait_for_url("**/desk/proposals/*")
        return re.sub(r"^.*?(/desk/proposals/[^?]+).*$", r"\1", page.url)

    def approve(self, page: Page, path: str) -> int:
        """By the second person; the number of the entry."""
        self.go(page, path)
        page.click("button[value=approve]")
        return self.receipt(page)

    def text(self, page: Page) -> str:
        return page.locator("main").inner_text()


Walking = Callable[[int, tuple[str, str]], Walk]
