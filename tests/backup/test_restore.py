"""A restore: into an empty folder only, under the right key, as of a history that somebody kept, again after a stop."""

import json
import shutil
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from counterfoil.adapters.lock import RegistryLock
from counterfoil.adapters.signing.ed25519 import FileSigner
from counterfoil.adapters.storage.sqlite.store import SqliteStore
from counterfoil.application.backup import rebuilding
from counterfoil.application.ports import Batch, Outage
from counterfoil.application.verification import Audit, Finding
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, create_key, open_for_reading, open_for_writing, verify_folder
from counterfoil.entrypoints.cli.main import run
from counterfoil.entrypoints.keeping import restore as module
from counterfoil.entrypoints.keeping.backup import back_up
from counterfoil.entrypoints.keeping.restore import Restored, restore
from tests.backup.registries import done, everything, files, lived, step, writable


def refused(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    return str(answer.code)


def test_a_registry_with_its_key_back_goes_on_where_the_backup_ended(
    registry: Folder, backup: Path, tmp_path: Path
) -> None:
    again = Folder(tmp_path / "again")
    assert isinstance(restore(backup, again, key=registry.key), Restored)
    assert stat.S_IMODE(again.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(again.key.parent.stat().st_mode) == 0o700
    with writable(again) as opened:
        done(opened, step(6))
        done(opened, step(0))  # the same command as before gets its first receipt
    assert not verify_folder(again).findings
    before, after = everything(registry), everything(again)
    assert after["checkpoints"][: len(before["checkpoints"])] == before["checkpoints"]
    assert len(after["journal"]) == len(before["journal"]) + 1


def test_without_the_key_a_restored_registry_is_read_and_not_written(backup: Path, tmp_path: Path) -> None:
    again = Folder(tmp_path / "again")
    restored = restore(backup, again, audited=True)
    assert isinstance(restored, Restored)
    assert not restored.key_in_place
    assert not verify_folder(again).findings
    with pytest.raises(Outage, match=r"keys\.absent"):
        open_for_writing(again, "test")


def test_another_key_is_refused_before_anything_is_written(backup: Path, tmp_path: Path) -> None:
    create_key(Folder(tmp_path / "other"), name="tha/tha01")
    answer = restore(backup, Folder(tmp_path / "again"), key=tmp_path / "other" / "keys" / "registry.key")
    assert refused(answer) == "restore.wrong_key"
    assert not (tmp_path / "again").exists()


def test_a_key_that_others_can_read_is_not_put_in_place(registry: Folder, backup: Path, tmp_path: Path) -> None:
    key = tmp_path / "registry.key"
    shutil.copy(registry.key, key)
    key.chmod(0o644)
    with pytest.raises(Outage, match=r"keys\.too_open"):
        restore(backup, Folder(tmp_path / "again"), key=key)


@pytest.mark.parametrize("left", ["ledger.db", "notes.txt", "evidence", "keys"])
def test_a_folder_that_holds_something_is_refused_and_stays_as_it_is(left: str, backup: Path, tmp_path: Path) -> None:
    (tmp_path / left).write_text("mine")
    assert refused(restore(backup, Folder(tmp_path))) == "restore.folder_not_empty"
    assert files(tmp_path) == ({left: b"mine"} if left != "ledger.db" else {})
    assert [each.name for each in tmp_path.iterdir()] == [left]


def test_what_a_restore_left_that_was_killed_while_it_set_its_mark_is_in_nobodys_way(
    backup: Path, tmp_path: Path
) -> None:
    (tmp_path / ".restore.unfinished.0123456789abcdef").write_text("{")
    assert isinstance(restore(backup, Folder(tmp_path)), Restored)
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_restore_leaves_no_private_key_under_a_hidden_name(backup: Path, registry: Folder, tmp_path: Path) -> None:
    """An earlier attempt was killed while it put the key in place."""
    folder = Folder(tmp_path / "again")

    def killed(stage: str, *_: int) -> None:
        if stage == "verifying":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(backup, folder, key=registry.key, audited=True, stage=killed)
    (folder.key.parent / f".registry.key.{'7' * 16}").write_bytes(folder.key.read_bytes())
    assert isinstance(restore(backup, folder, key=registry.key, audited=True), Restored)
    assert sorted(path.name for path in folder.key.parent.iterdir()) == ["registry.key", "registry.pub"]


def test_a_folder_that_somebody_else_is_filling_is_refused_by_name(backup: Path, tmp_path: Path) -> None:
    lock = RegistryLock(tmp_path).acquire("restore")
    assert not isinstance(lock, Refusal)
    with lock:
        assert refused(restore(backup, Folder(tmp_path))) == "registry.locked"


class TestAKeptCheckpoint:
    def kept(self, registry: Folder, tmp_path: Path, number: int, change: Callable[[str], str] = str) -> Path:
        with open_for_reading(registry) as readable:
            row = readable.reading.checkpoint(number)
        assert row is not None
        path = tmp_path / "kept"
        path.write_text(change(row.note))
        return path

    @pytest.mark.parametrize("number", [1, 2, 5, 9])
    def test_of_any_age_is_agreed_with(self, number: int, registry: Folder, backup: Path, tmp_path: Path) -> None:
        kept = self.kept(registry, tmp_path, number)
        assert isinstance(restore(backup, Folder(tmp_path / "again"), kept=kept), Restored)

    def test_with_a_witnesss_line_is_agreed_with(self, registry: Folder, backup: Path, tmp_path: Path) -> None:
        kept = self.kept(registry, tmp_path, 3, lambda note: note + "— witness.example/w1 AAAAAAAA\n")
        assert isinstance(restore(backup, Folder(tmp_path / "again"), kept=kept), Restored)

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            (lambda note: note.replace(note.split("\n")[2], "A" * 43 + "="), "restore.checkpoint_differs"),
            (lambda note: note.replace("tha/tha01", "che/che01"), "restore.checkpoint_differs"),
            (lambda note: note.replace(f"\n{note.split(chr(10))[1]}\n", "\n99999\n", 1), "restore.checkpoint_newer"),
            (lambda note: "no note at all", "restore.checkpoint_unreadable"),
            (lambda note: "", "restore.checkpoint_unreadable"),
            (lambda note: "x" * 1_000_000, "restore.checkpoint_unreadable"),
        ],
        ids=["another root", "another log", "newer", "not a note", "empty", "too long"],
    )
    def test_that_says_otherwise_stops_the_restore_before_it_begins(
        self, change: Callable[[str], str], code: str, registry: Folder, backup: Path, tmp_path: Path
    ) -> None:
        kept = self.kept(registry, tmp_path, 4, change)
        assert refused(restore(backup, Folder(tmp_path / "again"), kept=kept)) == code
        assert not (tmp_path / "again").exists()


class _Stopped(Exception):
    """The machine stopped here."""


def stopping_after(commits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commit every few checkpoints, and stop at one of the commits."""
    original = SqliteStore.commit
    made = 0

    def commit(self: SqliteStore, batch: Batch) -> None:
        nonlocal made
        if made == commits:
            raise _Stopped
        made += 1
        original(self, batch)

    monkeypatch.setattr(rebuilding, "COMMIT", 2)
    monkeypatch.setattr(SqliteStore, "commit", commit)


class TestAStoppedRestore:
    @pytest.mark.parametrize("commits", [0, 1, 3])
    def test_is_refused_by_every_command_and_ends_when_it_is_started_again(
        self, commits: int, registry: Folder, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        again = Folder(tmp_path / "again")
        with monkeypatch.context() as patch:
            stopping_after(commits, patch)
            with pytest.raises(_Stopped):
                restore(backup, again, key=registry.key)
        self.require_refused(again, registry)
        before = backup.read_bytes()
        restored = restore(backup, again, key=registry.key, audited=True)
        assert isinstance(restored, Restored)
        assert restored.sound
        assert restored.rebuilt.written < restored.manifest.entries or not commits
        assert everything(again) == everything(registry)
        assert backup.read_bytes() == before

    def require_refused(self, folder: Folder, registry: Folder) -> None:
        for words in (
            ("show", "registry"),
            ("verify",),
            ("do", str(registry.path.with_name("registry.ndjson"))),
            ("export", "--out", str(folder.path / "out")),
            ("token", "new", "desk"),
            ("evidence", "add", str(folder.path / "x")),
            ("init", "--party", "THA", "--registry", "THA01", "--name", "T", "--ndc-period", "2021-2030"),
            ("serve",),
            ("backup", "--to", str(folder.path / "b")),
            ("balance",),
        ):
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("COUNTERFOIL_DIR", str(folder.path))
                assert run(words) == 2, words
        assert not folder.key.exists()
        with pytest.raises(Outage, match=r"restore\.unfinished"):
            open_for_writing(folder, "test")

    def test_of_another_backup_is_not_gone_on_with(
        self, registry: Folder, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        again = Folder(tmp_path / "again")
        with monkeypatch.context() as patch:
            stopping_after(1, patch)
            with pytest.raises(_Stopped):
                restore(backup, again)
        assert not isinstance(back_up(registry, tmp_path / "other.tar"), Refusal)
        mark = again.unfinished.read_bytes()
        again.unfinished.write_bytes(mark.replace(b'"backup": "', b'"backup": "0'))
        assert refused(restore(tmp_path / "other.tar", again)) == "restore.other_backup"

    def test_is_not_gone_on_with_over_another_history(
        self, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        again = Folder(tmp_path / "again")
        with monkeypatch.context() as patch:
            stopping_after(1, patch)
            with pytest.raises(_Stopped):
                restore(backup, again)
        other = lived(tmp_path / "other", transfers=3)
        for path in again.path.glob("ledger.db*"):
            path.unlink()
        shutil.copy(other.ledger, again.ledger)
        before = again.ledger.read_bytes()
        assert refused(restore(backup, again)) == "restore.store_differs"
        assert again.ledger.read_bytes() == before


def test_what_the_audit_finds_leaves_the_folder_marked(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Audit(1, 1, 1, "", (Finding("journal", 0, "verify.root", {"checkpoint": 1}),))
    monkeypatch.setattr(module, "verify_folder", lambda *_, **__: found)
    restored = restore(backup, Folder(tmp_path / "again"), audited=True)
    assert isinstance(restored, Restored)
    assert not restored.sound
    assert (tmp_path / "again" / "restore.unfinished").exists()


class TestTheCommands:
    def answer(self, capsysbinary: pytest.CaptureFixture[bytes], *words: object) -> tuple[int, Mapping[str, Any]]:
        capsysbinary.readouterr()
        status = run([str(word) for word in (*words, "--json")])
        return status, json.loads(capsysbinary.readouterr().out)

    def test_back_up_and_restore(
        self, registry: Folder, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        status, said = self.answer(capsysbinary, "backup", registry.path, "--to", tmp_path / "b.tar")
        assert (status, said["status"]) == (0, "whole")
        words = ("restore", tmp_path / "b.tar", "--to", tmp_path / "again", "--verify", "--key", registry.key)
        status, again = self.answer(capsysbinary, *words)
        assert (status, again["status"], again["verified"], again["key_in_place"]) == (0, "restored", True, True)
        assert (again["entries"], again["checkpoint"]) == (said["entries"], said["checkpoint"])
        assert FileSigner.open(tmp_path / "again" / "keys" / "registry.key").name == "tha/tha01"

    @pytest.mark.parametrize("language", ["en", "zh-Hant"])
    def test_speak_both_languages(
        self, language: str, registry: Folder, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        capsysbinary.readouterr()
        assert run(["backup", str(registry.path), "--to", str(tmp_path / "b.tar"), "--lang", language]) == 0
        words = ["restore", str(tmp_path / "b.tar"), "--to", str(tmp_path / "again"), "--lang", language]
        assert run(words) == 0
        out = capsysbinary.readouterr()
        assert ("分錄" in (out.out + out.err).decode()) == (language == "zh-Hant")
        assert b"cli." not in out.out + out.err
