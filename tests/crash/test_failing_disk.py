"""A disk that fails under a running server: what the caller is told, what stands in the books, and how it goes on."""

import errno
import resource
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from counterfoil.entrypoints.bootstrap import Folder, open_for_reading, verify_folder
from tests.crash import failing_calls
from tests.crash.breaking import ask, break_disk, breakable, health
from tests.http.desk import OTHER, SERVE, Served, founded, served, token, transfer

pytestmark = pytest.mark.skipif(not failing_calls.possible(), reason="no filter of system calls here")


def done(folder: Folder, *commands: str) -> dict[str, int]:
    """Those of the commands that are in the journal."""
    with open_for_reading(folder) as readable:
        return readable.reading.commands(commands)


def lost(serial: int) -> dict[str, object]:
    return transfer(serial, serial, id=f"lost-{serial}")


def test_an_fsync_that_failed_stops_the_server_for_good_and_the_outcome_is_found_by_its_id(tmp_path: Path) -> None:
    folder = founded(tmp_path / "registry", blocks=2)
    headers = token(folder)
    with breakable(folder) as server:
        assert ask(server, headers, transfer(1, 1, id="before"))[0] == 201
        break_disk(server, folder, "fdatasync", errno.EIO)
        status, told = ask(server, headers, lost(2))
        assert (status, told["code"], told["retry"]) == (500, "storage.outcome_unknown", "after_fix")
        for _ in range(2):
            # Never blindly again: a second fsync would succeed without writing what the first one lost.
            status, told = ask(server, headers, lost(3))
            assert (status, told["code"]) == (500, "storage.halted")
        assert health(server) == 503
        # What was committed before can still be read.
        assert httpx.get(f"{server.address}/api/v1/units/BR-1").json()["account"] == OTHER
        server.stop()
    assert not verify_folder(folder).findings
    assert done(folder, "before")
    known = done(folder, "lost-2", "lost-3")
    assert "lost-3" not in known
    with served(folder) as server:
        again = [ask(server, headers, lost(serial)) for serial in (2, 2, 3)]
        assert [status for status, _ in again] == [201] * 3
        assert again[0] == again[1]
        assert known.get("lost-2", again[0][1]["seq"]) == again[0][1]["seq"]
        assert health(server) == 200
    assert not verify_folder(folder).findings


def test_a_write_that_failed_is_told_and_nothing_of_it_is_there(tmp_path: Path) -> None:
    folder = founded(tmp_path / "registry", blocks=2)
    headers = token(folder)
    with breakable(folder) as server:
        assert ask(server, headers, transfer(1, 1))[0] == 201
        break_disk(server, folder, "pwrite64", errno.EIO, "ledger.db-wal")
        status, told = ask(server, headers, lost(2))
        assert (status, told["code"]) == (500, "storage.io_error")
        assert httpx.get(f"{server.address}/api/v1/units/BR-2").json()["account"] != OTHER
        server.stop()
    assert done(folder, "lost-2") == {}
    assert not verify_folder(folder).findings


def test_a_read_that_failed_is_told_and_nothing_is_made_of_it(tmp_path: Path) -> None:
    folder = founded(tmp_path / "registry", blocks=300)
    headers = token(folder)
    with breakable(folder) as server:
        # Opened now, so that these are the descriptors that the filter knows.
        assert httpx.get(f"{server.address}/api/v1/units/BR-1").status_code == 200
        break_disk(server, folder, "pread64", errno.EIO, "ledger.db")
        answers = [httpx.get(f"{server.address}/api/v1/units/BR-{n * 1_000}") for n in range(1, 300, 20)]
        told = [answer.json() for answer in answers if answer.status_code != 200]
        # SQLite takes a page that the disk does not give for a damaged one.
        assert told and {each["code"] for each in told} <= {"storage.io_error", "storage.corrupt"}
        # The writer has its books in memory; where it must read, it fails in the same way, and nothing is half done.
        assert {ask(server, headers, lost(serial))[0] for serial in range(1, 300_000, 9_973)} <= {201, 500}
        server.stop()
    assert not verify_folder(folder).findings


def limit_files(server: Served, size: int) -> None:
    """The largest file that the server may write; -1 for any. A write beyond it fails as on a disk that is full."""
    _, hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size if size >= 0 else hard, hard))


def test_a_server_without_room_refuses_acts_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    folder = founded(tmp_path / "registry", blocks=2)
    headers = token(folder)
    with served(folder) as server:
        assert ask(server, headers, transfer(1, 1))[0] == 201
        limit_files(server, (folder.path / "ledger.db-wal").stat().st_size)
        for _ in range(3):
            status, told = ask(server, headers, lost(2))
            assert (status, told["code"]) in {(503, "storage.disk_full"), (500, "storage.io_error")}
        assert health(server) == 200
        limit_files(server, -1)
        assert ask(server, headers, lost(2))[0] == 201
        assert ask(server, headers, transfer(3, 3))[0] == 201
        assert server.stop() == 0
    assert not verify_folder(folder).findings


ON_A_SMALL_DISK = """
mount -t tmpfs -o size=1m none "$1" || exit 77
cp -r "$2/." "$1" && head -c 100000 /dev/zero > "$1/ballast" || exit 77
shift 2; exec "$@"
"""


def test_a_file_system_that_is_full_is_told_as_such_and_room_lets_the_server_go_on(tmp_path: Path) -> None:
    """On a file system of its own, where the machine lets a user make one; elsewhere the test above stands in."""
    folder = founded(tmp_path / "registry", blocks=2)
    headers = token(folder)
    small = tmp_path / "small"
    small.mkdir()
    code = f"""
import os, sys
os.execvp("unshare", ["unshare", "-rm", "sh", "-c", {ON_A_SMALL_DISK!r}, "sh", {str(small)!r}, sys.argv[1],
    sys.executable, "-c", {SERVE!r}, {str(small)!r}, sys.argv[2]])
"""
    if subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", str(small)], check=False).returncode:
        pytest.skip("no file system of one's own here")
    with served(folder, code=code) as server:
        inside = Folder(Path(f"/proc/{server.process.pid}/root{small}"))
        serial, refused = 0, None
        while refused is None:
            serial += 1
            assert serial < 2_000
            status, told = ask(server, headers, lost(serial))
            refused = None if status == 201 else (status, told["code"])
        assert refused == (503, "storage.disk_full")
        (inside.path / "ballast").unlink()
        for number in (serial, serial + 1):
            assert ask(server, headers, lost(number))[0] == 201
        # The file system ends with the server, and SQLite does not look into it from here.
        kept = Folder(Path(shutil.copytree(inside.path, tmp_path / "kept", ignore=shutil.ignore_patterns("socket"))))
        assert not verify_folder(kept).findings
        assert len(done(kept, *(f"lost-{number}" for number in range(1, serial + 2)))) == serial + 1
