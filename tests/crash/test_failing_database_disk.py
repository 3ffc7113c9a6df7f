"""The disk of the database fails under a running server: what the caller is told, and what is there afterwards."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from counterfoil.application.ports import Outage
from counterfoil.entrypoints.bootstrap import open_for_reading, verify_folder
from tests.conformance.storage.postgres_server import PostgresServer
from tests.crash import failing_calls
from tests.crash.breaking import ask, health
from tests.crash.engines import DoWithout, any_server, on_postgres
from tests.http.desk import SERVE, served, token, transfer

IMPATIENT = f"from counterfoil.adapters.storage.postgres import store; store.SETTLE_S = 2.0; {SERVE}"
"""A server that asks only for two seconds what became of a commit."""


@pytest.fixture(scope="module")
def damaged(do_without: DoWithout) -> Iterator[PostgresServer]:
    """A server whose files are damaged; each test has a schema of its own."""
    server = any_server(do_without)
    yield server
    server.stop()


def end_in_order(database: PostgresServer) -> None:
    """Let the database shut itself down; the data stay."""
    mark = database.folder / "data" / "postmaster.pid"
    os.kill(int(mark.read_text().split()[0]), signal.SIGTERM)
    while mark.exists():
        time.sleep(0.01)
    database.kill()


def sync_by(database: PostgresServer, call: str) -> None:
    """With which system call the database makes its log durable."""
    with psycopg.connect(database.conninfo, autocommit=True) as administrator:
        administrator.execute(f"ALTER SYSTEM SET wal_sync_method = {call}")
        administrator.execute("SELECT pg_reload_conf()")
    while True:
        with psycopg.connect(database.conninfo, autocommit=True) as session:
            if session.execute("SHOW wal_sync_method").fetchone() == (call,):
                return


@pytest.mark.skipif(not failing_calls.possible(), reason="no filter of system calls here")
def test_an_fsync_that_failed_in_the_database_stops_both_and_the_outcome_is_found_by_its_id(
    database: PostgresServer, tmp_path: Path
) -> None:
    folder = on_postgres(tmp_path / "registry", database.conninfo, blocks=2, schema="unsynced")
    program = database.folder / "failing_calls.py"
    shutil.copy(failing_calls.__file__, program)
    program.chmod(0o644)
    sync_by(database, "fsync")
    end_in_order(database)
    database.start(under=(python(), str(program), "fdatasync", "--"))
    headers = token(folder)
    act = transfer(2, 2, id="lost")
    with served(folder, code=IMPATIENT) as server:
        assert ask(server, headers, transfer(1, 1))[0] == 201
        sync_by(database, "fdatasync")
        status, told = ask(server, headers, act)
        assert (status, told["code"]) == (500, "storage.outcome_unknown")
        status, told = ask(server, headers, act)
        assert (status, told["code"]) == (500, "storage.halted")
        assert health(server) == 503
        server.stop()
    database.kill()
    database.start()
    assert not verify_folder(folder).findings
    with served(folder) as server:
        again = [ask(server, headers, act) for _ in range(2)]
        assert again[0] == again[1] and again[0][0] == 201
    assert not verify_folder(folder).findings


def python() -> str:
    """An interpreter that the server's user may run."""
    for found in ("/usr/bin/python3", sys.executable):
        if os.access(found, os.X_OK) and found.startswith("/usr"):
            return found
    if os.geteuid() == 0:
        pytest.skip("no interpreter that everybody may run")
    return sys.executable


# Run by root in a mount namespace of its own; the server itself runs as the unprivileged user.
ON_A_SMALL_DISK = """
cd "$1" && mount -t tmpfs -o size="$2" none data && cp -a moved/. data || exit 77
head -c 600000 /dev/zero > data/ballast || exit 77
shift 2; exec setpriv --reuid "$0" --regid "$0" --clear-groups "$@"
"""
ROOM = 1_200_000
"""Bytes that are left on the small disk, half of them under the ballast."""


def on_a_small_disk(database: PostgresServer) -> None:
    """Start the server again with its data on a file system that is nearly full."""
    end_in_order(database)
    moved = (database.folder / "data").rename(database.folder / "moved")
    (database.folder / "data").mkdir()
    pages = sum(-(-file.lstat().st_size // 4096) for file in moved.rglob("*"))
    owner = str(moved.stat().st_uid)
    size = str(pages * 4096 + ROOM)
    database._as_user = {}
    database.start(under=["unshare", "-m", "sh", "-c", ON_A_SMALL_DISK, owner, str(database.folder), size])


def test_a_database_without_room_is_told_as_such_and_room_lets_the_server_go_on(
    database: PostgresServer, tmp_path: Path
) -> None:
    """On a file system of its own, where the machine lets a user make one."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("only root can run a server on a file system of its own")
    if subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", str(tmp_path)], check=False).returncode:
        pytest.skip("no file system of one's own here")
    folder = on_postgres(tmp_path / "registry", database.conninfo, blocks=4, schema="full")
    on_a_small_disk(database)
    headers = token(folder)
    with served(folder) as server:
        serial, refused = 0, None
        while refused is None:
            serial += 1
            assert serial < 4_000
            status, told = ask(server, headers, transfer(serial, serial, id=f"full-{serial}"))
            refused = None if status == 201 else (status, told["code"], told["retry"])
        assert refused == (503, "storage.disk_full", "later")
        assert serial > 1
        inside(database, "ballast").unlink()
        for number in (serial, serial + 1):
            assert ask(server, headers, transfer(number, number, id=f"full-{number}"))[0] == 201
        assert health(server) == 200
    audit = verify_folder(folder)
    assert not audit.findings
    with open_for_reading(folder) as readable:
        assert len(readable.reading.commands([f"full-{n}" for n in range(1, serial + 2)])) == serial + 1


def inside(database: PostgresServer, name: str) -> Path:
    """A file among the server's data, as the server sees it."""
    with psycopg.connect(database.conninfo) as connection:
        pid = connection.info.backend_pid
        return Path(f"/proc/{parent(pid)}/root{database.folder}/data/{name}")


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


@pytest.mark.parametrize("table", ["journal", "checkpoint", "block", "record", "balance", "term"])
def test_a_damaged_page_of_the_database_is_found(table: str, damaged: PostgresServer, tmp_path: Path) -> None:
    folder = on_postgres(tmp_path / "registry", damaged.conninfo, blocks=4, schema=f"damaged_{table}")
    with psycopg.connect(damaged.conninfo, autocommit=True) as administrator:
        administrator.execute("CHECKPOINT")
        found = administrator.execute("SELECT pg_relation_filepath(%s)", (f"damaged_{table}.{table}",)).fetchone()
    assert found is not None
    end_in_order(damaged)
    path = damaged.folder / "data" / str(found[0])
    data = bytearray(path.read_bytes())
    # Rows fill a page from its end.
    for place in range(8_192 - 60, 8_192 - 20):
        data[place] ^= 0xFF
    path.write_bytes(data)
    damaged.start()
    try:
        audit = verify_folder(folder)
    except Outage as outage:
        assert outage.code.startswith(("storage.", "registry."))
    else:
        assert table in {finding.table for finding in audit.findings}
