"""Journeys 5 and 7: the partner's officer, the report compiler and the reviewer."""

import pytest

from tests.browser.journeys.walk import CROSSED, STRAIGHT, Walking


@pytest.mark.parametrize("look", STRAIGHT, ids="-".join)
def test_a_partners_officer_finds_what_is_offered_and_is_offered_the_acts(
    walking: Walking, look: tuple[str, str]
) -> None:
    walk = walking(5, look)
    page = walk.enter("partner")
    walk.see(page, "tasks")
    walk.go(page, "/transfers")
    walk.see(page, "transfers")
    page.locator("main table a[href*='THA-demo-1']").first.click()
    assert "3,000" in walk.text(page)
    walk.see(page, "offered")
    walk.go(page, "/desk/acts")
    walk.see(page, "acts")


@pytest.mark.parametrize("look", CROSSED, ids="-".join)
def test_a_finding_is_answered_and_closed_and_its_history_stays(walking: Walking, look: tuple[str, str]) -> None:
    walk = walking(7, look)
    compiler, reviewer = walk.enter("compiler"), walk.enter("reviewer")
    walk.go(compiler, "/desk/reports")
    walk.see(compiler, "desk")
    compiler.locator("main a[href*='check/2025']").click()
    walk.see(compiler, "precheck")
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
    walk.go(compiler, f"/desk/reports/review/{finding}")
    assert "Where is <b>this</b> recorded?" in walk.text(compiler)
    walk.see(compiler, "finding")
    compiler.locator("main a[href*='acts/AnswerReviewFinding']").click()
    walk.fill(compiler, text="In entry 1 · 於分錄一")
    walk.effect(compiler)
    walk.sign(compiler)
    walk.go(reviewer, f"/desk/reports/review/{finding}")
    assert "In entry 1 · 於分錄一" in walk.text(reviewer)
    reviewer.locator("main a[href*='acts/CloseReviewFinding']").click()
    walk.fill(reviewer, outcome="resolved", reason="Said · 已說明")
    walk.effect(reviewer)
    walk.sign(reviewer)
    walk.go(reviewer, f"/desk/reports/review/{finding}")
    assert reviewer.locator("ol.timeline > li").count() == 3, "found, answered, closed"
    walk.see(reviewer, "history")
