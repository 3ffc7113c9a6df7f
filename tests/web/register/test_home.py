"""The home page: both languages, nothing foreign, no simulated act taken for a real one, and figures that add up."""

import re
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from starlette.requests import Request

from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.web import site
from counterfoil.entrypoints.web.page import Shown
from counterfoil.entrypoints.web.printer import render
from counterfoil.entrypoints.web.visit import Visit
from tests.http.desk import asking, founded
from tests.web.register.seen import Seen, seen

pytestmark = pytest.mark.anyio
BANNER = "Demonstration: simulated acts"
SOON = {"transparency", "balance", "authorizations", "transfers", "reports", "data", "api", "glossary", "first"}


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
    async with asking(folder, **{"accept-language": wanted, "accept": "text/html"}) as client:
        answer = await client.get(path)
    assert answer.headers["content-language"] == language
    assert Texts(language)("web.home.where") in answer.text
    assert "Thailand &lt;泰國&gt;" in answer.text and "<泰國>" not in answer.text


async def test_the_page_loads_only_what_is_ours_and_its_links_to_things_lead_somewhere(folder: Folder) -> None:
    async with asking(folder) as client:
        page = await seen(client, "/")
        assert page.loaded and all(each.startswith("./static/") or each == "./feed.atom" for each in page.loaded)
        own = [link for link in page.links if re.match(r"\./(entries|units|activities|accounts|find)", link)]
        assert len(own) > 8
        for link in own:
            await seen(client, link.removeprefix("."))


@pytest.mark.parametrize("demonstration", [True, False])
async def test_a_demonstration_says_so_in_both_languages_at_once(tmp_path: Path, *, demonstration: bool) -> None:
    async with asking(founded(tmp_path / "registry", blocks=1, demonstration=demonstration)) as client:
        for path in ("/", "/?lang=zh-Hant", "/units", "/find", "/no/such/page"):
            text = (await client.get(path, headers={"accept": "text/html"})).text
            assert (BANNER in text and "示範：模擬行為" in text) == demonstration, path


async def test_the_page_is_kept_until_something_is_committed(folder: Folder) -> None:
    async with asking(folder, accept="text/html") as client:
        first = await client.get("/")
        again = await client.get("/", headers={"if-none-match": first.headers["etag"]})
        other = await client.get("/?lang=zh-Hant", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, other.status_code) == (304, 200)


async def test_a_page_kept_across_an_upgrade_is_sent_anew(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    async with asking(folder, accept="text/html") as client:
        kept = [(path, (await client.get(path)).headers["etag"]) for path in ("/", "/?lang=zh-Hant")]
        monkeypatch.setattr(site, "look", lambda: "another")
        for path, mark in kept:
            assert (await client.get(path, headers={"if-none-match": mark})).status_code == 200, path


def added_up(folder: Folder) -> dict[str, int]:
    """The units by the first word of their account, from the blocks one by one."""
    opened = open_for_reading(folder)
    sight = Sight(opened.reading, opened.codec, opened.evidence)
    found: dict[str, int] = {}
    for holding in sight.all_holdings():
        word = holding.account.partition(":")[0]
        found[word] = found.get(word, 0) + holding.serials.size
    opened.reading.close()
    return found


async def figures(client: httpx.AsyncClient) -> dict[str, int]:
    answer = await client.get("/", headers={"accept": "text/html"})
    found = re.findall(r'<dt>([^<]+)</dt>\s*<dd><span class="value"><a [^>]+>([\d,]+)</a>', answer.text)
    return {name: int(number.replace(",", "")) for name, number in found}


async def test_the_figures_are_the_sums_of_the_blocks(host: Folder, user: Folder) -> None:
    for folder in (host, user):
        stands = added_up(folder)
        async with asking(folder) as client:
            told = await figures(client)
        assert told["In other registers"] == stands.get("to", 0)
        assert told["Used towards NDCs"] == stands.get("used", 0)
        held = sum(number for word, number in stands.items() if word not in ("to", "pending", "used", "cancelled"))
        assert told["Held"] == held
        assert told["In other registers"] + told["Used towards NDCs"] > 0


async def test_where_no_inventory_of_the_period_is_known_the_balance_cannot_be_determined(host: Folder) -> None:
    async with asking(host) as client:
        page = await seen(client, "/")
        assert "Cannot be determined" in page.text and "+52,642 t CO₂e" in page.text
        chinese = await seen(client, "/?lang=zh-Hant")
        assert "無法判定" in chinese.text


async def test_what_happened_lately_leads_to_its_entries_newest_first(host: Folder) -> None:
    async with asking(host) as client:
        last = (await client.get("/api/v1/registry")).json()["entries"] - 1
        page = await seen(client, "/")
    entries = [int(link.rsplit("/", 1)[1]) for link in page.links if re.fullmatch(r"\./entries/\d+", link)]
    assert entries[:8] == list(range(last, last - 8, -1))


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_a_registry_that_is_not_founded_says_how_to_begin(language: str) -> None:
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": f"lang={language}".encode()}
    ground = SimpleNamespace(door=SimpleNamespace(bearer=lambda _: None))
    visit = Visit(Request(scope), ground, render)  # type: ignore[arg-type]
    page = Seen(render(visit, Shown("portal/unfounded.html"), None))
    assert Texts(language)("web.home.unfounded_lead") in page.text
    assert any(link.startswith("./first") for link in page.links) and not page.open


async def test_pages_of_other_owners_are_not_linked_to_nowhere(folder: Folder) -> None:
    """Links of the home page to pages of other parts of the portal name known parts."""
    async with asking(folder) as client:
        page = await seen(client, "/")
    parts = {link.removeprefix("./").partition("/")[0].partition("?")[0] for link in page.links if link[:2] == "./"}
    assert parts <= {
        "",
        "apply",
        "activities",
        "units",
        "entries",
        "feed.atom",
        "sign-in",
        "corrections",
        "accessibility",
        *SOON,
    }
