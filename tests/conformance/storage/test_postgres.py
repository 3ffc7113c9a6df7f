"""What only the second engine promises: the wall in the database, one writer, and which places are taken."""

import contextlib
import threading
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from counterfoil.adapters.storage.postgres import schema
from counterfoil.adapters.storage.postgres.engine_file import EngineFile, read_engine_file
from counterfoil.adapters.storage.postgres.fault import PostgresFault
from counterfoil.adapters.storage.postgres.outage import translated
from counterfoil.adapters.storage.postgres.place import place_of
from counterfoil.adapters.storage.postgres.reading import PostgresReading
from counterfoil.adapters.storage.postgres.rows import COMMANDS, JOURNAL
from counterfoil.adapters.storage.postgres.store import PostgresStore
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.ports import BlockRow, CosignatureRow, Outage
from tests.conformance.storage.batches import batch, journal_row
from tests.conformance.storage.conftest import Home
from tests.conformance.storage.strangers import cut, fault_of
from tests.conformance.storage.test_every_store import contents


def setting(opened: PostgresStore, name: str) -> object:
    row = opened._session.connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
    assert row is not None
    return row[0]


def test_a_registry_is_opened_again_with_all_that_was_committed(postgres_store: PostgresStore, home: Home) -> None:
    postgres_store.commit(batch(0, 3))
    postgres_store.close()
    again = home.store()
    assert again.row(2) == journal_row(2)
    again.commit(batch(3, 1, number=2))
    again.close()
    reading = PostgresReading(home.conninfo, schema=home.schema)
    assert [row.seq for row in reading.journal()] == [0, 1, 2, 3]
    reading.close()


def test_each_commit_waits_for_the_disk_whatever_the_session_was_given(home: Home) -> None:
    def given(options: str) -> Home:
        return Home(make_conninfo(home.conninfo, options=options), home.schema)

    opened = given("-c synchronous_commit=off -c statement_timeout=1").store(create=True)
    assert setting(opened, "synchronous_commit") == "on"
    assert setting(opened, "statement_timeout") == "0"
    opened.close()
    waiting = given("-c synchronous_commit=remote_apply").store()
    assert setting(waiting, "synchronous_commit") == "remote_apply"
    waiting.close()


def test_ids_are_looked_up_in_the_index_of_a_table_without_statistics(postgres_store: PostgresStore) -> None:
    postgres_store.commit(batch(0, 50))
    explained = postgres_store._session.connection.execute(f"EXPLAIN {COMMANDS}", ("{a,b}",)).fetchall()
    plan = "\n".join(str(line[0]) for line in explained)
    assert "journal_command_key" in plan
    assert "Seq Scan" not in plan


@pytest.mark.parametrize("rows", [0, 1, 50, 2_000])
def test_no_question_of_the_writer_reads_a_young_table_whole(
    postgres_store: PostgresStore, home: Home, rows: int
) -> None:
    """A table without statistics looks small, so that the planner would rather read all of it, each time."""
    with home.connect() as stranger:
        stranger.execute("ALTER TABLE journal SET (autovacuum_enabled = off)")
    if rows:
        postgres_store.commit(batch(0, rows, blocks=[BlockRow(0, first, first, 1, 0, 0) for first in range(1, rows)]))
    questions: list[tuple[str, tuple[object, ...]]] = [
        (COMMANDS, ("{" + ",".join(f"command-{number}" for number in range(1_000)) + "}",)),
        (f"{JOURNAL} WHERE seq = %s LIMIT 1", (5,)),
        ("SELECT coalesce(max(seq), -1) FROM journal", ()),
    ]
    for question, facts in questions:
        # More than five times: then a prepared statement may take a plan for every value.
        for _ in range(7):
            explained = postgres_store._session.connection.execute(f"EXPLAIN {question}", facts, prepare=True)
            plan = "\n".join(str(line[0]) for line in explained.fetchall())
            assert "Index" in plan, plan
            assert "Seq Scan" not in plan, plan


def test_every_text_that_is_compared_is_ordered_by_code_points(postgres_store: PostgresStore) -> None:
    query = (
        "SELECT DISTINCT collname FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid "
        "JOIN pg_collation AS k ON k.oid = attcollation "
        "WHERE c.relkind = 'i' AND relnamespace = current_schema()::regnamespace"
    )
    assert postgres_store._session.connection.execute(query).fetchall() == [("C",)]


class TestTheWall:
    """What the database refuses to a hand at its prompt, and would refuse to a mistake of ours."""

    @pytest.mark.parametrize("table", ["journal", "checkpoint"])
    @pytest.mark.parametrize("sql", ["UPDATE {} SET size = 1", "DELETE FROM {}", "TRUNCATE {}"])
    def test_journal_and_checkpoints_are_never_changed(
        self, postgres_store: PostgresStore, home: Home, table: str, sql: str
    ) -> None:
        postgres_store.commit(batch())
        sql = sql.replace("size = 1", "seq = 9" if table == "journal" else "size = 9")
        # PostgreSQL itself refuses to empty a table that another one points to.
        kinds = (psycopg.errors.RestrictViolation, psycopg.errors.FeatureNotSupported)
        with home.connect() as stranger, pytest.raises(kinds, match=r"append-only|foreign key"):
            stranger.execute(sql.format(table))
        assert postgres_store.row(0) == journal_row(0)

    @pytest.mark.parametrize(
        "bad",
        [
            BlockRow(0, 15, 18, 1, 0, 1),  # inside
            BlockRow(0, 5, 12, 1, 0, 1),  # over the beginning
            BlockRow(0, 20, 25, 1, 0, 1),  # over the end, by one serial
            BlockRow(0, 1, 10, 1, 0, 1),  # up to the first serial
            BlockRow(0, 1, 2**63 - 1, 1, 0, 1),  # over everything
            BlockRow(0, 10, 31, 1, 0, 1),  # grown into the next
        ],
    )
    def test_blocks_that_overlap_are_refused(self, postgres_store: PostgresStore, bad: BlockRow) -> None:
        standing = [BlockRow(0, 10, 20, 1, 0, 0), BlockRow(0, 31, 40, 1, 0, 0), BlockRow(1, 1, 100, 1, 0, 0)]
        postgres_store.commit(batch(blocks=standing))
        assert fault_of(lambda: postgres_store.commit(batch(1, 1, number=2, blocks=[bad]))) == StorageFault.CONFLICT
        reading = postgres_store.reading()
        assert list(reading.blocks()) == standing
        reading.close()

    @pytest.mark.parametrize(
        "statement",
        [
            "INSERT INTO block VALUES (0, 15, 18, 1, 0, 0)",
            "INSERT INTO block VALUES (0, 1, 5, 1, 0, 0), (0, 5, 9, 1, 0, 0)",
            "UPDATE block SET first = 15 WHERE first = 31",
            "UPDATE block SET class = 1 WHERE first = 31",
            "UPDATE block SET last = 31 WHERE first = 10",
            "UPDATE block SET last = 9223372036854775807 WHERE first = 10",
            "UPDATE block SET last = first - 1",
            "INSERT INTO block VALUES (0, 0, 5, 1, 0, 0)",
            "INSERT INTO balance VALUES ('units', 'c', 'issued:x', 1)",
            "INSERT INTO journal VALUES (7, 'command-000000', decode(repeat('00', 32), 'hex'), '')",
            "INSERT INTO journal VALUES (0, 'other', decode(repeat('00', 32), 'hex'), '')",
            "INSERT INTO journal SELECT * FROM journal ON CONFLICT (seq) DO UPDATE SET leaf = ''",
            "INSERT INTO checkpoint VALUES (1, 0, '', 'x') ON CONFLICT (number) DO UPDATE SET note = 'forged'",
            "MERGE INTO journal USING (SELECT 0 AS seq) AS n ON n.seq = journal.seq WHEN MATCHED THEN DELETE",
            "TRUNCATE checkpoint, cosignature",
            "TRUNCATE checkpoint CASCADE",
            "UPDATE cosignature SET line = 'forged'",
            "DELETE FROM cosignature",
            "TRUNCATE cosignature",
            "SET session_replication_role = replica; DELETE FROM journal",
            "SET session_replication_role = replica; TRUNCATE checkpoint CASCADE",
            "WITH gone AS (DELETE FROM journal RETURNING *) SELECT * FROM gone",
        ],
    )
    def test_a_hand_at_the_prompt_is_refused(self, postgres_store: PostgresStore, home: Home, statement: str) -> None:
        standing = [BlockRow(0, 10, 20, 1, 0, 0), BlockRow(0, 31, 40, 1, 0, 0), BlockRow(1, 35, 100, 1, 0, 0)]
        postgres_store.commit(batch(blocks=standing))
        postgres_store.cosign(CosignatureRow(1, "w", "line"))
        before = contents(postgres_store)
        with home.connect() as stranger, pytest.raises(psycopg.errors.IntegrityError):
            stranger.execute(statement)
        assert contents(postgres_store) == before

    def test_two_new_blocks_that_overlap_each_other_are_refused(self, postgres_store: PostgresStore) -> None:
        both = [BlockRow(0, 1, 10, 1, 0, 0), BlockRow(0, 10, 20, 1, 0, 0)]
        assert fault_of(lambda: postgres_store.commit(batch(blocks=both))) == StorageFault.CONFLICT

    def test_blocks_that_touch_split_join_and_grow_into_free_room_are_taken(
        self, postgres_store: PostgresStore
    ) -> None:
        steps: list[dict[str, Any]] = [
            {"blocks": [BlockRow(0, 1, 100, 1, 0, 0), BlockRow(0, 101, 2**63 - 1, 1, 0, 0)]},
            {"blocks": [BlockRow(0, 1, 40, 1, 0, 1), BlockRow(0, 41, 60, 2, 0, 1), BlockRow(0, 61, 100, 1, 0, 1)]},
            {"blocks": [BlockRow(0, 1, 100, 1, 0, 2)], "removed": [(0, 41), (0, 61)]},
            {"blocks": [BlockRow(0, 1, 150, 1, 0, 3), BlockRow(0, 151, 160, 1, 0, 3)], "removed": [(0, 101)]},
        ]
        for number, step in enumerate(steps):
            postgres_store.commit(batch(number, 1, number=number + 1, **step))
        reading = postgres_store.reading()
        assert [row[1:3] for row in reading.blocks()] == [(1, 150), (151, 160)]
        reading.close()

    def test_two_hands_that_cannot_see_each_other_do_not_make_an_overlap(
        self, postgres_store: PostgresStore, home: Home
    ) -> None:
        insert = "INSERT INTO block VALUES (0, {}, {}, 1, 0, 0)"
        outcome: list[object] = []

        def second() -> None:
            with home.connect() as other, contextlib.suppress(psycopg.Error):
                try:
                    other.execute(insert.format(5, 20))
                except psycopg.errors.ExclusionViolation as refused:
                    outcome.append(refused)

        with home.connect() as first:
            first.execute("BEGIN")
            first.execute(insert.format(1, 10))
            waiting = threading.Thread(target=second)
            waiting.start()
            time.sleep(0.2)
            assert waiting.is_alive()
            first.execute("COMMIT")
            waiting.join()
        assert len(outcome) == 1

    def test_a_reading_cannot_write(self, postgres_store: PostgresStore) -> None:
        reading = postgres_store.reading()
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            reading._rows.connection.execute("INSERT INTO term VALUES ('a', 1, 'b')")
        reading.close()

    def test_a_stranger_who_holds_the_tables_is_told_apart(self, postgres_store: PostgresStore, home: Home) -> None:
        postgres_store._session.connection.execute("SET lock_timeout = 50")
        with home.connect() as stranger:
            stranger.execute("BEGIN")
            stranger.execute("LOCK TABLE journal")
            with pytest.raises(Outage) as raised:
                postgres_store.commit(batch())
        assert (raised.value.code, raised.value.retry) == (StorageFault.BUSY, True)
        postgres_store.commit(batch())


class TestOneWriter:
    def test_a_second_writer_is_refused_until_the_first_has_gone(
        self, postgres_store: PostgresStore, home: Home
    ) -> None:
        assert fault_of(home.store) == StorageFault.BUSY
        postgres_store.close()
        with contextlib.closing(home.store()) as second:
            assert second.epoch == postgres_store.epoch + 1

    def test_registries_in_one_database_do_not_hinder_each_other(
        self, postgres_store: PostgresStore, home: Home
    ) -> None:
        other = Home(home.conninfo, f"{home.schema}_other")
        with contextlib.closing(other.store(create=True)) as second:
            second.commit(batch(0, 2))
            assert postgres_store.row(0) is None
        with home.connect() as connection:
            connection.execute(f"DROP SCHEMA {other.schema} CASCADE")

    def test_a_writer_whose_lock_meant_nothing_does_not_commit(self, postgres_store: PostgresStore, home: Home) -> None:
        """Such as behind a pooler that shares sessions: another writer opened, and this one did not notice."""
        with home.connect() as another_writer:
            another_writer.execute("UPDATE mark SET epoch = epoch + 1")
        for _ in range(2):
            assert fault_of(lambda: postgres_store.commit(batch())) == PostgresFault.FENCED
        assert postgres_store.row(0) is None

    def test_a_writer_that_lost_its_session_to_another_writer_does_not_go_on(
        self, postgres_store: PostgresStore, home: Home
    ) -> None:
        cut(postgres_store, home)
        with contextlib.closing(home.store()) as second:
            assert fault_of(lambda: postgres_store.commit(batch())) == StorageFault.BUSY
            second.commit(batch(0, 2))
        assert fault_of(lambda: postgres_store.commit(batch())) == PostgresFault.FENCED

    def test_a_writer_whose_database_was_set_back_does_not_go_on(
        self, postgres_store: PostgresStore, home: Home
    ) -> None:
        """Such as by a promoted standby that had not received the last commits."""
        postgres_store.commit(batch())
        with home.connect() as administrator:
            administrator.execute("ALTER TABLE checkpoint DISABLE TRIGGER USER; DELETE FROM checkpoint")
        cut(postgres_store, home)
        for _ in range(2):
            assert fault_of(lambda: postgres_store.commit(batch(1, 1, number=2))) == StorageFault.CONFLICT


class TestPlacesThatAreNotTaken:
    def test_an_absent_schema_and_an_absent_database(self, home: Home) -> None:
        assert fault_of(home.store) == StorageFault.ABSENT
        assert fault_of(lambda: PostgresReading(home.conninfo, schema=home.schema)) == StorageFault.ABSENT
        elsewhere = make_conninfo(home.conninfo, dbname="not_there")
        assert fault_of(lambda: PostgresStore(elsewhere, create=True)) == PostgresFault.UNREACHABLE

    def test_an_existing_registry_is_never_founded_again(self, postgres_store: PostgresStore, home: Home) -> None:
        postgres_store.commit(batch())
        assert fault_of(lambda: home.store(create=True)) == StorageFault.EXISTS
        assert postgres_store.row(0) == journal_row(0)

    def test_another_programs_schema(self, home: Home) -> None:
        with home.connect() as stranger:
            stranger.execute(f"CREATE SCHEMA {home.schema}; CREATE TABLE {home.schema}.mark (x integer)")
        assert fault_of(home.store) == StorageFault.NOT_OURS
        assert fault_of(lambda: PostgresReading(home.conninfo, schema=home.schema)) == StorageFault.NOT_OURS
        assert fault_of(lambda: home.store(create=True)) == StorageFault.EXISTS

    def test_an_empty_schema_that_an_administrator_made_is_taken(self, home: Home) -> None:
        with home.connect() as administrator:
            administrator.execute(f"CREATE SCHEMA {home.schema}")
        with contextlib.closing(home.store(create=True)) as founded:
            founded.commit(batch())

    def test_a_newer_format(self, postgres_store: PostgresStore, home: Home) -> None:
        postgres_store.close()
        with home.connect() as newer:
            newer.execute("UPDATE mark SET format = %s", (schema.FORMAT + 1,))
        assert fault_of(home.store) == StorageFault.NEWER_FORMAT
        assert fault_of(lambda: PostgresReading(home.conninfo, schema=home.schema)) == StorageFault.NEWER_FORMAT

    def test_a_server_that_does_not_answer(self) -> None:
        with pytest.raises(Outage) as raised:
            PostgresStore("host=127.0.0.1 port=1 password=secret dbname=x", create=False)
        assert (raised.value.code, raised.value.retry) == (PostgresFault.UNREACHABLE, True)
        assert "secret" not in str(raised.value.facts)

    @pytest.mark.parametrize(
        "conninfo", ["nonsense=1 password=secret", "password=secret secret", "postgresql://a:b:secret@"]
    )
    def test_a_connection_string_that_cannot_be_read(self, conninfo: str) -> None:
        with pytest.raises(Outage) as raised:
            PostgresStore(conninfo, create=False)
        assert raised.value.code in (PostgresFault.UNREADABLE_ENGINE, PostgresFault.UNREACHABLE)
        assert "secret" not in str(raised.value.facts)

    @pytest.mark.parametrize("name", ["", "Public", "a b", "a;b", "1a", "x" * 64, 'a"b', "pg temp"])
    def test_a_schema_name_that_is_none(self, name: str) -> None:
        assert fault_of(lambda: place_of("dbname=x", name)) == PostgresFault.UNREADABLE_ENGINE


@pytest.mark.parametrize(
    ("state", "fault", "retry"),
    [
        ("53100", StorageFault.DISK_FULL, True),
        ("53300", StorageFault.BUSY, True),
        ("40P01", StorageFault.BUSY, True),
        ("57P01", PostgresFault.UNREACHABLE, True),
        ("57P03", PostgresFault.UNREACHABLE, True),
        ("08006", PostgresFault.UNREACHABLE, True),
        ("42501", PostgresFault.UNREACHABLE, False),
        ("25006", PostgresFault.UNREACHABLE, False),
        ("58030", StorageFault.IO_ERROR, False),
        ("XX001", StorageFault.CORRUPT, False),
        ("23P01", StorageFault.CONFLICT, False),
        ("42601", StorageFault.IO_ERROR, False),
    ],
)
def test_an_error_of_the_server_is_the_outage(state: str, fault: str, retry: bool) -> None:
    outage = translated(psycopg.errors.lookup(state)("what happened\nDETAIL: more"), "place")
    assert (outage.code, outage.retry, outage.facts["detail"]) == (fault, retry, "what happened")


class TestTheEngineFile:
    def test_none_means_the_embedded_engine(self, tmp_path: Path) -> None:
        assert read_engine_file(tmp_path / "engine.toml") is None

    def test_it_says_where_the_ledger_stands(self, tmp_path: Path) -> None:
        path = tmp_path / "engine.toml"
        path.write_text('engine = "postgresql"\nconninfo = "host=db password=secret"\nschema = "xa"\n')
        assert read_engine_file(path) == EngineFile("host=db password=secret", "xa")
        assert "secret" not in repr(read_engine_file(path))
        path.write_text('engine = "postgresql"\nconninfo = "host=db"\n')
        assert read_engine_file(path) == EngineFile("host=db", "counterfoil")

    @pytest.mark.parametrize(
        "text",
        ["", "engine", 'engine = "sqlite"', 'engine = "postgresql"', 'engine = "postgresql"\nconninfo = 1',
         'engine = "postgresql"\nconninfo = ""\nother = 1', 'engine = "postgresql"\nconninfo = ""\nschema = 1'],
    )  # fmt: skip
    def test_anything_else_is_refused(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "engine.toml"
        path.write_text(text)
        assert fault_of(lambda: read_engine_file(path)) == PostgresFault.UNREADABLE_ENGINE

    def test_a_missing_driver_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "engine.toml"
        path.write_text('engine = "postgresql"\nconninfo = "host=db"\n')
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        assert fault_of(lambda: read_engine_file(path)) == PostgresFault.NO_DRIVER
