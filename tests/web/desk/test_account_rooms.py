"""The rooms of the desk of accounts: applications with their papers, holds, and suspensions."""

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from hashlib import sha256
from urllib.parse import urlencode

import httpx
import pytest

from counterfoil.adapters.evidence.files import FileEvidence
from counterfoil.application.office.application import Application, ApplicationState, Owner
from counterfoil.application.office.applying import apply
from counterfoil.application.office.people import add_organisation
from counterfoil.application.office.ports import TrailQuestion
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.people.safeguards import KYC
from counterfoil.entrypoints.application_book import application_book
from counterfoil.entrypoints.bootstrap import open_for_reading
from tests.http.desk import BLOCK, HELD, open_site
from tests.office.stage import member
from tests.web.acts.stage import Browser, Desk
from tests.web.desk.two_persons import done_by_two

pytestmark = pytest.mark.anyio
ROOM = "/desk/accounts/applications"
PAPERS = (b"deed of formation", b"extract of the register")
UNTIL = "2099-12-31"


def asked(desk: Desk, *, name: str = "Mill & <b>Sons</b>", body: str = "MILL") -> str:
    """The number of an application with two papers, of which one is here."""
    FileEvidence(desk.folder.evidence).put(PAPERS[0])
    digests = tuple(sha256(each).hexdigest() for each in PAPERS)
    owners = (Owner("Kanya <i>S.</i>", "THA", 60), Owner("Anan", "THA"))
    one = Application(
        "", body, "company", name, "mill@example.org", "bra:mill", digests, owners, ApplicationState.OPEN, 0
    )
    made = apply(desk.stage.office, application_book(desk.stage.office), one, address="")
    assert isinstance(made, Application), made
    return made.number


@contextlib.asynccontextmanager
async def both(desk: Desk) -> AsyncIterator[tuple[Browser, Browser]]:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        yield desk.on(site, desk.anna), desk.on(site, desk.bela)


async def brought(browser: Browser, place: str, data: bytes) -> httpx.Response:
    fields = {"csrf": browser.csrf, "do": "paper"}
    return await browser.client.post(place, data=fields, files={"file": ("deed.pdf", data, "application/pdf")})


async def test_an_application_shows_who_asks_with_which_papers_and_owners(desk: Desk) -> None:
    number = asked(desk)
    async with desk.browser(desk.anna) as anna:
        listed, page = await anna.get(ROOM), await anna.get(f"{ROOM}/{number}")
        shelf = (await anna.get("/desk/accounts")).text
    assert "Mill &amp; &lt;b&gt;Sons&lt;/b&gt;" in listed.text and number in listed.text
    assert 'applications">Applications for an account <span class="count">1<' in shelf
    assert "Kanya &lt;i&gt;S.&lt;/i&gt;" in page.text and "60" in page.text and "not stated" in page.text
    for paper in PAPERS:
        assert sha256(paper).hexdigest()[:16] in page.text
    assert "not here yet" in page.text and "Documents that are not here yet: 1." in page.text


async def test_two_officers_say_yes_for_the_same_day_and_then_the_two_acts_are_offered(desk: Desk) -> None:
    place = f"{ROOM}/{asked(desk)}"
    async with both(desk) as (anna, bela):
        said = {"do": "approve", "valid_until": UNTIL}
        assert (await anna.post(place, said)).status_code == 303
        again = await anna.post(place, said)
        assert again.status_code == 422 and "approval.same_person" in again.text
        other = await bela.post(place, {**said, "valid_until": "2098-12-31"})
        assert other.status_code == 422 and "application.day_differs" in other.text
        assert 'value="2098-12-31"' in other.text, "what was typed is kept"
        assert (await bela.post(place, said)).status_code == 303
        page = (await bela.get(place)).text
        assert "acts/RecordKyc?holder=MILL&amp;valid_until=2099-12-31" in page
        assert "acts/OpenAccount?account=bra%3Amill&amp;holder=MILL" in page
        fields = {"f.holder": "MILL", "f.valid_until": UNTIL}
        await done_by_two(anna, bela, "/desk/acts/RecordKyc", fields)
        after = (await bela.get(place)).text
    assert "acts/RecordKyc" not in after and "acts/OpenAccount" in after
    with open_for_reading(desk.folder) as readable:
        found = Sight(readable.reading, readable.codec, readable.evidence).record(KYC, "MILL")
    assert found == {"kyc_valid_until": UNTIL}


@pytest.mark.parametrize("day", ["", "soon", "2020-01-01"])
async def test_a_last_day_that_is_none_is_refused_beside_the_field(desk: Desk, day: str) -> None:
    place = f"{ROOM}/{asked(desk)}"
    async with desk.browser(desk.anna) as anna:
        answer = await anna.post(place, {"do": "approve", "valid_until": day})
    assert answer.status_code == 422 and 'id="valid_until-wrong"' in answer.text


async def test_a_rejection_needs_a_reason_and_forgets_who_owns_the_body(desk: Desk) -> None:
    number = asked(desk)
    async with desk.browser(desk.anna) as anna:
        bare = await anna.post(f"{ROOM}/{number}", {"do": "reject", "reason": " "})
        assert bare.status_code == 422 and "application.unreadable" in bare.text
        done = await anna.post(f"{ROOM}/{number}", {"do": "reject", "reason": "No extract of the register"})
        assert done.status_code == 303
        page = (await anna.get(f"{ROOM}/{number}")).text
        assert application_book(desk.stage.office).open_ones(limit=9) == []
    assert "No extract of the register" in page and "Kanya" not in page and "mill@example.org" not in page


async def test_a_paper_is_kept_only_where_it_is_one_of_those_that_were_named(desk: Desk) -> None:
    number = asked(desk)
    place, missing = f"{ROOM}/{number}", sha256(PAPERS[1]).hexdigest()
    async with desk.browser(desk.anna) as anna:
        assert (await anna.get(f"{place}/papers/{missing}")).status_code == 404
        foreign = await brought(anna, place, b"something else")
        assert "none of the documents" in foreign.text
        fitting = await brought(anna, place, PAPERS[1])
        assert "is one of the documents" in fitting.text and "not here yet" not in fitting.text
        for paper in PAPERS:
            file = await anna.get(f"{place}/papers/{sha256(paper).hexdigest()}")
            assert file.content == paper and file.headers["content-disposition"].startswith("attachment")
            assert file.headers["content-type"] == "application/octet-stream"
        rows = desk.stage.office.store.trail.rows(TrailQuestion(), limit=500)
        assert [row.act for row in rows].count("document.read") == 2


async def test_a_holder_and_an_administrator_who_is_no_officer_decide_nothing(desk: Desk) -> None:
    number = asked(desk)
    add_organisation(desk.stage.office, organisation="DEV", kind="developer", name="Dev", actor="local")
    holder = member(desk.stage, "hal@example.org", "holder", "DEV")
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        assert (await desk.on(site, holder).get(f"{ROOM}/{number}")).status_code == 403
        browser = desk.on(site, desk.dora)
        page = await browser.get(f"{ROOM}/{number}")
        assert page.status_code == 200 and 'id="approve"' not in page.text
        forced = await browser.post(f"{ROOM}/{number}", {"do": "approve", "valid_until": UNTIL})
        assert forced.status_code == 403
        assert application_book(desk.stage.office).open_ones(limit=9)[0].endorsed_by == ""


async def test_a_form_that_waited_for_a_sign_in_is_shown_and_decides_nothing(desk: Desk) -> None:
    place = f"{ROOM}/{asked(desk)}"
    async with desk.browser(desk.anna) as anna:
        shown = await anna.post(place, {"do": "reject", "reason": "Not readable", "resume": "yes"})
        assert len(application_book(desk.stage.office).open_ones(limit=9)) == 1
    assert shown.status_code == 200 and "Not readable</textarea>" in shown.text


# Holds


def units(desk: Desk) -> dict[str, str]:
    with open_for_reading(desk.folder) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        found = next(each for each in sight.all_holdings() if each.account == HELD)
    first = found.serials.first
    return {"f.units.unit_class": found.unit_class, "f.units.first": str(first), "f.units.last": str(first + 9)}


async def test_a_hold_says_who_what_since_when_and_what_it_stops_until_it_is_released(desk: Desk) -> None:
    chosen = units(desk)
    ordered = {"f.authority": "High Court", "f.reason": "Dispute <1>"}
    async with both(desk) as (anna, bela):
        empty = (await anna.get("/desk/accounts/holds")).text
        assert "No hold fits" in empty
        address = urlencode({name.removeprefix("f."): value for name, value in chosen.items()})
        form = (await anna.get(f"/desk/accounts/holds/new?{address}")).text
        assert HELD in form and "First transfers and further transfers" in form
        await done_by_two(anna, bela, "/desk/accounts/holds/new", {**chosen, **ordered, "f.hold": "H-1"})
        page = (await anna.get("/desk/accounts/holds/H-1")).text
        today = datetime.now(UTC).date()
        for told in ("High Court", "Dispute &lt;1&gt;", "4/CMA.6", HELD, ">10<", "holds/release?hold=H-1"):
            assert told in page, told
        assert str(today.year) in page and "holds/end" not in page, "without a last day nobody ends it"
        refused = await anna.post(
            "/desk/accounts/holds/release", {"f.id": "r-1", "f.hold": "H-1", "f.authority": "", "f.reason": "x"}
        )
        assert refused.status_code == 422
        lifted = {"f.hold": "H-1", "f.authority": "High Court", "f.reason": "Settled"}
        await done_by_two(anna, bela, "/desk/accounts/holds/release?hold=H-1", lifted)
        over = (await anna.get("/desk/accounts/holds/H-1")).text
        standing = (await anna.get("/desk/accounts/holds?state=standing")).text
        released = (await anna.get("/desk/accounts/holds.csv?state=released")).text
    assert "Settled" in over and "holds/release" not in over and "H-1" not in standing and "H-1" in released


async def test_a_suspension_shows_the_account_and_stands_on_its_page(desk: Desk) -> None:
    async with both(desk) as (anna, bela):
        form = (await anna.get(f"/desk/accounts/suspend?account={HELD}")).text
        assert f"{2 * BLOCK:,}" in form and "Nothing leaves the account" in form
        said = {"f.account": HELD, "f.authority": "Ministry", "f.reason": "Phished", "f.incoming": "yes"}
        await done_by_two(anna, bela, f"/desk/accounts/suspend?account={HELD}", said)
        page = (await anna.get(f"/desk/accounts/{HELD}")).text
    assert "Phished" in page and "accounts/resume?account=" in page and "accounts/suspend?" not in page


async def test_an_unknown_hold_explains_itself(desk: Desk) -> None:
    async with desk.browser(desk.anna) as anna:
        answer = await anna.get("/desk/accounts/holds/NONE")
    assert answer.status_code == 404 and "NONE" in answer.text


def test_the_dates_of_these_tests_are_ahead() -> None:
    assert date.fromisoformat(UNTIL) > datetime.now(UTC).date()
