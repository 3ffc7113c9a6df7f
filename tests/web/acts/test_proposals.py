"""Acts that need two persons, in the browser; and what waits for whom."""

import asyncio
from typing import Any

import pytest

from tests.http.desk import open_site
from tests.web.acts.stage import Browser, Desk, hidden, seq_of
from tests.web.acts.test_flow import journal

pytestmark = pytest.mark.anyio
OPEN = "/desk/acts/OpenAccount"
ACCOUNT = {"f.account": "tha:new", "f.holder": "trader"}


async def proposed(browser: Browser, **fields: str) -> str:
    """The address of a proposal to open an account."""
    identity = hidden((await browser.get(OPEN)).text)["f.id"]
    look = await browser.post(OPEN, {**ACCOUNT, **fields, "f.id": identity})
    sent = await browser.post(OPEN, {**hidden(look.text), "step": "propose", "why": "a new client"})
    assert sent.status_code == 303, sent.text
    return "/" + sent.headers["location"].partition("?")[0].lstrip("./")


async def test_an_act_that_needs_two_persons_becomes_one_proposal_and_is_done_by_another(desk: Desk) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        anna, bela = desk.on(site, desk.anna), desk.on(site, desk.bela)
        identity = hidden((await anna.get(OPEN)).text)["f.id"]
        look = await anna.post(OPEN, {**ACCOUNT, "f.id": identity})
        assert "registry-practice" in look.text, "the page names who asks for a second person"
        assert 'value="sign"' not in look.text
        alone = await anna.post(OPEN, {**hidden(look.text), "step": "sign"})
        assert alone.status_code == 422
        assert "approval.second_person_needed" in alone.text
        fields = {**hidden(look.text), "step": "propose", "why": "a new client"}
        sent = await asyncio.gather(*(anna.post(OPEN, fields) for _ in range(6)))
        assert len({each.headers["location"].partition("?")[0] for each in sent}) == 1, "a second click is the same"
        place = "/" + sent[0].headers["location"].partition("?")[0].lstrip("./")
        own = await anna.get(place)
        assert 'value="approve"' not in own.text
        assert 'value="withdraw"' in own.text
        page = await bela.get(place)
        assert "a new client" in page.text
        assert "tha:new" in page.text
        before = journal(desk)
        approval = {"step": "approve", "seen": hidden(page.text)["seen"]}
        done, twice = await asyncio.gather(*(bela.post(place, approval) for _ in range(2)))
        assert journal(desk) == before + 1
        answered = next(
            each for each in (done, twice) if each.status_code == 303 and "receipts" in each.headers["location"]
        )
        receipt = await bela.get(f"/desk/receipts/{seq_of(answered)}")
        assert f"{desk.anna.person}+person:{desk.bela.person}" in receipt.text
        listed = await bela.get("/desk/proposals")
        assert listed.text.count("Open an account") == 1
        assert "Done" in listed.text


async def test_a_proposal_is_rejected_with_a_reason_or_taken_back_by_its_own(desk: Desk) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        anna, bela = desk.on(site, desk.anna), desk.on(site, desk.bela)
        place = await proposed(anna)
        silent = await bela.post(place, {"step": "reject", "reason": "  "})
        assert silent.status_code == 422
        assert "approval.reason_missing" in silent.text
        assert (await bela.post(place, {"step": "withdraw"})).status_code == 422, "it is not theirs"
        assert (await bela.post(place, {"step": "reject", "reason": "the file is missing"})).status_code == 303
        page = await anna.get(place)
        assert "the file is missing" in page.text
        assert 'value="withdraw"' not in page.text
        other = await proposed(anna, **{"f.account": "tha:other"})
        assert other != place
        assert (await anna.post(other, {"step": "withdraw"})).status_code == 303
        states = await anna.get("/desk/proposals?state=withdrawn")
        assert "tha:other" not in states.text
        assert states.text.count("<tr>") == 2, "the head and one proposal"


async def test_what_an_approver_saw_is_what_is_done(desk: Desk) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        anna, bela = desk.on(site, desk.anna), desk.on(site, desk.bela)
        place = await proposed(anna)
        before = journal(desk)
        stale = await bela.post(place, {"step": "approve", "seen": "0" * 64})
        assert stale.status_code == 422
        assert "approve again" in stale.text
        waited = await bela.post(place, {"step": "approve", "seen": hidden(stale.text)["seen"], "resume": "yes"})
        assert waited.status_code == 200, "a form that waited for signing in decides nothing"
        assert journal(desk) == before


async def test_tasks_say_what_waits_for_whom_and_the_menu_counts_them(desk: Desk) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        anna, bela = desk.on(site, desk.anna), desk.on(site, desk.bela)
        assert 'class="count"' not in (await bela.get("/desk/tasks")).text
        place = await proposed(anna)
        name = place.rpartition("/")[2]
        tasks = await bela.get("/desk/tasks")
        assert f"proposals/{name}" in tasks.text
        assert "Approve acts of others" in tasks.text
        assert '<span class="count">1<span' in tasks.text
        mine = await anna.get("/desk/tasks")
        assert "My proposals that wait for others" in mine.text
        assert f"proposals/{name}" in mine.text
        assert "Approve acts of others" not in mine.text


async def test_tasks_say_what_the_party_owes_to_those_who_work_for_it(desk: Desk) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        anna, dora = desk.on(site, desk.anna), desk.on(site, desk.dora)
        assert "Annual information (AEF)" in (await anna.get("/desk/tasks")).text
        assert "Annual information (AEF)" not in (await dora.get("/desk/tasks")).text


async def test_a_draft_is_kept_gone_on_with_and_gone_once_it_is_sent(desk: Desk) -> None:
    path, fields = "/desk/acts/RegisterEntity", {"f.entity": "77", "f.name": "<b>Half</b>", "f.country": "THA"}
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        anna, bela = desk.on(site, desk.anna), desk.on(site, desk.bela)
        identity = hidden((await anna.get(path)).text)["f.id"]
        kept = await anna.post(path, {**fields, "f.id": identity, "step": "draft"})
        assert kept.status_code == 303
        tasks = (await anna.get("/desk/tasks")).text
        assert f"{path.lstrip('/')}?draft={identity}" in tasks
        assert identity not in (await bela.get("/desk/tasks")).text, "a draft is its owner's"
        assert 'value="77"' not in (await bela.get(f"{path}?draft={identity}")).text
        again = await anna.get(f"{path}?draft={identity}")
        assert hidden(again.text)["f.id"] == identity
        assert "&lt;b&gt;Half&lt;/b&gt;" in again.text
        look = await anna.post(path, {**hidden(again.text), **fields})
        seq_of(await anna.post(path, {**hidden(look.text), "step": "sign"}))
        assert identity not in (await anna.get("/desk/tasks")).text


async def test_a_view_of_a_list_is_saved_found_again_and_taken_away(desk: Desk) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        anna, bela = desk.on(site, desk.anna), desk.on(site, desk.bela)
        page = await anna.get("/desk/proposals?state=open&after=9&lang=en")
        fields: dict[str, Any] = {name: value for name, value in hidden(page.text).items() if name in ("path", "query")}
        assert fields["path"] == "/desk/proposals"
        saved = await anna.post("/desk/views", {**fields, "title": "Waiting <now>"})
        assert saved.headers["location"].endswith("/desk/proposals?state=open".lstrip("/"))
        shown = await anna.get("/desk/proposals")
        assert "Waiting &lt;now&gt;" in shown.text
        views = await anna.get("/desk/views")
        assert "desk/proposals?state=open" in views.text
        assert "Waiting" not in (await bela.get("/desk/views")).text
        unnamed = await anna.post("/desk/views", {**fields, "title": " "})
        assert unnamed.status_code == 422
        await anna.post("/desk/views", {"drop": hidden(views.text)["drop"]})
        assert "Waiting" not in (await anna.get("/desk/views")).text


@pytest.mark.parametrize(
    "path", ["https://evil.example/x", "//evil.example", "\\\\evil.example", "/a?b#c", "javascript:1"]
)
async def test_a_view_never_leads_elsewhere(desk: Desk, path: str) -> None:
    async with desk.browser(desk.anna) as browser:
        sent = await browser.post("/desk/views", {"path": path, "query": "a=1", "title": "x"})
        assert sent.headers["location"].startswith("../")
        views = (await browser.get("/desk/views")).text
        assert 'href="//' not in views
        assert 'href="http' not in views
        assert 'href="javascript' not in views


async def test_a_shelf_has_an_end(desk: Desk) -> None:
    async with desk.browser(desk.anna) as browser:
        for number in range(60):
            sent = await browser.post("/desk/views", {"path": "/x", "query": f"a={number}", "title": str(number)})
            assert sent.status_code == 303
        full = await browser.post("/desk/views", {"path": "/x", "query": "a=60", "title": "60"})
        assert full.status_code == 422
        assert "shelf.full" in full.text
        huge = await browser.post("/desk/acts/RegisterEntity", {"f.name": "x" * 450_000, "step": "draft"})
        assert "shelf.too_large" in huge.text
