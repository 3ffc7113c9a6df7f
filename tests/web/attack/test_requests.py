"""What a stranger, a foreign page or a slow trick sends to the pages: refused before it costs anything."""

import re
import time
from typing import Any

import pytest

from counterfoil.entrypoints.web import form
from counterfoil.entrypoints.web.pages import page_rows
from tests.web.acts.stage import Desk

pytestmark = pytest.mark.anyio
EDGE = "attack"


def multipart(**fields: bytes) -> bytes:
    parts = (
        b'--%s\r\ncontent-disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (EDGE.encode(), name.encode(), value)
        for name, value in fields.items()
    )
    return b"".join(parts) + b"--%s--\r\n" % EDGE.encode()


async def test_a_form_cannot_name_a_spelling_that_takes_minutes_to_read(desk: Desk) -> None:
    # Reading `punycode` takes the square of its length: half a megabyte held the event loop for twenty seconds.
    slow = b"a" * 100_000 + b"-" + b"kva" * 30_000
    async with desk.browser(None) as stranger:
        begun = time.perf_counter()
        answer = await stranger.client.post(
            "/sign-in",
            content=multipart(mail=slow),
            headers={"content-type": f"multipart/form-data; charset=punycode; boundary={EDGE}"},
        )
        assert time.perf_counter() - begun < 1
        assert answer.status_code in (400, 415)
        plain = await stranger.client.post(
            "/sign-in",
            content=multipart(mail=b"anna@example.org", password=b"-"),
            headers={"content-type": f"multipart/form-data; charset=UTF-8; boundary={EDGE}"},
        )
        assert plain.status_code == 422


async def test_a_stranger_cannot_lay_large_files_on_the_servers_disk(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form, "PLAIN_BYTES_MAX", 1_000)
    file = b'--%s\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n\r\n%s\r\n--%s--\r\n'
    large = file % (EDGE.encode(), b"x" * 2_000, EDGE.encode())
    headers = {"content-type": f"multipart/form-data; boundary={EDGE}"}
    async with desk.browser(desk.anna) as browser:
        # Somebody who is signed in may send a file: this one is refused for its token alone.
        assert (await browser.client.post("/desk/me", content=large, headers=headers)).status_code == 403
        del browser.client.headers["cookie"]
        for path in ("/sign-in", "/invitation", "/sign-in/demonstration"):
            assert (await browser.client.post(path, content=large, headers=headers)).status_code == 413, path


FOREIGN: list[dict[str, str]] = [
    {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"},
    {"origin": "https://elsewhere.example"},
    {"origin": "null"},
    {"sec-fetch-site": "same-site"},
    {},
]


@pytest.mark.parametrize("said", FOREIGN)
async def test_no_foreign_page_can_send_any_form(desk: Desk, said: dict[str, str]) -> None:
    paths = [row.path for row in page_rows() if row.post is not None]
    assert len(paths) > 15
    async with desk.browser(desk.dora) as browser:
        sent = {name: value for name, value in browser.client.headers.items() if name == "cookie"}
        for path in paths:
            told: dict[str, Any] = {"csrf": browser.csrf, "do": "end_all", "step": "sign", "resume": "yes"}
            request = browser.client.build_request("POST", path.replace(":path", ""), data=told)
            for name in ("origin", "sec-fetch-site"):
                request.headers.pop(name, None)
            request.headers.update({**sent, **said})
            answer = await browser.client.send(request)
            assert answer.status_code in (401, 403), (path, answer.status_code)
            assert "set-cookie" not in answer.headers, path
        assert (await browser.get("/desk/me")).status_code == 200


async def test_a_form_without_the_sessions_own_token_does_nothing(desk: Desk) -> None:
    rows = [row for row in page_rows() if row.post is not None and row.token]
    async with desk.browser(desk.dora) as browser:
        for row in rows:
            for token in ({}, {"csrf": "0" * 64}):
                answer = await browser.client.post(row.path.replace(":path", ""), data={"do": "end_all", **token})
                assert answer.status_code in (401, 403), (row.path, answer.status_code)
        assert (await browser.get("/desk/me")).status_code == 200


async def test_a_field_of_very_many_lines_gives_no_page_of_very_many_fields(desk: Desk) -> None:
    # Each line got an input of its own: two megabytes of lines made a page of a hundred, in a reader's thread.
    async with desk.browser(desk.anna) as anna:
        for lines, fields in ((5_000, 0), (200, 201)):
            said = {"f.participants": "a\n" * lines, "step": "edit"}
            page = (await anna.post("/desk/acts/RegisterActivity", said)).text
            assert len(re.findall(r'<input[^>]*name="f\.participants"', page)) == fields
            assert ('<textarea id="f.participants"' in page) == (not fields)
        whole = {"f.participants": "\n".join(f"E-{number}" for number in range(300)), "step": "edit"}
        page = (await anna.post("/desk/acts/RegisterActivity", whole)).text
        assert all(f"E-{number}" in page for number in (0, 150, 299)), "what was typed is not lost"
