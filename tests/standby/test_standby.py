"""A primary with a synchronous standby: when the primary dies under load, the standby has all that was answered for.

A commit waits for the standby's disk. So whoever was answered may throw away the request, whatever becomes of the
primary's machine.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

from counterfoil.adapters.storage.postgres.fault import PostgresFault
from counterfoil.adapters.storage.postgres.store import PostgresStore
from counterfoil.application.command import Command
from counterfoil.application.ports import Outage
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_reading, open_for_writing, verify_folder
from counterfoil.entrypoints.wire import command_of
from tests.conformance.storage.conftest import VERSIONS
from tests.conformance.storage.postgres_server import STANDBY, PostgresServer, programs
from tests.conformance.storage.strangers import fault_of
from tests.http.desk import founded, transfer

BATCH = 20
PATIENCE_S = 60.0
SCHEMA = "xa"


@dataclass
class Pair:
    """A primary and the standby that its commits wait for, and a registry that knows both hosts."""

    primary: PostgresServer
    standby: PostgresServer
    folder: Folder

    def open(self) -> Writable:
        opened = open_for_writing(self.folder, "test")
        assert not isinstance(opened, Refusal)
        return opened

    def epoch(self, server: PostgresServer) -> int:
        with psycopg.connect(server.conninfo) as connection:
            row = connection.execute(f"SELECT epoch FROM {SCHEMA}.mark").fetchone()
            assert row is not None
            return int(row[0])


DoWithout = Callable[[str, str], NoReturn]


def _programs(version: str) -> Path | None:
    """The folder of a version's programs, when it can copy a primary."""
    folder = programs(VERSIONS[version])
    return folder if folder is not None and (folder / "pg_basebackup").exists() else None


@contextlib.contextmanager
def standing(folder_of_programs: Path, path: Path) -> Iterator[Pair]:
    running = [PostgresServer(folder_of_programs)]
    try:
        running.append(PostgresServer(folder_of_programs, standby_of=running[0]))
        primary, standby = running
        # Only now: the standby has not copied this setting, and waits for nobody once it is promoted.
        primary.turn("synchronous_standby_names", STANDBY)
        path.mkdir()
        hosts = f"host={primary.folder},{standby.folder} user=counterfoil dbname=postgres"
        (path / "engine.toml").write_text(
            f'engine = "postgresql"\nconninfo = "{hosts} target_session_attrs=read-write"\nschema = "{SCHEMA}"\n'
        )
        yield Pair(primary, standby, founded(path, blocks=10))
    finally:
        for server in running:
            server.stop()


@pytest.fixture(params=list(VERSIONS))
def each_pair(request: pytest.FixtureRequest, tmp_path: Path, do_without: DoWithout) -> Iterator[Pair]:
    """A pair of each version that is here."""
    folder = _programs(request.param)
    if folder is None:
        do_without(request.param, f"no PostgreSQL {VERSIONS[request.param]} with pg_basebackup was found to start")
    with standing(folder, tmp_path / "registry") as pair:
        yield pair


@pytest.fixture
def pair(tmp_path: Path, do_without: DoWithout) -> Iterator[Pair]:
    """A pair of the newest version that is here."""
    folders = [folder for version in reversed(VERSIONS) if (folder := _programs(version)) is not None]
    if not folders:
        do_without("postgres", "no PostgreSQL with pg_basebackup was found to start")
    with standing(folders[0], tmp_path / "registry") as pair:
        yield pair


class Load:
    """Transfers of one unit each, in batches, from a thread, until it is told to end. What failed is sent again."""

    def __init__(self, writable: Writable) -> None:
        self.answered: dict[str, str] = {}
        self.outages: list[Outage] = []
        self._writable = writable
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def until(self, answers: int) -> None:
        end = time.monotonic() + PATIENCE_S
        while len(self.answered) < answers:
            assert time.monotonic() < end, self.outages[-1:]
            time.sleep(0.005)

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        for first in count(1, BATCH):
            waiting = [Submission(_command(serial), "test") for serial in range(first, first + BATCH)]
            while waiting and not self._ended.is_set():
                for outcome in (outcomes := self._writable.driver.do(waiting)):
                    if isinstance(outcome, Receipt):
                        self.answered[outcome.command] = outcome.leaf_hash
                    else:
                        assert isinstance(outcome, Outage), outcome
                        self.outages.append(outcome)
                pairs = zip(waiting, outcomes, strict=True)
                waiting = [each for each, outcome in pairs if not isinstance(outcome, Receipt)]
                if waiting:
                    time.sleep(0.02)
            if self._ended.is_set():
                return


def _command(serial: int) -> Command:
    command = command_of(transfer(serial, serial, id=f"standby:{serial:08}"))
    assert not isinstance(command, Refusal)
    return command


def nothing_is_lost(pair: Pair, answered: dict[str, str]) -> None:
    audited = verify_folder(pair.folder)
    assert audited.findings == ()
    with open_for_reading(pair.folder) as readable:
        places = readable.reading.commands(list(answered))
        assert places.keys() == answered.keys()
        hashes = {row.command: row.leaf_hash.hex() for row in readable.reading.journal() if row.command in answered}
    assert hashes == answered


def test_a_writer_goes_on_at_the_promoted_standby_and_nothing_answered_is_lost(each_pair: Pair) -> None:
    pair = each_pair
    with pair.open() as writable:
        before = pair.epoch(pair.primary)
        load = Load(writable)
        load.until(200)
        pair.primary.strike()
        answered = len(load.answered)
        pair.standby.promote()
        load.until(answered + 100)
        load.end()
        assert {outage.code for outage in load.outages} <= {PostgresFault.UNREACHABLE}
    assert pair.epoch(pair.standby) > before
    nothing_is_lost(pair, load.answered)


def test_a_registry_that_was_stopped_opens_at_the_promoted_standby(pair: Pair) -> None:
    with pair.open() as writable:
        load = Load(writable)
        load.until(100)
        load.end()
    before = pair.epoch(pair.primary)
    pair.primary.strike()
    assert fault_of(pair.open) == PostgresFault.UNREACHABLE
    pair.standby.promote()
    with pair.open() as writable:
        assert pair.epoch(pair.standby) == before + 1
        again = writable.driver.do([Submission(_command(serial), "test") for serial in range(1, 101)])
        assert {outcome.command: outcome.leaf_hash for outcome in again if isinstance(outcome, Receipt)} == {
            name: load.answered[name] for name in sorted(load.answered)[:100]
        }
    nothing_is_lost(pair, load.answered)


def test_an_old_primary_that_comes_back_is_not_written(pair: Pair) -> None:
    with pair.open() as writable:
        load = Load(writable)
        load.until(20)
        load.end()
    pair.primary.strike()
    pair.standby.promote()
    with pair.open() as writable:
        # It is named first, takes writes, and knows nothing of what happened.
        pair.primary.start()
        left = _journal(pair.primary)
        assert isinstance(writable.driver.do([Submission(_command(5_001), "test")])[0], Receipt)
        _cut(pair.standby)
        outcome = writable.driver.do([Submission(_command(5_002), "test")])[0]
        assert isinstance(outcome, Outage)
        assert outcome.code == PostgresFault.FENCED
    assert fault_of(pair.open) == PostgresFault.BEHIND
    assert _journal(pair.primary) == left


def test_without_the_folder_an_old_primary_still_answers_for_nothing(pair: Pair) -> None:
    """Its commits wait for a standby that follows it no more: a writer does not even open there."""
    with pair.open():
        pass
    pair.primary.strike()
    pair.standby.promote()
    pair.primary.start()
    outcome: list[object] = []

    def stray() -> None:
        try:
            PostgresStore(pair.primary.conninfo, create=False, schema=SCHEMA).close()
            outcome.append("opened")
        except Outage as outage:
            outcome.append(outage.code)

    waiting = threading.Thread(target=stray)
    waiting.start()
    waiting.join(timeout=2)
    assert waiting.is_alive()
    assert not outcome
    pair.primary.strike()
    waiting.join(timeout=PATIENCE_S)
    assert outcome == [PostgresFault.UNREACHABLE]


def test_a_commit_waits_for_the_standbys_disk(pair: Pair) -> None:
    with pair.open() as writable:
        assert isinstance(writable.driver.do([Submission(_command(1), "test")])[0], Receipt)
        pair.standby.kill()
        outcomes: list[object] = []
        waiting = threading.Thread(
            target=lambda: outcomes.extend(writable.driver.do([Submission(_command(2), "test")]))
        )
        waiting.start()
        waiting.join(timeout=1)
        assert waiting.is_alive()
        assert not outcomes
        pair.standby.start()
        waiting.join(timeout=PATIENCE_S)
        assert isinstance(outcomes[0], Receipt)


def _journal(server: PostgresServer) -> object:
    with psycopg.connect(server.conninfo) as connection:
        return connection.execute(f"SELECT count(*), max(seq) FROM {SCHEMA}.journal").fetchone()


def _cut(server: PostgresServer) -> None:
    """End the writer's session, as a network does."""
    with psycopg.connect(server.conninfo, autocommit=True) as administrator:
        administrator.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'counterfoil writer'"
        )
