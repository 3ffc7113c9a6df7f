"""Annual information filed in the browser: its files are made, looked at, filed by their digests, had by everybody."""

import hashlib
import json
import re

import pytest

from counterfoil.application.office.people import add_organisation
from counterfoil.application.queries.submissions import filed_of
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.filing import ReportKind
from counterfoil.entrypoints.cli.reading import looking
from counterfoil.entrypoints.web.desk.report_states import State, states_of
from tests.http.desk import open_site
from tests.office.stage import Member, member
from tests.web.acts.stage import Browser, Desk, hidden, seq_of

pytestmark = pytest.mark.anyio
MAKE = "/desk/reports/file/2024"
REPORT = "aef:THA:2024"


@pytest.fixture
def compiler(desk: Desk) -> Member:
    add_organisation(desk.stage.office, organisation="DNA", kind="authority", name="Authority", actor="local")
    return member(desk.stage, "reports@example.org", "accountant", "DNA")


async def made(browser: Browser) -> str:
    """The address of the form, with the files that were made."""
    answer = await browser.post(MAKE, {"do": "make"})
    assert answer.status_code == 303, answer.text[:2000]
    return "/desk/reports/" + answer.headers["location"].partition("reports/")[2]


async def test_a_year_is_filed_from_its_page_with_the_very_files_that_were_looked_at(
    desk: Desk, compiler: Member
) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        browser, public = desk.on(site, compiler), desk.on(site, None)
        assert 'name="do" value="make"' in (await browser.get("/desk/reports/check/2024")).text
        place = await made(browser)
        page = (await browser.get(place)).text
        names = re.findall(r"/file/2024/(aef-THA-2024-v1\.0\.\w+)\?", page)
        assert sorted(set(names)) == ["aef-THA-2024-v1.0.json", "aef-THA-2024-v1.0.xlsx"]
        bundle = place.partition("?")[2]
        seen = {name: (await browser.get(f"{MAKE}/{name}?{bundle}")).content for name in set(names)}
        assert seen["aef-THA-2024-v1.0.xlsx"].startswith(b"PK")
        assert json.loads(seen["aef-THA-2024-v1.0.json"])
        fields = {"f.id": hidden(page)["f.id"], "f.reason": "It came late."}
        looked = await browser.post(place, fields)
        assert looked.status_code == 200, looked.text[:3000]
        assert (await public.get(f"/reports/filed/{REPORT}")).status_code == 404, "a look files nothing"
        seq = seq_of(await browser.post(place, {**hidden(looked.text), "step": "sign"}))
        assert seq
        with looking(desk.folder.path) as sight:
            filed = filed_of(sight, REPORT, "1.0")
        assert not isinstance(filed, Refusal)
        assert dict(filed.files) == seen, "what is filed is what was looked at, to the byte"
        shown = (await public.get(f"/reports/filed/{REPORT}")).text
        for data in seen.values():
            assert hashlib.sha256(data).hexdigest() in shown
        # The next one is a correction: a higher version.
        assert "v1.1.xlsx" in (await browser.get(await made(browser))).text


async def test_files_are_made_for_one_person_and_forgotten_ones_are_made_again(desk: Desk, compiler: Member) -> None:
    second = member(desk.stage, "second@example.org", "accountant", "DNA")
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        place = await made(desk.on(site, compiler))
        answer = await desk.on(site, second).get(place)
        assert answer.status_code == 303
        assert "gone=yes" in answer.headers["location"]
        other = await desk.on(site, compiler).get(place.replace("2024", "2023"))
        assert other.status_code == 303, "the files of a year are not those of another"
        assert (await desk.on(site, desk.anna).get(place)).status_code == 403


def test_each_report_of_a_year_says_its_day_and_what_was_filed() -> None:
    from datetime import date

    filed = [{"report": "aef:THA:2024", "version": "1.2"}, {"report": "summary:THA:2023", "version": "1.0"}]
    findings = [{"report": "aef:THA:2024"}]
    found = states_of("THA", [2024, 2023, 2022], filed=filed, findings=findings, on=date(2025, 6, 1))
    told = {(each.year, one.kind): one for each in found for one in each.reports}
    annual = told[2024, ReportKind.AEF]
    assert (annual.state, annual.version, annual.on, annual.open) == (State.FILED, "1.2", date(2025, 4, 15), 1)
    assert told[2023, ReportKind.AEF].state is State.MISSING
    # The summary that was due in 2024 is of 2022 at the least; that of 2023 does it as well.
    assert told[2022, ReportKind.SUMMARY].report == "summary:THA:2023"
    assert told[2024, ReportKind.REGULAR].on == date(2024, 12, 31)
    assert told[2023, ReportKind.REGULAR].state is State.NOT_DUE
