"""The office's own file: made only when asked for, private, restored with its registry, and tried by the drill."""

import json
import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from counterfoil.adapters.archive import ArchiveFile
from counterfoil.adapters.office.documents import FileContent
from counterfoil.application.office import sign_in
from counterfoil.application.office.sessions import SignedIn
from counterfoil.application.office.sign_in import Device
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.cli.main import run
from counterfoil.entrypoints.keeping.backup import BackedUp, back_up
from counterfoil.entrypoints.keeping.drill import Report, drill
from counterfoil.entrypoints.keeping.office_backup import INDEX
from counterfoil.entrypoints.keeping.restore import Restored, restore
from tests.backup.registries import lived
from tests.office.stage import Member, Stage, halfway, invited, member, signed_in, staged

PAPER = b"who owns whom"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    folder = lived(tmp_path / "registry")
    FileContent(folder.path / "documents").put(PAPER)
    made = staged(folder.path)
    yield made
    made.at_hand.close()


@pytest.fixture
def folder(stage: Stage, tmp_path: Path) -> Folder:
    del stage  # it made the folder
    return Folder(tmp_path / "registry")


def kept(folder: Folder, to: Path) -> Path:
    """Back up with the office, and give the office's file."""
    taken = back_up(folder, to, office=True)
    assert isinstance(taken, BackedUp), taken
    assert taken.office is not None
    return taken.office.path


def restored(backup: Path, to: Path, office: Path | None) -> Restored:
    found = restore(backup, Folder(to), office=office, audited=True)
    assert isinstance(found, Restored), found
    return found


def code(found: object) -> str:
    assert isinstance(found, Refusal), found
    return found.code


def test_people_are_kept_only_when_it_is_asked_for(stage: Stage, folder: Folder, tmp_path: Path) -> None:
    who = member(stage)
    taken = back_up(folder, tmp_path / "plain.backup.tar")
    assert isinstance(taken, BackedUp)
    assert taken.office is None
    assert who.person.encode() not in (tmp_path / "plain.backup.tar").read_bytes()
    assert not list(tmp_path.glob("*.office.tar"))


def test_the_office_s_file_is_its_owner_s_alone_and_lies_beside_the_backup(
    stage: Stage, folder: Folder, tmp_path: Path
) -> None:
    member(stage)
    former = os.umask(0)
    try:
        path = kept(folder, tmp_path / "all.backup.tar")
    finally:
        os.umask(former)
    assert path == tmp_path / "all.office.tar"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not [each for each in tmp_path.iterdir() if each.name.startswith(".")]


def test_who_had_enrolled_signs_in_to_the_restored_registry_with_the_same_factors(
    stage: Stage, folder: Folder, tmp_path: Path
) -> None:
    who = member(stage)
    office = kept(folder, tmp_path / "all.backup.tar")
    found = restored(tmp_path / "all.backup.tar", tmp_path / "again", office)
    assert found.office is not None
    assert found.office.broken is None
    assert stat.S_IMODE((tmp_path / "again" / "office.db").stat().st_mode) == 0o600
    assert [path.read_bytes() for path in (tmp_path / "again" / "documents").glob("*/*")] == [PAPER]
    again = staged(tmp_path / "again")
    try:
        again.clock.move_to(stage.clock.now_ms())
        session = sign_in.with_code(again.office, step=halfway(again, who), code=again.code(who.totp), device=Device())
        assert isinstance(session, SignedIn)
        assert [row.act for row in again.office.store.trail.all()].count("office.restored") == 1
    finally:
        again.at_hand.close()


def test_no_session_invitation_or_step_lives_again(stage: Stage, folder: Folder, tmp_path: Path) -> None:
    who: Member = member(stage)
    session = signed_in(stage, who)
    invitation = invited(stage, "bo@example.org")
    step = halfway(stage, who)
    office = kept(folder, tmp_path / "all.backup.tar")
    restored(tmp_path / "all.backup.tar", tmp_path / "again", office)
    connection = sqlite3.connect(tmp_path / "again" / "office.db")
    counts = [
        connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("session", "invitation", "step")
    ]
    people = connection.execute("SELECT count(*) FROM person").fetchone()[0]
    connection.close()
    assert (counts, people) == ([0, 0, 0], 2)
    data = office.read_bytes()
    assert session.session.digest not in data, "nor does it stand in a free page"
    assert stage.office.store.sessions.get(session.session.digest) is not None, "the live session goes on"
    assert invitation.secret and step


def test_the_office_of_another_registry_is_refused_and_nothing_is_written(
    stage: Stage, folder: Folder, tmp_path: Path
) -> None:
    member(stage)
    office = kept(folder, tmp_path / "all.backup.tar")
    other = tmp_path / "other"
    assert run(["init", "--dir", str(other), "--party", "XBB", "--registry", "XBB01", "--name", "B",
                "--ndc-period", "2021-2030"]) == 0  # fmt: skip
    assert isinstance(back_up(Folder(other), tmp_path / "other.backup.tar"), BackedUp)
    found = restore(tmp_path / "other.backup.tar", Folder(tmp_path / "again"), office=office)
    assert code(found) == "restore.office_of_another"
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("name", ["office.db/00001", INDEX, "documents/"])
def test_no_byte_of_the_office_s_file_changes_unnoticed(
    stage: Stage, folder: Folder, tmp_path: Path, name: str
) -> None:
    member(stage)
    office = kept(folder, tmp_path / "all.backup.tar")
    with ArchiveFile(office) as archive:
        member_name = next(each for each in archive.names() if each.startswith(name))
        content = archive.read(member_name, bytes_max=2**26)
    data = bytearray(office.read_bytes())
    at = data.index(content) + len(content) // 2
    data[at] ^= 1
    office.write_bytes(data)
    found = restore(tmp_path / "all.backup.tar", Folder(tmp_path / "again"), office=office)
    assert code(found) in {"restore.damaged", "restore.office_of_another"}
    assert not (tmp_path / "again").exists()


def test_a_restore_that_was_stopped_over_the_office_goes_on(
    stage: Stage, folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = member(stage)
    backup, office, to = tmp_path / "all.backup.tar", kept(folder, tmp_path / "all.backup.tar"), tmp_path / "again"

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("counterfoil.entrypoints.keeping.office_backup._looked_at", stopped)
        restore(backup, Folder(to), office=office)
    assert Folder(to).unfinished.exists()
    (to / "office.db-wal").write_bytes(b"what another attempt left")
    found = restored(backup, to, office)
    assert found.office is not None
    assert found.office.broken is None
    assert not Folder(to).unfinished.exists()
    again = staged(to)
    assert again.office.store.people.get(who.person) is not None
    again.at_hand.close()


def test_a_file_cut_short_or_a_plain_backup_is_no_office(stage: Stage, folder: Folder, tmp_path: Path) -> None:
    member(stage)
    backup, office = tmp_path / "all.backup.tar", kept(folder, tmp_path / "all.backup.tar")
    cut = tmp_path / "cut.tar"
    cut.write_bytes(office.read_bytes()[:-1024])
    for wrong in (cut, backup):
        assert code(restore(backup, Folder(tmp_path / "again"), office=wrong)) == "restore.damaged"


def test_a_registry_without_people_has_no_office_to_keep(tmp_path: Path) -> None:
    folder = lived(tmp_path / "registry", transfers=1)
    found = back_up(folder, tmp_path / "all.backup.tar", office=True)
    assert code(found) == "backup.no_office"
    assert not list(tmp_path.glob("*.tar"))
    assert not (folder.path / "office.db").exists()


def test_a_broken_trail_is_kept_restored_and_told(stage: Stage, folder: Folder, tmp_path: Path) -> None:
    member(stage)
    connection = sqlite3.connect(folder.path / "office.db")
    for (trigger,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("UPDATE trail SET subject = 'P-FORGED23' WHERE number = 2")
    connection.commit()
    connection.close()
    office = kept(folder, tmp_path / "all.backup.tar")
    found = restored(tmp_path / "all.backup.tar", tmp_path / "again", office)
    assert found.office is not None
    assert found.office.broken == 2


@pytest.mark.parametrize("given", [False, True])
def test_the_drill_tries_the_office_too(stage: Stage, folder: Folder, tmp_path: Path, given: bool) -> None:
    member(stage)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    if given:
        office = kept(folder, tmp_path / "all.backup.tar")
        report = drill(folder, backup=tmp_path / "all.backup.tar", office=office, scratch=scratch)
    else:
        report = drill(folder, scratch=scratch)
    assert isinstance(report, Report), report
    assert report.passed
    assert report.held["office"]
    assert list(scratch.iterdir()) == []


def test_backup_and_restore_of_the_office_at_the_command_line(
    stage: Stage, folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    member(stage)
    capsys.readouterr()

    def told(*arguments: str) -> Any:
        assert run([*arguments, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    backup = tmp_path / "all.backup.tar"
    taken = told("backup", str(folder.path), "--to", str(backup), "--office")
    assert taken["office"]["documents"] == 1
    back = told("restore", str(backup), "--to", str(tmp_path / "again"), "--office", taken["office"]["path"])
    assert back["office"]["digest"] == taken["office"]["digest"] != ""
    people = told("people", "list", "--dir", str(tmp_path / "again"))
    assert [each["mail"] for each in people] == ["ada@example.org"]
