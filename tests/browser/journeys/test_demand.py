"""Journeys 5 and 7: the partner's officer, the report compiler and the reviewer."""

import hashlib
import re
from dataclasses import replace
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from tests.browser.journeys.walk import CROSSED, STRAIGHT, Walk, Walking
from tests.browser.serving import Server

OFFERED = "CA9901-THA01-THA-#-2025"
FIRST = {STRAIGHT[0]: 2001, STRAIGHT[1]: 5001}
"""The first serial of what each walk accepts; of the demonstration's two proposals, one each."""


def partners_registry(walk: Walk) -> Walk:
    """The same walk in the registry that is served beside, as its sign-in page leads there."""
    page = walk.guest()
    walk.go(page, "/sign-in")
    address = page.locator("main a[href^='http://localhost:']").get_attribute("href")
    assert address is not None
    return replace(walk, server=Server(walk.server.process, address.removesuffix("/sign-in")))


def reaches(walk: Walk, page: Page, transfer: str, state: str) -> None:
    """Look at a transfer until the link has brought it so far."""
    for _ in range(60):
        page.goto(f"{walk.server.address}/transfers/{transfer}")  # not there before the proposal has come
        if page.locator(f"main .heading .tag.{state}").count():
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"{transfer} is not {state}: {walk.text(page)[:400]}")


@pytest.mark.parametrize("look", STRAIGHT, ids="-".join)
def test_a_partners_officer_accepts_and_refuses_first_transfers_recognises_and_uses(
    walking: Walking, look: tuple[str, str]
) -> None:
    walk = walking(5, look)
    beside = partners_registry(walk)
    transfer = f"THA-demo-{STRAIGHT.index(look) + 1}"
    host = walk.enter("administrator_1")
    first, second = beside.enter("officer_1"), beside.enter("officer_2")
    reaches(beside, first, transfer, "offered")
    beside.go(first, "/desk/tasks")
    first.locator(f"main a[href*='arriving/{transfer}']").click()
    first.locator("details.checks summary").click()
    assert all(each in walk.text(first) for each in ("T13", "DEMO-LOA-1", "DEMO-THA-CHE"))
    walk.see(first, "arriving")
    first.locator("main a[href*='acts/ConsentToTransfer']").click()
    walk.effect(first)
    walk.see(first, "consent")
    beside.approve(second, walk.propose(first, "Agreed · 同意"))
    reaches(beside, second, transfer, "final")
    reaches(walk, host, transfer, "final")
    walk.see(host, "final-at-the-host")
    beside.go(first, f"/desk/acts/RecordRecognition?transfer={transfer}")
    walk.fill(first, reference=f"Statement {walk.mark}")
    walk.effect(first)
    walk.sign(first)
    beside.go(first, f"/desk/units/{quote(f'{OFFERED} {FIRST[look]}')}")
    first.locator("main a[href*='act/use']").click()
    walk.fill(first, year=2026)
    walk.effect(first)
    walk.see(first, "use")
    beside.approve(second, walk.propose(first, "For 2026 · 用於 2026 年"))
    beside.go(second, f"/units/{OFFERED.replace('#', str(FIRST[look]))}")
    assert "2026" in walk.text(second)
    walk.go(host, "/desk/partners/notices/received")
    assert f"Statement {walk.mark}" in walk.text(host), "the host's registry was told of the recognition"
    walk.see(host, "notices")


def test_a_partners_officer_refuses_a_first_transfer_and_the_host_reads_why(walking: Walking) -> None:
    walk = walking(5, CROSSED[0])
    beside = partners_registry(walk)
    transfer, why = "THA-demo-refused", "Another volume was agreed · 另有約定數量"
    one, two, officer = walk.enter("administrator_1"), walk.enter("administrator_2"), beside.enter("officer_2")
    walk.go(one, "/desk/acts/ProposeTransfer?partner=CHE&source=tha:demo-developer&target=che:klik&entity=che:klik")
    part = {"parts__0__unit_class": OFFERED, "parts__0__first": 8401, "parts__0__last": 8450}
    walk.fill(one, transfer=transfer, **part)
    walk.effect(one)
    walk.approve(two, walk.propose(one, "Sold · 出售"))
    reaches(beside, officer, transfer, "offered")
    beside.go(officer, f"/desk/acts/RefuseTransfer?transfer={transfer}")
    walk.fill(officer, reason=why)
    walk.effect(officer)
    walk.sign(officer)
    reaches(walk, one, transfer, "refused")
    assert why in walk.text(one)
    walk.see(one, "refused-at-the-host")


@pytest.mark.parametrize("look", CROSSED, ids="-".join)
def test_a_finding_is_answered_by_a_corrected_version_and_its_history_stays(
    walking: Walking, look: tuple[str, str]
) -> None:
    walk = walking(7, look)
    compiler, reviewer = walk.enter("compiler"), walk.enter("reviewer")
    walk.go(reviewer, "/desk/reports/review")
    walk.see(reviewer, "room")
    finding = f"F-{walk.mark}"
    walk.go(reviewer, "/desk/acts/RecordReviewFinding")
    walk.fill(reviewer, finding=finding, report="aef:THA:2025", version="1.0", team="DEMO-TEAM", area="quantification")
    walk.fill(
        reviewer, provision="6/CMA.4 annex II", issue="quantified", text="Where is <b>this</b> recorded? · 何處記載？"
    )
    walk.effect(reviewer)
    walk.see(reviewer, "finding-effect")
    walk.sign(reviewer)
    # The compiler checks the year, makes its files, looks at them and files a corrected version.
    walk.go(compiler, "/desk/reports")
    walk.see(compiler, "desk")
    compiler.locator("main a[href*='check/2025']").first.click()
    walk.see(compiler, "precheck")
    compiler.click("#make button")
    version = re.findall(r"aef-THA-2025-v(\d+\.\d+)\.xlsx", walk.text(compiler))[0]
    assert version != "1.0"
    with compiler.expect_download() as download:
        compiler.locator("main a[href*='.xlsx']").click()
    made = download.value.path().read_bytes()
    walk.see(compiler, "files")
    walk.effect(compiler)
    walk.see(compiler, "filing-effect")
    walk.sign(compiler)
    # Everybody has it, byte for byte.
    citizen = walk.guest()
    walk.go(citizen, "/reports/filed/aef:THA:2025")
    assert hashlib.sha256(made).hexdigest() in walk.text(citizen)
    walk.see(citizen, "filed")
    walk.go(compiler, f"/desk/reports/review/{finding}")
    assert "Where is <b>this</b> recorded?" in walk.text(compiler)
    walk.see(compiler, "finding")
    compiler.locator("main a[href*='acts/AnswerReviewFinding']").click()
    walk.fill(compiler, text="Corrected · 已更正", resubmitted=version)
    walk.effect(compiler)
    walk.sign(compiler)
    walk.go(reviewer, f"/desk/reports/review/{finding}")
    assert "Corrected · 已更正" in walk.text(reviewer)
    assert reviewer.locator(f"main a[href*='version={version}']").count() == 1, "the corrected version"
    reviewer.locator("main a[href*='acts/CloseReviewFinding']").click()
    walk.fill(reviewer, outcome="resolved", reason="Said · 已說明")
    walk.effect(reviewer)
    walk.sign(reviewer)
    walk.go(reviewer, f"/desk/reports/review/{finding}")
    assert reviewer.locator("ol.timeline > li").count() == 3, "found, answered, closed"
    walk.see(reviewer, "history")
