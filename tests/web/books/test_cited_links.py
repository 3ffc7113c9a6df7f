"""A link that was cited goes on answering, and what was revoked, withdrawn or corrected says so where it is now."""

import html
import re
from urllib.parse import urljoin

import httpx
import pytest

from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.acts import ACTS
from tests.cli.conftest import HISTORY
from tests.http.conftest import folder
from tests.http.desk import asking, token
from tests.web.books.conftest import CHANGEABLE
from tests.web.register.seen import seen

__all__ = ["folder"]
pytestmark = pytest.mark.anyio
ENDED = (
    {"command": "WithdrawActivity", "activity": "THA-BUS", "authority": "TGO", "reason": "The line was given up"},
    {
        "command": "RevokeAuthorization",
        "authorization": "THA-LOA-1",
        "statement": "Statement of 2027",
        "reason": "By its terms",
    },
    {"command": "CloseAccount", "account": "tha:spare", "reason": "Never used"},
)


async def cited(client: httpx.AsyncClient, path: str) -> str:
    """The link that a page offers to be cited by."""
    answer = await client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 200, (path, answer.text)
    found = re.search(r'<p class="cite">[^<]*<a href="([^"]+)"', answer.text)
    assert found is not None, path
    return urljoin(path, html.unescape(found[1]))


async def test_links_cited_before_an_end_show_what_was_and_pages_of_now_say_what_became_of_it(folder: Folder) -> None:
    async with asking(folder, **token(folder)) as client:
        begun = tuple({**each, **CHANGEABLE} if each["command"] == "Authorize" else each for each in HISTORY)
        spare = {"command": "OpenAccount", "account": "tha:spare", "holder": "Spare"}
        for command in (*begun, spare):
            answer = await client.post(ACTS, json=command)
            assert answer.status_code == 201, answer.text
        paths = ("/activities/THA-BUS", "/authorizations/THA-LOA-1", "/accounts/tha:spare", "/", "/balance", "/entries")
        links = {path: await cited(client, path) for path in paths}
        before = {path: (await seen(client, links[path])).text for path in paths}
        for command in ENDED:
            answer = await client.post(ACTS, json=command)
            assert answer.status_code == 201, answer.text
        after = {path: (await seen(client, links[path])).text for path in paths}
        now = {path: (await seen(client, path)).text for path in paths}
        version = await seen(client, "/authorizations/THA-LOA-1@1")
        listed = await seen(client, "/corrections")
    counted = re.compile(r"The journal holds [\d,]+ entr")
    for path in paths:
        assert counted.sub("", before[path]) == counted.sub("", after[path]), path
    assert "The line was given up" in now["/activities/THA-BUS"] and "withdrawn" in now["/activities/THA-BUS"].lower()
    assert "The line was given up" not in after["/activities/THA-BUS"]
    assert "revoked" in now["/authorizations/THA-LOA-1"] and "By its terms" in now["/authorizations/THA-LOA-1"]
    assert "By its terms" not in after["/authorizations/THA-LOA-1"]
    assert "THA-LOA-1" in listed.text and "Version 1" in version.text
