"""A database that goes away from under a running server: in the middle of a COMMIT, for good, or to another writer."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from counterfoil.adapters.lock import RegistryLock
from counterfoil.application.ports import Outage
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading, open_for_writing, verify_folder
from tests.conformance.storage.postgres_server import PostgresServer
from tests.crash.breaking import ask, health
from tests.crash.cutting_proxy import Cut, CuttingProxy, cutting_proxy
from tests.crash.engines import drop, on_postgres, point_to
from tests.http.desk import OTHER, Served, served, token, transfer


@pytest.fixture
def wire(postgres: PostgresServer) -> Iterator[CuttingProxy]:
    with cutting_proxy(postgres.conninfo) as proxy:
        yield proxy


@pytest.fixture
def folder(tmp_path: Path, postgres: PostgresServer) -> Iterator[Folder]:
    made = on_postgres(tmp_path / "registry", postgres.conninfo, blocks=4)
    engine = made.engine
    assert engine is not None
    yield made
    point_to(made.path, postgres.conninfo, engine.schema)  # the wire is gone by now
    drop(made)


def through(folder: Folder, wire: CuttingProxy) -> Folder:
    """The same registry, reached over the wire."""
    engine = folder.engine
    assert engine is not None
    point_to(folder.path, wire.conninfo, engine.schema)
    return folder


def entries(folder: Folder) -> int:
    with open_for_reading(folder) as readable:
        last = readable.reading.last_checkpoint()
        assert last is not None
        return last.size


def terminate_writer(postgres: PostgresServer) -> None:
    """What an administrator does, or a server that restarts: the session ends, and the lock with it."""
    with psycopg.connect(postgres.conninfo, autocommit=True) as administrator:
        ended = administrator.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'counterfoil writer'"
        ).fetchall()
    assert ended == [(True,)]


@pytest.mark.parametrize("cut", list(Cut))
def test_a_commit_whose_connection_breaks_is_looked_up_and_never_guessed(
    cut: Cut, folder: Folder, wire: CuttingProxy
) -> None:
    act = transfer(1, 10, id="cut")
    headers = token(folder)
    size = entries(folder)
    with served(through(folder, wire)) as server:
        assert ask(server, headers, transfer(11, 11))[0] == 201
        wire.cut = cut
        status, told = ask(server, headers, act)
        assert wire.cuts == 1
        if cut is Cut.BEFORE:
            assert (status, told["code"], told["retry"]) == (503, "storage.unreachable", "later")
            assert entries(folder) == size + 1
        elif cut is Cut.AFTER:
            assert status == 201
        # The same command again: the first receipt where it was done, and done now where it was not. Once in all.
        again = [ask(server, headers, act) for _ in range(2)]
        assert [each for each, _ in again] == [201, 201]
        assert again[0] == again[1]
        assert status != 201 or told == again[0][1]
        assert entries(folder) == size + 2
        assert health(server) == 200
    assert not verify_folder(folder).findings


def test_many_commits_that_break_one_after_the_other_leave_each_act_once(folder: Folder, wire: CuttingProxy) -> None:
    headers = token(folder)
    with served(through(folder, wire)) as server:
        size = entries(folder)
        for serial in range(1, 31):
            wire.cut = list(Cut)[serial % 3]
            act = transfer(serial, serial, id=f"cut-{serial}")
            status, told = ask(server, headers, act)
            again = ask(server, headers, act)
            assert again[0] == 201
            assert (status, told) == again or told["code"] == "storage.unreachable"
        assert entries(folder) == size + 30
    assert wire.cuts == 30
    assert not verify_folder(folder).findings


def test_a_session_that_was_ended_from_outside_is_made_anew_and_no_act_is_lost(
    folder: Folder, postgres: PostgresServer
) -> None:
    headers = token(folder)
    with served(folder) as server:
        for serial in range(1, 6):
            terminate_writer(postgres)
            assert ask(server, headers, transfer(serial, serial))[0] == 201
    assert not verify_folder(folder).findings


def test_a_server_that_lost_its_place_to_another_writer_writes_nothing_more(
    folder: Folder, tmp_path: Path, postgres: PostgresServer
) -> None:
    """On another machine the folder's lock says nothing: the database keeps the two apart."""
    engine = folder.engine
    assert engine is not None
    second = Folder(tmp_path / "second")
    (second.path / "keys").mkdir(parents=True)
    second.key.write_bytes(folder.key.read_bytes())
    second.key.chmod(0o600)
    second.public_key.write_bytes(folder.public_key.read_bytes())
    point_to(second.path, engine.conninfo, engine.schema)
    second.mark.touch()
    headers = token(folder)
    with served(folder) as server:
        assert ask(server, headers, transfer(1, 1))[0] == 201
        with pytest.raises(Outage) as raised:
            open_for_writing(second, "serve")
        assert (raised.value.code, raised.value.retry) == ("storage.busy", True)
        assert RegistryLock(second.path).holder() is None
        terminate_writer(postgres)
        with served(second) as successor:
            other = token(second)
            assert ask(successor, other, transfer(2, 2, id="second"))[0] == 201
            status, told = ask(server, headers, transfer(3, 3, id="first"))
            assert (status, told["code"]) == (503, "storage.busy")
            successor.stop()
        for _ in range(2):
            status, told = ask(server, headers, transfer(3, 3, id="first"))
            assert (status, told["code"], told["retry"]) == (500, "storage.fenced", "never")
        assert health(server) == 503
    assert not verify_folder(folder).findings
    with open_for_reading(folder) as readable:
        assert set(readable.reading.commands(["first", "second"])) == {"second"}


def test_a_database_that_is_away_is_told_and_found_again(tmp_path: Path, database: PostgresServer) -> None:
    folder = on_postgres(tmp_path / "registry", database.conninfo, blocks=2, schema="away")
    headers = token(folder)
    with served(folder) as server:
        assert ask(server, headers, transfer(1, 1))[0] == 201
        database.kill()
        assert unreachable(ask(server, headers, transfer(2, 2, id="away")))
        question = httpx.get(f"{server.address}/api/v1/units/BR-2", timeout=60)
        assert unreachable((question.status_code, question.json()))
        database.start()
        end = time.monotonic() + 30
        while (answer := ask(server, headers, transfer(2, 2, id="away")))[0] != 201:
            assert unreachable(answer) and time.monotonic() < end
        assert account(server, 2) == OTHER
    assert not verify_folder(folder).findings


def unreachable(answer: tuple[int, dict[str, Any]]) -> bool:
    return (answer[0], answer[1]["code"], answer[1]["retry"]) == (503, "storage.unreachable", "later")


def account(server: Served, serial: int) -> str:
    return str(httpx.get(f"{server.address}/api/v1/units/BR-{serial}", timeout=30).json()["account"])
