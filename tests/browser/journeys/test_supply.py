"""Journeys 1 to 4: the authority, the administrator, the developer, the verifier."""

import json
import re
from hashlib import sha256

import pytest
from playwright.sync_api import Page, expect

from counterfoil.adapters.clock.system import SystemClock
from tests.browser.journeys.papers import XLSX, findings, registry_of, workbook
from tests.browser.journeys.walk import CROSSED, SEE, STRAIGHT, Walk, Walking

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
    issued = walk.approve(second, path)
    walk.see(second, "issued")
    walk.go(first, f"/desk/accounts/{account}")
    assert "25" in walk.text(first)
    walk.see(first, "statement")
    # It was a mistake: the issuance is reversed by another entry that names it.
    walk.go(first, f"/desk/acts/Correct?entry={issued}")
    walk.fill(first, authority="Registry administrator", reason="Issued twice · 重複核發")
    walk.effect(first)
    walk.see(first, "reversal-effect")
    walk.approve(second, walk.propose(first, "Reversed · 更正"))
    walk.go(first, f"/entries/{issued}")
    expect(first.locator("main .note.warn")).to_have_count(1)
    walk.see(first, "reversed")
    walk.go(first, f"/desk/accounts/{account}")
    assert first.locator("dl.figures .value").first.inner_text() == "0"


def _applied(walk: Walk, name: str) -> tuple[str, bytes]:
    """Somebody applies for an account, as the public may; the number of the application, and its paper."""
    paper = f"Deed of {name} {walk.mark}".encode()
    asked = {
        "organisation": f"{name}-{walk.mark}",
        "kind": "company",
        "name": f"{name} · 申請人 <b>{walk.mark}</b>",
        "mail": "applicant@demo.example",
        "account": f"tha:{name}-{walk.mark}".lower(),
        "documents": [sha256(paper).hexdigest()],
        "owners": [{"name": "Owner · 受益人", "country": "THA", "percent": 60}],
    }
    made = walk.guest().request.post(f"{walk.server.address}/api/v1/office/applications", data=asked)
    assert made.status == 201, made.text()
    return made.json()["application"], paper


@pytest.mark.parametrize("look", CROSSED, ids="-".join)
def test_an_administrator_decides_about_applicants_and_opens_the_account(
    walking: Walking, look: tuple[str, str]
) -> None:
    walk = walking(2, look)
    first, second = walk.enter("administrator_1"), walk.enter("administrator_2")
    (yes, paper), (no, _) = _applied(walk, "YES"), _applied(walk, "NO")
    walk.go(first, "/desk/accounts/applications")
    walk.see(first, "applications")
    walk.go(first, f"/desk/accounts/applications/{no}")
    first.fill("#reason", "The deed does not name the owners · 契約未載明受益人")
    first.click("#reject button")
    assert "契約未載明受益人" in walk.text(first) and first.locator("#approve").count() == 0
    walk.see(first, "rejected")
    place = f"/desk/accounts/applications/{yes}"
    walk.go(first, place)
    first.click("#papers ~ details summary")
    first.set_input_files("#file", {"name": "deed.pdf", "mimeType": "application/pdf", "buffer": paper})
    first.click("#paper button")
    first.fill("#valid_until", "2035-12-31")
    walk.see(first, "application")
    first.click("#approve button")
    first.wait_for_url("**done=endorsed*")
    walk.go(second, place)
    walk.see(second, "endorsed")
    second.click("#approve button")
    second.wait_for_url("**done=approved*")
    walk.see(second, "approved")
    for act in ("RecordKyc", "OpenAccount"):
        walk.go(first, place)
        first.click(f"a[href*='acts/{act}']")
        walk.effect(first)
        walk.approve(second, walk.propose(first, "Known · 已認識客戶"))
    walk.go(second, f"/desk/accounts/tha:yes-{walk.mark.lower()}")
    assert "2035" in walk.text(second)
    walk.see(second, "opened")


@pytest.mark.parametrize("look", CROSSED, ids="-".join)
def test_an_administrator_holds_units_lifts_the_hold_and_looks_after_the_registry(
    walking: Walking, look: tuple[str, str]
) -> None:
    walk = walking(2, look)
    first, second = walk.enter("administrator_1"), walk.enter("administrator_2")
    hold = f"HOLD-{walk.mark}"
    walk.go(first, "/desk/units?account=tha:demo-developer")
    first.locator("main table a").first.click()
    first.click("a[href*='holds/new']")
    walk.fill(first, hold=hold, authority="High Court · 高等法院", reason="Dispute · 爭議 <b>")
    walk.see(first, "hold-form")
    walk.effect(first)
    walk.approve(second, walk.propose(first, "Ordered · 依命令"))
    walk.go(second, f"/desk/accounts/holds/{hold}")
    assert "高等法院" in walk.text(second) and "爭議 <b>" in walk.text(second)
    walk.see(second, "hold")
    second.click("a[href*='holds/release']")
    walk.fill(second, authority="High Court · 高等法院", reason="Settled · 已和解")
    walk.effect(second)
    walk.approve(first, walk.propose(second, "Lifted · 解除"))
    walk.go(first, f"/desk/accounts/holds/{hold}")
    assert "已和解" in walk.text(first) and first.locator("a[href*='holds/release']").count() == 0
    walk.see(first, "hold-lifted")
    walk.go(first, "/desk/partners")
    walk.see(first, "partners")
    walk.go(first, "/desk/admin/backups")
    first.select_option("#which", "")
    first.click("#drill button")
    expect(first.locator("#errand .note.good")).to_be_visible(timeout=60_000)
    walk.see(first, "drill")
    first.click("#errand a")
    assert first.locator(".tag.bad").count() == 0, "every comparison holds"
    walk.see(first, "drill-report")
    walk.go(first, "/desk/admin/packs/tha")
    walk.see(first, "law")


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
    expect(page.locator("main .note")).to_have_count(2)  # with the others, and with the country
    walk.see(page, "boundary")
    page.click("#keep button")
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
    _report(walk, page)
    _ask(walk, page)
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
    walk.go(page, "/desk/units")
    page.locator("main table a").first.click()
    page.locator("main a[href*='act/propose']").first.click()
    begun = int(page.input_value("[name='f.parts.0.first']"))
    walk.fill(page, transfer=f"T-{walk.mark}", partner="CHE", target="che:demo-buyer", parts__0__last=begun + 4)
    walk.effect(page)
    walk.see(page, "first-transfer-effect")
    walk.go(page, "/desk/accounts/tha:demo-developer")
    walk.see(page, "statement")


def _report(walk: Walk, page: Page) -> None:
    """A workbook with a mistake, then a sound one; the report names the file by a digest that nobody typed."""
    month = "01" if walk.language == "en" else "02"
    walk.go(page, "/desk/activities/DEMO-ROOFS")
    page.locator("main a[href*='activities/monitoring']").first.click()
    for quantity in (0, 4321):
        days = (f"{YEAR - 1}-{month}-01", f"{YEAR - 1}-{month}-28")
        book = workbook(("vintage", "quantity", "first day", "last day"), (YEAR - 1, quantity, *days))
        page.set_input_files("[name=file]", {"name": "table.xlsx", "mimeType": XLSX, "buffer": book})
        page.locator("#monitoring button[type=submit]").click()
        expect(page.locator("#keep")).to_have_count(1 if quantity else 0)
        walk.see(page, "monitoring" if quantity else "monitoring-mistake")
    page.click("#keep button")
    assert sha256(book).hexdigest() in walk.text(page)
    name = page.input_value("[name='f.monitoring']")
    walk.see(page, "monitoring-send")
    walk.effect(page)
    walk.see(page, "monitoring-effect")
    walk.sign(page)
    walk.go(page, "/desk/activities/DEMO-ROOFS")
    assert name in walk.text(page) and "4,321" in walk.text(page)
    walk.see(page, "reports")


def _ask(walk: Walk, page: Page) -> None:
    """For a part of what was verified and is left."""
    walk.go(page, "/desk/issuance/ask?verification=DEMO-ROOFS-M1-V")
    walk.fill(page, request=f"R-{walk.mark}", quantity=40, authorization="DEMO-LOA-1")
    walk.see(page, "ask")
    walk.effect(page)
    walk.sign(page)
    walk.go(page, "/desk/issuance")
    assert f"R-{walk.mark}" in walk.text(page)
    walk.see(page, "requests")


@pytest.mark.parametrize("look", CROSSED, ids="-".join)
def test_a_verifier_says_what_was_verified_and_no_more(walking: Walking, look: tuple[str, str]) -> None:
    walk = walking(4, look)
    page = walk.enter("verifier")
    walk.see(page, "tasks")
    walk.go(page, "/desk/verification")
    walk.see(page, "waiting")
    report = page.locator("main a[href*='of/DEMO-ROOFS-M2']")
    if report.count() == 0:  # a report is verified once
        walk.go(page, "/verifications/V-M2")
        walk.see(page, "statement")
        return
    report.first.click()
    walk.fill(page, verification="V-M2", verified__0__vintage=YEAR, verified__0__quantity=9_501)
    walk.fill(page, statement="Statement of verification · 查證聲明")
    page.click(SEE)
    assert "#" in (page.locator("#summary a").first.get_attribute("href") or ""), "more than was monitored"
    walk.see(page, "too-much")
    walk.fill(page, verified__0__quantity=9_200)
    page.click("button[value=preview]")
    expect(page.locator("#preview")).to_contain_text("3.15 %")  # 300 of 9,500
    walk.see(page, "compared")
    walk.effect(page)
    walk.see(page, "effect")
    walk.sign(page)
    walk.see(page, "receipt")
    guest = walk.guest()
    walk.go(guest, "/verifications/V-M2")
    walk.see(guest, "statement")
    saved = guest.request.get(guest.locator("a[href$='statement.vc.json']").evaluate("each => each.href")).body()
    assert "9200" in saved.decode()
    for data, says in ((saved, ()), (saved.replace(b"9200", b"9201"), ("proof_broken",))):
        assert findings(registry_of(walk), data) == says


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
