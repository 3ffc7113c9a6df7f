"""One writer for each folder, in any process and any thread."""

import fcntl
import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from counterfoil.adapters.lock import LockFault, RegistryLock
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal

HOLD = (
    "import sys; from pathlib import Path\n"
    "from counterfoil.adapters.lock import RegistryLock\n"
    "lock = RegistryLock(Path(sys.argv[1])).acquire('serve'); lock.announce('/the/socket')\n"
    "print('held', flush=True); sys.stdin.readline()\n"
)


def acquired(directory: Path, what: str = "do") -> RegistryLock:
    lock = RegistryLock(directory).acquire(what)
    assert isinstance(lock, RegistryLock)
    return lock


def refused(directory: Path) -> Refusal:
    refusal = RegistryLock(directory).acquire("do")
    assert isinstance(refusal, Refusal)
    assert refusal.code == LockFault.LOCKED
    return refusal


def test_a_lock_held_in_another_process_is_refused_by_its_holders_name(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        facts = refused(tmp_path).facts
        assert (facts["what"], facts["pid"], facts["address"]) == ("serve", other.pid, "/the/socket")
        assert str(facts["holder"]).startswith(f"serve (process {other.pid} since 20")
        assert facts["directory"] == str(tmp_path)
        other.kill()
        other.wait()
    assert (tmp_path / "lock").read_text() != ""
    assert RegistryLock(tmp_path).holder() is None
    acquired(tmp_path).release()


def test_a_second_object_of_the_same_process_is_refused_until_release(tmp_path: Path) -> None:
    with acquired(tmp_path, "serve"):
        assert refused(tmp_path).facts["pid"] == os.getpid()
    acquired(tmp_path).release()


@pytest.mark.parametrize("left", ["", "{", "null", '{"pid": 1}', json.dumps({"pid": 1, "what": "x", "since": "y"})])
def test_a_file_that_was_left_behind_is_no_lock(tmp_path: Path, left: str) -> None:
    (tmp_path / "lock").write_text(left)
    assert RegistryLock(tmp_path).holder() is None
    acquired(tmp_path).release()


def test_nobody_holds_a_folder_that_was_never_locked(tmp_path: Path) -> None:
    assert RegistryLock(tmp_path).holder() is None
    assert not (tmp_path / "lock").exists()


def test_of_many_threads_one_gets_the_lock(tmp_path: Path) -> None:
    answers: list[RegistryLock | Refusal] = []
    threads = [threading.Thread(target=lambda: answers.append(RegistryLock(tmp_path).acquire("do"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [answer for answer in answers if isinstance(answer, RegistryLock)]
    assert len(winners) == 1
    assert len(answers) == 8
    winners[0].release()


def test_looking_who_holds_it_disturbs_nobody(tmp_path: Path) -> None:
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            RegistryLock(tmp_path).holder()

    onlooker = threading.Thread(target=look)
    onlooker.start()
    try:
        for _ in range(100):
            acquired(tmp_path).release()
    finally:
        done.set()
        onlooker.join()


def test_somebody_who_only_looks_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    acquired(tmp_path).release()
    onlooker = os.open(tmp_path / "lock", os.O_RDONLY)
    fcntl.flock(onlooker, fcntl.LOCK_SH)
    leaving = threading.Timer(0.03, os.close, [onlooker])
    leaving.start()
    acquired(tmp_path).release()
    leaving.join()


def test_the_holder_announces_where_it_takes_requests(tmp_path: Path) -> None:
    lock = acquired(tmp_path, "serve")
    lock.announce("/a/long/path/to/the/socket")
    lock.announce("/socket")
    holder = RegistryLock(tmp_path).holder()
    assert holder is not None
    assert holder.address == "/socket"
    lock.release()
    lock.release()


def test_a_lock_in_an_absent_folder_is_an_outage(tmp_path: Path) -> None:
    with pytest.raises(Outage) as raised:
        RegistryLock(tmp_path / "nowhere").acquire("do")
    assert raised.value.code == StorageFault.ABSENT


def test_only_the_owner_can_open_the_file_and_so_hold_it(tmp_path: Path) -> None:
    acquired(tmp_path).release()
    assert stat.S_IMODE((tmp_path / "lock").stat().st_mode) == 0o600
    (tmp_path / "lock").chmod(0o644)
    acquired(tmp_path).release()
    assert stat.S_IMODE((tmp_path / "lock").stat().st_mode) == 0o600
