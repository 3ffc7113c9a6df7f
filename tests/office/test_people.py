"""People leave, bodies are suspended, data is erased; the trail says what was done, and that nobody changed it."""

import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from counterfoil.adapters.office.file import OfficeFile
from counterfoil.adapters.office.migrations import steps
from counterfoil.application.office import people, sessions
from counterfoil.application.office.invitations import Guest, invite
from counterfoil.application.office.ports import PersonState, TrailQuestion
from counterfoil.application.office.sessions import bearer
from counterfoil.application.office.trail import broken_row
from counterfoil.application.ports import Outage
from tests.office.stage import DAY, MAIL, Stage, code_of, invited, member, signed_in, staged

BODY = "201912345A"


def body(stage: Stage, number: str = BODY, kind: str = "developer") -> None:
    people.add_organisation(stage.office, organisation=number, kind=kind, name="Solar", actor="local")


def test_erasing_a_person_leaves_a_pseudonym_and_a_whole_trail(stage: Stage, tmp_path: Path) -> None:
    member(stage)
    gone = member(stage, "bo.becker@example.org", "operator")
    session = signed_in(stage, gone)
    erased = people.erase(stage.office, gone.person, actor="local")
    assert erased == stage.office.store.people.get(gone.person)
    person = stage.office.store.people.get(gone.person)
    assert person is not None and (person.name, person.mail, person.state) == (None, None, PersonState.ERASED)
    assert stage.office.store.credentials.of(gone.person) == []
    assert bearer(stage.office, session.secret) is None
    assert broken_row(stage.office.store) is None
    stage.at_hand.close()
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert b"becker" not in left and gone.totp.encode() not in left and gone.person.encode() in left


def test_an_erased_person_stays_erased_and_the_address_is_free_again(stage: Stage) -> None:
    member(stage)
    gone = member(stage, "bo@example.org", "operator")
    people.erase(stage.office, gone.person, actor="local")
    for change in (people.erase, people.suspend, people.resume):
        assert code_of(change(stage.office, gone.person, actor="local")) == "person.state"
    assert invited(stage, "bo@example.org").person.person != gone.person


def test_a_role_holds_from_its_first_day_to_its_last(stage: Stage) -> None:
    member(stage)
    body(stage)
    guest = Guest("Bo", "bo@example.org", "developer", BODY, last_day="2026-06-02")
    assert not code_of_or_none(invite(stage.office, guest, actor="local"))
    person = stage.office.store.people.by_mail("bo@example.org")
    assert person is not None
    assert sessions.standing_of(stage.office, person, BODY).roles == {"developer"}
    stage.later(DAY)
    assert sessions.standing_of(stage.office, person, BODY).roles == {"developer"}
    stage.later(DAY)
    assert sessions.standing_of(stage.office, person, BODY).roles == frozenset()


def test_an_auditor_needs_a_last_day(stage: Stage) -> None:
    member(stage)
    body(stage, "AUD", "auditor")
    refused = invite(stage.office, Guest("Bo", "bo@example.org", "auditor", "AUD"), actor="local")
    assert code_of(refused) == "organisation.until_missing"


def code_of_or_none(found: object) -> str:
    return getattr(found, "code", "")


def test_a_suspended_body_takes_its_roles_from_its_people(stage: Stage) -> None:
    member(stage)
    body(stage)
    who = member(stage, "bo@example.org", "developer", BODY)
    secret = signed_in(stage, who).secret
    found = bearer(stage.office, secret)
    assert found is not None and found.standing.roles == {"developer"} and found.standing.organisation == BODY
    people.suspend_organisation(stage.office, BODY, suspended=True, actor="local")
    found = bearer(stage.office, secret)
    assert found is not None and found.standing.roles == frozenset()
    people.suspend_organisation(stage.office, BODY, suspended=False, actor="local")
    found = bearer(stage.office, secret)
    assert found is not None and found.standing.roles == {"developer"}


def test_a_session_begins_for_a_body_that_gives_a_role(stage: Stage) -> None:
    member(stage)
    body(stage)
    body(stage, "TWO", "company")
    who = member(stage, "bo@example.org", "developer", BODY)
    people.give_role(stage.office, who.person, Guest("", "", "holder", "TWO"), actor="local")
    people.suspend_organisation(stage.office, BODY, suspended=True, actor="local")
    assert signed_in(stage, who).session.organisation == "TWO"


def test_somebody_with_two_bodies_acts_for_one_at_a_time(stage: Stage) -> None:
    member(stage)
    body(stage)
    body(stage, "TWO", "company")
    who = member(stage, "bo@example.org", "developer", BODY)
    guest = Guest("", "", "holder", "TWO")
    assert people.give_role(stage.office, who.person, guest, actor="local") is None
    session = signed_in(stage, who)
    standing = sessions.act_for(stage.office, session.session, "TWO")
    assert not hasattr(standing, "code") and standing.roles == {"holder"}
    assert code_of(sessions.act_for(stage.office, session.session, "THREE")) == "person.not_a_member"
    found = bearer(stage.office, session.secret)
    assert found is not None and found.standing.organisation == "TWO"
    assert people.take_role(stage.office, who.person, role="holder", organisation="TWO", actor="local") is None
    found = bearer(stage.office, session.secret)
    assert found is not None and found.standing.roles == frozenset()


@pytest.mark.parametrize(
    "number, kind, name, code",
    [
        ("", "developer", "Solar", "organisation.unreadable"),
        ("../x", "developer", "Solar", "organisation.unreadable"),
        (BODY, "developer", "", "organisation.unreadable"),
        (BODY, "kingdom", "Solar", "organisation.kind_unknown"),
        ("taken", "developer", "Solar", "organisation.exists"),
    ],
)
def test_a_body_is_refused_when(stage: Stage, number: str, kind: str, name: str, code: str) -> None:
    body(stage, "taken")
    found = people.add_organisation(stage.office, organisation=number, kind=kind, name=name, actor="local")
    assert code_of(found) == code


def test_what_is_not_there_is_not_changed(stage: Stage) -> None:
    guest = Guest("", "", "operator")
    assert code_of(people.suspend(stage.office, "P-NOBODY22", actor="local")) == "person.unknown"
    assert code_of(people.give_role(stage.office, "P-NOBODY22", guest, actor="local")) == "person.unknown"
    missing = people.suspend_organisation(stage.office, "none", suspended=True, actor="local")
    assert code_of(missing) == "organisation.unknown"


def test_the_trail_is_filtered_and_paged(stage: Stage) -> None:
    who = member(stage)
    rows = stage.office.store.trail.rows(TrailQuestion(subject=who.person, act="person.enrolled"), limit=10)
    assert [row.actor for row in rows] == [f"person:{who.person}"]
    every = stage.office.store.trail.rows(TrailQuestion(), limit=100)
    assert [row.number for row in every] == list(range(1, len(every) + 1))
    after = stage.office.store.trail.rows(TrailQuestion(after=every[1].number), limit=1)
    assert [row.number for row in after] == [3]
    late = stage.office.store.trail.rows(TrailQuestion(since_ms=every[-1].at_ms + 1), limit=10)
    assert late == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail SET actor = 'x' WHERE number = 2",
        "DELETE FROM trail WHERE number = 2",
        "INSERT OR REPLACE INTO trail SELECT 2, at_ms, 'x', act, subject, facts, digest FROM trail WHERE number = 1",
    ],
)
def test_the_trail_refuses_a_hand_and_shows_one_that_took_the_guards_away(
    stage: Stage, tmp_path: Path, statement: str
) -> None:
    member(stage)
    stage.at_hand.close()
    with sqlite3.connect(tmp_path / "office.db") as connection:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
    connection.close()
    again = staged(tmp_path)
    try:
        assert broken_row(again.office.store) in (2, 3)
    finally:
        again.at_hand.close()


def test_the_file_is_its_owners_alone_also_where_a_hand_had_opened_it(tmp_path: Path) -> None:
    stage = staged(tmp_path)
    member(stage)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir() if path.is_file()}
    assert set(modes) >= {"office.db", "office.db-wal"} and set(modes.values()) == {0o600}
    stage.at_hand.close()
    (tmp_path / "office.db").chmod(0o644)
    staged(tmp_path).at_hand.close()
    assert stat.S_IMODE((tmp_path / "office.db").stat().st_mode) == 0o600


def test_a_file_of_another_program_or_a_later_format_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE x (y)")
    connection.close()
    with pytest.raises(Outage) as outage:
        OfficeFile(tmp_path / "other.db")
    assert outage.value.code == "storage.not_ours"
    OfficeFile(tmp_path / "office.db").close()
    with sqlite3.connect(tmp_path / "office.db") as connection:
        connection.execute(f"PRAGMA user_version = {len(steps()) + 1}")
    connection.close()
    with pytest.raises(Outage) as outage:
        OfficeFile(tmp_path / "office.db")
    assert outage.value.code == "storage.newer_format"


def test_what_was_erased_leaves_the_log_when_the_reader_that_kept_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("counterfoil.adapters.office.file.BUSY_MS", 50)
    log = tmp_path / "office.db-wal"
    office = OfficeFile(tmp_path / "office.db")
    with office.change():
        office.run("CREATE TABLE note (text TEXT)")
        office.run("INSERT INTO note VALUES ('Ada Lovelace')")
    reader = sqlite3.connect(tmp_path / "office.db", isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM note").fetchone() == (1,)
    with office.change():
        office.run("DELETE FROM note")
    office.scrub()
    assert b"Ada Lovelace" in log.read_bytes(), "the reader must keep the log, or this test shows nothing"
    reader.close()
    with office.change():
        office.run("INSERT INTO note VALUES ('something else')")
    assert b"Ada Lovelace" not in log.read_bytes() + (tmp_path / "office.db").read_bytes()
    office.close()


def test_a_change_that_fails_leaves_nothing(stage: Stage) -> None:
    invited(stage)
    before = list(stage.office.store.trail.all())
    with pytest.raises(RuntimeError), stage.office.store.change():
        person = stage.office.store.people.by_mail(MAIL)
        assert person is not None
        stage.office.store.invitations.withdraw(person.person)
        raise RuntimeError
    assert list(stage.office.store.trail.all()) == before
    assert stage.office.store.invitations.get(b"x") is None


def test_two_processes_may_change_the_office_at_once(tmp_path: Path) -> None:
    staged(tmp_path).at_hand.close()
    code = (
        "import sys; from pathlib import Path; from counterfoil.entrypoints.office_at_hand import OfficeAtHand\n"
        "from counterfoil.application.office.invitations import Guest, invite\n"
        "at_hand = OfficeAtHand(Path(sys.argv[1])); office = at_hand.office()\n"
        "for n in range(10): invite(office, Guest('A', f'a{n}.{sys.argv[2]}@example.org', 'operator'), actor='local')\n"
        "at_hand.close()"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(number)]) for number in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    stage = staged(tmp_path)
    try:
        assert stage.office.store.people.count() == 30 and broken_row(stage.office.store) is None
    finally:
        stage.at_hand.close()
