"""Readings of a file share connections one after the other, and none sees what another one saw."""

import sqlite3
from pathlib import Path

import pytest

from counterfoil.adapters.storage.sqlite.kept_connections import KEPT_MAX
from counterfoil.adapters.storage.sqlite.rows import PORTION
from counterfoil.adapters.storage.sqlite.store import SqliteStore
from tests.conformance.storage.batches import batch


def seen(store: SqliteStore) -> int:
    reading = store.reading()
    try:
        return len(list(reading.journal()))
    finally:
        reading.close()


def test_a_kept_connection_sees_what_was_committed_since(sqlite_store: SqliteStore) -> None:
    sqlite_store.commit(batch(0, 2))
    assert seen(sqlite_store) == 2
    (kept,) = sqlite_store._kept._idle
    sqlite_store.commit(batch(2, 3, number=2))
    assert seen(sqlite_store) == 5
    assert sqlite_store._kept._idle == [kept], "the same connection went round"


def test_readings_that_are_open_together_do_not_share(sqlite_store: SqliteStore) -> None:
    sqlite_store.commit(batch(0, 1))
    early = sqlite_store.reading()
    sqlite_store.commit(batch(1, 1, number=2))
    late = sqlite_store.reading()
    assert [len(list(each.journal())) for each in (early, late)] == [1, 2]
    early.close()
    late.close()


def test_a_question_that_was_not_read_to_its_end_keeps_its_moment_to_itself(sqlite_store: SqliteStore) -> None:
    sqlite_store.commit(batch(0, PORTION * 2))
    reading = sqlite_store.reading()
    rows = reading.journal()
    next(rows)
    reading.close()
    assert sqlite_store._kept._idle == []
    sqlite_store.commit(batch(PORTION * 2, 1, number=2))
    assert seen(sqlite_store) == PORTION * 2 + 1


def test_a_closed_reading_answers_nothing_though_its_connection_lives(sqlite_store: SqliteStore) -> None:
    sqlite_store.commit(batch(0, 1))
    reading = sqlite_store.reading()
    reading.close()
    reading.close()
    with pytest.raises(AttributeError):
        reading.last_checkpoint()
    assert len(sqlite_store._kept._idle) == 1, "closed twice, given back once"


def test_no_more_connections_are_kept_than_a_few(sqlite_store: SqliteStore) -> None:
    readings = [sqlite_store.reading() for _ in range(KEPT_MAX + 3)]
    for reading in readings:
        reading.close()
    assert len(sqlite_store._kept._idle) == KEPT_MAX


def test_a_kept_connection_does_not_keep_the_log_from_being_cut(sqlite_store: SqliteStore, path: Path) -> None:
    sqlite_store.commit(batch(0, 50))
    assert seen(sqlite_store) == 50
    sqlite_store.commit(batch(50, 1, number=2))
    other = sqlite3.connect(path)
    assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    other.close()


def test_after_the_store_nothing_is_kept(sqlite_store: SqliteStore) -> None:
    sqlite_store.commit(batch(0, 1))
    late = sqlite_store.reading()
    assert seen(sqlite_store) == 1
    sqlite_store.close()
    late.close()
    assert sqlite_store._kept._idle == []


def test_the_writer_s_connection_is_the_last_to_go_and_clears_the_log(sqlite_store: SqliteStore, path: Path) -> None:
    sqlite_store.commit(batch(0, 1))
    assert seen(sqlite_store) == 1
    sqlite_store.close()
    assert not path.with_name(f"{path.name}-wal").exists()
