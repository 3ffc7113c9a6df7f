"""The front page: both languages, no script, nothing from elsewhere, and no simulated act taken for a real one."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.web.front import front_page, texts
from tests.http.desk import asking, founded

pytestmark = pytest.mark.anyio
BANNER = "Demonstration: simulated acts"


class _Page(HTMLParser):
    """What a browser would fetch or run, and whether every element is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.foreign: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)
        for name, value in attrs:
            if (
                name in ("src", "action", "style")
                or name.startswith("on")
                or tag in ("script", "iframe", "img", "link")
            ):
                self.foreign.append(f"{tag} {name}")
            if name == "href":
                self.links.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize(
    "path, wanted, language",
    [
        ("/", "", "en"),
        ("/", "zh-TW", "zh-Hant"),
        ("/?lang=zh-Hant", "en", "zh-Hant"),
        ("/?lang=xx", "zh-HK", "zh-Hant"),
    ],
)
async def test_the_page_speaks_the_wanted_language(folder: Folder, path: str, wanted: str, language: str) -> None:
    async with asking(folder, **{"accept-language": wanted}) as client:
        answer = await client.get(path)
    assert answer.headers["content-language"] == language
    assert f'<html lang="{language}">' in answer.text
    assert texts()["read"][language] in answer.text
    assert "Thailand &lt;泰國&gt;" in answer.text and "<泰國>" not in answer.text


async def test_the_page_runs_nothing_fetches_nothing_and_its_links_lead_somewhere(folder: Folder) -> None:
    async with asking(folder) as client:
        answer = await client.get("/")
        page = _Page(answer.text)
        for link in page.links:
            assert link.startswith("/")
            assert (await client.get(link)).status_code == 200, link
    assert not page.open and not page.foreign
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["content-security-policy"]
    assert "url(" not in style[1] and "@import" not in style[1]


@pytest.mark.parametrize("demonstration", [True, False])
async def test_a_demonstration_says_so_in_both_languages_at_once(tmp_path: Path, *, demonstration: bool) -> None:
    async with asking(founded(tmp_path / "registry", blocks=1, demonstration=demonstration)) as client:
        for path in ("/", "/?lang=zh-Hant"):
            page = (await client.get(path)).text
            assert (BANNER in page and "示範：模擬行為" in page) == demonstration


async def test_the_page_is_kept_until_something_is_committed(folder: Folder) -> None:
    async with asking(folder) as client:
        first = await client.get("/")
        again = await client.get("/", headers={"if-none-match": first.headers["etag"]})
        other = await client.get("/?lang=zh-Hant", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, other.status_code) == (304, 200)


async def test_a_page_kept_across_an_upgrade_is_sent_anew(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    async with asking(folder) as client:
        kept = [(path, (await client.get(path)).headers["etag"]) for path in ("/", "/?lang=zh-Hant")]
        # Its style would not be that of the policy any more.
        monkeypatch.setattr("counterfoil.entrypoints.http.front.look", lambda: "another")
        for path, mark in kept:
            assert (await client.get(path, headers={"if-none-match": mark})).status_code != 304, path


def test_a_registry_that_is_not_founded_has_a_page_too() -> None:
    for language in ("en", "zh-Hant"):
        assert texts()["unfounded"][language] in front_page({}, language)
        assert not _Page(front_page({}, language)).open
