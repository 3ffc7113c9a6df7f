"""What every page has in common: its language, its links, its mark, its policy, and how it says no."""

import gzip
import re
from html.parser import HTMLParser

import httpx
import pytest

from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.web.assets import assets
from counterfoil.entrypoints.web.listing import plain
from tests.http.desk import asking

pytestmark = pytest.mark.anyio
HTML = {"accept": "text/html"}


class Seen(HTMLParser):
    """What a browser would fetch, run or style from the page itself."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.inline: list[str] = []
        self._in = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self._in = tag
        self.inline += [f"{tag} {name}" for name, _ in attrs if name == "style" or name.startswith("on")]
        if tag == "script" and "src" not in named:
            self.inline.append("script")
        if tag == "style":
            self.inline.append("style")
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action", "hx-get")]


async def page(client: httpx.AsyncClient, path: str, **headers: str) -> httpx.Response:
    return await client.get(path, headers={**HTML, **headers})


@pytest.mark.parametrize(
    "path, wanted, language",
    [
        ("/design", "", "en"),
        ("/design", "zh-TW", "zh-Hant"),
        ("/design?lang=zh-Hant", "en", "zh-Hant"),
        ("/design?lang=xx", "zh-HK", "zh-Hant"),
    ],
)
async def test_the_address_then_the_browser_choose_the_language(
    folder: Folder, path: str, wanted: str, language: str
) -> None:
    async with asking(folder) as client:
        answer = await page(client, path, **{"accept-language": wanted})
    assert answer.headers["content-language"] == language and f'<html lang="{language}"' in answer.text


async def test_a_language_stays_in_links_until_the_browser_keeps_it(folder: Folder) -> None:
    async with asking(folder) as client:
        first = await page(client, "/design?lang=zh-Hant")
        kept = first.headers["set-cookie"]
        assert kept.startswith("counterfoil-language=zh-Hant;") and "HttpOnly" in kept
        assert 'href="./activities?lang=zh-Hant"' in first.text
        client.cookies.set("counterfoil-language", "zh-Hant")
        second = await page(client, "/design")
    assert second.headers["content-language"] == "zh-Hant" and 'href="./activities"' in second.text


async def test_every_link_is_relative_and_nothing_stands_in_line(folder: Folder) -> None:
    async with asking(folder) as client:
        for path in ("/design", "/nothing/at/all/here", "/nothing%2Fhere"):
            answer = await page(client, path)
            seen = Seen(answer.text)
            assert not seen.inline, seen.inline
            assert seen.links and all(re.match(r"(\./|(\.\./)+|\?|#)", link) for link in seen.links), seen.links
            # From each depth they lead to the same place.
            root = "../" * (path.count("/") - 1) or "./"
            assert f"{root}activities" in seen.links


async def test_a_page_may_load_only_what_is_ours(folder: Folder) -> None:
    async with asking(folder) as client:
        answer = await page(client, "/design")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "*" not in policy and "http" not in policy


async def test_an_asset_is_kept_for_ever_under_its_digest_and_under_no_other(folder: Folder) -> None:
    async with asking(folder) as client:
        digest = assets()["style.css"].digest
        found = await client.get(f"/static/{digest}/style.css")
        assert found.status_code == 200 and "immutable" in found.headers["cache-control"]
        assert found.content == assets()["style.css"].file.read_bytes()
        for path in (f"/static/{digest}/page.js", "/static/0/style.css", f"/static/{digest}/..%2Fpage.py"):
            assert (await client.get(path)).status_code == 404, path


async def test_a_page_is_kept_until_something_changes_and_never_for_who_is_signed_in(folder: Folder) -> None:
    async with asking(folder) as client:
        first = await page(client, "/design")
        mark = {"if-none-match": first.headers["etag"]}
        assert (await page(client, "/design", **mark)).status_code == 304
        assert (await page(client, "/design?lang=zh-Hant", **mark)).status_code == 200
        client.cookies.set("__Host-counterfoil", "x" * 43)
        own = await page(client, "/design", **mark)
        assert own.status_code == 200 and own.headers["cache-control"] == "no-store"
        # What carries a token is not compressed: its length must tell nothing.
        assert "content-encoding" not in own.headers and first.headers["content-encoding"] == "gzip"


async def test_an_unknown_address_is_explained_to_people_and_to_programs(folder: Folder) -> None:
    hostile = "/<script>alert(1)</script>"
    async with asking(folder) as client:
        told = await page(client, hostile)
        assert told.status_code == 404 and "text/html" in told.headers["content-type"]
        assert "<script>alert" not in told.text and "http.not_found" in told.text
        assert (await client.get("/nothing")).headers["content-type"] == "application/problem+json"
        assert (await page(client, "/api/v1/nothing")).headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("headers", [{}, {"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}])
async def test_a_form_of_a_foreign_page_changes_nothing(folder: Folder, headers: dict[str, str]) -> None:
    async with asking(folder) as client:
        answer = await client.post("/sign-out", data={"csrf": ""}, headers={**HTML, **headers})
    assert answer.status_code == 403


async def test_a_method_that_a_page_does_not_take_is_said_so(folder: Folder) -> None:
    async with asking(folder) as client:
        answer = await client.post("/design", headers=HTML)
        assert answer.status_code == 405
        assert (await client.head("/design", headers=HTML)).status_code == 200


@pytest.mark.parametrize(
    "value, cell",
    [
        ("=1+1", "'=1+1"),
        ("@cmd", "'@cmd"),
        ("-5", "'-5"),
        (-5, "-5"),
        (None, ""),
        (True, "true"),
        (["a", "b"], "a; b"),
        ("EBUS-1", "EBUS-1"),
    ],
)
async def test_a_cell_of_a_file_is_never_a_formula(value: object, cell: str) -> None:
    assert plain(value) == cell


async def test_a_compressed_page_is_the_same_page(folder: Folder) -> None:
    async with asking(folder) as client:
        packed = await client.send(client.build_request("GET", "/design", headers=HTML), stream=True)
        raw = b"".join([piece async for piece in packed.aiter_raw()])
        plainly = await page(client, "/design", **{"accept-encoding": "identity"})
    assert gzip.decompress(raw) == plainly.content
