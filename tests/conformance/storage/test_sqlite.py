"""What only the embedded engine promises: the file, other processes, and a disk that fails."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from counterfoil.adapters.storage.sqlite import schema
from counterfoil.adapters.storage.sqlite.reading import SqliteReading
from counterfoil.adapters.storage.sqlite.store import SqliteStore
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.ports import BlockRow, OpeningRow, Outage
from tests.conformance.storage.batches import batch, journal_row


def fault_of(act: Callable[[], object]) -> str:
    with pytest.raises(Outage) as raised:
        act()
    return raised.value.code


def failing(store: SqliteStore, number: int, *, at: str = "COMMIT", done: bool = False) -> None:
    """Make the writer's connection fail at a statement with an error of SQLite, before or after doing it."""

    class Failing:
        def __init__(self, connection: sqlite3.Connection) -> None:
            self.connection = connection

        def __getattr__(self, name: str) -> Any:
            return getattr(self.connection, name)

        def execute(self, sql: str, *facts: Any) -> sqlite3.Cursor:
            if sql != at:
                return self.connection.execute(sql, *facts)
            if done:
                self.connection.execute(sql)
            store._connection = self.connection
            error = sqlite3.OperationalError("as the test wants it")
            error.sqlite_errorcode = number
            raise error

    store._connection = Failing(store._connection)  # type: ignore[assignment]


def test_the_file_and_its_log_can_be_read_by_their_owner_alone(tmp_path: Path) -> None:
    former = os.umask(0o022)
    try:
        store = SqliteStore(tmp_path / "ledger.db", create=True)
        store.commit(batch(0, 3))
        assert {file.name: file.stat().st_mode & 0o077 for file in tmp_path.iterdir()} == {
            "ledger.db": 0,
            "ledger.db-wal": 0,
            "ledger.db-shm": 0,
        }
        store.close()
    finally:
        os.umask(former)


def test_a_file_is_opened_again_with_all_that_was_committed(sqlite_store: SqliteStore, path: Path) -> None:
    sqlite_store.commit(batch(0, 3))
    sqlite_store.close()
    again = SqliteStore(path, create=False)
    assert again.row(2) == journal_row(2)
    again.commit(batch(3, 1, number=2))
    again.close()
    reading = SqliteReading(path)
    assert [row.seq for row in reading.journal()] == [0, 1, 2, 3]
    reading.close()


def test_each_commit_waits_for_the_disk(sqlite_store: SqliteStore) -> None:
    pragma = {
        name: sqlite_store._connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "wal_autocheckpoint", "foreign_keys")
    }
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "wal_autocheckpoint": 4_000, "foreign_keys": 1}


def test_the_log_stays_bounded_under_many_commits(sqlite_store: SqliteStore, path: Path) -> None:
    for number in range(60):
        blocks = [BlockRow(0, first, first, 1, 0, number) for first in range(1, 2**40, 2**29)]
        sqlite_store.commit(batch(number, 1, number=number + 1, blocks=blocks))
    assert path.with_name("registry.db-wal").stat().st_size < 2 * schema.WAL_PAGES * 4096


@pytest.mark.parametrize("table", ["journal", "checkpoint"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET rowid = 99", "DELETE FROM {}"])
def test_a_hand_at_the_prompt_cannot_change(sqlite_store: SqliteStore, path: Path, table: str, sql: str) -> None:
    sqlite_store.commit(batch())
    stranger = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        stranger.execute(sql.format(table))
    stranger.close()


def test_a_reading_cannot_write(sqlite_store: SqliteStore) -> None:
    reading = sqlite_store.reading()
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reading._rows.connection.execute("INSERT INTO term VALUES ('a', 1, 'b')")
    reading.close()


def test_a_reading_works_from_another_process_beside_a_running_writer(sqlite_store: SqliteStore, path: Path) -> None:
    sqlite_store.commit(batch(0, 2))
    script = (
        "import sys; from pathlib import Path\n"
        "from counterfoil.adapters.storage.sqlite.reading import SqliteReading\n"
        "reading = SqliteReading(Path(sys.argv[1])); print(len(list(reading.journal())), flush=True)\n"
        "sys.stdin.readline(); print(len(list(reading.journal())), flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "2\n"
        sqlite_store.commit(batch(2, 1, number=2))
        other.stdin.write("go on\n")
        other.stdin.flush()
        assert other.stdout.readline() == "2\n"


def test_a_killed_writer_leaves_whole_batches_and_all_that_it_answered_for(path: Path) -> None:
    path.parent.mkdir()
    script = (
        "import sys; from pathlib import Path\n"
        "from counterfoil.adapters.storage.sqlite.store import SqliteStore\n"
        "from tests.conformance.storage.batches import batch\n"
        "store = SqliteStore(Path(sys.argv[1]), create=True)\n"
        "for number in range(1, 1000000):\n"
        "    store.commit(batch((number - 1) * 50, 50, number=number)); print(number, flush=True)\n"
    )
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], cwd=root, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        answered = [int(next(writer.stdout)) for _ in range(25)][-1]
        writer.send_signal(signal.SIGKILL)
        answered = max([answered, *(int(line) for line in writer.stdout if line.endswith("\n"))])
    store = SqliteStore(path, create=False)
    reading = store.reading()
    last = reading.last_checkpoint()
    assert last is not None
    assert last.number in (answered, answered + 1)
    assert [row.seq for row in reading.journal()] == list(range(last.number * 50))
    reading.close()
    store.commit(batch(last.number * 50, 1, number=last.number + 1))
    store.close()


class TestFilesThatAreNotTaken:
    def test_an_absent_file(self, tmp_path: Path) -> None:
        absent = tmp_path / "nothing.db"
        assert fault_of(lambda: SqliteStore(absent, create=False)) == StorageFault.ABSENT
        assert fault_of(lambda: SqliteReading(absent)) == StorageFault.ABSENT
        assert not absent.exists()

    def test_an_existing_registry_is_never_founded_again(self, sqlite_store: SqliteStore, path: Path) -> None:
        sqlite_store.commit(batch())
        assert fault_of(lambda: SqliteStore(path, create=True)) == StorageFault.EXISTS
        assert sqlite_store.row(0) == journal_row(0)

    def test_a_founding_that_was_killed_is_finished(self, tmp_path: Path) -> None:
        path = tmp_path / "registry.db"
        half = sqlite3.connect(path, isolation_level=None)
        half.execute("PRAGMA journal_mode = WAL")
        half.close()
        assert fault_of(lambda: SqliteStore(path, create=False)) == StorageFault.NOT_OURS
        store = SqliteStore(path, create=True)
        store.commit(batch())
        store.close()

    def test_another_programs_database(self, tmp_path: Path) -> None:
        path = tmp_path / "other.db"
        other = sqlite3.connect(path)
        other.execute("CREATE TABLE t (x)")
        other.close()
        assert fault_of(lambda: SqliteStore(path, create=False)) == StorageFault.NOT_OURS
        assert fault_of(lambda: SqliteStore(path, create=True)) == StorageFault.EXISTS

    @pytest.mark.parametrize("content", [b"not a database at all" * 100, b"{}", b"SQLite format 3\x00"])
    def test_no_database(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "text.db"
        path.write_bytes(content)
        assert fault_of(lambda: SqliteReading(path)) == StorageFault.NOT_OURS
        assert fault_of(lambda: SqliteStore(path, create=False)) == StorageFault.NOT_OURS
        assert path.read_bytes() == content

    def test_a_newer_format(self, sqlite_store: SqliteStore, path: Path) -> None:
        sqlite_store._connection.execute(f"PRAGMA user_version = {schema.FORMAT + 1}")
        assert fault_of(lambda: SqliteStore(path, create=False)) == StorageFault.NEWER_FORMAT
        assert fault_of(lambda: SqliteReading(path)) == StorageFault.NEWER_FORMAT

    def test_an_older_format_and_none(self, sqlite_store: SqliteStore, path: Path) -> None:
        for version, fault in ((schema.FORMAT - 1, StorageFault.OLDER_FORMAT), (0, StorageFault.NOT_OURS)):
            sqlite_store._connection.execute(f"PRAGMA user_version = {version}")
            assert fault_of(lambda: SqliteStore(path, create=False)) == fault
            assert fault_of(lambda: SqliteReading(path)) == fault

    def test_a_folder_in_the_files_place(self, tmp_path: Path) -> None:
        assert fault_of(lambda: SqliteStore(tmp_path, create=True)) == StorageFault.IO_ERROR


class TestAFailingDisk:
    def test_a_full_disk_leaves_nothing_and_space_lets_it_go_on(self, sqlite_store: SqliteStore) -> None:
        pages = sqlite_store._connection.execute("PRAGMA page_count").fetchone()[0]
        sqlite_store._connection.execute(f"PRAGMA max_page_count = {pages}")
        assert fault_of(lambda: sqlite_store.commit(batch(0, 5_000))) == StorageFault.DISK_FULL
        assert sqlite_store.row(0) is None
        sqlite_store._connection.execute("PRAGMA max_page_count = 1000000")
        sqlite_store.commit(batch(0, 5_000))
        assert sqlite_store.row(4_999) == journal_row(4_999)

    def test_another_writer_in_the_way_is_told_apart(self, sqlite_store: SqliteStore, path: Path) -> None:
        sqlite_store._connection.execute("PRAGMA busy_timeout = 10")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Outage) as raised:
            sqlite_store.commit(batch())
        assert (raised.value.code, raised.value.retry) == (StorageFault.BUSY, True)
        other.close()
        sqlite_store.commit(batch())

    def test_a_damaged_page_is_reported_and_nothing_is_made_of_it(self, sqlite_store: SqliteStore, path: Path) -> None:
        sqlite_store.commit(batch(0, 3_000))
        sqlite_store.close()
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(os.urandom(size - 4096))
        reading = SqliteReading.__new__(SqliteReading)
        assert fault_of(lambda: (reading.__init__(path), list(reading.journal()))) == StorageFault.CORRUPT  # type: ignore[misc]

    def test_a_mistake_of_ours_in_the_middle_leaves_nothing(self, sqlite_store: SqliteStore) -> None:
        with pytest.raises(OverflowError):
            sqlite_store.commit(batch(0, 3, blocks=[BlockRow(0, 1, 2**63, 1, 0, 0)]))
        assert sqlite_store.row(0) is None
        sqlite_store.commit(batch(0, 3))

    def test_a_write_that_fails_at_the_commit_is_found_not_to_be_there(self, sqlite_store: SqliteStore) -> None:
        failing(sqlite_store, sqlite3.SQLITE_IOERR_WRITE)
        assert fault_of(lambda: sqlite_store.commit(batch(0, 2))) == StorageFault.IO_ERROR
        assert sqlite_store.row(0) is None
        sqlite_store.commit(batch(0, 2))
        assert sqlite_store.row(1) == journal_row(1)

    def test_a_commit_that_only_looks_failed_is_found_to_be_there(self, sqlite_store: SqliteStore) -> None:
        failing(sqlite_store, sqlite3.SQLITE_IOERR_UNLOCK, done=True)
        sqlite_store.commit(batch(0, 2))
        assert sqlite_store.row(1) == journal_row(1)
        sqlite_store.commit(batch(2, 1, number=2))

    @pytest.mark.parametrize("done", [False, True])
    def test_a_failed_fsync_is_never_guessed_about(self, sqlite_store: SqliteStore, *, done: bool) -> None:
        failing(sqlite_store, sqlite3.SQLITE_IOERR_FSYNC, done=done)
        assert fault_of(lambda: sqlite_store.commit(batch(0, 2))) == StorageFault.OUTCOME_UNKNOWN
        assert fault_of(lambda: sqlite_store.commit(batch(0, 2))) == StorageFault.HALTED
        assert fault_of(lambda: sqlite_store.erase(0, "price")) == StorageFault.HALTED

    def test_an_outcome_that_cannot_be_read_is_unknown(self, sqlite_store: SqliteStore, path: Path) -> None:
        failing(sqlite_store, sqlite3.SQLITE_IOERR_WRITE)
        path.rename(path.with_name("elsewhere.db"))
        assert fault_of(lambda: sqlite_store.commit(batch(0, 2))) == StorageFault.OUTCOME_UNKNOWN
        assert fault_of(lambda: sqlite_store.commit(batch(0, 2))) == StorageFault.HALTED
        path.with_name("elsewhere.db").rename(path)


def test_an_erased_opening_is_in_no_byte_of_the_files(sqlite_store: SqliteStore, path: Path) -> None:
    sqlite_store.commit(batch(openings=[OpeningRow(0, "price", b"s" * 16, '"a secret of some length"')]))
    sqlite_store.erase(0, "price")
    everything = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"command-000000" in everything
    assert b"a secret of" not in everything
