"""Units in the browser: what the books allow for a block, the way of an act, and the certificate that proves itself."""

import re
from typing import Any

import pytest

from counterfoil.application.office.people import add_organisation
from counterfoil.application.queries.letters import LetterKind
from counterfoil.entrypoints.cli.reading import looking
from counterfoil.entrypoints.letters.claim import SCHEME, read_claim
from tests.http.desk import HELD, OTHER, open_site
from tests.office.stage import member
from tests.web.acts.stage import Browser, Desk
from tests.web.desk.two_persons import done_by_two

pytestmark = pytest.mark.anyio
BLOCK = "/desk/units/BR-%23%201"


def codes(page: str) -> list[str]:
    return re.findall(r"<code>((?:use|cancellation|coverage|retirement)\.\w+)</code>", page)


async def test_a_block_says_what_the_books_allow_and_why_they_refuse_the_rest(desk: Desk) -> None:
    """Units of the Kyoto Protocol: they may be cancelled voluntarily, and counted for nobody's NDC."""
    with looking(desk.folder.path) as sight:
        held = next(iter(sight.holdings_between("BR-#", 1, 1)))
    async with desk.browser(desk.anna) as browser:
        page = await browser.get(BLOCK)
        assert page.status_code == 200
        assert f"{held.serials.size:,}" in page.text
        assert HELD in page.text
        open_now = re.findall(r"units/act/(\w+)\?", page.text)
        assert "voluntary" in open_now
        assert "transfer" in open_now
        assert "omge" not in open_now
        assert any(code.startswith("cancellation.") for code in codes(page.text))
        part = await browser.get(f"{BLOCK}?first=11&last=20")
        assert "units.first=11" in part.text
        assert "units.last=20" in part.text


async def test_a_serial_outside_the_block_is_never_taken(desk: Desk) -> None:
    async with desk.browser(desk.anna) as browser:
        page = (await browser.get(f"{BLOCK}?first=-5&last=99999999")).text
        assert "units.last=99999999" not in page
        assert "units.first=1&" in page
        assert (await browser.get("/desk/units/BR-%23%20x")).status_code == 404
        assert (await browser.get("/desk/units/nothing%201")).status_code == 404


async def ended(desk: Desk, site: Any) -> tuple[Browser, int]:
    """Ten units cancelled by the wizard and a second officer; the number of the entry."""
    browser = desk.on(site, desk.anna)
    path = "/desk/units/act/voluntary?" + "&".join(f"{name}={value}" for name, value in QUERY.items())
    assert 'name="f.units.first" inputmode="numeric" value="11"' in (await browser.get(path)).text
    fields = {
        "f.units.unit_class": "BR-#",
        "f.units.first": "11",
        "f.units.last": "20",
        "f.account": HELD,
        "f.purpose": "voluntary",
        "f.beneficiary": "Example <Air>",
    }
    seq = await done_by_two(browser, desk.on(site, desk.bela), path, fields)
    assert f"/desk/units/certificates/{seq}" in (await browser.get(f"/desk/receipts/{seq}")).text
    return browser, seq


QUERY = {"units.unit_class": "BR-%23", "units.first": 11, "units.last": 20, "account": HELD, "purpose": "voluntary"}


async def test_ending_units_gives_a_certificate_whose_code_the_register_itself_answers(desk: Desk) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        browser, seq = await ended(desk, site)
        page = (await browser.get(f"/desk/units/certificates/{seq}")).text
        assert "Example &lt;Air&gt;" in page
        assert "<svg" in page and 'class="qr"' in page
        link = re.search(r'href="[^"]*letter\?([^"]+)"', page)
        assert link is not None
        query = link[1].replace("&amp;", "&")
        claim = read_claim(f"{SCHEME}?{query}")
        assert claim is not None and (claim.kind, claim.entry) == (LetterKind.RETIREMENT, seq)
        with looking(desk.folder.path) as sight:
            row = sight.reading.row(seq)
            assert row is not None and claim.leaf == row.leaf_hash.hex()
        answer = (await browser.get(f"/letter?{query}")).text
        assert 'class="note good"' in answer
        lied = (await browser.get(f"/letter?{query.replace(claim.leaf, '0' * 64)}")).text
        assert 'class="note good"' not in lied


async def test_the_certificate_is_had_as_pdf(desk: Desk) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        browser, seq = await ended(desk, site)
        file = await browser.get(f"/desk/units/certificates/{seq}/en.pdf")
        assert file.status_code == 200
        assert file.content.startswith(b"%PDF-")
        assert (await browser.get("/desk/units/certificates/1")).status_code in (404, 409, 422)


async def test_a_holder_sees_the_units_of_its_own_body_and_of_nobody_else(desk: Desk) -> None:
    add_organisation(desk.stage.office, organisation="trader", kind="company", name="Trader", actor="local")
    trader = member(desk.stage, "trader@example.org", "holder", "trader")
    async with desk.browser(trader) as browser:
        page = (await browser.get("/desk/units")).text
        assert OTHER in page
        assert HELD not in page
        assert HELD not in (await browser.get(f"/desk/units?account={HELD}")).text
        assert HELD not in (await browser.get("/desk/units.csv")).text
        assert (await browser.get(BLOCK)).status_code == 404


async def test_the_wizard_for_partners_says_what_their_registry_checks(desk: Desk) -> None:
    async with desk.browser(desk.anna, "zh-Hant") as browser:
        page = (await browser.get("/desk/units/act/propose?parts.0.unit_class=BR-%23&parts.0.first=1")).text
        assert "夥伴登錄系統將查核之事項" in page
        assert 'name="f.parts.0.first"' in page
        assert HELD in page, "the block that was chosen stands beside the form"


async def test_liabilities_teach_where_there_are_none(desk: Desk) -> None:
    async with desk.browser(desk.anna) as browser:
        page = await browser.get("/desk/units/liabilities")
        assert page.status_code == 200
        assert "No liability is filed" in page.text
        assert (await browser.get("/desk/units/liabilities/nothing")).status_code == 404
    async with desk.browser(None) as browser:
        assert (await browser.get("/desk/units")).status_code != 200
