"""A backup: whole, private, beside a running writer, and readable by programs that are not ours."""

import hashlib
import json
import sqlite3
import stat
import tarfile
from pathlib import Path
from threading import Event, Thread

import pytest

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading, verify_folder
from counterfoil.entrypoints.keeping.backup import back_up
from counterfoil.entrypoints.keeping.restore import Restored, restore
from tests.backup.registries import done, everything, lived, step, writable


def test_a_restored_registry_has_every_row_and_file_of_the_first(
    registry: Folder, backup: Path, tmp_path: Path
) -> None:
    restored = restore(backup, Folder(tmp_path / "again"), key=registry.key, audited=True)
    assert isinstance(restored, Restored)
    assert restored.sound
    assert restored.rebuilt.differs == ()
    assert everything(Folder(tmp_path / "again")) == everything(registry)
    assert len(everything(registry)["openings"]) == len(everything(registry)["cosignatures"]) == 1
    for name in ("imports.ndjson", "keys/registry.pub", "keys/registry.key"):
        assert (tmp_path / "again" / name).read_bytes() == (registry.path / name).read_bytes()
    kept = {each.relative_to(registry.evidence) for each in registry.evidence.rglob("*") if each.is_file()}
    assert kept
    assert all((tmp_path / "again" / "evidence" / each).is_file() for each in kept)


def test_only_its_owner_reads_a_backup(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_a_backup_holds_no_signing_key_and_no_token(registry: Folder, backup: Path) -> None:
    (registry.path / "keys" / "tokens.json").write_text('{"secret": "0123456789abcdef"}')
    with tarfile.open(backup) as archive:
        names = archive.getnames()
    assert not [name for name in names if "token" in name or "key" in name]
    assert registry.key.read_bytes().strip().split(b"+", 4)[4] not in backup.read_bytes()


def test_any_tar_unpacks_it_and_its_sums_are_those_of_the_manifest(backup: Path, tmp_path: Path) -> None:
    with tarfile.open(backup) as archive:
        archive.extractall(tmp_path, filter="data")
    root = tmp_path / "counterfoil-backup"
    manifest = (root / "manifest.json").read_bytes()
    assert (root / "manifest.json.sha256").read_text() == f"{hashlib.sha256(manifest).hexdigest()}  manifest.json\n"
    for part in json.loads(manifest)["parts"]:
        assert hashlib.sha256((root / part["name"]).read_bytes()).hexdigest() == part["sha256"]
    assert (root / "format").read_text() == "counterfoil-backup/1\n"


def test_the_same_moment_gives_the_same_parts(registry: Folder, tmp_path: Path) -> None:
    taken = [back_up(registry, tmp_path / name) for name in ("a", "b")]
    parts = [each.manifest.parts for each in taken if not isinstance(each, Refusal)]
    assert len(parts) == 2
    assert parts[0] == parts[1]


def test_a_backup_never_takes_the_place_of_a_file(registry: Folder, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("mine")
    refused = back_up(registry, there)
    assert isinstance(refused, Refusal)
    assert refused.code == "backup.exists"
    assert there.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [there]


def test_in_a_folder_a_backup_is_named_by_registry_moment_and_checkpoint(registry: Folder, tmp_path: Path) -> None:
    taken = back_up(registry, tmp_path)
    assert not isinstance(taken, Refusal)
    assert taken.path.name.startswith("THA01-2")
    assert taken.path.name.endswith(f"-{taken.manifest.checkpoints}.backup.tar")


def test_a_backup_beside_a_running_writer_holds_whole_commits(tmp_path: Path) -> None:
    folder = lived(tmp_path / "registry")
    stop = Event()
    counts: list[int] = []

    def load() -> None:
        with writable(folder) as opened:
            number = 6
            while not stop.is_set():
                done(opened, step(number), step(number + 1))
                number += 2
            counts.append(number)

    writer = Thread(target=load)
    writer.start()
    try:
        taken = [back_up(folder, tmp_path / f"b{number}") for number in range(8)]
    finally:
        stop.set()
        writer.join()
    sizes = []
    for number, each in enumerate(taken):
        assert not isinstance(each, Refusal)
        restored = restore(each.path, Folder(tmp_path / f"r{number}"), audited=True)
        assert isinstance(restored, Restored)
        assert restored.sound
        assert restored.rebuilt.differs == ()
        sizes.append(each.manifest.entries)
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0], "the writer wrote meanwhile"


def test_damaged_evidence_is_named_and_does_not_keep_the_rest_from_safety(tmp_path: Path) -> None:
    folder = lived(tmp_path / "registry")
    file = next(each for each in folder.evidence.rglob("*") if each.is_file())
    file.chmod(0o600)
    file.write_bytes(b"changed")
    taken = back_up(folder, tmp_path / "b.tar")
    assert not isinstance(taken, Refusal)
    assert taken.manifest.evidence.damaged == (f"{file.parent.name}{file.name}",)
    assert isinstance(restore(tmp_path / "b.tar", Folder(tmp_path / "again"), audited=True), Restored)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE journal SET leaf = CAST(replace(CAST(leaf AS TEXT), 'tha:other', 'tha:evil!') AS BLOB) WHERE seq = 9",
        "UPDATE checkpoint SET note = replace(note, 'epoch', 'epocH') WHERE size = (SELECT max(size) FROM checkpoint)",
        "DELETE FROM journal WHERE seq = 4",
    ],
)
def test_a_registry_whose_journal_is_not_what_was_signed_is_not_backed_up(sql: str, tmp_path: Path) -> None:
    folder = lived(tmp_path / "registry")
    tamper(folder, sql)
    refused = back_up(folder, tmp_path / "b.tar")
    assert isinstance(refused, Refusal)
    assert refused.code == "backup.unsound"
    assert not (tmp_path / "b.tar").exists()
    assert not list(tmp_path.glob(".*")), "no draft is left"


def test_a_table_that_did_not_follow_from_the_journal_is_rebuilt_and_named(tmp_path: Path) -> None:
    folder = lived(tmp_path / "registry")
    tamper(folder, "UPDATE block SET account = 0 WHERE first = 1")
    taken = back_up(folder, tmp_path / "b.tar")
    assert not isinstance(taken, Refusal)
    restored = restore(tmp_path / "b.tar", Folder(tmp_path / "again"), audited=True)
    assert isinstance(restored, Restored)
    assert restored.rebuilt.differs == ("block",)
    assert restored.sound
    assert not verify_folder(Folder(tmp_path / "again")).findings
    assert verify_folder(folder).findings


def test_an_erased_opening_is_in_no_later_backup_but_in_every_earlier_one(tmp_path: Path) -> None:
    folder = lived(tmp_path / "registry")
    assert not isinstance(back_up(folder, tmp_path / "before.tar"), Refusal)
    with open_for_reading(folder) as readable:
        (opening,) = readable.reading.openings()
    with writable(folder) as opened:
        assert opened.world.store.erase(opening.seq, opening.field)
    assert not isinstance(back_up(folder, tmp_path / "after.tar"), Refusal)
    for name, count in (("before", 1), ("after", 0)):
        again = Folder(tmp_path / name)
        assert isinstance(restore(tmp_path / f"{name}.tar", again, audited=True), Restored)
        assert len(everything(again)["openings"]) == count


def test_where_there_is_no_registry_there_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(Outage, match=r"registry\.not_founded"):
        back_up(Folder(tmp_path), tmp_path / "b.tar")


def test_a_backup_to_a_place_that_is_not_there_is_an_outage(registry: Folder, tmp_path: Path) -> None:
    with pytest.raises(Outage, match=r"storage\.absent"):
        back_up(registry, tmp_path / "nowhere" / "b.tar")


def tamper(folder: Folder, sql: str) -> None:
    """Change the ledger as a hand that drops the triggers first."""
    connection = sqlite3.connect(folder.ledger)
    triggers = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for (name,) in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    assert connection.execute(sql).rowcount == 1
    connection.commit()
    connection.close()
