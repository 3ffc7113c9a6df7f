"""Reports, proof, glossary, the API, claims and the statement: complete, in both languages, true to their source."""

import hashlib
import re

import msgspec
import pytest

from counterfoil.application.queries.filing_view import filings
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.compliance.claim import EndStatus
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.glossary import glossary
from counterfoil.entrypoints.http.openapi import document
from counterfoil.entrypoints.http.openapi_parts import IN_CHINESE
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.web.portal import reference
from tests.http.desk import asking
from tests.web.register.seen import seen

pytestmark = pytest.mark.anyio


async def test_filed_reports_are_handed_out_byte_for_byte(host: Folder) -> None:
    with open_for_reading(host) as readable:
        known = filings(Sight(readable.reading, readable.codec, readable.evidence))
    async with asking(host) as client:
        page = await seen(client, "/reports")
        for each in known:
            assert each["report"] in page.text
            one = await seen(client, f"/reports/filed/{each['report']}")
            files = [link for link in one.links if "/1.0/" in link]
            assert files
            for link in files:
                answer = await client.get("/" + link.lstrip("./"))
                assert answer.status_code == 200 and hashlib.sha256(answer.content).hexdigest() in one.text, link
        missing = await client.get("/reports/filed/aef:THA:2025/1.0/none.xlsx")
    assert missing.status_code == 404


async def test_the_structured_summary_is_read_with_the_words_of_its_document(host: Folder) -> None:
    async with asking(host) as client:
        for language in ("en", "zh-Hant"):
            page = await seen(client, f"/reports/summary/2025?lang={language}")
            assert Texts(language)("ctf4.line.emissions_balance") in page.text
        table = (await client.get("/api/v1/reports/summary/THA/2025/2026-11-22")).json()
        early = await client.get("/reports/summary/20x5", headers={"accept": "text/html"})
    line = next(each for each in table["lines"] if each["line"] == 6)
    assert all(f"{value:,}" in page.text for value in line["years"].values())
    assert early.status_code == 400


async def test_the_page_of_proof_gives_the_checkpoint_and_the_key_that_signed_it(host: Folder) -> None:
    async with asking(host) as client:
        note = (await client.get("/api/v1/checkpoint")).text
        answer = await client.get("/transparency?entry=58", headers={"accept": "text/html"})
        key = (await client.get("/log/keys")).json()["keys"][-1]
        missing = [(await client.get(f"/transparency?entry={entry}")).status_code for entry in ("x", "-1", "9" * 20)]
    assert all(line in answer.text for line in note.strip().splitlines() if "+" not in line)
    assert f'value="{key}"' in answer.text and 'data-entry="58"' in answer.text
    assert "First transferred" in answer.text and "/proof.js" in answer.text
    assert missing == [404, 404, 404]


async def test_the_glossary_has_every_term_finds_either_language_and_marks_what_is_provisional(book: Folder) -> None:
    async with asking(book) as client:
        page = await seen(client, "/glossary")
        found = await seen(client, "/glossary?text=%E9%A6%96%E6%AC%A1%E8%BD%89%E8%AE%93")
        none = await seen(client, "/glossary?text=%3Cscript%3E")
    assert all(re.sub(r"\s+", " ", term["en"]) in page.text for term in glossary().values())
    provisional = sum(term["provisional"] for term in reference.terms())
    assert provisional and page.text.count(Texts("en")("web.glossary.provisional")) == provisional
    assert "first transfer" in found.text and "averaging" not in found.text
    assert Texts("en")("web.glossary.none") in none.text


async def test_the_reference_of_the_api_has_every_operation_of_the_document(book: Folder) -> None:
    told = msgspec.json.decode(document())
    wanted = {each["operationId"] for methods in told["paths"].values() for each in methods.values()}
    shown: set[str] = set()
    async with asking(book) as client:
        for tag in reference.api()["tags"]:
            answer = await client.get(f"/api?tag={tag['name']}", headers={"accept": "text/html"})
            shown |= set(re.findall(r'<details class="operation" id="([^"]+)"', answer.text))
        other = await seen(client, "/api?tag=none")
        office = {lang: (await seen(client, f"/api?tag=office&lang={lang}")).text for lang in ("en", "zh-Hant")}
    assert shown == wanted
    summary = next(each for path in told["paths"].values() for each in path.values() if each["tags"] == ["office"])
    assert summary["summary"] in office["en"] and summary["summary"] not in office["zh-Hant"]
    assert summary[IN_CHINESE] in office["zh-Hant"] and summary[IN_CHINESE] not in office["en"]
    assert "/api/v1/registry" in other.text


async def test_what_may_be_claimed_is_said_for_every_end_in_both_languages(book: Folder) -> None:
    async with asking(book) as client:
        for language in ("en", "zh-Hant"):
            page = await seen(client, f"/claims?lang={language}")
            for status in EndStatus:
                assert Texts(language)(f"claim.status.{status.value}") in page.text
            assert page.text.count(Texts(language)("claim.statement.carbon_neutral")) == len(EndStatus)


async def test_robots_stay_out_of_desks_and_the_statement_names_who_keeps_the_register(book: Folder) -> None:
    async with asking(book) as client:
        robots = await client.get("/robots.txt")
        page = await seen(client, "/accessibility")
    assert robots.headers["content-type"].startswith("text/plain") and "Disallow: /desk/" in robots.text
    assert "Thailand <泰國>" in page.text
