"""Reports in the browser: what is due, the check before filing with what mends each finding, and the review room."""

import re

import pytest

from counterfoil.application.commands.file_report import FileReport
from counterfoil.application.commands.review_report import RecordReviewFinding
from counterfoil.application.commands.table import BY_HAND
from counterfoil.application.office.people import add_organisation
from counterfoil.application.queries.aef_check import check_texts
from counterfoil.application.queries.calendar import calendar
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.reporting.filing import ReportKind
from counterfoil.domain.reporting.review import IssueType, ReviewArea
from counterfoil.entrypoints.bootstrap import Writable, open_for_writing
from counterfoil.entrypoints.cli.reading import looking
from counterfoil.entrypoints.web.desk.aef_precheck import MENDING, mending
from tests.http.desk import act, open_site
from tests.office.stage import Member, member
from tests.web.acts.stage import Desk

pytestmark = pytest.mark.anyio
REPORT = "summary:THA:2024"


@pytest.fixture
def compiler(desk: Desk) -> Member:
    add_organisation(desk.stage.office, organisation="DNA", kind="authority", name="Authority", actor="local")
    return member(desk.stage, "reports@example.org", "accountant", "DNA")


@pytest.fixture
def reviewed(desk: Desk) -> None:
    """A filed report with one finding, whose text is hostile."""
    opened = open_for_writing(desk.folder, "test")
    assert isinstance(opened, Writable)
    filed = FileReport(kind=ReportKind.SUMMARY, party=Party("THA"), year=2024, version="1.0", sha256="ab" * 32)
    found = RecordReviewFinding(
        finding="F-1",
        report=REPORT,
        version="1.0",
        team="TERT-1",
        area=ReviewArea.EMISSIONS_BALANCE,
        provision="para. 23",
        issue=IssueType.QUALITATIVE,
        text="<script>alert(1)</script> differs",
    )
    with opened as writable:
        act(writable, filed, found)


async def test_what_is_due_stands_on_the_desk_as_the_calendar_says_it(desk: Desk, compiler: Member) -> None:
    async with desk.browser(compiler) as browser:
        page = (await browser.get("/desk/reports")).text
    days = set(re.findall(r'<time datetime="(\d{4}-\d\d-\d\d)">', page))
    with looking(desk.folder.path) as sight:
        from datetime import UTC, datetime

        found = calendar(sight, party="THA", on=datetime.now(UTC).date(), years=2)
    assert not hasattr(found, "code")
    due = {each["on"] for each in found["due"] if each["state"] not in ("done", "passed")}  # type: ignore[index]
    assert due
    assert due <= days


async def test_the_check_before_filing_says_what_others_would_find(desk: Desk, compiler: Member) -> None:
    async with desk.browser(compiler) as browser:
        page = await browser.get("/desk/reports/check/2024")
        assert page.status_code == 200, page.text
        assert "C12" in page.text, "the annual information of 2024 was due on 15 April 2025"
        assert (await browser.get("/desk/reports/check/20x4")).status_code == 400
        early = await browser.get("/desk/reports/check/2019")
        assert early.status_code == 409
        assert 'role="alert"' in early.text


def test_every_act_that_mends_is_one_of_the_registrys_and_every_check_exists() -> None:
    known = {key.partition(".")[0] for key in check_texts()}
    assert set(MENDING) <= set(BY_HAND)
    named = {check for checks in MENDING.values() for check in checks}
    assert named <= known
    assert mending("C39") == ("ChangeAuthorization",)
    assert mending("C76") == ("RecordInventory",)


async def test_a_finding_of_the_review_leads_to_its_answer_and_is_shown_as_text(
    desk: Desk, compiler: Member, reviewed: None
) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        browser = desk.on(site, compiler)
        assert "Open findings: 1" in (await browser.get("/desk/reports")).text
        listed = (await browser.get("/desk/reports/review")).text
        assert "F-1" in listed
        assert "F-1" not in (await browser.get("/desk/reports/review?state=closed")).text
        one = (await browser.get("/desk/reports/review/F-1")).text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; differs" in one
        assert "<script>alert" not in one
        assert "/desk/acts/AnswerReviewFinding?finding=F-1" in one
        assert (await browser.get("/desk/reports/review/F-9")).status_code == 404
        one = (await desk.on(site, desk.anna).get("/desk/reports/review/F-1")).text
        assert "/desk/acts/AnswerReviewFinding" not in one, "an operator does not answer for the accountants"
