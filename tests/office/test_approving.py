"""Four eyes over HTTP and at the command line, by persons who really sign in."""

import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.http.office.door import COOKIE, TOKEN
from tests.cli.conftest import Counterfoil, counterfoil  # noqa: F401  fixtures are found by their names here
from tests.http.desk import founded, open_site, served
from tests.office.stage import PASSWORD, Member, Stage, member, signed_in, staged

pytestmark = pytest.mark.anyio
PROPOSALS = "/api/v1/proposals"
TASKS = "/api/v1/office/tasks"
ACT = {"command": "OpenAccount", "account": "tha:new", "holder": "E-1"}


@dataclass
class Two:
    """A registry with two officers who have enrolled."""

    folder: Folder
    stage: Stage
    anna: Member
    bela: Member

    def headers(self, who: Member) -> dict[str, str]:
        found = signed_in(self.stage, who)
        return {"cookie": f"{COOKIE}={found.secret}", TOKEN.decode(): found.csrf}


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    folder = founded(tmp_path / "registry", blocks=1)
    stage = staged(folder.path)
    anna, bela = (member(stage, f"{name}@example.org", "operator") for name in ("anna", "bela"))
    yield Two(folder, stage, anna, bela)
    stage.at_hand.close()


@contextlib.asynccontextmanager
async def asking(two: Two) -> AsyncIterator[httpx.AsyncClient]:
    async with open_site(two.folder, two.stage.at_hand) as site:
        transport = httpx.ASGITransport(app=site)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://registry") as client:
            yield client


async def test_two_officers_open_an_account_over_http(two: Two) -> None:
    async with asking(two) as client:
        anna, bela = two.headers(two.anna), two.headers(two.bela)
        alone = await client.post("/api/v1/commands", json=ACT, headers=anna)
        assert (alone.status_code, alone.json()["code"]) == (403, "approval.second_person_needed")
        made = await client.post(PROPOSALS, json={"command": ACT, "why": "new client"}, headers=anna)
        assert made.status_code == 201, made.text
        place, seen = made.headers["location"], made.json()["preview"]["sha256"]
        own = await client.post(f"{place}/approve", json={"preview": seen}, headers=anna)
        assert (own.status_code, own.json()["code"]) == (403, "approval.same_person")
        listed = (await client.get(PROPOSALS, headers=bela)).json()["items"]
        assert [item["command"] for item in listed] == ["OpenAccount"]
        shown = (await client.get(place, headers=bela)).json()
        assert shown["preview"]["sha256"] == seen
        assert shown["preview"]["demanded_by"]["pack"] == "registry-practice"
        assert set(shown["preview"]["said"]) == {"en", "zh-Hant"}
        done = await client.post(f"{place}/approve", json={"preview": seen}, headers=bela)
        assert done.status_code == 201, done.text
        again = await client.post(f"{place}/approve", json={"preview": seen}, headers=bela)
        assert (again.status_code, again.json()["code"]) == (409, "approval.not_open")
        leaf = (await client.get(f"/api/v1/entries/{done.json()['seq']}")).json()
    assert leaf["by"] == f"person:{two.anna.person}+person:{two.bela.person}"


async def test_a_confidential_value_is_shown_to_those_who_could_approve_only(two: Two) -> None:
    auditor = member(two.stage, "carla@example.org", "administrator")
    act = {**ACT, "confidential": {"reason": "secret"}}
    async with asking(two) as client:
        made = await client.post(PROPOSALS, json={"command": act}, headers=two.headers(two.anna))
        place = made.headers["location"]
        officer = (await client.get(place, headers=two.headers(two.bela))).json()
        looker = (await client.get(place, headers=two.headers(auditor))).json()
    assert officer["act"]["confidential"] == {"reason": "secret"}
    assert looker["act"]["confidential"] == {"reason": "…"}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"command": {"command": "Nothing"}}, 400, "command.unknown"),
        ({"command": {**ACT, "colour": "red"}}, 400, "command.field_unknown"),
        ({"command": []}, 400, "command.unreadable"),
        ({"command": "<script>"}, 400, "command.unreadable"),
        ({"command": {**ACT, "command": "Authorize"}}, 400, "command.field_unknown"),
        ({"command": {"command": "SetQuota", "quota": "Q", "level": "x", "year": 2026, "quantity_t": 1, "holder": "x"}},
         403, "permission.role_missing"),
        ({"command": ACT, "days": 1000}, 409, "approval.days_out_of_range"),
        ({"command": {**ACT, "account": "tha:trader"}}, 409, "account.already_open"),
    ],
)  # fmt: skip
async def test_what_cannot_be_proposed_is_refused_and_nothing_is_kept(
    two: Two, body: dict[str, Any], status: int, code: str
) -> None:
    async with asking(two) as client:
        headers = two.headers(two.anna)
        answer = await client.post(PROPOSALS, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert (await client.get(PROPOSALS, headers=headers)).json()["items"] == []


@pytest.mark.parametrize("body", [b'{"command": "\xff"}', b'{"command": {"command": "\xff\xfe"}, "why": ""}'])
async def test_a_command_of_broken_letters_is_refused_before_it_is_read(two: Two, body: bytes) -> None:
    async with asking(two) as client:
        headers = {**two.headers(two.anna), "content-type": "application/json"}
        answer = await client.post(PROPOSALS, content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "office.body_unreadable")


@pytest.mark.parametrize("query", ["state=closed", "limit=0", "limit=1001", "before=x", "limit=-1"])
async def test_a_list_is_asked_for_within_bounds(two: Two, query: str) -> None:
    async with asking(two) as client:
        answer = await client.get(f"{PROPOSALS}?{query}", headers=two.headers(two.anna))
    assert (answer.status_code, answer.json()["code"]) == (400, "http.parameter_unreadable")


def secrets(two: Two, who: Member, tmp_path: Path) -> list[str]:
    """The options with which somebody signs in at the command line, by a recovery code, which needs no clock."""
    file = tmp_path / f"{who.person}.txt"
    file.write_text(f"{PASSWORD}\n{_next(who)}\n", encoding="utf-8")
    return ["--as", who.mail, "--secrets", str(file)]


_USED: dict[str, int] = {}


def _next(who: Member) -> str:
    """One recovery code after the other."""
    number = _USED[who.person] = _USED.get(who.person, -1) + 1
    return who.enrolled.recovery_codes[number]


@pytest.mark.parametrize("server", [False, True])
def test_two_officers_open_an_account_at_the_command_line(
    two: Two,
    tmp_path: Path,
    counterfoil: Counterfoil,  # noqa: F811
    server: bool,
) -> None:
    """Under the registry's own lock, and through a server that holds it."""
    act = tmp_path / "act.json"
    act.write_text(json.dumps(ACT), encoding="utf-8")
    folder = ["--dir", str(two.folder.path)]

    def run(*arguments: str) -> Any:
        return counterfoil(*arguments, *folder, "--json")

    with served(two.folder) if server else contextlib.nullcontext():
        alone = run("do", str(act))
        assert alone.json["code"] == "approval.second_person_needed"
        made = run("proposal", "make", str(act), "--why", "client", *secrets(two, two.anna, tmp_path))
        assert made.status == 0, made
        name, seen = made.json["proposal"], made.json["preview"]["sha256"]
        shown = run("proposal", "show", name)
        assert shown.json["preview"]["sha256"] == seen
        own = run("proposal", "approve", name, "--preview", seen, *secrets(two, two.anna, tmp_path))
        assert (own.status, own.json["code"]) == (1, "approval.same_person")
        done = run("proposal", "approve", name, "--preview", seen, *secrets(two, two.bela, tmp_path))
        assert done.status == 0, done
        listed = run("proposal", "list")
        assert [(item["proposal"], item["state"]) for item in listed.json["items"]] == [(name, "done")]
    with open_for_reading(two.folder) as readable:
        row = readable.reading.row(done.json["seq"])
        assert row is not None
        assert json.loads(row.leaf)["by"] == f"person:{two.anna.person}+person:{two.bela.person}"


def test_what_waits_for_an_officer_is_a_task_at_the_command_line_in_both_languages(
    two: Two,
    tmp_path: Path,
    counterfoil: Counterfoil,  # noqa: F811
) -> None:
    act = tmp_path / "act.json"
    act.write_text(json.dumps(ACT), encoding="utf-8")
    folder = ["--dir", str(two.folder.path)]
    made = counterfoil("proposal", "make", str(act), *secrets(two, two.anna, tmp_path), *folder, "--json").json
    own = counterfoil("tasks", *secrets(two, two.anna, tmp_path), *folder)
    assert (own.status, own.out.strip()) == (0, "Nothing waits for you.")
    asked = counterfoil("tasks", *secrets(two, two.bela, tmp_path), *folder, "--json").json
    assert [(each["task"], each["subject"], each["by"]) for each in asked] == [
        ("approve", made["proposal"], two.anna.person)
    ]
    told = counterfoil("tasks", *secrets(two, two.bela, tmp_path), *folder, "--lang", "zh-Hant")
    assert all(word in told.out for word in ("待辦", "核可提案", "末日", made["proposal"], "OpenAccount"))


async def test_tasks_are_told_to_persons_over_http_and_to_nobody_else(two: Two) -> None:
    async with asking(two) as client:
        anna, bela = two.headers(two.anna), two.headers(two.bela)
        made = (await client.post(PROPOSALS, json={"command": ACT}, headers=anna)).json()
        assert (await client.get(TASKS)).status_code == 401
        assert (await client.get(TASKS, headers=anna)).json() == {"items": []}
        (task,) = (await client.get(TASKS, headers=bela)).json()["items"]
        assert task == {
            "task": "approve",
            "subject": made["proposal"],
            "what": "OpenAccount",
            "by": two.anna.person,
            "since_ms": made["made_ms"],
            "ends_ms": made["ends_ms"],
        }
