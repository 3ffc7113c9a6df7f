"""Letters of authorization in the browser: what waits, a draft with the letter beside it, its acts, and who may."""

import io
import re
import zipfile

import pytest

from counterfoil.application.commands.register import RegisterCooperativeApproach
from counterfoil.application.commands.set_quota import SetQuota
from counterfoil.application.office.people import add_organisation
from counterfoil.domain.kernel.ids import CooperativeApproachId, Party
from counterfoil.entrypoints.bootstrap import Writable, open_for_writing
from counterfoil.entrypoints.cli.reading import looking
from tests.http.desk import act, open_site
from tests.office.stage import Member, member
from tests.web.acts.stage import Desk
from tests.web.desk.two_persons import done_by_two

pytestmark = pytest.mark.anyio
NEW = "/desk/authorizations/new"
CONTENT = {
    "f.authorization": "LoA 2026-7",
    "f.cooperative_approach": "CA9001",
    "f.purposes": "NDC",
    "f.vintages": "2024\n2025",
    "f.underlying_references": "EBUS-1",
    "f.sectors": "3",
    "f.gases": "CO2",
    "f.adjustment_commitment": "We adjust.",
    "f.authorized_parties": "CHE",
    "f.authorized_quantity": "41,234",
    "f.last_use_on": "2032-12-31",
}


@pytest.fixture
def officer(desk: Desk) -> Member:
    """An authorizing officer, an approach to authorize in, and a quota of 90,000 tonnes for 2024."""
    opened = open_for_writing(desk.folder, "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        parties = (Party("THA"), Party("CHE"))
        named = CooperativeApproachId("CA9001")
        act(
            writable,
            RegisterCooperativeApproach(approach=named, title="Buses", participants=parties),
            SetQuota(quota="2024/nation", level="nation", year=2024, quantity_t=90_000),
        )
    add_organisation(desk.stage.office, organisation="DNA", kind="authority", name="Authority", actor="local")
    return member(desk.stage, "loa@example.org", "authority", "DNA")


def _colleague(desk: Desk) -> Member:
    return member(desk.stage, "second@example.org", "authority", "DNA")


def entries(desk: Desk) -> int:
    with looking(desk.folder.path) as sight:
        last = sight.reading.last_checkpoint()
        return 0 if last is None else last.size


def panel(page: str) -> str:
    """The letter beside the form, without the form."""
    found = re.search(r'<section id="preview".*?</section>', page, re.DOTALL)
    assert found is not None
    return found[0]


async def test_the_letter_stands_beside_the_form_as_it_is_written_and_nothing_is_done(
    desk: Desk, officer: Member
) -> None:
    before = entries(desk)
    async with desk.browser(officer) as browser:
        page = await browser.post(NEW, {**CONTENT, "step": "preview"})
        told = panel(page.text)
        assert page.status_code == 200
        assert "41,234" in told
        assert "2024, 2025" in told
        assert "Nothing in the books stands against it" in told
        assert "90,000" in told, "the quota of a year that the letter names"
        assert 'value="LoA 2026-7"' in page.text, "what was typed is still there"
    assert entries(desk) == before


async def test_the_draft_says_what_would_be_refused_and_what_is_not_stated(desk: Desk, officer: Member) -> None:
    async with desk.browser(officer) as browser:
        page = await browser.post(NEW, {**CONTENT, "f.cooperative_approach": "CA9009", "step": "preview"})
        told = panel(page.text)
        assert "authorization.host_not_participating" in told
        full = panel((await browser.post(NEW, {**CONTENT, "step": "preview"})).text)
        without = {name: value for name, value in CONTENT.items() if name != "f.authorized_quantity"}
        less = panel((await browser.post(NEW, {**without, "step": "preview"})).text)
        missing = [int(re.search(r"Not stated yet: (\d+)", each)[1]) for each in (full, less)]  # type: ignore[index]
        assert missing[1] == missing[0] + 1


async def test_a_template_fills_in_purposes_and_words_and_a_letter_begins_like_another(
    desk: Desk, officer: Member
) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        browser = desk.on(site, officer)
        page = (await browser.get(f"{NEW}?template=oimp")).text
        ticked = re.findall(r'name="f.purposes"[^>]*value="(\w+)"[^>]*checked', page)
        assert set(ticked) == {"IMP", "OP"}
        assert "corresponding adjustments" in page
        await done_by_two(browser, desk.on(site, _colleague(desk)), NEW, CONTENT)
        again = (await browser.get(f"{NEW}?like=LoA%202026-7")).text
        assert 'value="LoA 2026-7"' not in again
        assert "41234" in again
        assert "We adjust." in again


async def test_a_signed_letter_stands_on_the_desk_with_the_acts_that_can_follow(desk: Desk, officer: Member) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        browser = desk.on(site, officer)
        await done_by_two(browser, desk.on(site, _colleague(desk)), NEW, CONTENT)
        listed = (await browser.get("/desk/authorizations")).text
        assert "LoA 2026-7" in listed
        one = (await browser.get("/desk/authorizations/LoA%202026-7")).text
        acts = set(re.findall(r"/desk/acts/(\w+)\?authorization=LoA", one))
        assert acts == {"ChangeAuthorization", "ReduceAuthorization", "AuthorizeUnits", "RevokeAuthorization"}
        assert "41,234" in one
        file = await browser.get("/desk/authorizations/letter.en.docx?of=LoA%202026-7")
        assert file.status_code == 200
        with zipfile.ZipFile(io.BytesIO(file.content)) as docx:
            assert "41,234" in docx.read("word/document.xml").decode()
        assert (await browser.get("/desk/authorizations/letter.en.docx?of=none")).status_code == 404


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=1>', "\u202etxt", "x" * 9_000])
async def test_hostile_words_are_shown_in_the_letter_and_do_nothing(desk: Desk, officer: Member, hostile: str) -> None:
    async with desk.browser(officer) as browser:
        for field in ("f.adjustment_commitment", "f.authorization", "f.change_process"):
            page = await browser.post(NEW, {**CONTENT, field: hostile, "step": "preview"})
            assert page.status_code == 200
            assert "<script>alert" not in page.text
            assert "<img src=x" not in page.text


async def test_only_authorizing_officers_draft_and_strangers_see_no_desk(desk: Desk, officer: Member) -> None:
    async with desk.browser(desk.anna) as browser:
        assert (await browser.get("/desk/authorizations")).status_code == 200
        assert NEW not in (await browser.get("/desk/authorizations")).text
        assert (await browser.get(NEW)).status_code == 403
        refused = await browser.post(NEW, {**CONTENT, "step": "preview"})
        assert "Nothing in the books stands against it" not in refused.text
    async with desk.browser(None) as browser:
        assert (await browser.get("/desk/authorizations")).status_code != 200
