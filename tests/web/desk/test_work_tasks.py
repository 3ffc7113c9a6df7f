"""What waits in the books is a task of whoever may do it, leads to where it is done, and goes when it is done."""

from datetime import date

import pytest

from counterfoil.application.command import Command
from counterfoil.application.commands.monitor import SubmitMonitoring, Verify
from counterfoil.application.commands.register import RegisterActivity
from counterfoil.application.commands.review_report import AnswerReviewFinding, CloseReviewFinding
from counterfoil.application.office.people import add_organisation
from counterfoil.application.queries import work_waiting
from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.work_waiting import Work, WorkWaiting
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.mrv.verification import VintageQuantity
from counterfoil.domain.reporting.review import ReviewOutcome
from counterfoil.domain.units.unit_type import MitigationType
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_writing
from counterfoil.entrypoints.cli.reading import looking
from counterfoil.entrypoints.site import Site
from tests.http.desk import act, open_site
from tests.office.stage import Member, member
from tests.web.acts.stage import Desk
from tests.web.desk.test_report_desk import reviewed
from tests.web.register.seen import Seen

pytestmark = pytest.mark.anyio
__all__ = ["reviewed"]
REPORT = "M-2099"
YEAR = 2023


def monitored(folder: Folder) -> ActivityId:
    """A report on an activity, which nobody has verified."""
    activity = ActivityId("TH-ROOFS")
    done(
        folder,
        RegisterActivity(
            activity=activity,
            title="Solar roofs",
            mitigation_type=MitigationType.REDUCTION,
            sector="Energy",
            activity_type="Solar",
            methodology="M-1",
        ),
        SubmitMonitoring(
            monitoring=REPORT,
            activity=activity,
            first_day=date(YEAR, 1, 1),
            last_day=date(YEAR, 12, 31),
            monitored=(VintageQuantity(YEAR, 10),),
            evidence=("0" * 64,),
        ),
    )
    return activity


def done(folder: Folder, *commands: Command) -> None:
    opened = open_for_writing(folder, "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        act(writable, *commands)


def verified() -> Verify:
    return Verify(
        verification="V-2099",
        monitoring=REPORT,
        verifier="verifier",
        verified=(VintageQuantity(YEAR, 9),),
        statement="A verifier's statement",
    )


def officer(desk: Desk, role: str, body: str = "DNA", kind: str = "authority") -> Member:
    add_organisation(desk.stage.office, organisation=body, kind=kind, name=body, actor="local")
    return member(desk.stage, f"{role}@example.org", role, body)


async def tasks(desk: Desk, site: Site, who: Member) -> Seen:
    return Seen((await desk.on(site, who).get("/desk/tasks")).text)


def does(site: Site, *commands: Command) -> None:
    """Acts of somebody else, while the site is open."""
    found = site.pages._ground.desk.driver.do([Submission(each, "test") for each in commands])
    assert all(isinstance(each, Receipt) for each in found), found


async def test_a_report_waits_for_its_verifier_and_for_nobody_else(desk: Desk) -> None:
    activity = monitored(desk.folder)
    verifier, other = officer(desk, "verifier", "VVB", "verifier"), officer(desk, "accountant")
    link = f"../desk/verification/of/{REPORT}"
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        page = await tasks(desk, site, verifier)
        assert link in page.links and activity in page.text
        assert link not in (await tasks(desk, site, other)).links
        short = await desk.on(site, verifier).get("/desk")
        assert (short.status_code, short.headers["location"]) == (303, "./desk/tasks"), "a shortened address"
        does(site, verified())
        assert link not in (await tasks(desk, site, verifier)).links


async def test_a_finding_waits_for_an_answer_and_then_for_its_end(desk: Desk, reviewed: None) -> None:
    del reviewed
    compiler = officer(desk, "accountant")
    link, answer, close = "../desk/reports/review/F-1", "Answer findings of the review", "Close answered findings"
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        page = await tasks(desk, site, compiler)
        assert link in page.links and answer in page.text and close not in page.text
        does(site, AnswerReviewFinding(finding="F-1", text="Corrected"))
        page = await tasks(desk, site, compiler)
        assert link in page.links and answer not in page.text and close in page.text
        does(site, CloseReviewFinding(finding="F-1", outcome=ReviewOutcome.RESOLVED, reason="Settled"))
        assert link not in (await tasks(desk, site, compiler)).links


def waits(folder: Folder, followed: WorkWaiting) -> dict[Work, list[str]]:
    """What waits as the followed index says it, which is what the records say when they are read anew."""
    with looking(folder.path) as sight:
        followed.refresh(sight)
        found = {work: [each.key for each in followed.of(work)] for work in Work}
        assert found == _anew(sight) and all(followed.count(work) == len(found[work]) for work in Work)
        return found


def _anew(sight: Sight) -> dict[Work, list[str]]:
    index = WorkWaiting()
    index.refresh(sight)
    return {work: [each.key for each in index.of(work)] for work in Work}


@pytest.mark.parametrize("at_most", [work_waiting.ENTRIES_MAX, 0])
def test_following_says_what_reading_anew_says(
    desk: Desk, reviewed: None, monkeypatch: pytest.MonkeyPatch, at_most: int
) -> None:
    del reviewed
    monkeypatch.setattr(work_waiting, "ENTRIES_MAX", at_most)
    followed = WorkWaiting()
    before = waits(desk.folder, followed)
    assert before[Work.ANSWER] == ["F-1"] and REPORT not in before[Work.VERIFY]
    monitored(desk.folder)
    assert REPORT in waits(desk.folder, followed)[Work.VERIFY]
    done(desk.folder, verified(), AnswerReviewFinding(finding="F-1", text="Corrected"))
    after = waits(desk.folder, followed)
    assert REPORT not in after[Work.VERIFY] and after[Work.CLOSE] == ["F-1"] and not after[Work.ANSWER]
