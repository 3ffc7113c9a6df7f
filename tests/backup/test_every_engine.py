"""A backup knows no engine: it is the road from one to the other, and what it rests on holds for all of them."""

from dataclasses import replace
from pathlib import Path

import pytest

from counterfoil.adapters.storage.memory.store import MemoryStore
from counterfoil.adapters.storage.postgres.store import PostgresStore
from counterfoil.application.backup import rebuilding
from counterfoil.application.ports import CheckpointRow, Outage, Store
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, verify_folder
from counterfoil.entrypoints.keeping.backup import back_up
from counterfoil.entrypoints.keeping.drill import Report, drill
from counterfoil.entrypoints.keeping.restore import Restored, restore
from tests.backup.registries import done, everything, step, writable
from tests.backup.test_restore import _Stopped
from tests.conformance.storage.batches import batch, journal_row
from tests.conformance.storage.conftest import Home, home, servers, store

__all__ = ["home", "servers", "store"]


def engine_file(folder: Path, home: Home) -> Folder:
    folder.mkdir()
    text = f'engine = "postgresql"\nconninfo = "{home.conninfo}"\nschema = "{home.schema}"\n'
    (folder / "engine.toml").write_text(text)
    return Folder(folder)


def test_from_sqlite_to_postgresql_and_back_every_row_stays(
    registry: Folder, backup: Path, tmp_path: Path, home: Home
) -> None:
    there = engine_file(tmp_path / "there", home)
    restored = restore(backup, there, key=registry.key, audited=True)
    assert isinstance(restored, Restored), restored
    assert restored.sound
    assert restored.rebuilt.differs == ()
    assert everything(there) == everything(registry)
    with writable(there) as opened:
        done(opened, step(6))
    assert not isinstance(back_up(there, tmp_path / "b.tar"), Refusal)
    back = Folder(tmp_path / "back")
    assert isinstance(restore(tmp_path / "b.tar", back, audited=True), Restored)
    assert everything(back) == everything(there)
    assert not (tmp_path / "back" / "engine.toml").exists(), "where an engine stands is not for a backup to say"
    report = drill(there)
    assert isinstance(report, Report)
    assert report.passed


def test_a_schema_that_holds_a_registry_is_not_restored_over(
    registry: Folder, backup: Path, tmp_path: Path, home: Home
) -> None:
    first = engine_file(tmp_path / "first", home)
    assert isinstance(restore(backup, first, key=registry.key), Restored)
    before = everything(first)
    second = engine_file(tmp_path / "second", home)
    with pytest.raises(Outage, match=r"storage\.exists"):
        restore(backup, second)
    assert not second.unfinished.exists()
    assert everything(first) == before


def test_a_stopped_restore_into_postgresql_ends_when_it_is_started_again(
    registry: Folder, backup: Path, tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = engine_file(tmp_path / "there", home)
    original = PostgresStore.commit
    made: list[object] = []

    def commit(self: PostgresStore, some: object) -> None:
        if len(made) == 2:
            raise _Stopped
        made.append(some)
        original(self, some)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(rebuilding, "COMMIT", 2)
        patch.setattr(PostgresStore, "commit", commit)
        with pytest.raises(_Stopped):
            restore(backup, there, key=registry.key)
    with pytest.raises(Outage, match=r"restore\.unfinished"):
        back_up(there, tmp_path / "b.tar")
    assert isinstance(restore(backup, there, key=registry.key), Restored)
    assert everything(there) == everything(registry)
    assert not verify_folder(there).findings


def test_several_checkpoints_are_written_as_one_commit(store: Store) -> None:
    last = batch(0, 3, number=3)
    earlier = [CheckpointRow(number, number, bytes(32 * number.bit_count()), f"note {number}") for number in (1, 2)]
    store.commit(replace(last, earlier=earlier))
    reading = store.reading()
    assert list(reading.checkpoints()) == [*earlier, last.checkpoint]
    reading.close()
    if not isinstance(store, MemoryStore):
        with pytest.raises(Outage):
            store.commit(replace(batch(3, 1, number=4), earlier=earlier))


def test_mentions_end_before_an_entry(store: Store) -> None:
    rows = [journal_row(seq, leaf=leaf) for seq, leaf in enumerate([b'["a"]', b'["b"]', b'["a"]', b'["a"]'])]
    store.commit(replace(batch(0, 4), journal=rows))
    reading = store.reading()
    assert reading.mentions('"a"', before=3) == [rows[0], rows[2]]
    assert reading.mentions('"a"', after=0, before=3) == [rows[2]]
    assert reading.mentions('"a"', before=0) == []
    assert reading.mentions('"a"', before=99) == [rows[0], rows[2], rows[3]]
    reading.close()
