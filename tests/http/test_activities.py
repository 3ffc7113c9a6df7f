"""Activities over HTTP: narrowed by their fields, page by page, each with its life."""

import pytest

from counterfoil.entrypoints.bootstrap import Folder
from tests.http.desk import asking, token

pytestmark = pytest.mark.anyio
ACTIVITIES = "/api/v1/activities"


def idea(name: str, **changes: object) -> dict[str, object]:
    return {
        "activity": name,
        "title": name,
        "mitigation_type": "reduction",
        "sector": "Energy",
        "activity_type": "Hydro",
        **changes,
    }


async def test_a_list_of_activities_is_narrowed_and_its_pages_stay_narrowed(folder: Folder) -> None:
    async with asking(folder, **token(folder)) as client:
        for name, sector in (("A", "Energy"), ("B", "Waste"), ("C", "Energy")):
            sent = {**idea(name, sector=sector), "id": f"p:{name}"}
            answer = await client.post("/api/v1/commands/ProposeActivity", json=sent)
            assert answer.status_code == 201, answer.text
        first = await client.get(ACTIVITIES, params={"sector": "Energy", "state": "idea", "limit": 1})
        assert [each["key"] for each in first.json()["items"]] == ["A"]
        following = await client.get(first.links["next"]["url"])
        assert [each["key"] for each in following.json()["items"]] == ["C"]
        none = await client.get(ACTIVITIES, params={"host": "CHE"})
        assert none.json() == {"items": [], "next": None}


async def test_one_activity_is_told_with_its_life(folder: Folder) -> None:
    async with asking(folder, **token(folder)) as client:
        await client.post("/api/v1/commands/ProposeActivity", json={**idea("A"), "id": "p:A"})
        shown = (await client.get(f"{ACTIVITIES}/A")).json()
    assert (shown["life"]["state"], [each["event"] for each in shown["timeline"]]) == ("idea", ["proposed"])


async def test_an_unknown_field_is_refused_and_not_ignored(folder: Folder) -> None:
    async with asking(folder) as client:
        answer = await client.get(ACTIVITIES, params={"colour": "green"})
        other = await client.get("/api/v1/verifiers", params={"state": "idea"})
    assert (answer.status_code, other.status_code) == (400, 400)
    assert answer.json()["code"] == "http.parameter_unreadable"
