"""A connection, a server or a writer that goes away in the middle: what is known afterwards, and what goes on."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from counterfoil.adapters.storage.postgres import store
from counterfoil.adapters.storage.postgres.fault import PostgresFault
from counterfoil.adapters.storage.postgres.store import PostgresStore
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.ports import BlockRow, Outage, RecordRow
from tests.conformance.storage.batches import batch, journal_row
from tests.conformance.storage.conftest import VERSIONS, DoWithout, Home
from tests.conformance.storage.postgres_server import PostgresServer, programs
from tests.conformance.storage.strangers import cut, fault_of


class TestALostConnection:
    def test_at_rest_it_is_made_anew_and_nobody_notices(self, postgres_store: PostgresStore, home: Home) -> None:
        postgres_store.commit(batch(0, 2))
        cut(postgres_store, home)
        assert postgres_store.commands(["command-000001"]) == {"command-000001": 1}
        cut(postgres_store, home)
        postgres_store.commit(batch(2, 1, number=2))
        assert postgres_store.row(2) == journal_row(2)

    def test_before_the_commit_it_leaves_nothing(
        self, postgres_store: PostgresStore, home: Home, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write = store.write

        def cut_off(connection: Any, rows: Any) -> None:
            write(connection, rows)
            cut(postgres_store, home)
            connection.execute("SELECT")

        with monkeypatch.context() as patched:
            patched.setattr(store, "write", cut_off)
            with pytest.raises(Outage) as raised:
                postgres_store.commit(batch(0, 2))
        assert (raised.value.code, raised.value.retry) == (PostgresFault.UNREACHABLE, True)
        assert postgres_store.row(0) is None
        postgres_store.commit(batch(0, 2))

    @pytest.mark.parametrize("done", [False, True])
    def test_at_the_commit_its_outcome_is_looked_up(self, postgres_store: PostgresStore, *, done: bool) -> None:
        postgres_store.commit(batch(0, 1))
        losing(postgres_store, done=done)
        if done:
            postgres_store.commit(batch(1, 2, number=2))
        else:
            unreachable = fault_of(lambda: postgres_store.commit(batch(1, 2, number=2)))
            assert unreachable == PostgresFault.UNREACHABLE
            assert postgres_store.row(1) is None
            postgres_store.commit(batch(1, 2, number=2))
        postgres_store.commit(batch(3, 1, number=3))
        assert postgres_store.row(3) == journal_row(3)

    def test_a_commit_that_is_still_under_way_is_waited_for(self, postgres_store: PostgresStore, home: Home) -> None:
        """The network is cut while the server commits slowly: what a new session sees too early would be wrong."""
        with home.connect() as administrator:
            administrator.execute(
                "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$; "
                "CREATE CONSTRAINT TRIGGER slowly AFTER INSERT ON checkpoint DEFERRABLE INITIALLY DEFERRED "
                "FOR EACH ROW EXECUTE FUNCTION slowly()"
            )
        wire = socket.socket(fileno=os.dup(postgres_store._session.connection.fileno()))
        cutter = threading.Timer(0.3, wire.shutdown, [socket.SHUT_RDWR])
        cutter.start()
        begun = time.monotonic()
        postgres_store.commit(batch(0, 2))
        assert time.monotonic() - begun > 0.9
        assert postgres_store.row(1) == journal_row(1)
        cutter.join()
        wire.close()

    def test_an_outcome_that_cannot_be_looked_up_in_time_is_unknown(
        self, postgres_store: PostgresStore, home: Home
    ) -> None:
        postgres_store.settle_s = 0.3
        with home.connect() as old_session:

            def hold_on() -> None:
                old_session.execute(
                    "SELECT pg_advisory_lock(hashtextextended('counterfoil writer ' || %s, 0))", (home.schema,)
                )

            losing(postgres_store, then=hold_on)
            assert fault_of(lambda: postgres_store.commit(batch())) == StorageFault.OUTCOME_UNKNOWN
        assert fault_of(lambda: postgres_store.commit(batch())) == StorageFault.HALTED
        assert fault_of(lambda: postgres_store.erase(0, "price")) == StorageFault.HALTED

    def test_a_mistake_of_ours_in_the_middle_leaves_nothing(self, postgres_store: PostgresStore) -> None:
        for bad in ({"blocks": [BlockRow(0, 1, 2**63, 1, 0, 0)]}, {"records": [RecordRow("a", "\0", "1", 0)]}):
            assert fault_of(lambda rows=bad: postgres_store.commit(batch(0, 3, **rows))) == StorageFault.CONFLICT  # type: ignore[misc]
        assert postgres_store.row(0) is None
        postgres_store.commit(batch(0, 3))


def losing(opened: PostgresStore, *, done: bool = False, then: Callable[[], None] = lambda: None) -> None:
    """Make the next COMMIT lose its connection, before or after the server has done it."""
    session = opened._session

    class Losing:
        def __getattr__(self, name: str) -> Any:
            return getattr(session, name)

        def commit(self) -> None:
            if done:
                session.commit()
            session.close()
            then()
            raise psycopg.OperationalError("the connection is lost, as the test wants it")

    opened._session = Losing()  # type: ignore[assignment]


def test_a_killed_writer_leaves_whole_batches_and_all_that_it_answered_for(home: Home) -> None:
    home.store(create=True).close()
    script = (
        "import sys\n"
        "from counterfoil.adapters.storage.postgres.store import PostgresStore\n"
        "from tests.conformance.storage.batches import batch\n"
        "store = PostgresStore(sys.argv[1], create=False, schema=sys.argv[2])\n"
        "for number in range(1, 1000000):\n"
        "    store.commit(batch((number - 1) * 50, 50, number=number)); print(number, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, home.conninfo, home.schema],
        cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, text=True,
    ) as writer:  # fmt: skip
        assert writer.stdout is not None
        answered = [int(next(writer.stdout)) for _ in range(25)][-1]
        writer.send_signal(signal.SIGKILL)
        answered = max([answered, *(int(line) for line in writer.stdout if line.endswith("\n"))])
    check_whole(opened_when_free(home), answered)


def opened_when_free(home: Home) -> PostgresStore:
    """The server may still be ending the killed writer's session."""
    end = time.monotonic() + 10
    while True:
        try:
            return home.store()
        except Outage as outage:
            assert outage.code == StorageFault.BUSY
            assert time.monotonic() < end
            time.sleep(0.01)


def check_whole(opened: PostgresStore, answered: int) -> None:
    reading = opened.reading()
    last = reading.last_checkpoint()
    assert last is not None
    assert last.number in (answered, answered + 1)
    assert [row.seq for row in reading.journal()] == list(range(last.number * 50))
    reading.close()
    opened.commit(batch(last.number * 50, 1, number=last.number + 1))
    opened.close()


def turn(server: PostgresServer, name: str, value: str) -> None:
    """Change a setting of the server, and wait until new sessions have it."""
    with psycopg.connect(server.conninfo, autocommit=True) as administrator:
        administrator.execute(f"ALTER SYSTEM SET {name} = {value}")
        administrator.execute("SELECT pg_reload_conf()")
    while True:
        with psycopg.connect(server.conninfo) as session:
            if session.execute("SELECT current_setting(%s)", (name,)).fetchone() == (value,):
                return


class TestAServerOfItsOwn:
    """Tests that kill the server or change its settings, so no other test may use it."""

    @pytest.fixture(params=list(VERSIONS))
    def server(self, request: pytest.FixtureRequest, do_without: DoWithout) -> Iterator[PostgresServer]:
        folder = programs(VERSIONS[request.param])
        if folder is None:
            do_without(request.param, f"no PostgreSQL {VERSIONS[request.param]} was found to start")
        running = PostgresServer(folder)
        yield running
        running.stop()

    def test_a_server_that_does_not_wait_for_its_disk_is_refused(self, server: PostgresServer) -> None:
        PostgresStore(server.conninfo, create=True).close()
        for name in ("fsync", "full_page_writes"):
            turn(server, name, "off")
            with pytest.raises(Outage) as raised:
                PostgresStore(server.conninfo, create=False)
            assert (raised.value.code, raised.value.facts["setting"]) == (PostgresFault.NOT_DURABLE, name)
            turn(server, name, "on")
        PostgresStore(server.conninfo, create=False).close()

    def test_a_server_that_crashes_under_load_loses_nothing_that_was_answered_for(self, server: PostgresServer) -> None:
        opened = PostgresStore(server.conninfo, create=True)
        opened.settle_s = 60
        answered = 0
        outages: list[Outage] = []
        done = threading.Event()

        def load() -> None:
            nonlocal answered
            while not done.is_set():
                try:
                    opened.commit(batch(answered * 50, 50, number=answered + 1))
                    answered += 1
                except Outage as outage:
                    # Nothing was written: the same batch is tried again until the server is back.
                    outages.append(outage)
                    time.sleep(0.01)

        loading = threading.Thread(target=load)
        loading.start()
        for _ in range(3):
            before = answered
            while answered < before + 10:
                time.sleep(0.001)
            server.kill()
            server.start()
        done.set()
        loading.join()
        assert {(outage.code, outage.retry) for outage in outages} <= {(PostgresFault.UNREACHABLE, True)}
        opened.close()
        check_whole(PostgresStore(server.conninfo, create=False), answered)
