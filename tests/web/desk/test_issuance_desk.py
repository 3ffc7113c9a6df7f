"""A developer asks for an issuance, and the administrator decides on it beside what is left and what the law takes."""

import re

import pytest

from counterfoil.application.queries.work_waiting import Work, WorkWaiting
from counterfoil.entrypoints.cli.reading import looking
from tests.http.desk import open_site
from tests.web.acts.stage import hidden, seq_of
from tests.web.desk.supply import ACCOUNT, Supply, laid_out, supply
from tests.web.desk.two_persons import done_by_two
from tests.web.register.seen import Seen

__all__ = ["laid_out", "supply"]
pytestmark = pytest.mark.anyio
ASK, NEW = "/desk/issuance/ask?verification=M1-V", "/desk/issuance/new"


async def test_a_request_goes_from_the_developer_over_the_list_to_an_issuance(supply: Supply) -> None:
    anew = WorkWaiting()
    async with open_site(supply.desk.folder, supply.desk.stage.at_hand) as site:
        dev, anna = supply.desk.on(site, supply.developer), supply.desk.on(site, supply.desk.anna)
        task = f"..{NEW}?request=ASK-1"
        assert task not in Seen((await anna.get("/desk/tasks")).text).links
        page = await dev.get(ASK)
        assert 'value="880"' in page.text and f'value="{ACCOUNT}"' in page.text and 'value="M1-V-R1"' in page.text
        fields = {"f.id": hidden(page.text)["f.id"], "f.request": "ASK-1", "f.vintage": "2021", "f.account": ACCOUNT}
        above = await dev.post(ASK, {**fields, "f.quantity": "881", "step": "preview"})
        assert "verification.quantity_exceeded" in above.text
        looked = await dev.post(ASK, {**fields, "f.quantity": "500", "f.note": "<b>please</b>", "step": "look"})
        seq_of(await dev.post(ASK, {**hidden(looked.text), "step": "sign"}))
        assert "ASK-1" in (await dev.get("/desk/issuance")).text
        assert task in Seen((await anna.get("/desk/tasks")).text).links
        assert task not in Seen((await dev.get("/desk/tasks")).text).links, "who asks does not issue"
        with looking(supply.desk.folder.path) as sight:
            anew.refresh(sight)
            assert [each.about for each in anew.of(Work.ISSUE)] == ["ROOFS"]
        assert 'value="380"' in (await dev.get(ASK)).text, "what waits is not asked for again"

        listed = await anna.get("/desk/issuance?activity=ROOFS")
        assert "&lt;b&gt;please" in listed.text and "issuance/new?request=ASK-1" in listed.text
        path = f"{NEW}?request=ASK-1"
        page = await anna.get(path)
        fields = {"f.id": hidden(page.text)["f.id"], "f.quantity": "450", "f.unit_type": "domestic", "f.scheme": "TVER"}
        assert 'value="500"' in page.text and 'name="f.vintage"' not in page.text
        seen = await anna.post(path, {**fields, "step": "preview"})
        parts = re.search(r"<code>tha:developer</code></th><td class=\"number\">(\d+)<", seen.text)
        assert parts is not None and parts[1] == "450"
        bela = supply.desk.on(site, supply.desk.bela)
        await done_by_two(anna, bela, path, {**fields, "f.account": "tha:trader"})
        assert "ASK-1" not in (await anna.get("/desk/issuance?state=open")).text
        assert task not in Seen((await anna.get("/desk/tasks")).text).links, "what was issued on waits no more"
        done = await anna.get("/desk/issuance?state=issued")
        assert "ASK-1" in done.text
        activity = await anna.get("/desk/activities/ROOFS")
        assert "430" in activity.text, "what is left to issue"
    with looking(supply.desk.folder.path) as sight:
        request = sight.record("issuance_request", "ASK-1")
    assert (request["state"], request["issued"], request["account"]) == ("issued", 450, ACCOUNT)


async def test_a_developer_neither_issues_nor_asks_for_others(supply: Supply) -> None:
    async with open_site(supply.desk.folder, supply.desk.stage.at_hand) as site:
        dev = supply.desk.on(site, supply.developer)
        assert (await dev.get(f"{NEW}?verification=M1-V")).status_code == 403
        assert (await dev.get("/desk/issuance/ask?verification=NONE")).status_code == 404
        page = await dev.get(ASK)
        fields = {"f.id": hidden(page.text)["f.id"], "f.request": "ASK-2", "f.vintage": "2021", "f.quantity": "1"}
        refused = await dev.post(ASK, {**fields, "f.account": "tha:trader", "step": "look"})
        assert "permission.not_own" in refused.text


async def test_the_letters_limits_stand_beside_the_form(supply: Supply) -> None:
    async with open_site(supply.desk.folder, supply.desk.stage.at_hand) as site:
        anna = supply.desk.on(site, supply.desk.anna, "zh-Hant")
        page = await anna.get(f"{NEW}?verification=M1-V")
        assert "未指明授權書者" in page.text
        assert page.status_code == 200
