"""`serve --demo`: the world behind it, what waits on its desks, and its entrance, which nobody else's server has."""

import contextlib
import csv
import json
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from counterfoil.adapters.lock import RegistryLock
from counterfoil.application.office import sessions
from counterfoil.application.office.ports import TrailQuestion
from counterfoil.application.office.tasks import TaskKind
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_reading, open_for_writing
from counterfoil.entrypoints.demo.desks import COMPANY, Desks
from counterfoil.entrypoints.demo.people import NEIGHBOURS, ROLES
from counterfoil.entrypoints.demo.sample import GENERATED, Sample, sample_scene
from counterfoil.entrypoints.demo.script import DemoFault, Script, examples_folder
from counterfoil.entrypoints.demo.served import ServedDemo, projects_file
from counterfoil.entrypoints.demo.stage import Stage
from counterfoil.entrypoints.demo.world import MARK, served_demo
from counterfoil.entrypoints.http.desk import Desk
from counterfoil.entrypoints.http.reading_room import ReadingRoom
from counterfoil.entrypoints.http.tokens import TokenTable
from counterfoil.entrypoints.office_at_hand import OfficeAtHand
from counterfoil.entrypoints.serving import open_to_people, serve
from counterfoil.entrypoints.site import Site
from counterfoil.entrypoints.tasks_at_hand import tasks_at_hand

HERE = "http://127.0.0.1:8642"
PATH = "/sign-in/demonstration"
OWN = {"origin": HERE, "sec-fetch-site": "same-origin", "accept": "text/html"}


@dataclass
class World:
    out: Path
    folder: Folder
    demonstration: ServedDemo


def made(out: Path, party: str = "THA") -> World:
    found = served_demo(out, party, progress=lambda done, of, title: None)
    assert not isinstance(found, Refusal), found
    return World(out, *found)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A world with generated activities."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COUNTERFOIL_DATA", raising=False)
        return made(tmp_path_factory.mktemp("served") / "world")


def records(world: World, kind: str) -> dict[str, Any]:
    with open_for_reading(world.folder) as readable:
        return dict(Sight(readable.reading, readable.codec, readable.evidence).records(kind))


# The world


def test_without_the_public_list_the_activities_are_generated_and_say_so_by_their_titles(world: World) -> None:
    assert world.demonstration.generated and world.demonstration.activities == GENERATED
    titles = [value["title"] for key, value in records(world, "activity").items() if key.startswith("SAMPLE-")]
    assert len(titles) == GENERATED and all("(generated · 產生之示例)" in title for title in titles)


def test_the_public_list_comes_in_whole_with_its_count(data_folder: Path, tmp_path: Path) -> None:
    path = projects_file()
    assert path is not None and path.is_relative_to(data_folder)
    with path.open(encoding="latin-1", newline="") as lines:
        listed = len(list(csv.DictReader(lines)))
    script, sample = Script(examples_folder()), Sample(generated=False)
    stage = Stage(tmp_path, script)
    try:
        scene = sample_scene(stage, script, "THA", sample, path)
        stage.on(scene.on)
        scene.play()
    finally:
        stage.close()
    assert (sample.accepted, sample.refused) == (listed, 0)
    assert scene.on < script.reported_on(script.reported_years()[0])


def test_a_world_that_is_there_is_served_as_it_is_and_another_version_is_made_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COUNTERFOIL_DATA", raising=False)
    made_anew: list[Path] = []
    monkeypatch.setattr(
        "counterfoil.entrypoints.demo.making.made_demo",
        lambda path, *_: made_anew.append(path) or Refusal("demo.stopped_here"),
    )
    again = served_demo(world.out, "THA", progress=lambda done, of, title: None)
    assert again == (world.folder, world.demonstration) and not made_anew
    stamp = world.out / "THA" / "served.json"
    told = json.loads(stamp.read_text("utf-8"))
    try:
        stamp.write_text(json.dumps({**told, "version": "0.0.1"}), "utf-8")
        assert isinstance(served_demo(world.out, "THA", progress=lambda done, of, title: None), Refusal)
        assert made_anew == [world.out / "THA"]
    finally:
        stamp.write_text(json.dumps(told), "utf-8")


def test_a_folder_of_other_files_and_an_unknown_party_are_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    found = served_demo(tmp_path, "THA", progress=lambda done, of, title: None)
    assert isinstance(found, Refusal) and found.code == DemoFault.FOLDER_NOT_OURS
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]
    found = served_demo(tmp_path / "new", "ATL", progress=lambda done, of, title: None)
    assert isinstance(found, Refusal) and found.code == DemoFault.PARTY_UNKNOWN
    assert not (tmp_path / "new").exists()


def test_the_files_of_make_demo_are_another_folder_and_are_refused(tmp_path: Path) -> None:
    (tmp_path / "DEMONSTRATION").write_text("Demonstration")
    found = served_demo(tmp_path, "THA", progress=lambda done, of, title: None)
    assert isinstance(found, Refusal) and found.code == DemoFault.FOLDER_NOT_OURS


def test_the_world_can_be_acted_in_today(world: World) -> None:
    """What a played report has closed takes no act: the newest closed year is over."""
    last = records(world, "reported")
    assert last["year"] < datetime.now(UTC).year
    assert (world.out / MARK).read_text("utf-8").startswith("Demonstration")


# What waits


@pytest.mark.parametrize(
    ("who", "kinds"),
    [
        ("authority_1", []),
        ("authority_2", [(TaskKind.APPROVE, "Authorize")]),
        ("administrator_2", [(TaskKind.APPLICATION, "company"), (TaskKind.APPROVE, "Issue")]),
        ("developer", []),
    ],
)
def test_what_waits_for_a_second_person_waits_for_the_right_one(
    world: World, who: str, kinds: list[tuple[TaskKind, str]]
) -> None:
    at_hand = OfficeAtHand(world.folder.path)
    try:
        office = at_hand.office()
        assert office is not None
        person = office.store.people.get(world.demonstration.people[who])
        assert person is not None
        role = next(each for each in ROLES if each.key == who)
        standing = sessions.standing_of(office, person, role.organisation)
        assert standing.roles == set(role.roles)
        assert sorted((task.kind, task.what) for task in tasks_at_hand(office, standing)) == sorted(kinds)
    finally:
        at_hand.close()


def test_a_report_waits_for_a_verifier_a_finding_for_an_answer_and_a_transfer_for_the_partner(world: World) -> None:
    monitored, verified = records(world, "monitoring"), records(world, "verification")
    waiting = set(monitored) - {value["monitoring"] for value in verified.values()}
    assert waiting == {"DEMO-ROOFS-M2"}
    assert [value["state"] for value in records(world, "review_finding").values()] == ["open"]
    transfers = records(world, "transfer")
    assert [key for key, value in transfers.items() if value["state"] == "proposed"] == ["THA-demo-1", "THA-demo-2"]
    assert records(world, "activity_life")["DEMO-BIOGAS"]["stage"] == "approval"


def test_the_partners_registry_beside_has_its_officers_and_decides_by_hand(world: World) -> None:
    neighbour = world.demonstration.neighbour
    assert neighbour is not None and neighbour.address == ""
    beside = replace(world, folder=Folder(world.folder.path.parent / neighbour.party))
    partners = records(beside, "partner")
    assert [key for key, value in partners.items() if value["by_hand"]] == ["THA"]
    at_hand = OfficeAtHand(beside.folder.path)
    try:
        office = at_hand.office()
        assert office is not None
        assert sorted(neighbour.people) == sorted(role.key for role in NEIGHBOURS)
        for role in NEIGHBOURS:
            person = office.store.people.get(neighbour.people[role.key])
            assert person is not None
            assert sessions.standing_of(office, person, role.organisation).roles == set(role.roles)
    finally:
        at_hand.close()
    own = world.demonstration.beside("http://127.0.0.1:8642")
    assert (own.party, own.people, own.activities) == (neighbour.party, neighbour.people, 0)


def test_a_neighbour_that_another_process_has_is_told_and_nothing_is_served(world: World) -> None:
    neighbour = world.demonstration.neighbour
    assert neighbour is not None
    told: list[str] = []
    lock = RegistryLock(world.folder.path.parent / neighbour.party).acquire("somebody")
    assert isinstance(lock, RegistryLock)
    with lock:
        assert serve(world.folder, port=0, for_seconds=1, demonstration=world.demonstration, tell=told.append) == 1
    assert "somebody" in told[0] and not any("http://" in line for line in told)


def test_both_listen_and_each_knows_where_the_other_does(world: World) -> None:
    neighbour = world.demonstration.neighbour
    assert neighbour is not None
    told: list[str] = []
    assert serve(world.folder, port=0, for_seconds=1, demonstration=world.demonstration, tell=told.append) == 0
    main, beside = (line.rpartition(" ")[2] for line in told)
    assert (
        main.startswith("http://127.0.0.1:") and beside.startswith("http://localhost:") and neighbour.party in told[1]
    )
    there = replace(world, folder=Folder(world.folder.path.parent / neighbour.party))
    assert records(world, "partner")[neighbour.party]["address"] == beside.replace("localhost", "127.0.0.1")
    assert records(there, "partner")["THA"]["address"] == main
    elsewhere = [value["address"] for party, value in records(world, "partner").items() if party != neighbour.party]
    assert not any(elsewhere)


def test_the_world_of_another_party_is_served_whole_with_its_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COUNTERFOIL_DATA", raising=False)
    monkeypatch.setattr("counterfoil.entrypoints.demo.sample.GENERATED", 20)
    other = made(tmp_path / "world", "SGP")
    told = other.demonstration
    assert (told.party, told.activities, told.generated) == ("SGP", 20, True)
    assert set(told.people) == {role.key for role in ROLES}
    assert "DEMO-2025" in records(other, "liability"), "its company owes the carbon tax"
    at_hand = OfficeAtHand(other.folder.path)
    try:
        office = at_hand.office()
        assert office is not None
        for role in ROLES:
            person = office.store.people.get(told.people[role.key])
            assert person is not None and person.name == role.name
    finally:
        at_hand.close()
    assert served_demo(other.out, "SGP", progress=lambda done, of, title: None) == (other.folder, told)


def test_a_company_owes_a_charge_where_the_law_of_the_party_has_one(tmp_path: Path) -> None:
    script = Script(examples_folder())
    stage = Stage(tmp_path, script)
    try:
        desks = Desks(stage, script, "SGP", date(2026, 11, 22))
        scenes = {scene.title: scene for scene in desks.scenes()}
        for title in ("SGP: bodies and accounts", "SGP: a charge that waits for units"):
            stage.on(scenes[title].on)
            scenes[title].play()
        sight = stage.sight("SGP")
        liability = sight.record("liability", "DEMO-2025")
        assert liability is not None and (liability["entity"], liability["scheme"]) == (COMPANY, "SGP-TAX")
        sight.reading.close()
    finally:
        stage.close()


def test_the_supposed_acts_say_that_they_are(world: World) -> None:
    with open_for_reading(world.folder) as readable:
        leaves = [bytes(row.leaf) for row in readable.reading.journal(0)]
    supposed = [
        leaf for leaf in leaves if any(name in leaf for name in (b"DEMO-DEVELOPER", b"DEMO-ROOFS", b"DEMO-TEAM"))
    ]
    assert len(supposed) >= 10 and all(b'"assumed"' in leaf for leaf in supposed)


# The entrance


@contextlib.asynccontextmanager
async def visiting(
    world: World, demonstration: ServedDemo | None, address: str = HERE
) -> AsyncIterator[httpx.AsyncClient]:
    import asyncio

    opened = open_for_writing(world.folder, "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        room = ReadingRoom(world.folder, lambda: writable.driver.writer.note)
        desk = Desk(writable.driver, asyncio.get_running_loop())
        site = Site(desk, room, TokenTable(world.folder.path), demonstration=demonstration)
        transport = httpx.ASGITransport(app=site)  # type: ignore[arg-type]
        try:
            async with httpx.AsyncClient(transport=transport, base_url=address) as client:
                yield client
        finally:
            site.close()
            room.close()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_the_sign_in_page_leads_to_the_partners_registry_only_where_it_listens(world: World) -> None:
    known = world.demonstration.neighbour
    assert known is not None
    listening = replace(world.demonstration, neighbour=replace(known, address="http://localhost:9"))
    for demonstration, expected in ((world.demonstration, False), (listening, True)):
        async with visiting(world, demonstration) as client:
            page = (await client.get("/sign-in", headers=OWN)).text
            assert ('href="http://localhost:9/sign-in"' in page) is expected


@pytest.mark.anyio
async def test_one_click_enters_as_a_role_and_the_trail_says_how(world: World) -> None:
    async with visiting(world, world.demonstration) as client:
        page = await client.get("/sign-in", headers=OWN)
        assert page.text.count('name="who"') == len(ROLES)
        entered = await client.post(PATH, data={"who": "verifier"}, headers=OWN)
        assert entered.status_code == 303 and "__Host-counterfoil=" in entered.headers["set-cookie"]
        cookie = entered.headers["set-cookie"].partition(";")[0]
        mine = await client.get("/desk/me", headers={**OWN, "cookie": cookie})
        assert mine.status_code == 200 and "Verifier (demonstration)" in mine.text
    at_hand = OfficeAtHand(world.folder.path)
    office = at_hand.office()
    assert office is not None
    rows = office.store.trail.rows(TrailQuestion(act="session.begun"), limit=10)
    person = world.demonstration.people["verifier"]
    assert [(row.subject, json.loads(row.facts)["method"]) for row in rows] == [(person, "demonstration")]
    at_hand.close()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("case", "served", "address", "headers", "status"),
    [
        ("the server is not one of serve --demo", False, HERE, OWN, 404),
        ("the browser went to another name", True, "http://bank.example", {"origin": "http://bank.example"}, 404),
        ("a proxy stands between", True, HERE, {**OWN, "x-forwarded-for": "203.0.113.9"}, 404),
        ("another site sent the form", True, HERE, {**OWN, "sec-fetch-site": "cross-site"}, 403),
        ("another origin sent the form", True, HERE, {"origin": "http://evil.example"}, 403),
        ("no browser sent the form", True, HERE, {}, 403),
    ],
)
async def test_nobody_enters_where(  # noqa: PLR0917  the columns of the table
    world: World, case: str, served: bool, address: str, headers: Mapping[str, str], status: int
) -> None:
    async with visiting(world, world.demonstration if served else None, address) as client:
        answer = await client.post(PATH, data={"who": "administrator_1"}, headers={"accept": "text/html", **headers})
        assert answer.status_code == status, (case, answer.text)
        assert "set-cookie" not in answer.headers
        if status == 404:
            page = await client.get("/sign-in", headers={"accept": "text/html", **headers})
            assert page.status_code == 200 and "demo-people" not in page.text


@pytest.mark.anyio
async def test_only_a_person_of_the_demonstration_is_entered_as(world: World) -> None:
    person = world.demonstration.people["developer"]
    async with visiting(world, world.demonstration) as client:
        for who in ("", "nobody", person):
            answer = await client.post(PATH, data={"who": who}, headers=OWN)
            assert answer.status_code == 404 and "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("host", "family", "of_demonstration", "open_there"),
    [
        ("127.0.0.1", socket.AF_INET, True, True),
        ("::1", socket.AF_INET6, True, True),
        ("127.0.0.1", socket.AF_INET, False, False),
        ("0.0.0.0", socket.AF_INET, True, False),
        ("192.0.2.7", socket.AF_INET, True, False),
        ("::", socket.AF_INET6, True, False),
        ("/run/door", socket.AF_UNIX, True, False),
    ],
)
def test_the_entrance_is_only_of_a_demonstration_on_a_port_of_loopback(
    host: str, family: socket.AddressFamily, of_demonstration: bool, open_there: bool
) -> None:
    tcp: Any = SimpleNamespace(family=family, getsockname=lambda: (host, 8642))
    told = ServedDemo("THA", 1, generated=True, people={})
    assert (open_to_people(told, tcp, of_demonstration=of_demonstration) is told) == open_there
