"""Files that somebody sent or may have: of no other body, for no other purpose, and never a fault of ours."""

import json
from dataclasses import replace

import pytest

from counterfoil.application.office.people import add_organisation
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.entrypoints.cli.reading import looking
from tests.http.desk import open_site
from tests.office.stage import Member, member
from tests.web.acts.stage import Browser
from tests.web.desk.supply import READINGS, Supply, _activity, _monitoring, laid_out, supply

__all__ = ["laid_out", "supply"]
pytestmark = pytest.mark.anyio
MONITORING = "/desk/activities/monitoring"


def verifier_of(supply: Supply, body: str) -> Member:
    add_organisation(supply.desk.stage.office, organisation=body, kind="verifier", name=body, actor="local")
    return member(supply.desk.stage, f"{body.lower()}@elsewhere.example", "verifier", body)


async def sent(browser: Browser, data: bytes, **fields: str) -> str:
    files = {"file": ("7", data, "application/json")}
    answer = await browser.client.post(MONITORING, data={"csrf": browser.csrf, **fields}, files=files)
    assert answer.status_code < 500, answer.text[:2_000]
    return answer.text


async def test_a_verifier_has_the_evidence_of_what_it_may_verify_or_has_verified_and_of_nothing_else(
    supply: Supply,
) -> None:
    with looking(supply.desk.folder.path) as sight:
        digest = sight.record("monitoring", "M1")["evidence"][0]
    other, partaking = verifier_of(supply, "VVB-9"), verifier_of(supply, "VVB-8")
    # M1 is verified by the first body; M2 and M8 wait, and the activity of M8 has a verifier among its participants.
    expected = (
        (supply.verifier, "M1", 200),
        (supply.verifier, "M2", 200),
        (other, "M1", 404),
        (other, "M2", 200),
        (partaking, "M1", 404),
        (partaking, "M2", 200),
        (partaking, "M8", 404),
        (other, "M8", 200),
        (supply.desk.anna, "M1", 200),
        (supply.desk.anna, "M2", 200),
    )
    hills, report = _activity("HILLS", "VVB-8"), _monitoring("M8", 2022, ((2022, 5),), digest)
    async with open_site(supply.desk.folder, supply.desk.stage.at_hand) as site:
        for command in (hills, replace(report, activity=ActivityId("HILLS"))):
            assert isinstance(await site.pages._ground.desk.act(Submission(command, "test")), Receipt)
        for who, name, status in expected:
            browser = supply.desk.on(site, who)
            answer = await browser.get(f"/desk/verification/evidence/{digest}?monitoring={name}")
            assert answer.status_code == status, (who.mail, name)
            assert (READINGS in answer.content) == (status == 200)


@pytest.mark.parametrize("said", ['"\\ud800"', '"\\ud800<b>"', "[" * 900 + "]" * 900, '{"a": "\\udfff"}'])
async def test_a_table_with_half_a_character_is_answered(supply: Supply, said: str) -> None:
    row = f'{{"vintage": {said}, "quantity": {said}}}'
    data = f'{{"activity": {said}, "first_day": {said}, "monitored": [{row}]}}'.encode()
    async with supply.desk.browser(supply.developer) as browser:
        assert "<b>" not in (await sent(browser, data)).split("<main")[-1].split("<table")[-1].split("</table")[0]


async def test_no_file_that_a_person_sent_is_taken_for_what_the_press_made(supply: Supply) -> None:
    add_organisation(supply.desk.stage.office, organisation="DNA-9", kind="authority", name="DNA", actor="local")
    accountant = member(supply.desk.stage, "files@example.org", "accountant", "DNA-9")
    command = {"command": "FileReport", "year": 2024, "known_issues": [], "checked": "all"}
    forged = {
        "command": command,
        "files": {"forged.json": ""},
        "content": "",
        "report": "forged",
        "main": "forged.json",
    }
    async with open_site(supply.desk.folder, supply.desk.stage.at_hand) as site:
        browser = supply.desk.on(site, accountant)
        # As the pages that look at a file lay it by, under the name that it came with.
        digest = site.pages._ground.uploads.keep(accountant.person, "7", json.dumps(forged).encode())
        for path in (
            f"/desk/reports/file/2024?bundle={digest}",
            f"/desk/reports/file/2024/forged.json?bundle={digest}",
        ):
            answer = await browser.get(path)
            assert answer.status_code in (303, 404), answer.text[:2_000]
