"""The office over HTTP: cookies, forged requests, who may administer, and what no answer and no log tells."""

import contextlib
import json
import logging
from collections.abc import AsyncIterator, Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx
import pytest

from counterfoil.application.office.sessions import IDLE_MS
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.office.desk import office_routes
from counterfoil.entrypoints.http.office.door import COOKIE
from counterfoil.entrypoints.http.openapi import examples
from tests.http.desk import founded, open_site, token, transfer
from tests.office.stage import MAIL, MINUTE, PASSWORD, Member, Stage, invited, member, signed_in, staged

pytestmark = pytest.mark.anyio
OFFICE = "/api/v1/office"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return founded(tmp_path / "registry", blocks=2)


@pytest.fixture
def stage(folder: Folder) -> Iterator[Stage]:
    made = staged(folder.path)
    yield made
    made.at_hand.close()


@contextlib.asynccontextmanager
async def browser(
    folder: Folder, stage: Stage | None, *, client: str = "127.0.0.1"
) -> AsyncIterator[httpx.AsyncClient]:
    async with open_site(folder, None if stage is None else stage.at_hand) as site:
        transport = httpx.ASGITransport(app=site, client=(client, 1))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="https://registry.example") as made:
            yield made


async def sign_in(client: httpx.AsyncClient, stage: Stage, who: Member) -> dict[str, str]:
    """Sign in by HTTP; the header that changes need. The cookie stays with the client."""
    step = await client.post(f"{OFFICE}/sign-in", json={"mail": who.mail, "password": PASSWORD})
    assert step.status_code == 200, step.text
    code = {"step": step.json()["step"], "code": stage.code(who.totp)}
    done = await client.post(f"{OFFICE}/sign-in/code", json=code)
    assert done.status_code == 200, done.text
    stage.later(MINUTE)
    return {"x-csrf-token": done.json()["csrf"]}


def act(first: int) -> dict[str, Any]:
    return {"json": transfer(first, first)}


async def test_an_invitation_becomes_a_session_by_http_alone(folder: Folder, stage: Stage) -> None:
    secret = invited(stage, role="administrator").secret
    async with browser(folder, stage) as client:
        opened = (await client.post(f"{OFFICE}/invitations/open", json={"invitation": secret})).json()
        assert opened["mail"] == MAIL and opened["totp"]["address"].startswith("otpauth://totp/")
        chosen = {"invitation": secret, "password": PASSWORD, "code": stage.code(opened["totp"]["secret"])}
        done = await client.post(f"{OFFICE}/invitations/enrol", json=chosen)
        assert done.status_code == 200 and len(done.json()["recovery_codes"]) == 10
        session = (await client.get(f"{OFFICE}/session")).json()
        assert session["roles"] == ["administrator"] and session["person"] == opened["person"]
        again = await client.post(f"{OFFICE}/invitations/enrol", json=chosen)
        assert again.status_code == 409 and again.json()["code"] == "invitation.over"


async def test_the_cookie_is_for_this_host_over_tls_and_for_no_script(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    async with browser(folder, stage) as client:
        step = await client.post(f"{OFFICE}/sign-in", json={"mail": who.mail, "password": PASSWORD})
        assert "set-cookie" not in step.headers, "half signed in is not signed in"
        sent = {"step": step.json()["step"], "code": stage.code(who.totp)}
        done = await client.post(f"{OFFICE}/sign-in/code", json=sent)
    cookie = SimpleCookie(done.headers["set-cookie"])[COOKIE]
    assert COOKIE.startswith("__Host-") and cookie["path"] == "/" and not cookie["domain"]
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax"
    assert cookie.value not in done.text and done.headers["cache-control"] == "no-store"


async def test_a_change_by_cookie_needs_the_token_and_an_origin_of_ours(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    async with browser(folder, stage) as client:
        good = await sign_in(client, stage, who)
        forged = [
            {},
            {"x-csrf-token": "guess"},
            {**good, "origin": "https://evil.example"},
            {**good, "origin": "http://registry.example:81"},
            {**good, "origin": "null"},
            {**good, "sec-fetch-site": "cross-site"},
            {**good, "sec-fetch-site": "same-site"},
        ]
        for headers in forged:
            answer = await client.post(f"{OFFICE}/sessions/end-all", json={}, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "session.request_forged"), headers
            answer = await client.post("/api/v1/commands", **act(1), headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "session.request_forged"), headers
        own = {**good, "origin": "https://registry.example", "sec-fetch-site": "same-origin"}
        assert (await client.post(f"{OFFICE}/sessions/end-all", json={}, headers=own)).status_code == 200
        assert (await client.get(f"{OFFICE}/session")).status_code == 401


async def test_a_foreign_page_cannot_sign_somebody_in(folder: Folder, stage: Stage) -> None:
    member(stage)
    sent = {"mail": MAIL, "password": PASSWORD}
    async with browser(folder, stage) as client:
        answer = await client.post(f"{OFFICE}/sign-in", json=sent, headers={"origin": "https://evil.example"})
        assert answer.json()["code"] == "session.request_forged"
        form = await client.post(f"{OFFICE}/sign-in", data=sent)
        assert form.status_code == 415


@pytest.mark.parametrize(
    "origin", ["http://[", "https://[::1", "https://registry.example@evil", "\xff", "registry.example"]
)
async def test_an_origin_of_any_spelling_is_foreign_and_no_mistake_of_ours(
    folder: Folder, stage: Stage, origin: str
) -> None:
    async with browser(folder, stage) as client:
        sent = {"mail": MAIL, "password": PASSWORD}
        headers = {"origin": origin.encode("latin-1")}
        answer = await client.post(f"{OFFICE}/sign-in", json=sent, headers=headers)  # type: ignore[arg-type]
        assert (answer.status_code, answer.json()["code"]) == (403, "session.request_forged")


async def test_a_network_of_ipv6_is_counted_as_one_address(folder: Folder, stage: Stage) -> None:
    (folder.path / "office.toml").write_text('address = "https://registry.example"\nbehind_proxy = true\n')
    again = staged(folder.path)
    try:
        async with browser(folder, again) as client:
            answers = []
            for number in range(31):
                headers = {"x-forwarded-for": f"2001:db8:0:1::{number:x}"}
                sent = {"mail": f"b{number}@example.org", "password": "x" * 12}
                answers.append((await client.post(f"{OFFICE}/sign-in", json=sent, headers=headers)).status_code)
            assert answers == [401] * 30 + [429]
            headers = {"x-forwarded-for": "2001:db8:0:2::1"}
            other = await client.post(f"{OFFICE}/sign-in", json=sent, headers=headers)
            assert other.status_code == 401, "the next network is another's"
    finally:
        again.at_hand.close()


async def test_a_client_cannot_say_another_address_in_a_line_before_the_proxys(folder: Folder, stage: Stage) -> None:
    (folder.path / "office.toml").write_text('address = "https://registry.example"\nbehind_proxy = true\n')
    again = staged(folder.path)
    try:
        async with browser(folder, again) as client:
            answers = []
            for number in range(31):
                headers = [("x-forwarded-for", f"203.0.113.{number}"), ("x-forwarded-for", "192.0.2.44")]
                sent = {"mail": f"c{number}@example.org", "password": "x" * 12}
                answers.append((await client.post(f"{OFFICE}/sign-in", json=sent, headers=headers)).status_code)
            assert answers == [401] * 30 + [429]
    finally:
        again.at_hand.close()


async def test_a_fixed_or_stolen_cookie_value_is_nobody(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    async with browser(folder, stage) as client:
        for value in ("A" * 43, "", "x" * 5_000, '"quoted"'):
            answer = await client.get(f"{OFFICE}/session", headers={"cookie": f"{COOKIE}={value}"})
            assert answer.status_code == 401, value[:10]
        await sign_in(client, stage, who)
        assert client.cookies[COOKIE] != "A" * 43
        stage.later(IDLE_MS)
        over = await client.get(f"{OFFICE}/session")
        assert (over.status_code, over.json()["code"]) == (401, "session.needed")


async def test_a_session_acts_under_its_pseudonym_and_only_as_its_roles_may(folder: Folder, stage: Stage) -> None:
    member(stage)
    reader = member(stage, "cy@example.org", "operator")
    async with browser(folder, stage) as client:
        headers = await sign_in(client, stage, reader)
        entity = {"command": "RegisterEntity", "entity": "0105560000000", "name": "Solar", "country": "THA"}
        answer = await client.post("/api/v1/commands", json=entity, headers=headers)
        assert answer.status_code == 201, answer.text
        entry = (await client.get(answer.headers["location"])).json()
        assert entry["by"] == f"person:{reader.person}"
        refused = await client.post("/api/v1/commands/SetQuota", json={**examples()["SetQuota"]}, headers=headers)
        assert refused.status_code == 403, refused.text


async def test_who_may_administer_people(folder: Folder, stage: Stage) -> None:
    chief, clerk = member(stage), member(stage, "bo@example.org", "operator")
    guest = {"name": "Cy", "mail": "cy@example.org", "role": "operator"}
    async with browser(folder, stage) as client:
        assert (await client.get(f"{OFFICE}/people")).status_code == 401
        plain = await client.get(f"{OFFICE}/people", headers=token(folder, scopes=("admin",)))
        assert plain.status_code == 403, "no token reads who the people are"
        headers = await sign_in(client, stage, clerk)
        assert (await client.get(f"{OFFICE}/people")).status_code == 403
        assert (await client.post(f"{OFFICE}/people", json=guest, headers=headers)).status_code == 403
    async with browser(folder, stage) as client:
        headers = await sign_in(client, stage, chief)
        made = await client.post(f"{OFFICE}/people", json=guest, headers=headers)
        assert made.status_code == 201 and len(made.json()["invitation"]) == 43
        found = (await client.get(f"{OFFICE}/people")).json()["items"]
        assert {person["mail"] for person in found} == {MAIL, "bo@example.org", "cy@example.org"}
        gone = await client.post(f"{OFFICE}/people/{made.json()['person']}/erase", json={}, headers=headers)
        assert gone.json()["state"] == "erased" and gone.json()["mail"] is None
        rows = (await client.get(f"{OFFICE}/trail", params={"act": "person.erased"})).json()["items"]
        assert [row["actor"] for row in rows] == [f"person:{chief.person}"]
        paged = (await client.get(f"{OFFICE}/trail", params={"limit": 1})).json()
        assert paged["next"] == "1" and len(paged["items"]) == 1
        assert (await client.get(f"{OFFICE}/trail", params={"limit": "x"})).status_code == 400


async def test_bodies_and_roles_are_kept_by_http(folder: Folder, stage: Stage) -> None:
    chief = member(stage)
    async with browser(folder, stage) as client:
        headers = await sign_in(client, stage, chief)

        async def post(path: str, **body: Any) -> httpx.Response:
            return await client.post(f"{OFFICE}{path}", json=body, headers=headers)

        assert (await post("/organisations", organisation="D1", kind="developer", name="Solar")).status_code == 201
        given = await post(f"/people/{chief.person}/roles", role="developer", organisation="D1", until="2030-01-01")
        assert {"organisation": "D1", "role": "developer", "from": "2026-06-01", "until": "2030-01-01"} in (
            given.json()["roles"]
        )
        acting = await post("/session/acts-for", organisation="D1")
        assert acting.json()["roles"] == ["developer"]
        assert (await client.get(f"{OFFICE}/people")).status_code == 403, "not as the developer's person"
        assert (await post("/session/acts-for", organisation="")).json()["roles"] == ["administrator"]
        stopped = await post("/organisations/D1/suspend")
        assert stopped.json()["suspended"] is True
        ended = await post(f"/people/{chief.person}/roles/end", role="developer", organisation="D1")
        assert ended.status_code == 200


async def test_guessing_by_http_is_answered_with_the_time_to_wait(folder: Folder, stage: Stage) -> None:
    member(stage)
    answers: dict[str, list[httpx.Response]] = {MAIL: [], "nobody@example.org": []}
    async with browser(folder, stage) as client:
        for mail, told in answers.items():
            for _ in range(6):
                told.append(await client.post(f"{OFFICE}/sign-in", json={"mail": mail, "password": "x" * 12}))
    for told in answers.values():
        assert [answer.status_code for answer in told] == [401] * 5 + [429]
        assert told[-1].headers["retry-after"] == str(told[-1].json()["facts"]["seconds"]) == "30"
    known, unknown = ([answer.content for answer in told] for told in answers.values())
    assert known == unknown, "not one byte tells them apart"


async def test_an_address_is_counted_where_it_says_something(folder: Folder, stage: Stage) -> None:
    member(stage)

    async def guesses(client: httpx.AsyncClient, start: int, **headers: str) -> list[int]:
        answers = []
        for number in range(start, start + 31):
            sent = {"mail": f"a{number}@example.org", "password": "x" * 12}
            answers.append((await client.post(f"{OFFICE}/sign-in", json=sent, headers=headers)).status_code)
        return answers

    async with browser(folder, stage) as client:
        assert set(await guesses(client, 0)) == {401}, "everybody comes from the proxy on this machine"
    async with browser(folder, stage, client="192.0.2.7") as client:
        assert (await guesses(client, 100))[-1] == 429
    (folder.path / "office.toml").write_text('address = "https://registry.example"\nbehind_proxy = true\n')
    again = staged(folder.path)
    try:
        async with browser(folder, again) as client:
            spoofed = {"x-forwarded-for": "203.0.113.1, 192.0.2.99"}
            assert (await guesses(client, 200, **spoofed))[-1] == 429
            other = {"x-forwarded-for": "192.0.2.99, 203.0.113.1"}
            assert set(await guesses(client, 300, **other)) == {401, 429}
    finally:
        again.at_hand.close()


async def test_no_secret_is_in_an_answer_that_lists_or_in_a_log(
    folder: Folder, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    who = member(stage)
    async with browser(folder, stage) as client:
        await client.post(f"{OFFICE}/sign-in", json={"mail": MAIL, "password": "not this one at all"})
        await sign_in(client, stage, who)
        secret = client.cookies[COOKIE]
        told = ""
        for path in ("session", "sessions", "factors", "people", f"people/{who.person}", "trail"):
            answer = await client.get(f"{OFFICE}/{path}")
            assert answer.status_code == 200, path
            told += answer.text
        held = [each.secret for each in stage.office.store.credentials.of(who.person) if each.secret]
    assert held
    for word in (secret, PASSWORD, "not this one at all", who.totp, *held, *who.enrolled.recovery_codes):
        assert word not in told and word not in caplog.text


async def test_a_body_of_another_shape_is_refused_without_saying_what_was_in_it(folder: Folder, stage: Stage) -> None:
    member(stage)
    async with browser(folder, stage) as client:
        for body in (
            b"{",
            b"[]",
            b'{"mail": 1, "password": "hunter2hunter2"}',
            b'{"mail": "a"}',
            b"\xff",
            b"[" * 9_000,
        ):
            answer = await client.post(f"{OFFICE}/sign-in", content=body, headers={"content-type": "application/json"})
            assert answer.status_code == 400 and "hunter2" not in answer.text, body[:20]
        large = await client.post(f"{OFFICE}/sign-in", json={"mail": "a", "password": "x" * 200_000})
        assert large.status_code == 413


async def test_a_registry_without_an_office_signs_nobody_in_and_lays_out_no_file(folder: Folder) -> None:
    async with browser(folder, None) as client:
        answer = await client.post(f"{OFFICE}/sign-in", json={"mail": MAIL, "password": PASSWORD})
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in.refused")
        assert (await client.get(f"{OFFICE}/session", headers={"cookie": f"{COOKIE}=x"})).status_code == 401
        assert (await client.get(f"{OFFICE}/people")).status_code == 401
    assert not (folder.path / "office.db").exists()


async def test_every_route_of_the_office_is_refused_to_a_stranger_or_open_by_design(
    folder: Folder, stage: Stage
) -> None:
    member(stage)
    async with browser(folder, stage) as client:
        for route in office_routes():
            path = route.path.format(person="P-AAAAAAAA", organisation="x", handle="x", number="1", id="R-AAAAAAAA")
            answer = await client.request(route.method, path, **({} if route.method == "GET" else {"json": {}}))
            assert answer.status_code in (400, 401, 404, 409), (route.path, answer.text)
            if route.access != "open":
                assert answer.status_code == 401, route.path


async def test_a_session_of_the_stage_works_over_http(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    found = signed_in(stage, who)
    async with browser(folder, stage) as client:
        headers = {"cookie": f"{COOKIE}={found.secret}"}
        shown = await client.get(f"{OFFICE}/sessions", headers=headers)
        assert [each["this"] for each in shown.json()["items"]] == [False, True]
        handle = found.session.handle
        ended = await client.post(
            f"{OFFICE}/sessions/{handle}/end", json={}, headers={**headers, "x-csrf-token": found.csrf}
        )
        assert ended.status_code == 200, json.dumps(ended.json())
        assert (await client.get(f"{OFFICE}/session", headers=headers)).status_code == 401
