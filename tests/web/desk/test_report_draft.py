"""Every kind of report in the browser: its gaps lead to what closes them, it is filed, packaged, sent and corrected."""

import hashlib
import io
import json
import re
import zipfile

import pytest

from counterfoil.adapters.carp.package_zip import unzipped
from counterfoil.application.commands.table import BY_HAND
from counterfoil.application.office.people import add_organisation
from counterfoil.application.queries.submissions import filed_of, filing_of
from counterfoil.domain.accounting.figure import NO_GAPS, Unavailable
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.narrative.completeness import GapKind
from counterfoil.domain.reporting.narrative.element import Fact
from counterfoil.entrypoints.cli.reading import looking
from counterfoil.entrypoints.web.desk.report_answer import fields_of
from counterfoil.entrypoints.web.desk.report_draft import OF_FACTS, OF_REASONS, closing
from tests.http.desk import open_site
from tests.office.stage import Member, member
from tests.web.acts.stage import Browser, Desk, hidden, seq_of

pytestmark = pytest.mark.anyio
SUMMARY = "/desk/reports/draft/summary/2024"
REPORT = "summary:THA:2024"


@pytest.fixture
def compiler(desk: Desk) -> Member:
    add_organisation(desk.stage.office, organisation="DNA", kind="authority", name="Authority", actor="local")
    return member(desk.stage, "reports@example.org", "accountant", "DNA")


async def made(browser: Browser, draft: str, query: str = "") -> str:
    """The address of the form, with the files that were made."""
    answer = await browser.post(f"{draft}/file{query}", {"do": "make"})
    assert answer.status_code == 303, answer.text[:3000]
    return "/desk/reports/" + answer.headers["location"].partition("reports/")[2]


async def signed(browser: Browser, place: str, **said: str) -> int:
    page = (await browser.get(place)).text
    looked = await browser.post(place, {"f.id": hidden(page)["f.id"], **said})
    assert looked.status_code == 200, looked.text[:3000]
    return seq_of(await browser.post(place, {**hidden(looked.text), "step": "sign"}))


async def test_a_structured_summary_is_filed_from_its_draft_and_its_package_is_sent(
    desk: Desk, compiler: Member
) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        browser, operator = desk.on(site, compiler), desk.on(site, desk.anna)
        draft = (await browser.get(SUMMARY)).text
        assert "/desk/acts/RecordNdc" in draft, "an NDC is missing, and its act is one click away"
        other = await operator.get(SUMMARY)
        assert other.status_code == 200
        assert 'value="make"' not in other.text
        place = await made(browser, SUMMARY)
        page = (await browser.get(place)).text
        names = sorted(set(re.findall(r"/file/(ctf4-THA-2024[\w.-]+)\?", page)))
        assert [name for name in names if name.endswith((".json", "en.pdf", "zh-Hant.pdf"))] == [
            "ctf4-THA-2024.en.pdf",
            "ctf4-THA-2024.json",
            "ctf4-THA-2024.zh-Hant.pdf",
        ]
        refused = await browser.post(place, {"f.id": hidden(page)["f.id"]})
        assert refused.status_code == 422, "gaps are filed with a public reason only"
        query = place.partition("?")[2]
        seen = (await browser.get(f"{SUMMARY}/file/ctf4-THA-2024.json?{query}")).content
        assert json.loads(seen)["complete"] is False
        seq = await signed(browser, place, **{"f.reason": "The NDC follows."})
        receipt = (await browser.get(f"/desk/receipts/{seq}?of=act-1&at={SUMMARY}/file")).text
        assert f"/desk/reports/filed/{REPORT}" in receipt
        with looking(desk.folder.path) as sight:
            filed = filed_of(sight, REPORT, "1.0")
        assert not isinstance(filed, Refusal)
        assert filed.files["ctf4-THA-2024.json"] == seen
        assert filed.filing.known_issues == ("GAPS",)

        package = (await browser.get(f"/desk/reports/filed/{REPORT}/1.0/package")).content
        members = unzipped(package)
        assert not isinstance(members, Refusal)
        assert members["files/ctf4-THA-2024.json"] == seen
        assert zipfile.ZipFile(io.BytesIO(package)).testzip() is None
        assert (await operator.get(f"/desk/reports/filed/{REPORT}/1.0/package")).status_code == 403
        await signed(browser, f"/desk/reports/filed/{REPORT}/1.0/sent")
        with looking(desk.folder.path) as sight:
            sent = filing_of(sight, REPORT, "1.0")
        assert not isinstance(sent, Refusal)
        assert sent.package == hashlib.sha256(package).hexdigest(), "the act names the very file that was handed out"
        shown = (await browser.get(f"/desk/reports/filed/{REPORT}")).text
        assert sent.package in shown
        assert f"/{SUMMARY.removeprefix('/')}" in shown, "a correction begins at the draft"
        assert "version 1.1" in (await browser.get(SUMMARY)).text


async def test_an_answer_begins_with_what_stands_and_closes_its_gap(desk: Desk, compiler: Member) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        browser = desk.on(site, compiler)
        draft = (await browser.get("/desk/reports/draft/initial/2024")).text
        answer = "/desk/reports/draft/initial/2024/answers/II.F"
        assert answer in draft
        said = "Buses of the capital are replaced by electric ones."
        seq = await signed(browser, answer, **{"f.text.0.key": "en", "f.text.0.value": said})
        back = (await browser.get(f"/desk/receipts/{seq}?of=act-1&at={answer}")).text
        assert re.search(r'href="[^"]*/desk/reports/draft/initial/2024"', back)
        assert answer not in (await browser.get("/desk/reports/draft/initial/2024")).text
        assert said in (await browser.get(answer)).text
        assert (await browser.get("/desk/reports/draft/initial/2024/answers/X.Y")).status_code == 404
        assert (await desk.on(site, desk.dora).get(answer)).status_code == 403


async def test_a_report_that_cannot_be_filed_says_why_and_nothing_is_made(desk: Desk, compiler: Member) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        browser = desk.on(site, compiler)
        answer = await browser.post("/desk/reports/draft/summary/2019/file", {"do": "make"})
        assert answer.status_code in (409, 422)
        assert 'role="alert"' in answer.text
        for path in (
            "/desk/reports/draft/aef/2024",
            "/desk/reports/draft/other/2024",
            "/desk/reports/draft/regular/2x24",
        ):
            assert (await browser.get(path)).status_code == 400, path
        choice = await browser.get("/desk/reports/draft/updated-initial/2024")
        assert choice.status_code == 200


async def test_the_desk_leads_to_every_kind_of_report_in_both_languages(desk: Desk, compiler: Member) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        for language, word in (("en", "Initial report"), ("zh-Hant", "初始報告")):
            page = (await desk.on(site, compiler, language).get("/desk/reports")).text
            assert word in page
            for path in ("draft/initial/", "draft/regular/2024", "draft/summary/2024", "check/2024"):
                assert f"desk/reports/{path}" in page, path


def test_every_gap_is_closed_by_acts_that_exist() -> None:
    gaps = [{"kind": kind, "element": "IV.A", "detail": ""} for kind in GapKind]
    named = {act for gap in gaps for act in closing(gap)}
    named |= {act for acts in (*OF_FACTS.values(), *OF_REASONS.values()) for act in acts}
    assert named <= set(BY_HAND)
    assert set(Unavailable) - set(NO_GAPS) <= set(OF_REASONS), "every reason for a missing figure leads somewhere"
    assert closing({"kind": GapKind.FACT_MISSING, "element": "II.A", "detail": Fact.NDC.value}) == ("RecordNdc",)
    assert closing({"kind": "does_not_add_up", "element": "", "detail": ""}) == ()


def test_a_form_asks_what_its_element_admits() -> None:
    from counterfoil.domain.reporting.narrative.outline import BY_KEY

    assert "numbers" in fields_of(BY_KEY["IV.H.6"])
    assert "not_applicable" not in fields_of(BY_KEY["IV.H.6"]), "overall mitigation is compulsory"
    assert "not_applicable" in fields_of(BY_KEY["II.G"])
