"""Anybody applies for an account by a page, comes back by a link, answers the office, and is forgotten when refused."""

import re
from html import unescape
from typing import Any

import httpx
import pytest

from counterfoil.application.documents.keeping import Brought, Filing, keep
from counterfoil.application.notices.ports import Letter, Ways
from counterfoil.application.office.application import ApplicationState
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.document import Access, AccessLevel
from counterfoil.entrypoints import application_closing
from counterfoil.entrypoints.application_book import application_book
from counterfoil.entrypoints.document_room import document_room
from counterfoil.entrypoints.web.desk import apply_form, apply_page
from tests.http.desk import open_site
from tests.web.acts.stage import Browser, Desk

pytestmark = pytest.mark.anyio
PAPER = b"%PDF-1.7 extract of the register"
SAID = {
    "name": "Fields & Rivers <b>Ltd</b>",
    "organisation": "0105560000000",
    "kind": "company",
    "country": "THA",
    "contact": "Contact One",
    "mail": "office@example.org",
    "purpose": "To hold units of solar farms.",
    "account": "fields",
    "owner.0.name": "Owner One",
    "owner.0.country": "THA",
    "owner.0.percent": "60",
    "person.0.name": "Person One",
    "person.0.mail": "one@example.org",
}


async def sent(browser: Browser, paper: bytes | None = PAPER, **changes: str) -> httpx.Response:
    files: Any = {"paper": ("extract.pdf", b"" if paper is None else paper, "application/pdf")}
    if paper is None:
        files = {"paper": ("", b"", "application/octet-stream")}
    return await browser.client.post("/apply", data={**SAID, **changes}, files=files)


async def applied(browser: Browser) -> str:
    """The link that only the sender has."""
    answer = await sent(browser)
    assert answer.status_code == 303, answer.text[:3000]
    return "/" + answer.headers["location"].lstrip("./").partition("&new")[0]


def number_of(link: str) -> str:
    return link.removeprefix("/apply/").partition("?")[0]


async def test_an_application_is_received_with_its_paper_and_nobody_else_sees_it(desk: Desk) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        stranger, officer = desk.on(site, None), desk.on(site, desk.anna)
        assert "Send the application" in (await stranger.get("/apply")).text
        assert "送出申請" in (await stranger.get("/apply?lang=zh-Hant")).text
        link = await applied(stranger)
        page = (await stranger.get(link)).text
        assert "extract.pdf" in page
        assert "&lt;b&gt;Ltd&lt;/b&gt;" in page
        for wrong in (f"/apply/{number_of(link)}", link + "x", "/apply/A0?key=1"):
            answer = await stranger.get(wrong)
            assert answer.status_code == 404, wrong
            assert "Fields" not in answer.text
        number = number_of(link)
        one = application_book(desk.stage.office).get(number)
        assert one is not None
        assert (one.account, one.state, one.owners[0].percent) == ("tha:fields", ApplicationState.OPEN, 60)
        shown = (await officer.get(f"/desk/accounts/applications/{number}")).text
        for said in ("To hold units of solar farms.", "one@example.org", "Contact One"):
            assert said in shown
        (digest,) = one.documents
        kept = await officer.get(f"/desk/accounts/applications/{number}/papers/{digest}")
        assert kept.content == PAPER
        assert b"office@example.org" not in b"".join(
            each.read_bytes() for each in desk.folder.path.glob("journal*") if each.is_file()
        ), "nothing personal enters the journal"


@pytest.mark.parametrize(
    ("changes", "paper", "field"),
    [
        ({"name": ""}, PAPER, "Name of the organisation"),
        ({"kind": "authority"}, PAPER, "Kind of organisation"),
        ({"owner.0.name": ""}, PAPER, "Beneficial owners"),
        ({"account": "a b"}, PAPER, "Short name"),
        ({}, None, "First paper"),
        ({}, b"MZ a program", "is no PDF"),
    ],
)
async def test_what_cannot_be_read_is_named_and_what_was_typed_stays(
    desk: Desk, changes: dict[str, str], paper: bytes | None, field: str
) -> None:
    async with desk.browser(None) as browser:
        answer = await sent(browser, paper, **changes)
        assert answer.status_code == 422
        assert field in answer.text
        assert "To hold units of solar farms." in answer.text
        assert application_book(desk.stage.office).waiting() == 0


async def test_the_office_asks_the_applicant_answers_and_a_rejection_forgets_both(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters: list[Letter] = []

    class Box:
        def send(self, letter: Letter) -> None:
            letters.append(letter)

    monkeypatch.setattr(application_closing, "read_ways", lambda _folder: Ways(Box()))
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        stranger, officer = desk.on(site, None, "zh-Hant"), desk.on(site, desk.anna)
        link = await applied(stranger)
        number, key = number_of(link), unescape(link.partition("key=")[2])
        place = f"/desk/accounts/applications/{number}"
        asked = await officer.post(place, {"do": "ask", "text": "Who signs for you?"})
        assert asked.status_code == 303
        assert "told=sent" in asked.headers["location"]
        assert (letters[0].address, number in letters[0].title) == ("office@example.org", True)
        assert key not in letters[0].text, "the key is never in a letter"
        page = (await stranger.get(link)).text
        assert "Who signs for you?" in page
        assert "The office asks you something" in page
        answer = {"do": "say", "text": "Person One signs.", "key": key}
        assert (await stranger.client.post(f"/apply/{number}", data=answer)).status_code == 303
        assert "Person One signs." in (await officer.get(place)).text
        forged = await stranger.client.post(f"/apply/{number}", data={**answer, "key": "no"})
        assert forged.status_code in (404, 409)
        more = {"paper": ("owners.png", b"\x89PNG\r\n\x1a\n of owners", "image/png")}
        sending = await stranger.client.post(f"/apply/{number}", data={"do": "paper", "key": key}, files=more)
        assert sending.status_code == 303, sending.text[:2000]
        assert "owners.png" in (await officer.get(place)).text

        no = await officer.post(place, {"do": "reject", "reason": "The extract is of another body."})
        assert no.status_code == 303
        page = (await stranger.get(link)).text
        assert "The extract is of another body." in page
        assert "Person One" not in page
        book = application_book(desk.stage.office)
        room, one = book.room(number), book.get(number)
        assert room is not None
        assert one is not None
        assert (room.contact, room.purpose, room.colleagues, room.sayings, one.mail) == ("", "", (), (), "")
        documents = document_room(desk.stage.office).documents.listed(about=number, after="", limit=10)
        assert len(documents) == 2
        assert all(each.newest.erased_ms for each in documents), "the papers are erased"
        late = await stranger.client.post(f"/apply/{number}", data=answer)
        assert late.status_code == 422


async def test_a_folder_without_officers_takes_no_application(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(desk.stage.office.store.people), "staffed", lambda _self: False)
    async with desk.browser(None) as browser:
        page = (await browser.get("/apply")).text
        assert 'id="apply"' not in page
        answer = await sent(browser)
        assert answer.status_code != 303, "nobody would read it"
        assert application_book(desk.stage.office).waiting() == 0


async def test_an_applicant_never_learns_what_the_office_has_of_a_body(desk: Desk) -> None:
    room = document_room(desk.stage.office)
    filing = Filing("KYC", SAID["organisation"], Access(AccessLevel.CONFIDENTIAL, frozenset(), "R-GOV-02"))
    kept = keep(room, filing, Brought("a name of the office.pdf", PAPER, "person:P-1"))
    assert not isinstance(kept, Refusal)
    async with desk.browser(None) as browser:
        page = (await browser.get(await applied(browser))).text
    assert "a name of the office" not in page
    assert "extract.pdf" in page


def test_who_runs_the_registry_or_the_state_applies_by_no_form() -> None:
    kinds = set(apply_form.kinds_open())
    assert {"company", "developer", "verifier", "exchange"} <= kinds
    assert not kinds & {"operator", "authority", "regulator", "partner_party", "expert_reviewer"}


async def test_the_form_is_led_to_from_the_first_page_and_from_signing_in(desk: Desk) -> None:
    async with desk.browser(None) as browser:
        for path in ("/", "/sign-in"):
            assert re.search(r'href="[^"]*apply"', (await browser.get(path)).text), path
    assert apply_page.PATH == "/apply"
