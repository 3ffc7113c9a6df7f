"""Journeys 1 to 4: the authority, the administrator, the developer, the verifier."""

import json
import re

import pytest
from playwright.sync_api import Page

from counterfoil.adapters.clock.system import SystemClock
from tests.browser.journeys.walk import CROSSED, SEE, STRAIGHT, Walking

YEAR = SystemClock().now_ms() // 31_556_952_000 + 1969
"""The year before this one: the world of the demonstration ends today."""


@pytest.mark.parametrize("look", STRAIGHT, ids="-".join)
def test_an_authority_drafts_a_letter_two_sign_it_and_it_is_public(walking: Walking, look: tuple[str, str]) -> None:
    walk = walking(1, look)
    letter = f"LOA-{walk.mark}"
    first = walk.enter("authority_1")
    walk.see(first, "tasks")
    walk.go(first, "/desk/authorizations")
    walk.see(first, "desk")
    # It waits until the first of these walks has given it a letter.
    given = re.search(r"\bLOA-(EN|ZH)", walk.text(first)) is not None
    assert first.locator("main a[href*='activity=DEMO-BIOGAS']").count() == (0 if given else 1)
    walk.go(first, "/desk/authorizations/new?activity=DEMO-BIOGAS&template=ndc")
    walk.fill(first, authorization=letter, vintages=YEAR + 1, authorized_quantity=20_000, last_use_on="2032-12-31")
    walk.fill(first, underlying_references="agreed between the Parties", gases="CO2")
    walk.fill(first, initial_report_justification="The initial report is being prepared")
    first.click("button[value=preview]")
    assert "20,000" in first.locator("#preview").inner_text(), "the letter beside the form says the quantity"
    walk.see(first, "draft")
    walk.effect(first)
    walk.see(first, "effect")
    path = walk.propose(first, "Reviewed · 已審查")
    second = walk.enter("authority_2")
    walk.go(second, path)
    assert letter in walk.text(second)
    walk.see(second, "proposal")
    walk.approve(second, path)
    walk.see(second, "receipt")
    guest = walk.guest()
    walk.go(guest, f"/authorizations/{letter}")
    assert "20,000" in walk.text(guest)
    walk.see(guest, "published")
    pdf = guest.request.get(f"{walk.server.address}/authorizations/{letter}/letter.en.pdf")
    assert pdf.body().startswith(b"%PDF"), pdf.status


@pytest.mark.parametrize("look", CROSSED, ids="-".join)
def test_an_authority_changes_a_letter_and_sets_a_quota(walking: Walking, look: tuple[str, str]) -> None:
    walk = walking(1, look)
    first, second = walk.enter("authority_1"), walk.enter("authority_2")
    less = 49_000 if look == CROSSED[0] else 48_000
    walk.go(first, "/desk/authorizations/DEMO-LOA-1")
    walk.see(first, "letter")
    first.locator("main a[href*='acts/ChangeAuthorization']").click()
    walk.fill(first, statement=f"CHANGE-{walk.mark}", reason="By agreement · 經合意", authorized_quantity=less)
    walk.fill(first, only_untransferred="yes")
    walk.see(first, "change")
    walk.effect(first)
    walk.see(first, "change-effect")
    walk.approve(second, walk.propose(first, "As agreed"))
    walk.go(second, "/authorizations/DEMO-LOA-1")
    assert f"{less:,}" in walk.text(second)
    walk.see(second, "changed")
    walk.go(first, "/desk/acts/SetQuota")
    walk.fill(first, quota=f"Q-{walk.mark}", level="nation", year=YEAR + 1, quantity_t=90_000)
    walk.effect(first)
    walk.see(first, "quota-effect")
    if first.locator("button[value=sign]").count():
        walk.sign(first)
    else:
        walk.approve(second, walk.propose(first, "Quota"))
    walk.go(first, "/desk/authorizations")
    assert f"Q-{walk.mark}" in walk.text(first) and "90,000" in walk.text(first)
    walk.see(first, "quota")


@pytest.mark.parametrize("look", CROSSED, ids="-".join)
def test_an_administrator_opens_an_account_and_issues_with_four_eyes(walking: Walking, look: tuple[str, str]) -> None:
    walk = walking(2, look)
    first, second = walk.enter("administrator_1"), walk.enter("administrator_2")
    walk.go(first, "/desk/tasks")
    walk.see(first, "tasks")
    walk.go(first, "/desk/accounts")
    walk.see(first, "accounts")
    account = f"tha:journey-{look[1]}"
    first.locator("main a[href*='acts/OpenAccount']").first.click()
    walk.fill(first, account=account, holder="DEMO-DEVELOPER", name="Second account · 第二帳戶")
    walk.see(first, "account-form")
    walk.effect(first)
    walk.see(first, "account-effect")
    walk.approve(second, walk.propose(first, "Known · 已認識客戶"))
    walk.go(first, "/desk/acts/Issue")
    walk.fill(first, activity="DEMO-ROOFS", verification="DEMO-ROOFS-M1-V", vintage=YEAR, quantity=25, account=account)
    walk.fill(first, authorization="DEMO-LOA-1")
    walk.effect(first)
    walk.see(first, "issue-effect")
    path = walk.propose(first, "Verified · 已查證")
    first.goto(f"{walk.server.address}{path}")
    assert first.locator("button[value=approve]").count() == 0, "who put it forward does not approve it"
    walk.approve(second, path)
    walk.see(second, "issued")
    walk.go(first, f"/desk/accounts/{account}")
    assert "25" in walk.text(first)
    walk.see(first, "statement")


@pytest.mark.parametrize("look", STRAIGHT, ids="-".join)
def test_a_developer_registers_monitors_transfers_and_reads_a_statement(
    walking: Walking, look: tuple[str, str]
) -> None:
    walk = walking(3, look)
    page = walk.enter("developer")
    walk.go(page, "/desk/activities")
    walk.see(page, "activities")
    walk.go(page, "/desk/activities/boundary")
    _draw(page)
    square = {"type": "Polygon", "coordinates": [[[100, 15], [100.1, 15], [100.1, 15.1], [100, 15.1], [100, 15]]]}
    page.set_input_files(
        "input[type=file]",
        {"name": "boundary.geojson", "mimeType": "application/geo+json", "buffer": json.dumps(square).encode()},
    )
    page.locator("main form[enctype] button[type=submit], main form button[type=submit]").first.click()
    walk.see(page, "boundary")
    walk.go(page, "/desk/acts/ProposeActivity")
    walk.fill(page, activity=f"J-{walk.mark}", title="Rice fields · 稻田 <b>", mitigation_type="reduction")
    walk.fill(page, sector="Agriculture", activity_type="Rice", methodology="dry seeding", stage="approval")
    walk.fill(page, participants="DEMO-DEVELOPER")
    walk.see(page, "activity-form")
    walk.effect(page)
    walk.see(page, "activity-effect")
    walk.sign(page)
    walk.go(page, f"/activities/J-{walk.mark}")
    assert "Rice fields · 稻田 <b>" in walk.text(page)
    walk.see(page, "activity")
    walk.go(page, "/desk/activities/monitoring?activity=DEMO-ROOFS")
    page.fill("[name=activity]", "DEMO-ROOFS")
    table = f"year,quantity\n{YEAR + 1},4321\n".encode()
    page.set_input_files("[name=file]", {"name": "table.csv", "mimeType": "text/csv", "buffer": table})
    page.locator("main form[enctype] button[type=submit]").first.click()
    assert "4,321" in walk.text(page) or page.locator("input[value='4321']").count()
    walk.see(page, "monitoring")
    walk.go(page, "/desk/units")
    walk.see(page, "units")
    page.locator("main table a").first.click()
    walk.see(page, "block")
    page.locator("main a[href*='act/transfer']").first.click()
    begun = int(page.input_value("[name='f.units.first']"))
    walk.fill(page, units__last=begun + 9, target="tha:demo-company")
    walk.effect(page)
    assert "10" in walk.text(page)
    walk.see(page, "transfer-effect")
    walk.sign(page)
    walk.go(page, "/desk/accounts/tha:demo-developer")
    walk.see(page, "statement")


@pytest.mark.parametrize("look", CROSSED, ids="-".join)
def test_a_verifier_says_what_was_verified_and_no_more(walking: Walking, look: tuple[str, str]) -> None:
    walk = walking(4, look)
    page = walk.enter("verifier")
    walk.see(page, "tasks")
    walk.go(page, "/desk/acts/Verify?monitoring=DEMO-ROOFS-M2&verifier=DEMO-VERIFIER")
    walk.fill(page, verification=f"V-{walk.mark}", verified__0__vintage=YEAR, verified__0__quantity=9_501)
    walk.fill(page, statement="Statement of verification · 查證聲明")
    page.click(SEE)
    assert "#" in (page.locator("#summary a").first.get_attribute("href") or ""), "more than was monitored"
    walk.see(page, "too-much")
    if look == CROSSED[0]:  # a report is verified once
        walk.fill(page, verified__0__quantity=9_500)
        walk.effect(page)
        walk.see(page, "effect")
        walk.sign(page)
        walk.see(page, "receipt")


def _draw(page: Page) -> None:
    """Corners set by clicks and by the keyboard stand in the list, which is what a browser without a map has alone."""
    drawn, corners = page.locator("#draw-map[data-ready=yes]"), page.locator("#corners")
    drawn.wait_for(timeout=30_000)
    for place in ((60, 80), (120, 80), (120, 140)):
        drawn.click(position={"x": place[0], "y": place[1]})
    lines = corners.input_value().splitlines()
    assert len(lines) == 3
    (north, west), (same, east), (south, below) = ([float(each) for each in line.split(",")] for line in lines)
    assert abs(north - same) < 1e-6 and north > south and west < east and abs(east - below) < 1e-6
    page.locator("#draw-here").press("Enter")
    assert len(corners.input_value().splitlines()) == 4
    page.locator("#draw-undo").click()
    page.locator("#draw-clear").click()
    assert corners.input_value() == ""
