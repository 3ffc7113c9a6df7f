"""What cannot be cleared stands at compliance value 0 in public: voluntary credits, and units that nobody may use."""

import csv
import io

import pytest

from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.acts import ACTS
from tests.http.conftest import folder
from tests.http.desk import asking, token
from tests.web.books.conftest import HOSTILE
from tests.web.books.test_as_of import leaves_of
from tests.web.register.conftest import user
from tests.web.register.seen import seen

__all__ = ["folder", "user"]

pytestmark = pytest.mark.anyio


async def test_voluntary_credits_are_listed_at_value_0_from_the_moment_of_their_entry(folder: Folder) -> None:
    async with asking(folder, **token(folder)) as client:
        assert "None has been recorded" in (await seen(client, "/claims/voluntary")).text
        for name, first in (("VCS-1", 1), ("VCS-2", 5_001)):
            command = {
                "command": "RecordVoluntaryUnits",
                "voluntary": name,
                "holder": HOSTILE[:8] if name == "VCS-2" else "201912345A",
                "programme": "VCS",
                "block": "VCS-VCU-100",
                "first": first,
                "last": first + 4_999,
                "source": HOSTILE,
            }
            answer = await client.post(ACTS, json=command)
            assert answer.status_code == 201, answer.text
        entry = answer.json()["seq"]
        page = await seen(client, "/claims/voluntary")
        rows = list(csv.DictReader(io.StringIO((await client.get("/claims/voluntary.csv?holder=201912345A")).text)))
        earlier = list(csv.DictReader(io.StringIO((await client.get(f"/claims/voluntary.csv?as_of={entry}")).text)))
        claims = await seen(client, "/claims")
    assert "5,001" in page.text and HOSTILE in page.text and f"../entries/{entry}" in page.links
    assert [(row["voluntary"], row["quantity"], row["compliance_value"]) for row in rows] == [("VCS-1", "5000", "0")]
    assert [row["voluntary"] for row in earlier] == ["VCS-1"]
    assert "./claims/voluntary" in claims.links


async def test_a_unit_says_what_it_is_worth_for_an_obligation(host: Folder, user: Folder) -> None:
    async with asking(user) as client:
        leaves = await leaves_of(client)
        used = next(leaf for leaf in leaves if leaf["act"] == "UsedTowardsNdc")
        of, first = used["moves"][0][:2]
        unit = of.replace("#", str(first))
        page = await seen(client, f"/units/{unit}")
        before = await seen(client, f"/units/{unit}?as_of={used['seq']}")
    assert "Compliance value: 1" in page.text and "Compliance value" not in before.text
    async with asking(host) as client:
        born = next(leaf for leaf in await leaves_of(client) if leaf.get("moves"))
        of, first = born["moves"][0][:2]
        status = (await client.get(f"/api/v1/units/{of.replace('#', str(first))}")).json()["status"]
        page = await seen(client, f"/units/{of.replace('#', str(first))}")
    assert ("Compliance value abroad: 0" in page.text) == (status == "unauthorized")
