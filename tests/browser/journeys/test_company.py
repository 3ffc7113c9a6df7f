"""Journey 6: a company under a carbon tax looks for units that cover it, and shows a certificate that proves itself."""

import pytest
from playwright.sync_api import expect

from tests.browser.journeys.walk import CROSSED, SEE, Walking


@pytest.fixture(scope="module")
def party() -> str:
    """A Party whose law has a charge that units may cover."""
    return "SGP"


@pytest.mark.parametrize("look", CROSSED, ids="-".join)
def test_a_company_is_told_what_its_charge_does_not_accept_and_gets_a_certificate_for_units_that_end(
    walking: Walking, look: tuple[str, str]
) -> None:
    walk = walking(6, look)
    page = walk.enter("company")
    walk.go(page, "/desk/units/liabilities")
    walk.see(page, "liabilities")
    page.locator("main a[href*='DEMO-2025']").first.click()
    walk.see(page, "liability")
    walk.go(page, "/desk/units")
    walk.see(page, "units")
    page.locator("main table a").first.click()
    walk.see(page, "block")
    page.locator("main a[href*='act/declare']").click()
    begun = int(page.input_value("[name='f.units.first']"))
    walk.fill(page, surrender=f"S-{walk.mark}", liability="DEMO-2025", effect="ndc", units__last=begun + 99)
    walk.see(page, "declare")
    page.click(SEE)
    # The list of the scheme names no such units, and the page says so beside the form: what was typed stays.
    expect(page.locator("#summary code")).to_have_text("policy.eligibility.not_listed")
    assert page.input_value("[name='f.surrender']") == f"S-{walk.mark}"
    walk.see(page, "refused")
    walk.go(page, "/desk/units")
    page.locator("main table a").first.click()
    page.locator("main a[href*='act/omge']").click()
    walk.fill(page, units__last=begun + 99, beneficiary="A hospital · 某醫院")
    walk.effect(page)
    assert "100" in walk.text(page)
    walk.see(page, "effect")
    second = walk.enter("administrator_1")
    entry = walk.approve(second, walk.propose(page, "For the atmosphere · 整體減緩"))
    walk.see(second, "receipt")
    walk.go(page, f"/desk/units/certificates/{entry}")
    assert "A hospital · 某醫院" in walk.text(page)
    assert page.locator("figure svg").count() == 1, "the code that proves it"
    walk.see(page, "certificate")
