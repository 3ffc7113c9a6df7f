"""Single acts over HTTP: one answer, after it is durable, and a problem document for everything else."""

import json
from typing import Any

import pytest

from counterfoil.application.ports import Outage
from counterfoil.application.receipt import Receipt
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.faults import catalogue
from counterfoil.entrypoints.http.acts import receipt_json
from counterfoil.entrypoints.wire import COMMAND_BYTES_MAX, answer_json
from tests.http.desk import asking, token, transfer

pytestmark = pytest.mark.anyio
ACTS = "/api/v1/commands"
PROBLEM = {"type", "title", "status", "detail", "code", "message", "fix", "retry", "facts", "instance"}


async def test_an_act_is_answered_with_its_receipt_and_stands_in_the_journal(folder: Folder) -> None:
    async with asking(folder, **token(folder)) as client:
        answer = await client.post(ACTS, json=transfer(1, 100, id="t:1"))
        assert answer.status_code == 201
        receipt = answer.json()
        assert receipt["status"] == "accepted"
        assert receipt["moves"] == [["BR-#", 1, 100, "cdm:BR-1", "tha:trader"]]
        leaf = (await client.get(answer.headers["location"])).json()
    assert (leaf["command"], leaf["by"], leaf["leaf_hash"]) == ("t:1", "token:client", receipt["leaf_hash"])
    with open_for_reading(folder) as readable:
        assert readable.reading.commands(["t:1"]) == {"t:1": receipt["seq"]}


async def test_the_same_act_twice_gets_the_first_receipt_and_other_content_is_refused(folder: Folder) -> None:
    async with asking(folder, **token(folder)) as client:
        first = await client.post(ACTS, json=transfer(1, 100, id="t:1"))
        again = await client.post(ACTS, json=transfer(1, 100, id="t:1"))
        other = await client.post(ACTS, json=transfer(1, 99, id="t:1"))
    assert again.json() == first.json()
    assert (other.status_code, other.json()["code"]) == (409, "command.id_taken")


@pytest.mark.parametrize(
    "body, status, code",
    [
        (b"", 400, "command.unreadable"),
        (b"{", 400, "command.unreadable"),
        (b"[]", 400, "command.unreadable"),
        (b"\xff\xfe", 400, "command.unreadable"),
        (b"[" * 100_000, 400, "command.unreadable"),
        (b'{"command":"Nothing"}', 400, "command.unknown"),
        (b'{"command":["Transfer"]}', 400, "command.unknown"),
        (json.dumps(transfer(1, 2, colour="red")).encode(), 400, "command.field_unknown"),
        (json.dumps(transfer(1, 2, source=7)).encode(), 400, "command.unreadable"),
        (json.dumps(transfer(1, 2, id="a b")).encode(), 400, "command.id_unreadable"),
        (json.dumps(transfer(1, 2, id="proposal:Q-AAAAAAAA")).encode(), 400, "command.id_reserved"),
        (json.dumps(transfer(1, 2**70)).encode(), 400, "command.unreadable"),
        (json.dumps(transfer(5, 1)).encode(), 409, "serials.backwards"),
        (json.dumps(transfer(1, 2, source="tha:trader")).encode(), 409, "transfer.same_account"),
        (json.dumps(transfer(1, 2, source="tha:trader", target="cdm:BR-1")).encode(), 409, "units.not_held"),
        (b" " * (COMMAND_BYTES_MAX + 1), 413, "http.body_too_large"),
    ],
)
async def test_what_cannot_be_done_is_a_problem_with_a_code_when(
    folder: Folder, body: bytes, status: int, code: str
) -> None:
    async with asking(folder, **token(folder)) as client:
        answer = await client.post(ACTS, content=body, headers={"content-type": "application/json"})
    told = answer.json()
    assert (answer.status_code, told["code"], told["status"]) == (status, code, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(told) == PROBLEM
    assert told["type"] == f"/api/v1/faults/{code}"


@pytest.mark.parametrize(
    "wanted, language",
    [
        ("", "en"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("en-GB,zh-TW;q=0.5", "en"),
        ("fr, zh;q=0.2, en;q=0.1", "zh-Hant"),
        ("fr", "en"),
        ("zh;q=0, *;q=0.1", "en"),
        ("zh;q=wrong,en", "en"),
    ],
)
async def test_a_problem_speaks_both_languages_and_puts_the_wanted_one_first(
    folder: Folder, wanted: str, language: str
) -> None:
    async with asking(folder, **token(folder), **{"accept-language": wanted}) as client:
        answer = await client.post(ACTS, json=transfer(1, 2, source="tha:trader"))
    told = answer.json()
    assert told["detail"] == told["message"][language]
    assert answer.headers["content-language"] == language
    assert set(told["message"]) == set(told["fix"]) == {"en", "zh-Hant"}
    assert "accept-language" in answer.headers["vary"]


@pytest.mark.parametrize(
    "headers, status, code",
    [
        ({}, 401, "http.token_missing"),
        ({"authorization": "Bearer nonsense"}, 401, "http.token_refused"),
        ({"authorization": "Bearer cf_client_wrong"}, 401, "http.token_refused"),
        ({"authorization": "Basic Y2xpZW50Og=="}, 401, "http.token_refused"),
    ],
)
async def test_nobody_acts_without_a_good_token(
    folder: Folder, headers: dict[str, str], status: int, code: str
) -> None:
    token(folder)
    async with asking(folder) as client:
        for path in (ACTS, f"{ACTS}/Transfer", f"{ACTS}:bulk"):
            answer = await client.post(path, json=transfer(1, 2), headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (status, code)
            assert answer.headers["www-authenticate"].startswith("Bearer")
        assert (await client.get("/api/v1/registry")).json()["entries"] == 12


async def test_a_token_that_may_only_read_does_not_act(folder: Folder) -> None:
    async with asking(folder, **token(folder, scopes=["read"])) as client:
        answer = await client.post(ACTS, json=transfer(1, 2))
    assert (answer.status_code, answer.json()["code"]) == (403, "http.scope_missing")


async def test_an_act_may_be_named_in_the_path(folder: Folder) -> None:
    body = {name: value for name, value in transfer(1, 2).items() if name != "command"}
    async with asking(folder, **token(folder)) as client:
        assert (await client.post(f"{ACTS}/Transfer", json=body)).status_code == 201
        both = await client.post(f"{ACTS}/Transfer", json=transfer(3, 4))
        other = await client.post(f"{ACTS}/Retire", json=transfer(5, 6))
        unknown = await client.post(f"{ACTS}/Nothing", json=body)
    assert both.status_code == 201
    assert (other.status_code, other.json()["code"]) == (400, "http.name_differs")
    assert (unknown.status_code, unknown.json()["code"]) == (400, "command.unknown")


async def test_an_act_of_administrators_needs_a_token_of_theirs(folder: Folder) -> None:
    body = {"command": "Correct", "entry": 3, "authority": "a", "reason": "r"}
    async with asking(folder, **token(folder)) as client:
        refused = [await client.post(ACTS, json=body), await client.post(f"{ACTS}/Correct", json=body)]
        line = (await client.post(f"{ACTS}:bulk", json=body)).json()
        administrator = token(folder, "chief", scopes=["admin"])
        allowed = await client.post(ACTS, json=body, headers=administrator)
    assert [(each.status_code, each.json()["code"]) for each in refused] == [(403, "http.scope_missing")] * 2
    assert (line["line"], line["code"], line["facts"]["scope"]) == (1, "http.scope_missing", "admin")
    assert allowed.status_code in (201, 409)


async def test_an_act_that_only_a_partner_may_cause_is_refused_to_everybody(folder: Folder) -> None:
    async with asking(folder, **token(folder, scopes=["admin"])) as client:
        answer = await client.post(ACTS, json={"command": "SettleTransfer", "transfer": "T-1", "acceptance": "0" * 64})
    assert (answer.status_code, answer.json()["code"]) == (403, "command.from_partners_only")


@pytest.mark.parametrize("kind, status", [("application/json; charset=utf-8", 201), ("text/plain", 415), ("", 415)])
async def test_only_json_is_taken(folder: Folder, kind: str, status: int) -> None:
    async with asking(folder, **token(folder)) as client:
        answer = await client.post(ACTS, content=json.dumps(transfer(1, 2)), headers={"content-type": kind})
    assert answer.status_code == status


async def test_a_confidential_field_is_sealed_and_never_served(folder: Folder) -> None:
    secret = "four hundred and seventeen francs"
    async with asking(folder, **token(folder)) as client:
        answer = await client.post(ACTS, json=transfer(1, 2, confidential={"price": secret}))
        place = answer.headers["location"]
        served = [await client.get(path) for path in (place, "/api/v1/entries", "/api/v1/units/BR-1/trace")]
    assert answer.status_code == 201
    assert all(secret not in each.text for each in (answer, *served))
    assert "price" in served[0].json()["sealed"]


async def test_every_answer_guards_the_browser_that_may_show_it(folder: Folder) -> None:
    async with asking(folder, **token(folder)) as client:
        answers = [
            await client.post(ACTS, json=transfer(1, 2)),
            await client.post(ACTS, json={}),
            await client.get("/api/v1/units/BR-1"),
            await client.get("/nowhere"),
        ]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in answer.headers


async def test_a_mistake_of_ours_is_a_number_and_nothing_else(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError("inner secret")

    monkeypatch.setattr("counterfoil.entrypoints.http.acts.read_command", broken)
    async with asking(folder, **token(folder)) as client:
        answer = await client.post(ACTS, json=transfer(1, 2))
    told = answer.json()
    assert (answer.status_code, told["code"]) == (500, "http.mistake")
    assert "inner secret" not in answer.text and "Zero" not in answer.text
    assert told["facts"]["reference"] in caplog.text and "inner secret" in caplog.text


async def test_who_comes_when_the_registry_is_full_is_told_to_come_back(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with asking(folder, **token(folder)) as client:
        monkeypatch.setattr("counterfoil.application.driver.WAITING_MAX", 0)
        writer = await client.post(ACTS, json=transfer(1, 2))
        monkeypatch.setattr("counterfoil.entrypoints.http.reading_room.WAITING_MAX", 0)
        reader = await client.get("/api/v1/registry")
        monkeypatch.setattr("counterfoil.entrypoints.site.RUNNING_MAX", 0)
        anybody = await client.get("/api/v1/openapi.json")
    told = [(each.status_code, each.json()["code"]) for each in (writer, reader, anybody)]
    assert told == [(503, "writer.busy"), (503, "http.busy"), (503, "http.busy")]
    assert all(int(each.headers["retry-after"]) > 0 for each in (writer, reader, anybody))


async def test_an_outage_of_the_store_keeps_the_machines_folders_to_itself(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise Outage("storage.disk_full", {"path": str(folder.ledger)}, retry=True)

    async with asking(folder, **token(folder)) as client:
        monkeypatch.setattr("counterfoil.adapters.storage.sqlite.store.SqliteStore.commit", full)
        answer = await client.post(ACTS, json=transfer(1, 2, id="t:1"))
        monkeypatch.undo()
        again = await client.post(ACTS, json=transfer(1, 2, id="t:1"))
    assert (answer.status_code, answer.json()["code"]) == (503, "storage.disk_full")
    assert str(folder.path) not in answer.text
    assert again.status_code == 201


def test_the_fast_writing_of_a_receipt_is_the_same_as_the_plain_one() -> None:
    receipt = Receipt(7, "t:1", "Transferred", "ab" * 32, "2026-01-01T00:00:00.000Z", "2026-01-01", (("é", 1),), None)
    plain = json.loads(json.dumps(answer_json(receipt, catalogue())))
    assert json.loads(receipt_json(receipt)) == plain
    assert list(json.loads(receipt_json(receipt))) == list(plain)
