"""The audit trail: both logs in one view, filtered, paged, exported; a changed row is found."""

import csv
import io
import json
import sqlite3
from datetime import date

import pytest

from counterfoil.application.office import audit, people, trail
from counterfoil.application.office.audit import AuditQuestion, AuditRow, Place, place_of
from counterfoil.application.office.ports import Membership
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.audit_view import as_csv, days_of, page_of, shown
from counterfoil.entrypoints.bootstrap import open_for_reading
from counterfoil.entrypoints.cli.main import run
from tests.http.desk import OTHER
from tests.notices.post_room import ANNA, BELA, CARO, Room
from tests.notices.test_http_and_cli import OFFICE, browser, sign_in
from tests.notices.test_telling import transferred
from tests.office.stage import member

pytestmark = pytest.mark.anyio


def asked(room: Room, question: AuditQuestion, *, limit: int = 1_000) -> list[AuditRow]:
    """Every row, page by page."""
    rows: list[AuditRow] = []
    after: Place | None = Place()
    with open_for_reading(room.folder) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        while after is not None:
            page = page_of(room.stage.office, sight, question, after=after, limit=limit)
            rows += page.rows
            after = page.next
    return rows


def test_both_logs_stand_in_one_view_in_the_order_of_their_moments(room: Room) -> None:
    people.suspend(room.stage.office, BELA, actor=f"person:{ANNA}")
    transferred(room, 1)
    rows = asked(room, AuditQuestion())
    assert {row.source for row in rows} == {"office", "journal"}
    assert [row.at_ms for row in rows] == sorted(row.at_ms for row in rows)
    suspended = next(row for row in rows if row.act == "person.suspended")
    assert suspended.actors == (ANNA,) and suspended.capacity == ("administrator@",) and suspended.subject == BELA


def test_pages_of_any_size_give_the_same_rows(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        people.suspend(room.stage.office, BELA, actor="local")
        people.resume(room.stage.office, BELA, actor="local")
    transferred(room, 1, 2, 3)
    whole = asked(room, AuditQuestion())
    assert asked(room, AuditQuestion(), limit=1) == whole == asked(room, AuditQuestion(), limit=2)
    monkeypatch.setattr(audit, "LOOKED_MAX", 2)
    assert asked(room, AuditQuestion()) == whole
    monkeypatch.setattr(audit, "STRETCH", 2)
    assert asked(room, AuditQuestion()) == whole, "the journal is read on where a stretch of it ends"
    only = AuditQuestion(act="person.resumed")
    assert [row.act for row in asked(room, only)] == ["person.resumed"] * 3


def test_each_filter_leaves_what_it_names(room: Room) -> None:
    people.suspend(room.stage.office, BELA, actor=f"person:{ANNA}")
    people.suspend_organisation(room.stage.office, "trader", suspended=True, actor="local")
    transferred(room, 1)
    assert {row.act for row in asked(room, AuditQuestion(person=BELA))} == {"person.suspended"}
    assert {row.act for row in asked(room, AuditQuestion(person=ANNA))} == {"person.suspended"}
    assert asked(room, AuditQuestion(person=CARO)) == []
    of_body = {row.act for row in asked(room, AuditQuestion(organisation="trader"))}
    assert {"organisation.suspended", "AccountOpened", "Transferred"} <= of_body and "person.suspended" not in of_body
    assert all(OTHER in row.accounts for row in asked(room, AuditQuestion(account=OTHER)))
    assert len(asked(room, AuditQuestion(act="Transferred"))) == 1


def test_a_range_of_days_holds_both_its_days(room: Room) -> None:
    people.suspend(room.stage.office, BELA, actor="local")  # at noon of 1 June 2026
    for since, until, found in (
        (date(2026, 6, 1), date(2026, 6, 1), 1),
        (None, date(2026, 5, 31), 0),
        (date(2026, 6, 2), None, 0),
    ):
        first, end = days_of(since, until)
        rows = asked(room, AuditQuestion(act="person.suspended", since_ms=first, until_ms=end))
        assert len(rows) == found, (since, until)
    later = days_of(date(2999, 1, 1), None)
    assert asked(room, AuditQuestion(since_ms=later[0], until_ms=later[1])) == []
    assert days_of(None, date.max)[1] == 2**62


def test_an_act_of_two_persons_names_both_and_the_bodies_they_signed_for(room: Room) -> None:
    with room.stage.office.store.change():
        trail.write(room.stage.office, f"person:{ANNA}+person:{BELA}", "proposal.done", "Q-1", {"entry": 4})
    row = asked(room, AuditQuestion(person=BELA))[0]
    assert row.actors == (ANNA, BELA) and row.approvers == (BELA,) and row.look == "/api/v1/proposals/Q-1"


def test_the_csv_has_every_column_and_no_formula(room: Room) -> None:
    with room.stage.office.store.change():
        trail.write(room.stage.office, "local", "person.suspended", "=1+1")
    rows = [shown(row) for row in asked(room, AuditQuestion(act="person.suspended"))]
    read = list(csv.DictReader(io.StringIO(as_csv(rows))))
    assert read[0]["subject"] == "'=1+1" and len(read[0]) == 12
    for cell in (" =1", "\n@a", "＝1+1", "+1", "\tx"):
        assert next(csv.DictReader(io.StringIO(as_csv([{**rows[0], "subject": cell}]))))["subject"] == f"'{cell}"


@pytest.mark.parametrize("text", ["", "1", "a.b", "1.2.3", "-1.2", "1.--2", "1" * 30 + ".1", "１.1"])
def test_a_place_that_no_page_named_is_none(text: str) -> None:
    assert place_of(text) is None
    assert place_of("7.-1") == Place(7, -1)


async def test_only_those_who_keep_or_audit_see_it_over_http(room: Room) -> None:
    officer = member(room.stage, "dora@example.org", "operator")
    async with browser(room) as client:
        assert (await client.get(f"{OFFICE}/audit")).status_code == 401
        await sign_in(client, room, officer)
        assert (await client.get(f"{OFFICE}/audit")).status_code == 403
        with room.stage.office.store.change():
            held = Membership(0, officer.person, "", "administrator", "2026-01-01")
            room.stage.office.store.memberships.add(held)
        first = (await client.get(f"{OFFICE}/audit?limit=2")).json()
        assert len(first["items"]) == 2 and first["next"]
        rest = (await client.get(f"{OFFICE}/audit?after={first['next']}&person={officer.person}")).json()
        assert all(officer.person in (*each["actors"], each["subject"]) for each in rest["items"])
        sheet = await client.get(f"{OFFICE}/audit?limit=2&format=csv")
        assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
        assert (
            sheet.headers["content-disposition"].startswith("attachment;") and sheet.headers["x-next"] == first["next"]
        )
        rows = list(csv.DictReader(io.StringIO(sheet.text)))
        assert [row["number"] for row in rows] == [str(each["number"]) for each in first["items"]]
        for bad in ("format=xlsx", "limit=0", "limit=x", "after=x", "since=today"):
            assert (await client.get(f"{OFFICE}/audit?{bad}")).status_code == 400, bad


def test_a_changed_row_of_the_trail_is_found_by_verify_and_by_trail(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    people.suspend(room.stage.office, BELA, actor=f"person:{ANNA}")
    people.resume(room.stage.office, BELA, actor=f"person:{ANNA}")
    place = ("--dir", str(room.folder.path))
    assert run(["trail", "--verify", *place]) == 0
    assert run(["verify", *place]) == 0
    room.stage.at_hand.close()
    with sqlite3.connect(room.folder.path / "office.db") as connection:
        connection.execute("DROP TRIGGER trail_is_never_updated")
        connection.execute("UPDATE trail SET actor = 'person:P-MALLORY2' WHERE number = 1")
    capsys.readouterr()
    assert run(["trail", "--verify", "--json", *place]) == 1
    assert json.loads(capsys.readouterr().out)["broken"] == 1
    assert run(["verify", "--json", *place]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [each["code"] for each in findings] == ["verify.trail"]
    assert run(["verify", "--journal-only", *place]) == 0
