"""Notices over HTTP and by the command line: one's own inbox, and what was set aside."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from counterfoil.application.notices.ports import Channel
from counterfoil.application.office import people
from counterfoil.application.office.ports import Membership
from counterfoil.domain.people.notice import TRIES_MAX
from counterfoil.entrypoints.cli.main import run
from tests.http.desk import open_site
from tests.notices.post_room import ANNA, BELA, Room
from tests.notices.test_telling import transferred
from tests.office.stage import MINUTE, PASSWORD, Member, member

pytestmark = pytest.mark.anyio
OFFICE = "/api/v1/office"


@asynccontextmanager
async def browser(room: Room) -> AsyncIterator[httpx.AsyncClient]:
    async with open_site(room.folder, room.stage.at_hand) as site:
        transport = httpx.ASGITransport(app=site, client=("127.0.0.1", 1))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="https://registry.example") as made:
            yield made


async def sign_in(client: httpx.AsyncClient, room: Room, who: Member) -> dict[str, str]:
    step = await client.post(f"{OFFICE}/sign-in", json={"mail": who.mail, "password": PASSWORD})
    code = {"step": step.json()["step"], "code": room.stage.code(who.totp)}
    done = await client.post(f"{OFFICE}/sign-in/code", json=code)
    assert done.status_code == 200, done.text
    room.stage.later(MINUTE)
    return {"x-csrf-token": done.json()["csrf"]}


async def test_one_reads_ones_own_notices_and_nobody_elses(room: Room) -> None:
    who = member(room.stage, "dora@example.org", "operator")
    people.suspend(room.stage.office, BELA, actor=f"person:{ANNA}")
    people.suspend(room.stage.office, who.person, actor="local")
    people.resume(room.stage.office, who.person, actor="local")
    room.work()
    foreign = room.inbox(BELA)[0].number
    async with browser(room) as client:
        assert (await client.get(f"{OFFICE}/notices")).status_code == 401
        token = await sign_in(client, room, who)
        items = (await client.get(f"{OFFICE}/notices")).json()["items"]
        assert {"person.resumed", "person.suspended", "recovery_codes.made"} <= {each["sort"] for each in items}
        assert all(BELA not in each["title"] for each in items)
        own = f"{OFFICE}/notices/{items[0]['number']}/read"
        assert (await client.post(own, json={}, headers=token)).json() == {"read": True}
        unread = (await client.get(f"{OFFICE}/notices?unread=true")).json()["items"]
        assert len(unread) == len(items) - 1
        other = await client.post(f"{OFFICE}/notices/{foreign}/read", json={}, headers=token)
        assert other.status_code == 409 and other.json()["code"] == "notice.unknown"
        assert (await client.get(f"{OFFICE}/notices?limit=0")).status_code == 400
        assert (await client.get(f"{OFFICE}/deliveries")).status_code == 403


async def test_wishes_are_kept_and_nonsense_is_not(room: Room) -> None:
    who = member(room.stage, "dora@example.org", "operator")
    async with browser(room) as client:
        token = await sign_in(client, room, who)
        assert (await client.get(f"{OFFICE}/notices/wishes")).json() == {"mail": "each", "language": "en"}
        wish = {"mail": "daily", "language": "zh-Hant"}
        assert (await client.post(f"{OFFICE}/notices/wishes", json=wish, headers=token)).json() == wish
        room.work()
        items = (await client.get(f"{OFFICE}/notices")).json()["items"]
        assert any(each["title"] == "您獲授新角色：登錄承辦人員" for each in items)
        bad = await client.post(f"{OFFICE}/notices/wishes", json={**wish, "mail": "hourly"}, headers=token)
        assert bad.json()["code"] == "notice.preference_unreadable"


async def test_an_administrator_retries_what_was_set_aside(room: Room) -> None:
    who = member(room.stage, "dora@example.org", "operator")
    with room.stage.office.store.change():
        room.stage.office.store.memberships.add(Membership(0, who.person, "", "administrator", "2026-01-01"))
    room.work()
    transferred(room, 1)
    room.hook.failures = TRIES_MAX
    for _ in range(TRIES_MAX):
        room.work()
        room.stage.later(24 * 60 * MINUTE)
    async with browser(room) as client:
        token = await sign_in(client, room, who)
        dead = (await client.get(f"{OFFICE}/deliveries")).json()["items"]
        assert [each["channel"] for each in dead] == [Channel.WEBHOOK.value]
        again = await client.post(f"{OFFICE}/deliveries/{dead[0]['number']}/retry", json={}, headers=token)
        assert again.json()["state"] == "waiting"
        assert (await client.get(f"{OFFICE}/deliveries?state=what")).status_code == 400


async def test_the_command_line_lists_retries_tests_and_works(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    place = ("--dir", str(room.folder.path))
    assert run(["notifications", "list", *place]) == 0
    assert run(["notifications", "list", "--state", "waiting", "--json", *place]) == 0
    assert run(["worker", "--once", "--lang", "zh-Hant", *place]) == 0
    capsys.readouterr()
    assert run(["worker", "--once", "--json", *place]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"trail", "journal", "reminders", "tried"}
    assert run(["notifications", "retry", "7", *place]) == 1
    assert run(["notifications", "test", "--webhook", "none", "--json", *place]) == 1
    assert json.loads(capsys.readouterr().out)["code"] == "notice.not_configured"
