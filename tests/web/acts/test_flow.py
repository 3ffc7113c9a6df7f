"""One act through the browser: fill in, look, sign, receipt; once, whatever is clicked how often."""

import asyncio
import html
from typing import Any

import pytest

from counterfoil.entrypoints.cli.reading import looking
from counterfoil.entrypoints.http.office.door import COOKIE
from tests.http.desk import HELD, OTHER, open_site
from tests.office.stage import HOUR
from tests.web.acts.stage import Browser, Desk, hidden, seq_of

pytestmark = pytest.mark.anyio
ENTITY = {"f.entity": "0105560000000", "f.name": "Clean Mobility", "f.country": "THA"}
REGISTER = "/desk/acts/RegisterEntity"
MOVE = {"f.units.unit_class": "BR-#", "f.units.first": "1", "f.units.last": "10", "f.source": HELD, "f.target": OTHER}


def journal(desk: Desk) -> int:
    """How many entries there are, read beside the server."""
    with looking(desk.folder.path) as sight:
        last = sight.reading.last_checkpoint()
        return 0 if last is None else last.size


async def looked(browser: Browser, path: str, fields: dict[str, str]) -> dict[str, str]:
    """The hidden fields of the page that shows what an act would change."""
    identity = hidden((await browser.get(path)).text)["f.id"]
    page = await browser.post(path, {**fields, "f.id": identity})
    assert page.status_code == 200, page.text
    found = hidden(page.text)
    assert len(found["seen"]) == 64
    return found


async def test_an_act_is_filled_in_looked_at_signed_and_answered_with_a_receipt(desk: Desk) -> None:
    before = journal(desk)
    async with desk.browser(desk.anna) as browser:
        kept = await looked(browser, REGISTER, ENTITY)
        assert kept["f.entity"] == ENTITY["f.entity"]
        assert journal(desk) == before, "looking does nothing"
        signed = await browser.post(REGISTER, {**kept, "step": "sign"})
        receipt = await browser.get(f"/desk/receipts/{seq_of(signed)}")
        assert desk.anna.person in receipt.text
        assert "Entity registered" in receipt.text
        assert kept["f.id"] in receipt.text
    assert journal(desk) == before + 1


async def test_double_clicks_and_two_tabs_act_once(desk: Desk) -> None:
    before = journal(desk)
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        first = desk.on(site, desk.anna)
        kept = await looked(first, REGISTER, ENTITY)
        answers = await asyncio.gather(*(first.post(REGISTER, {**kept, "step": "sign"}) for _ in range(12)))
        assert len({seq_of(answer) for answer in answers}) == 1
        again = await first.post(REGISTER, {**kept, "step": "look"})
        assert seq_of(again) == seq_of(answers[0]), "going back and sending it again leads to the same receipt"
    assert journal(desk) == before + 1


async def test_going_back_and_changing_the_form_is_another_act_that_is_looked_at_first(desk: Desk) -> None:
    before = journal(desk)
    async with desk.browser(desk.anna) as browser:
        kept = await looked(browser, REGISTER, ENTITY)
        await browser.post(REGISTER, {**kept, "step": "sign"})
        changed = {**kept, "f.entity": "0105560000001", "step": "look"}
        refused = await browser.post(REGISTER, changed)
        assert refused.status_code == 422
        assert "command.id_taken" in refused.text
        fresh = hidden(refused.text)["f.id"]
        assert fresh != kept["f.id"]
        assert (await browser.post(REGISTER, {**changed, "f.id": fresh})).status_code == 200
    assert journal(desk) == before + 1


async def test_what_changed_since_the_look_is_shown_again_and_nothing_is_done(desk: Desk) -> None:
    """Two officers move units of one account: the second would sign balances that were true before the first."""
    path = "/desk/acts/Transfer"
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        anna, bela = desk.on(site, desk.anna), desk.on(site, desk.bela)
        first = await looked(anna, path, MOVE)
        second = await looked(bela, path, {**MOVE, "f.units.first": "11", "f.units.last": "20"})
        seq_of(await anna.post(path, {**first, "step": "sign"}))
        before = journal(desk)
        late = await bela.post(path, {**second, "step": "sign"})
        assert late.status_code == 200
        assert "The books changed meanwhile" in late.text
        assert "1,990" in late.text
        assert "1,980" in late.text
        assert hidden(late.text)["seen"] != second["seen"]
        assert journal(desk) == before
        seq_of(await bela.post(path, {**hidden(late.text), "step": "sign"}))
    assert journal(desk) == before + 1


async def test_the_balances_before_and_after_stand_on_the_page(desk: Desk) -> None:
    async with desk.browser(desk.anna) as browser:
        identity = hidden((await browser.get("/desk/acts/Transfer")).text)["f.id"]
        page = await browser.post("/desk/acts/Transfer", {**MOVE, "f.id": identity})
        rows = [
            [cell.split(">")[-1] for cell in row.split("</")]
            for row in page.text.split("<tr>")
            if HELD in row and "→" not in row
        ]
        told = " ".join(part for row in rows for part in row)
        assert "2,000" in told
        assert "1,990" in told


async def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost(desk: Desk) -> None:
    async with desk.browser(desk.anna) as browser:
        page = await browser.post("/desk/acts/Transfer", {**MOVE, "f.target": "tha:nobody", "f.units.last": "1,0"})
        assert page.status_code == 422
        assert 'id="f.units.last-wrong"' in page.text
        assert 'value="1,0"' in page.text
        page = await browser.post("/desk/acts/Transfer", {**MOVE, "f.target": "tha:nobody"})
        assert page.status_code == 422
        assert 'href="#f.target"' in page.text
        assert 'id="f.target-wrong"' in page.text


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\u202etxt", "x" * 10_000]
)
async def test_hostile_texts_are_shown_and_do_nothing(desk: Desk, hostile: str) -> None:
    async with desk.browser(desk.anna) as browser:
        fields: dict[str, Any] = {**ENTITY, "f.name": hostile, "why": hostile}
        for step in ("look", "edit"):
            page = await browser.post(REGISTER, {**fields, "step": step})
            assert "<script>alert" not in page.text
            assert "<img src=x" not in page.text
            assert html.escape(hostile, quote=False)[:60] in page.text.replace("&#34;", '"').replace("&#39;", "'")
        query = await browser.get(f"{REGISTER}?name=%3Cscript%3Ealert(1)%3C/script%3E")
        assert "<script>alert" not in query.text


async def test_the_address_fills_fields_in_but_never_the_id(desk: Desk) -> None:
    async with desk.browser(desk.anna) as browser:
        page = await browser.get("/desk/acts/Transfer?source=tha:x&units.first=7&id=chosen&nothing=1")
        assert 'value="tha:x"' in page.text
        assert 'name="f.units.first" inputmode="numeric" value="7"' in page.text
        assert hidden(page.text)["f.id"].startswith("web-")


async def test_rows_are_added_and_removed_without_script(desk: Desk) -> None:
    path = "/desk/acts/ProposeTransfer"
    async with desk.browser(desk.anna) as browser:
        page = await browser.post(path, {"f.parts.0.unit_class": "BR-#", "f.target": "che:x", "row": "add:f.parts"})
        assert page.status_code == 200
        assert 'name="f.parts.1.unit_class"' in page.text
        assert 'value="che:x"' in page.text
        page = await browser.post(path, {"f.parts.0.first": "1", "f.parts.1.first": "2", "row": "drop:f.parts.0"})
        assert 'name="f.parts.0.first"' not in page.text
        assert 'name="f.parts.1.first"' in page.text


async def test_who_may_not_do_an_act_is_told_before_filling_anything_in(desk: Desk) -> None:
    async with desk.browser(desk.anna) as browser:
        listed = await browser.get("/desk/acts")
        assert "acts/Authorize" not in listed.text
        assert "acts/Transfer" in listed.text
        refused = await browser.get("/desk/acts/Authorize")
        assert refused.status_code == 403
        sent = await browser.post("/desk/acts/Authorize", {"f.authorization": "L", "step": "look"})
        assert sent.status_code == 403
        assert (await browser.get("/desk/acts/SettleTransfer")).status_code == 404, "only partners' messages cause it"
        found = await browser.get("/desk/acts?text=hold%20place")
        assert "acts/PlaceHold" in found.text
        assert "acts/Transfer" not in found.text


async def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing(desk: Desk) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        anna = desk.on(site, desk.anna)
        kept = await looked(anna, REGISTER, ENTITY)
        desk.stage.later(HOUR)
        before = journal(desk)
        over = await anna.post(f"{REGISTER}?entity=1", {**kept, "step": "sign"})
        assert over.status_code == 401
        carried = hidden(over.text)
        assert carried["kept-path"] == f"{REGISTER}?entity=1"
        assert carried["kept:f.name"] == ENTITY["f.name"]
        assert "kept:csrf" not in carried
        back = desk.on(site, desk.anna)
        fields = {name.removeprefix("kept:"): value for name, value in carried.items() if name.startswith("kept:")}
        form = await back.post(carried["kept-path"], {**fields, "resume": "yes"})
        assert form.status_code == 200
        assert f'value="{ENTITY["f.name"]}"' in form.text
        assert hidden(form.text)["f.id"] == kept["f.id"], "it is still the same act"
        assert journal(desk) == before, "nothing is done by coming back"


async def test_a_form_of_an_earlier_session_is_brought_back_and_not_acted_on(desk: Desk) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        old, new = desk.on(site, desk.anna), desk.on(site, desk.anna)
        kept = await looked(old, REGISTER, ENTITY)
        before = journal(desk)
        page = await new.client.post(REGISTER, data={**kept, "csrf": old.csrf, "step": "sign"})
        assert page.status_code == 401
        assert hidden(page.text)["resume"] == "yes"
        assert hidden(page.text)["csrf"] == new.csrf
        assert journal(desk) == before


async def test_a_form_is_brought_back_to_nobody_but_who_typed_it(desk: Desk) -> None:
    """Another person signs in at the same screen: by the page that asks for it, or in another tab."""
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        anna, bela = desk.on(site, desk.anna), desk.on(site, desk.bela)
        kept = await looked(anna, REGISTER, ENTITY)
        along = {f"kept:{name}": value for name, value in kept.items() if name != "csrf"}
        page = await bela.post("/sign-in/on", {**along, "kept-path": REGISTER})
        assert "A form of somebody else" in page.text
        assert ENTITY["f.name"] not in page.text and kept["f.id"] not in page.text
        own = await anna.post("/sign-in/on", {**along, "kept-path": REGISTER})
        assert hidden(own.text)["f.name"] == ENTITY["f.name"]
        anew = await bela.client.post(REGISTER, data={**kept, "csrf": anna.csrf, "step": "sign"})
        assert anew.status_code == 401 and "A form of somebody else" in anew.text
        assert ENTITY["f.name"] not in anew.text and kept["f.id"] not in anew.text


async def test_a_form_of_a_foreign_page_is_refused_and_nothing_of_it_is_shown(desk: Desk) -> None:
    async with desk.browser(desk.anna) as browser:
        for headers in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}):
            sent = await browser.client.post(REGISTER, data={**ENTITY, "csrf": browser.csrf}, headers=headers)
            assert sent.status_code == 403
            assert ENTITY["f.name"] not in sent.text
            stranger = {**headers, "cookie": f"{COOKIE}=nobody"}
            sent = await browser.client.post(REGISTER, data=ENTITY, headers=stranger)
            assert sent.status_code in (401, 403)
            assert ENTITY["f.name"] not in sent.text


async def test_the_folders_owner_and_strangers_have_no_desk(desk: Desk) -> None:
    async with desk.browser(None) as browser:
        for path in ("/desk/acts", REGISTER, "/desk/tasks", "/desk/proposals", "/desk/views"):
            answer = await browser.get(path)
            assert answer.status_code == 303
            assert "sign-in" in answer.headers["location"]


async def test_a_field_that_names_a_record_offers_what_fits(desk: Desk) -> None:
    async with desk.browser(desk.anna) as browser:
        found = await browser.get("/desk/choices/account?f.account=trader")
        assert f'<option value="{OTHER}">' in found.text
        assert HELD not in found.text
        countries = await browser.get("/desk/choices/country?f.party=switz")
        assert '<option value="CHE">' in countries.text
        assert "<option" not in (await browser.get("/desk/choices/pepper?f.x=a")).text


async def test_a_choice_that_was_not_made_is_not_made_by_the_page(desk: Desk) -> None:
    """What is shown again after a fault has no first choice picked in the place of none."""
    async with desk.browser(desk.anna) as browser:
        page = await browser.post("/desk/acts/ProposeActivity", {"f.activity": "A-1", "f.mitigation_type": ""})
        assert page.status_code == 422
        choice = page.text.split('name="f.mitigation_type"')[1].split("</select>")[0]
        assert '<option value="">' in choice
        assert "selected" not in choice
        stage = page.text.split('name="f.stage"')[1].split("</select>")[0]
        assert '<option value="idea" selected>' in stage
        assert '<option value="">' not in stage, "a field that always says something offers no nothing"


async def test_what_a_stranger_sends_is_not_read_beyond_what_a_form_holds(desk: Desk) -> None:
    async with desk.browser(None) as browser:
        small = await browser.client.post(REGISTER, data={"f.name": "typed"})
        assert small.status_code == 401
        assert hidden(small.text)["kept:f.name"] == "typed"
        large = await browser.client.post(REGISTER, data={"f.name": "typed"}, files={"x": b"0" * 3_000_000})
        assert large.status_code == 401
        assert "typed" not in large.text
        plain = await browser.client.post("/desk/drafts", data={"drop": "typed"})
        assert plain.status_code == 401
        assert "typed" not in plain.text
