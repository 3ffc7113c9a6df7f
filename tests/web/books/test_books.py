"""Authorizations, transfers, balance, corrections and the feed: the pages say what the books say, and lead to it."""

import csv
import io
import re
from xml.etree import ElementTree

import pytest

from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.language import Texts
from tests.http.desk import asking
from tests.web.books.conftest import HOSTILE, LIMIT, SENT, WAITING
from tests.web.register.seen import seen

pytestmark = pytest.mark.anyio
ATOM = "{http://www.w3.org/2005/Atom}"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


async def test_the_register_of_authorizations_tells_what_is_left(book: Folder) -> None:
    async with asking(book) as client:
        page = await seen(client, "/authorizations")
        other = await seen(client, "/authorizations?state=revoked")
        (row,) = rows((await client.get("/authorizations.csv")).text)
        told = (await client.get("/api/v1/authorizations/THA-LOA-1")).json()
    assert f"{LIMIT - SENT - WAITING:,}" in page.text and "./authorizations/THA-LOA-1" in page.links
    assert (row["id"], row["version"]) == ("THA-LOA-1", "2")
    assert int(row["left"]) == told["left"] == LIMIT - SENT - WAITING
    assert "THA-LOA-1" not in other.text


async def test_an_authorization_shows_its_versions_what_changed_and_where_it_stands(book: Folder) -> None:
    async with asking(book) as client:
        page = await seen(client, "/authorizations/THA-LOA-1")
        first = await seen(client, "/authorizations/THA-LOA-1@1")
        versions = (await client.get("/api/v1/authorizations/THA-LOA-1")).json()["versions"]
        entries = [link for link in page.links if re.fullmatch(r"\.\./entries/\d+", link)]
        for link in entries:
            leaf = (await client.get("/api/v1/entries/" + link.rpartition("/")[2])).json()
            assert "authorization" in str(leaf["records"]) or leaf["act"] == "TransferProposed", link
    assert len(versions) == 2 and entries
    assert HOSTILE in page.text, "a reason is shown as it was written, as text"
    assert "2022, 2023 2022, 2023, 2024" in page.text, "the changed field with what it said before and after"
    assert "2024" not in first.text.partition("Versions and what changed")[0], "the first version did not name it"
    assert "version 1; 2 is the newest" in first.text


async def test_the_letter_of_an_authorization_is_a_pdf_in_either_language(book: Folder) -> None:
    async with asking(book) as client:
        for language in ("en", "zh-Hant"):
            answer = await client.get(f"/authorizations/THA-LOA-1/letter.{language}.pdf")
            assert answer.status_code == 200 and answer.content.startswith(b"%PDF"), answer.text[:300]
            assert answer.headers["content-type"] == "application/pdf"
        missing = await client.get("/authorizations/none/letter.en.pdf")
    assert missing.status_code == 404


async def test_transfers_are_drawn_and_listed_with_the_same_units(book: Folder) -> None:
    async with asking(book) as client:
        page = await client.get("/transfers", headers={"accept": "text/html"})
        whole = await seen(client, "/transfers")
        found = rows((await client.get("/transfers.csv?direction=out")).text)
        none = await seen(client, "/transfers?direction=in")
    assert f"<title>Thailand → Switzerland: {SENT:,}</title>" in page.text, "what is in flight is not drawn"
    assert {each["transfer"]: (int(each["quantity"]), each["state"]) for each in found} == {
        "sent-1": (SENT, "final"),
        "waiting": (WAITING, "proposed"),
    }
    assert f"In flight {WAITING}" in whole.text and "not disclosed" in whole.text and HOSTILE in whole.text
    assert "sent-1" not in none.text


async def test_a_transfer_has_its_stages_in_both_books_and_its_effect(book: Folder) -> None:
    async with asking(book) as client:
        page = await seen(client, "/transfers/sent-1")
        waiting = await seen(client, "/transfers/waiting")
        acts = []
        for link in page.links:
            if re.fullmatch(r"(\.\./)+entries/\d+", link):
                acts.append((await client.get("/api/v1/entries/" + link.rpartition("/")[2])).json()["act"])
        missing = await client.get("/transfers/none", headers={"accept": "text/html"})
    assert acts == ["TransferProposed", "FirstTransferred"]
    assert "a" * 64 in page.text, "the hash of the signed acceptance"
    assert f"+{SENT:,}" in page.text and "first transfer" in page.text
    assert "added nothing to the balance" in waiting.text
    assert missing.status_code == 404


async def test_partners_show_what_crossed_and_how_far_the_link_is(book: Folder) -> None:
    async with asking(book) as client:
        (row,) = rows((await client.get("/partners.csv")).text)
        page = await seen(client, "/partners/CHE")
    assert (row["party"], row["units_out"], row["units_in"], row["state"]) == ("CHE", str(SENT), "0", "live")
    assert f"{SENT:,}" in page.text and "have not been compared" in page.text


async def test_the_balance_is_the_books_and_says_what_cannot_be_determined(book: Folder) -> None:
    async with asking(book) as client:
        page = await seen(client, "/balance?on=2025-12-31")
        chinese = await seen(client, "/balance?on=2025-12-31&lang=zh-Hant")
        book_says = (await client.get("/api/v1/balances/THA")).json()["commodities"]["tCO2e"]
        view = (await client.get("/api/v1/emissions-balances/THA/2025-12-31")).json()
        behind = rows((await client.get("/balance/entries.csv?year=2022")).text)
        elsewhere = rows((await client.get("/balance/entries.csv?year=2023")).text)
    assert book_says["net"] == SENT and f"+{SENT:,} t CO₂e" in page.text
    assert view["years"]["2022"]["balance"] == {"not_available": "ndc_not_recorded"}
    assert "cannot be determined" in page.text and "無法判定" in chinese.text
    assert Texts("en")("web.missing.ndc_not_recorded") in page.text, "what is missing, and what to do"
    assert sum(int(each["amount"]) for each in behind) == SENT and not elsewhere
    assert [each["act"] for each in behind] == ["FirstTransferred"]


async def test_a_day_that_is_none_is_refused_and_one_before_the_period_explains_itself(book: Folder) -> None:
    async with asking(book) as client:
        answer = await client.get("/balance?on=yesterday", headers={"accept": "text/html"})
        early = await seen(client, "/balance?on=2019-12-31")
    assert answer.status_code == 400
    assert f"+{SENT:,}" in early.text, "the book itself is shown all the same"


async def test_what_was_taken_back_or_is_not_told_is_listed(book: Folder) -> None:
    async with asking(book) as client:
        page = await seen(client, "/corrections")
        (row,) = rows((await client.get("/corrections.csv")).text)
        (sealed,) = rows((await client.get("/corrections/sealed.csv")).text)
        wrong = (await client.get(f"/api/v1/entries/{row['entry']}")).json()
    assert row["act"] == wrong["act"] == "Transferred" and row["reason"] == HOSTILE
    assert int(row["corrected_by"]) > int(row["entry"])
    assert (sealed["act"], sealed["sealed"]) == ("Authorized", "price")
    assert "agreed" in page.text and "not disclosed" in page.text and "CHF 30" not in page.text


async def test_the_feed_has_the_newest_decisions_with_ids_for_ever(book: Folder) -> None:
    async with asking(book) as client:
        whole = ElementTree.fromstring((await client.get("/feed.atom")).text)
        some = ElementTree.fromstring((await client.get("/feed.atom?kind=authorizations&lang=zh-Hant")).text)
        newest = (await client.get("/api/v1/registry")).json()["entries"] - 1
        leaf = (await client.get(f"/api/v1/entries/{newest}")).json()
        unknown = await client.get("/feed.atom?kind=everything")
    items = whole.findall(f"{ATOM}entry")
    assert items[0].findtext(f"{ATOM}id") == f"urn:sha256:{leaf['leaf_hash']}"
    assert items[0].findtext(f"{ATOM}updated") == leaf["at"]
    link = items[0].find(f"{ATOM}link")
    assert link is not None and link.get("href") == f"./entries/{newest}"
    titles = [each.findtext(f"{ATOM}title") or "" for each in some.findall(f"{ATOM}entry")]
    assert len(titles) == 2 and all("THA-LOA-1" in each for each in titles)
    assert unknown.status_code == 400


async def test_a_cited_authorization_shows_what_it_was_and_a_moment_before_it_none(book: Folder) -> None:
    async with asking(book) as client:
        versions = (await client.get("/api/v1/entries?limit=1000")).json()["items"]
        first = next(each["seq"] for each in versions if each["act"] == "Authorized")
        then = await seen(client, f"/authorizations/THA-LOA-1?as_of={first + 1}")
        now = await seen(client, f"/authorizations/THA-LOA-1?as_of={len(versions)}")
        before = await client.get(f"/authorizations/THA-LOA-1?as_of={first}", headers={"accept": "text/html"})
        never = await client.get("/authorizations/THA-LOA-1?as_of=99999", headers={"accept": "text/html"})
    assert HOSTILE not in then.text and f"{LIMIT:,}" not in then.text, "the change came later"
    assert f"{SENT + WAITING:,}" not in then.text, "and so did the transfers"
    assert HOSTILE in now.text and f"{SENT + WAITING:,}" in now.text
    assert (before.status_code, never.status_code) == (404, 400)
