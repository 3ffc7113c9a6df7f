"""Journey 6: a company under a carbon tax covers it with units up to the legal share, and shows what proves it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys.walk import CROSSED, SEE, Walk, Walking

SHARE_T = 10_000
"""5 % of the 200,000 taxable tonnes of each year."""
YEARS = {"en": "DEMO-2025", "zh-Hant": "DEMO-2024"}
"""Each walk covers a year of its own: a share that is full stays full."""


@pytest.fixture(scope="module")
def party() -> str:
    """A Party whose law has a charge that units may cover."""
    return "SGP"


def declare(walk: Walk, page: Page, host: str) -> int:
    """To the form that declares the first block born in a Party; its first serial."""
    walk.go(page, "/desk/units")
    page.locator(f"main table a[href*='-{host}-']").first.click()
    page.locator("main a[href*='act/declare']").click()
    return int(page.input_value("[name='f.units.first']"))


@pytest.mark.parametrize("look", CROSSED, ids="-".join)
def test_a_company_fills_its_legal_share_with_listed_units_and_gets_a_certificate_that_proves_itself(
    walking: Walking, look: tuple[str, str]
) -> None:
    walk = walking(6, look)
    page, name = walk.enter("company"), YEARS[look[0]]
    walk.go(page, "/desk/units/liabilities")
    walk.see(page, "liabilities")
    page.locator(f"main a[href*='{name}']").first.click()
    assert f"{SHARE_T:,}" in walk.text(page)
    walk.see(page, "liability")
    # Units of its own country are on no list of the scheme: the page says so beside the form, and keeps what was typed.
    begun = declare(walk, page, "SGP")
    walk.fill(page, liability=name, surrender=f"S-{walk.mark}", units__last=begun + 99)
    page.click(SEE)
    expect(page.locator("#summary code")).to_have_text("policy.eligibility.not_listed")
    assert page.input_value("[name='f.surrender']") == f"S-{walk.mark}"
    walk.see(page, "refused")
    # Listed ones are, but no more of them than the share: the way out stands beside the field.
    begun = declare(walk, page, "GHA")
    walk.fill(page, liability=name, units__last=begun + SHARE_T)
    walk.see(page, "declare")
    page.click(SEE)
    expect(page.locator("#summary code")).to_have_text("declaring.above_share")
    last = begun + SHARE_T - 1
    assert str(last) in page.locator(".field.wrong:has([name='f.units.last'])").inner_text()
    walk.see(page, "above")
    walk.fill(page, units__last=last)
    page.click(SEE)
    # What only people know is asked for at once, each with a field.
    expect(page.locator("#summary code")).to_have_text("policy.fact_missing")
    page.get_by_role("textbox", name=ASKED[look[0]][0]).fill("Gold Standard")
    page.get_by_role("textbox", name=ASKED[look[0]][1]).fill("efficient cookstoves")
    walk.effect(page)
    walk.see(page, "effect")
    entry = walk.approve(walk.enter("administrator_1"), walk.propose(page, "For the year's charge · 抵扣當年費額"))
    walk.go(page, f"/desk/units/liabilities/{name}")
    assert float(page.locator("meter").get_attribute("value") or 0) == SHARE_T, "the share is full"
    walk.see(page, "covered")
    page.locator(f"main a[href*='certificates/{entry}']").click()
    assert f"{SHARE_T:,}" in walk.text(page)
    assert page.locator("figure svg").count() == 1, "the code that proves it"
    walk.see(page, "certificate")
    # Whoever has the certificate follows its code, without being anybody here, and has the journal prove it.
    stranger = walk.guest()
    claim = page.locator("main a[href*='letter?']").get_attribute("href") or ""
    walk.go(stranger, f"/letter?{claim.partition('?')[2]}")
    expect(stranger.locator(".note.good")).to_be_visible()
    walk.see(stranger, "checked")
    stranger.locator("main a[href*='transparency']").click()
    expect(stranger.locator("#proof [role=status].good")).to_be_visible()
    walk.see(stranger, "proved")


ASKED = {
    "en": ("Crediting programme or standard", "Methodology"),
    "zh-Hant": ("額度機制或標準", "方法學"),
}
