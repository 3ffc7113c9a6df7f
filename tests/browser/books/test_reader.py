"""Journey 7, as far as it is public: a report compiler or reviewer reads what was filed, and goes to its proof."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from counterfoil.entrypoints.language import Texts
from tests.browser.serving import Server
from tests.browser.window import Windows

PAGES = {
    "authorizations": "/authorizations",
    "authorization": "/authorizations/THA-LOA-DEMO-1",
    "transfers": "/transfers",
    "transfer": "/transfers/demo-6",
    "partners": "/partners",
    "balance": "/balance",
    "balance-entries": "/balance/entries",
    "reports": "/reports",
    "report-summary": "/reports/summary/2025",
    "data": "/data",
    "data-list": "/data/authorizations",
    "transparency": "/transparency",
    "corrections": "/corrections",
    "glossary": "/glossary",
    "api": "/api",
    "claims": "/claims",
    "accessibility": "/accessibility",
    "design": "/design",
}


@pytest.mark.parametrize("visitor", [("en", "desktop", "light"), ("zh-Hant", "phone", "dark")], ids="-".join)
def test_the_open_books_are_readable_for_everybody(
    page_for: Windows,
    host: Server,
    axe: Callable[[Page], list[str]],
    shot: Callable[[Page, str], Path],
    visitor: tuple[str, str, str],
) -> None:
    """`test_every_page` has axe look at them in the light; here it looks at the colours of the dark."""
    language, size, theme = visitor
    page = page_for(language, size, theme)
    for name, path in PAGES.items():
        page.goto(f"{host.address}{path}")
        assert theme == "light" or not axe(page), name
        shot(page, f"books-{name}")


@pytest.mark.parametrize("language, size", [("en", "desktop"), ("zh-Hant", "phone")])
def test_a_reviewer_follows_a_filed_report_to_its_bytes_and_its_proof(
    page_for: Windows, host: Server, tmp_path: Path, language: str, size: str
) -> None:
    text = Texts(language)
    page = page_for(language, size)
    page.goto(f"{host.address}/reports")
    page.get_by_role("link", name="initial:THA:*", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(text("web.report.initial"))
    row = page.locator("table.list tr", has=page.get_by_role("link", name="initial-THA-2023-v1.0.json"))
    digest = row.locator("code").inner_text()
    with page.expect_download() as waiting:
        row.get_by_role("link").click()
    target = tmp_path / "report.json"
    waiting.value.save_as(target)
    assert hashlib.sha256(target.read_bytes()).hexdigest() == digest, "the file is the one that was filed"
    page.get_by_role("link", name=text("web.prove").partition("{")[0].strip()).first.click()
    expect(page.locator("#proof [role=status]")).to_have_class("note good")


@pytest.mark.parametrize("language, size", [("en", "desktop"), ("zh-Hant", "phone")])
def test_a_reader_goes_from_a_figure_of_the_balance_to_the_act_behind_it(
    page_for: Windows, host: Server, language: str, size: str
) -> None:
    page = page_for(language, size)
    page.goto(f"{host.address}/balance")
    assert Texts(language)("web.undetermined") in page.inner_text("main")
    page.locator("tbody th a[href*='year=2022']").first.click()
    expect(page.locator("table.list tbody tr")).to_have_count(1)
    assert "1,916" in page.inner_text("table.list")
    page.locator("table.list tbody th a").click()
    expect(page).to_have_url(f"{host.address}/entries/58")


def test_the_glossary_finds_while_it_is_typed(page_for: Windows, host: Server) -> None:
    page = page_for()
    page.goto(f"{host.address}/glossary")
    page.get_by_role("searchbox", name=Texts("en")("web.glossary.find")).press_sequentially("vintage")
    expect(page.locator("dl.terms > div")).to_have_count(1)
