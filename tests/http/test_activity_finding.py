"""Activities are found over HTTP by everybody, page by page, also those registered since."""

from pathlib import Path

import pytest

from counterfoil.entrypoints.http.activity_finding import FIND
from counterfoil.entrypoints.http.acts import ACTS
from tests.http.desk import asking, founded, token

pytestmark = pytest.mark.anyio


async def test_what_is_registered_is_found_at_once(tmp_path: Path) -> None:
    folder = founded(tmp_path / "tha", blocks=1)
    async with asking(folder, **token(folder)) as client:
        assert (await client.get(FIND, params={"text": "solar"})).json() == {"items": [], "found": 0, "next": None}
        for number in range(3):
            facts = {"mitigation_type": "reduction", "sector": "Energy", "activity_type": "Solar"}
            act = {"command": "RegisterActivity", "activity": f"S-{number}", "title": "Solar roofs", **facts}
            assert (await client.post(ACTS, json=act)).status_code < 300
        found = (await client.get(FIND, params={"text": "ROOFS solar", "host": "THA", "limit": "2"})).json()
        assert ([each["key"] for each in found["items"]], found["found"], found["next"]) == (["S-0", "S-1"], 3, "S-1")
        rest = (await client.get(FIND, params={"text": "solar", "after": "S-1"})).json()
        assert [each["key"] for each in rest["items"]] == ["S-2"]


@pytest.mark.parametrize("query", ["color=red", "limit=0", "limit=1e3", "limit=99999", "text=a&text=b"])
async def test_a_question_that_cannot_be_read_is_refused(query: str, tmp_path: Path) -> None:
    folder = founded(tmp_path / "tha", blocks=1)
    async with asking(folder) as client:
        answer = await client.get(f"{FIND}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "http.parameter_unreadable")
