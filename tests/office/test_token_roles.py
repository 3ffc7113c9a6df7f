"""A token of an organisation may do what its role may there, and nothing while the organisation is suspended."""

from pathlib import Path

import msgspec
import pytest

from counterfoil.application.office import people
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.tokens import list_tokens, tokens_file
from tests.http.desk import asking, founded, token, transfer
from tests.office.stage import staged

pytestmark = pytest.mark.anyio
ENTITY = {"command": "RegisterEntity", "entity": "0105560000000", "name": "Solar", "country": "THA"}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return founded(tmp_path / "registry", blocks=1)


async def test_a_role_bounds_a_token_and_a_suspension_ends_it(folder: Folder) -> None:
    stage = staged(folder.path)
    people.add_organisation(stage.office, organisation="D1", kind="developer", name="Solar", actor="local")
    developer = token(folder, "dev", organisation="D1", roles=("developer",))
    clerk = token(folder, "clerk", roles=("operator",))
    async with asking(folder) as client:
        refused = await client.post("/api/v1/commands", json=ENTITY, headers=developer)
        assert (refused.status_code, refused.json()["code"]) == (403, "permission.role_missing")
        foreign = await client.post(
            "/api/v1/commands", json=transfer(1, 1), headers=token(folder, "h", organisation="D1", roles=("holder",))
        )
        assert foreign.status_code == 403 and foreign.json()["code"] == "permission.not_own"
        done = await client.post("/api/v1/commands", json=ENTITY, headers=clerk)
        assert done.status_code == 201, done.text
        assert (await client.get(done.headers["location"])).json()["by"] == "token:clerk"
        people.suspend_organisation(stage.office, "D1", suspended=True, actor="local")
        checked = await client.post("/api/v1/aef/check", content=b"x", headers=developer)
        assert checked.status_code == 403
    stage.at_hand.close()


async def test_tokens_of_before_are_read_and_mean_what_they_meant(folder: Folder) -> None:
    headers = token(folder, "old")
    path = tokens_file(folder.path)
    kept = msgspec.json.decode(path.read_bytes())
    for each in kept:
        del each["organisation"], each["roles"]
    path.write_bytes(msgspec.json.encode(kept))
    assert list_tokens(folder.path)[0].roles == ()
    async with asking(folder) as client:
        assert (await client.post("/api/v1/commands", json=transfer(1, 1), headers=headers)).status_code == 201
