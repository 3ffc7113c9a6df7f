"""Grievances of people without an account: taken, filed, asked about, read by officers, and erased."""

import base64
import contextlib
import hashlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from counterfoil.application.commands.file_grievance import FileGrievance
from counterfoil.application.commands.register import RegisterActivity
from counterfoil.application.office import grievances
from counterfoil.application.office.grievance_letter import LETTER_MAX, GrievanceLetter
from counterfoil.application.office.grievances import HOURLY_MAX, LetterDesk, Received
from counterfoil.application.ports import Outage, OutageFault
from counterfoil.application.receipt import Receipt
from counterfoil.domain.activities.activity import ActivityFault
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.unit_type import MitigationType
from counterfoil.entrypoints.bootstrap import Folder, Writable, create_key, open_for_writing
from tests.http.desk import act, found, open_site
from tests.office.stage import HOUR, MINUTE, Stage, code_of, member, staged
from tests.office.test_http import sign_in

PLACE = "/api/v1/grievances"
WELL = "My well is dry since the dam was filled."
LETTER = {"activity": "DAM", "letter": WELL, "name": "Somchai <b>", "contact": "somchai@example.org"}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "registry")
    signer = create_key(made, name="tha/registry")
    opened = open_for_writing(made, "test", create=True)
    assert isinstance(opened, Writable)
    with opened as writable:
        act(writable, found(base64.b64encode(signer.public_key).decode(), demonstration=True))
        dam = RegisterActivity(
            activity=ActivityId("DAM"),
            title="A dam",
            mitigation_type=MitigationType.REDUCTION,
            sector="Energy",
            activity_type="Hydro",
        )
        act(writable, dam)
    return made


@pytest.fixture
def office(folder: Folder) -> Iterator[Stage]:
    made = staged(folder.path)
    yield made
    made.at_hand.close()


@contextlib.asynccontextmanager
async def caller(folder: Folder, stage: Stage | None = None, at: str = "127.0.0.1") -> AsyncIterator[httpx.AsyncClient]:
    async with open_site(folder, None if stage is None else stage.at_hand) as site:
        transport = httpx.ASGITransport(app=site, client=(at, 1))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="https://registry.example") as client:
            yield client


@pytest.mark.anyio
async def test_a_letter_needs_no_account_and_only_its_hash_becomes_public(folder: Folder) -> None:
    async with caller(folder) as client:
        sent = await client.post(PLACE, json=LETTER)
        assert sent.status_code == 201, sent.text
        told = sent.json()
        assert told["filed"] and told["kept"] and len(told["secret"]) > 40
        public = await client.get(told["public"])
        shown = public.json()
        assert (shown["id"], shown["activity"], shown["answered_on"]) == (told["grievance"], "DAM", None)
        assert shown["letter"] == hashlib.sha256(f"{told['salt']}\n{WELL}".encode()).hexdigest()
        entry = (await client.get(f"/api/v1/entries/{told['entry']}")).text
        for secret in (WELL, "Somchai", "example.org", told["secret"], told["salt"]):
            assert secret not in entry and secret not in public.text
        assert '"by":"public"' in entry.replace(" ", "")


@pytest.mark.anyio
async def test_the_sender_asks_and_erases_by_the_secret_alone(folder: Folder) -> None:
    async with caller(folder) as client:
        told = (await client.post(PLACE, json=LETTER)).json()
        place, secret = told["public"], {"secret": told["secret"]}
        for wrong in ({"secret": "guess"}, {"secret": ""}):
            answers = [await client.post(f"{place}/{what}", json=wrong) for what in ("state", "erase")]
            answers.append(await client.post(f"{PLACE}/G-2026-NOTTHERE/state", json=secret))
            assert {(each.status_code, each.json()["code"]) for each in answers} == {(404, "grievance.secret_unknown")}
        assert (await client.post(f"{place}/state", json=secret)).json()["kept"] is True
        assert (await client.post(f"{place}/erase", json=secret)).json()["kept"] is False
        assert (await client.post(f"{place}/state", json=secret)).json()["filed"] is True
    kept = b"".join(path.read_bytes() for path in folder.path.glob("office.db*"))
    assert b"well is dry" not in kept and b"somchai" not in kept.lower()


@pytest.mark.anyio
async def test_a_letter_about_nothing_leaves_nothing(folder: Folder) -> None:
    async with caller(folder) as client:
        answer = await client.post(PLACE, json={**LETTER, "activity": "NONE"}, headers={"accept-language": "zh-Hant"})
        assert answer.json()["code"] == "activity.unknown" and "活動" in answer.json()["detail"]
        assert (await client.get(PLACE)).json()["items"] == []
    assert b"well is dry" not in (folder.path / "office.db").read_bytes()


@pytest.mark.anyio
@pytest.mark.parametrize(
    "changes",
    [
        {"letter": " "},
        {"letter": "x" * (LETTER_MAX + 1)},
        {"letter": "a\x00b"},
        {"activity": ""},
        {"name": "n" * 201},
        {"contact": "c" * 301},
    ],
)
async def test_a_letter_that_cannot_be_kept_is_refused(folder: Folder, changes: dict[str, Any]) -> None:
    async with caller(folder) as client:
        answer = await client.post(PLACE, json={**LETTER, **changes})
        assert (answer.status_code, answer.json()["code"]) == (400, "grievance.letter_unclear")
        unknown = await client.post(PLACE, json={**LETTER, "role": "administrator"})
        assert unknown.status_code == 400


@pytest.mark.anyio
async def test_one_address_waits_after_five_letters_and_another_does_not(folder: Folder, office: Stage) -> None:
    async with caller(folder, office, at="192.0.2.1") as client:
        sent = [await client.post(PLACE, json=LETTER) for _ in range(6)]
        assert [each.status_code for each in sent] == [201] * 5 + [429]
        assert sent[-1].json()["code"] == "grievance.wait" and sent[-1].headers["retry-after"] == "60"
        office.later(MINUTE)
        assert (await client.post(PLACE, json=LETTER)).status_code == 201
    async with caller(folder, office, at="192.0.2.2") as client:
        assert (await client.post(PLACE, json=LETTER)).status_code == 201


@pytest.mark.anyio
async def test_a_page_of_a_stranger_cannot_make_a_reader_send_a_letter(folder: Folder) -> None:
    async with caller(folder) as client:
        answer = await client.post(PLACE, json=LETTER, headers={"origin": "https://evil.example"})
        assert answer.json()["code"] == "session.request_forged"


class Clerk:
    """A writer that answers as it is told."""

    def __init__(self, *answers: Receipt | Refusal | Outage) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[FileGrievance, str]] = []

    def __call__(self, command: FileGrievance, by: str) -> Receipt | Refusal:
        self.sent.append((command, by))
        answer = self.answers.pop(0)
        if isinstance(answer, Outage):
            raise answer
        return answer


DONE = Receipt(7, "grievance:x", "GrievanceFiled", "", "", "2026-06-01", (), None)


def at_desk(stage: Stage, clerk: Clerk) -> LetterDesk:
    return LetterDesk(stage.office, stage.at_hand.grievance_letters(), clerk)


def test_a_letter_is_kept_when_the_writer_is_silent_and_filed_once_later(stage: Stage) -> None:
    clerk = Clerk(Outage(OutageFault.WRITER_CLOSED, retry=True), DONE)
    desk = at_desk(stage, clerk)
    received = grievances.receive(desk, activity="DAM", text=WELL)
    assert isinstance(received, Received) and received.letter.entry is None
    number = received.letter.number
    filed = grievances.file(desk, number, "person:P-ABCDEFGH")
    again = grievances.file(desk, number, "person:P-ABCDEFGH")
    assert isinstance(filed, GrievanceLetter) and isinstance(again, GrievanceLetter)
    assert (filed.entry, again.entry) == (7, 7)
    (first, by), (second, later) = clerk.sent
    assert first == second and (by, later) == ("public", "person:P-ABCDEFGH")


def test_a_registry_takes_so_many_letters_in_an_hour_from_wherever_they_come(stage: Stage) -> None:
    desk = at_desk(stage, Clerk(*[DONE] * (HOURLY_MAX + 1)))
    for _ in range(HOURLY_MAX):
        assert isinstance(grievances.receive(desk, activity="DAM", text=WELL), Received)
    assert code_of(grievances.receive(desk, activity="DAM", text=WELL)) == "grievance.wait"
    stage.later(HOUR + 1)
    assert isinstance(grievances.receive(desk, activity="DAM", text=WELL), Received)


def test_letters_that_the_journal_refuses_count_and_fill_nothing_without_end(stage: Stage) -> None:
    refused = Refusal(ActivityFault.UNKNOWN, {"activity": "NONE"})
    desk = at_desk(stage, Clerk(*[refused] * HOURLY_MAX))
    for _ in range(HOURLY_MAX):
        assert code_of(grievances.receive(desk, activity="NONE", text=WELL)) == "activity.unknown"
    rows = sum(1 for _ in stage.office.store.trail.all())
    assert code_of(grievances.receive(desk, activity="NONE", text=WELL)) == "grievance.wait"
    assert sum(1 for _ in stage.office.store.trail.all()) == rows and desk.letters.listed(after="", limit=9) == []


def test_who_read_or_erased_a_letter_stands_in_the_trail_without_its_words(stage: Stage) -> None:
    desk = at_desk(stage, Clerk(DONE))
    received = grievances.receive(desk, activity="DAM", text=WELL, name="Somchai", contact="x@example.org")
    assert isinstance(received, Received)
    number, officer = received.letter.number, "person:P-ABCDEFGH"
    letter = grievances.read(desk, number, officer)
    assert isinstance(letter, GrievanceLetter) and (letter.text, letter.name) == (WELL, "Somchai")
    erased = grievances.erase(desk, number, officer)
    assert isinstance(erased, GrievanceLetter)
    assert (erased.text, erased.name, erased.contact, erased.sha256) == (None, None, None, letter.sha256)
    rows = [row for row in stage.office.store.trail.all() if row.subject == number]
    assert [(row.actor, row.act) for row in rows] == [
        ("public", "grievance.received"),
        ("public", "grievance.filed"),
        (officer, "grievance.read"),
        (officer, "grievance.erased"),
    ]
    assert "Somchai" not in str(rows) and "well" not in str(rows)
    assert code_of(grievances.read(desk, "G-2026-NOTTHERE", officer)) == "grievance.unknown"


@pytest.mark.anyio
async def test_an_officer_reads_over_http_and_an_administrator_of_people_does_not(
    folder: Folder, office: Stage
) -> None:
    keeper, officer = member(office, "bo@example.org"), member(office, "ada@example.org", "operator")
    async with caller(folder, office) as client:
        number = (await client.post(PLACE, json=LETTER)).json()["grievance"]
        place = f"/api/v1/office/grievances/{number}"
        assert (await client.get(place)).status_code == 401
        await sign_in(client, office, keeper)
        assert (await client.get(place)).json()["code"] == "permission.role_missing"
        token = await sign_in(client, office, officer)
        listed = await client.get("/api/v1/office/grievances")
        assert [each["grievance"] for each in listed.json()["items"]] == [number] and WELL not in listed.text
        assert (await client.get(place)).json()["letter"] == WELL
        assert (await client.post(f"{place}/file", json={}, headers=token)).json()["filed"] is True
        erased = await client.post(f"{place}/erase", json={}, headers=token)
        assert (erased.status_code, erased.json()["kept"]) == (200, False)
        assert (await client.get(place)).json()["letter"] is None
        assert (await client.get(f"{place}-X")).status_code == 404
