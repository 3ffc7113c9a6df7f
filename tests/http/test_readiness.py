"""The readiness view over HTTP: public, of the registry's own country, and the same while the books stand still."""

import pytest

from counterfoil.entrypoints.bootstrap import Folder
from tests.http.desk import asking

pytestmark = pytest.mark.anyio


async def test_the_country_of_the_registry_is_told_without_a_token(folder: Folder) -> None:
    async with asking(folder) as client:
        answer = await client.get("/api/v1/readiness")
        again = await client.get("/api/v1/readiness", headers={"if-none-match": answer.headers["etag"]})
        document = (await client.get("/api/v1/openapi.json")).json()
    view = answer.json()
    assert (view["jurisdiction"], view["law"]["pack"], view["registry"]["registry"]) == ("THA", "tha", "THA01")
    (accounts,) = [line for line in view["lines"] if line["criterion"] == "accounts"]
    assert (accounts["state"], accounts["evidence"][0]["entry"]) == ("has", 1)
    assert again.status_code == 304
    assert document["paths"]["/api/v1/readiness"]["get"]["operationId"] == "showReadiness"
