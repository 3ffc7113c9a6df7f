"""A developer sends a monitoring report from its page: the file is looked at, kept, and named by its digest."""

import csv
import hashlib
import io
import json
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from counterfoil.adapters.evidence.files import FileEvidence
from counterfoil.entrypoints.cli.reading import looking
from tests.http.desk import open_site
from tests.web.acts.stage import Browser, hidden, seq_of
from tests.web.desk.supply import Supply, laid_out, supply

__all__ = ["laid_out", "supply"]
pytestmark = pytest.mark.anyio
PAGE = "/desk/activities/monitoring"


async def upload(browser: Browser, data: bytes, **fields: str) -> httpx.Response:
    files = {"file": ("table.csv", data, "text/csv")}
    return await browser.client.post(PAGE, data={"csrf": browser.csrf, **fields}, files=files)


async def kept(browser: Browser, data: bytes, activity: str = "ROOFS") -> str:
    """The address of the page that sends the report."""
    looked = await upload(browser, data, activity=activity)
    assert looked.status_code == 200, looked.text
    fields = hidden(looked.text)
    sent = await upload(browser, b"", do="keep", digest=fields["digest"], activity=fields["activity"])
    assert sent.status_code == 303, sent.text
    return "/" + sent.headers["location"].lstrip("./")


async def test_a_report_says_what_its_file_says_and_names_it_by_its_digest(supply: Supply) -> None:
    data = b"vintage,quantity,first day,last day\n2024,1200,2024-01-01,2024-06-30\n"
    digest = hashlib.sha256(data).hexdigest()
    store = FileEvidence(supply.desk.folder.evidence)
    async with supply.desk.browser(supply.developer) as browser:
        assert store.get(digest) is None
        path = await kept(browser, data)
        assert store.get(digest) == data
        page = await browser.get(path)
        fields = {"f.id": hidden(page.text)["f.id"], "f.monitoring": "ROOFS-M9"}
        assert 'value="ROOFS-M3"' in page.text, "the next free name is proposed"
        assert 'value="2024-06-30"' in page.text and digest in page.text
        assert "<i>on" not in page.text
        typed = {**fields, "f.first_day": "2024-01-01", "f.last_day": "2024-06-30", "f.monitored.0.quantity": "999999"}
        looked = await browser.post(path, {**typed, "f.evidence": "0" * 64, "step": "look"})
        assert looked.status_code == 200, looked.text
        seq_of(await browser.post(path, {**hidden(looked.text), "step": "sign"}))
    with looking(supply.desk.folder.path) as sight:
        record = sight.record("monitoring", "ROOFS-M9")
    assert record["monitored"] == [{"vintage": 2024, "quantity": 1200}], (
        "what was typed over the file counts for nothing"
    )
    assert record["evidence"] == [digest]


async def test_a_row_that_cannot_be_taken_says_its_field_and_the_way_out_in_both_languages(supply: Supply) -> None:
    data = b"2024,<b>x</b>\n2022,5\n2019,5\n"
    async with open_site(supply.desk.folder, supply.desk.stage.at_hand) as site:
        for language, words in (
            ("en", ("Write a whole number above zero", "Another report covers", "Outside of the crediting periods")),
            ("zh-Hant", ("請填大於零之整數", "另一報告書已涵蓋", "不在計入期內")),
        ):
            browser = supply.desk.on(site, supply.developer, language)
            looked = await upload(browser, data, activity="ROOFS")
            assert all(word in looked.text for word in words), looked.text
            assert "<b>x" not in looked.text and "digest" not in hidden(looked.text)


async def test_nobody_reports_on_an_activity_of_others_or_on_none(supply: Supply) -> None:
    async with supply.desk.browser(supply.developer) as browser:
        for activity, words in (("WINDS", "takes no part in WINDS"), ("NONE", "No activity is called NONE")):
            looked = await upload(browser, b"2024,5\n", activity=activity)
            assert looked.status_code == 422
            assert words in looked.text and "digest" not in hidden(looked.text)


async def test_a_file_of_json_may_say_its_activity(supply: Supply) -> None:
    said = {"activity": "ROOFS", "monitored": [{"vintage": 2025, "quantity": 7}]}
    async with supply.desk.browser(supply.developer) as browser:
        path = await kept(browser, json.dumps(said).encode(), activity="")
        assert parse_qs(urlsplit(path).query)["activity"] == ["ROOFS"]


async def test_a_file_that_is_forgotten_is_asked_for_again_and_what_was_typed_comes_back(supply: Supply) -> None:
    async with open_site(supply.desk.folder, supply.desk.stage.at_hand) as site:
        browser, other = (supply.desk.on(site, who) for who in (supply.developer, supply.desk.anna))
        path = await kept(browser, b"2025,7\n")
        gone = await other.post(path, {"f.monitoring": "MY-NAME", "f.first_day": "2025-01-01", "step": "look"})
        assert gone.status_code == 303, "another's file is nobody else's"
        back = "/" + gone.headers["location"].lstrip("./")
        assert "no longer kept" in (await other.get(back)).text
        assert 'name="monitoring" value="MY-NAME"' in (await other.get(back)).text


async def test_templates_of_each_kind_are_read_by_the_page_once_they_are_filled_in(supply: Supply) -> None:
    from counterfoil.adapters.documents.xlsx_reading import read_workbook
    from counterfoil.domain.reporting.aef_workbook import RawWorkbook

    async with open_site(supply.desk.folder, supply.desk.stage.at_hand) as site:
        for language, head in (("en", "vintage*"), ("zh-Hant", "減量年份*")):
            browser = supply.desk.on(site, supply.developer, language)
            table = await browser.get(f"{PAGE}/template/csv")
            assert next(csv.reader(io.StringIO(table.text.removeprefix("\ufeff"))))[0] == head
            filled = table.content + b"2024,12,2024-07-01,2024-07-31\r\n"
            assert "12 units" in (await upload(browser, filled, activity="ROOFS")).text or language != "en"
            book = read_workbook((await browser.get(f"{PAGE}/template/xlsx")).content)
            assert isinstance(book, RawWorkbook) and next(iter(book.sheets[0].rows))[0] == head
        blank = (await browser.get(f"{PAGE}/template/json?activity=ROOFS")).json()
        assert blank["activity"] == "ROOFS" and set(blank["monitored"][0]) >= {"vintage", "quantity"}
        assert (await browser.get(f"{PAGE}/template/exe")).status_code == 404
