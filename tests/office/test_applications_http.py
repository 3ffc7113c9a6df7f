"""Anybody applies over HTTP; who may not decide is refused; two officers do."""

from pathlib import Path

import pytest

from counterfoil.entrypoints.bootstrap import Folder
from tests.http.desk import founded
from tests.office.stage import member, staged
from tests.office.test_http import OFFICE, browser, sign_in

pytestmark = pytest.mark.anyio
BODY = {
    "organisation": "0105560000000",
    "kind": "company",
    "name": "Fields and Rivers",
    "mail": "office@example.org",
    "account": "tha:fields",
    "documents": ["ab" * 32],
    "owners": [{"name": "Somchai", "country": "THA", "percent": 60}],
}


async def test_a_stranger_applies_and_two_officers_approve(tmp_path: Path) -> None:
    folder: Folder = founded(tmp_path / "registry", blocks=2)
    stage = staged(folder.path)
    member(stage)
    first = member(stage, "one@example.org", "operator")
    second = member(stage, "two@example.org", "operator")
    async with browser(folder, stage, client="192.0.2.7") as client:
        place = f"{OFFICE}/applications"
        assert (await client.post(place, json={**BODY, "kind": "wizards"})).status_code in (409, 422, 400)
        assert (await client.post(place, json={**BODY, "more": 1})).status_code in (400, 422)
        made = await client.post(place, json=BODY)
        assert made.status_code == 201, made.text
        number = made.json()["application"]
        assert (await client.get(place)).status_code == 401
        assert (await client.get(f"{place}/{number}")).status_code == 401
        assert (await client.post(f"{place}/{number}/approve", json={"valid_until": "2027-12-31"})).status_code == 401
        for officer, state in ((first, "endorsed"), (second, "approved")):
            headers = await sign_in(client, stage, officer)
            done = await client.post(f"{place}/{number}/approve", json={"valid_until": "2027-12-31"}, headers=headers)
            assert done.status_code == 200, done.text
            assert done.json()["state"] == state
        kept = await client.get(f"{OFFICE}/kyc/0105560000000")
        assert kept.json()["valid_until"] == "2027-12-31"
    stage.at_hand.close()
