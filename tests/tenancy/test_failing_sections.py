"""What one section suffers is nothing to another: it crashes, hangs, fills its room or cannot start; they run on."""

import contextlib
import itertools
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterfoil.adapters.lock import RegistryLock
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, verify_folder
from counterfoil.entrypoints.tenancy import charge, front_door
from counterfoil.entrypoints.tenancy.control import sections_health
from counterfoil.entrypoints.tenancy.installation import read_installation, write_installation
from counterfoil.entrypoints.tenancy.standing import Running
from counterfoil.entrypoints.tenancy.supervisor import supervise
from tests.tenancy.house import Supervised, alive, installed, opening, supervised, token


@contextlib.contextmanager
def asking(served: Supervised, party: str) -> Iterator[list[int]]:
    """Ask a section for its health all the while; the statuses of its answers."""
    told: list[int] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                told.append(served.health(party))
            except OSError:
                told.append(0)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield told
    finally:
        stop.set()
        thread.join()


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supervised]:
    """An installation for what goes wrong in a section."""
    installation = installed(tmp_path_factory.mktemp("hosted"), "THA", "GHA", "SGP", SGP={"file_mib": 1})
    with supervised(installation) as found:
        for party in ("THA", "GHA", "SGP"):
            assert found.health(party) == 200
        yield found


def test_a_killed_section_comes_back_and_the_others_never_notice(own: Supervised) -> None:
    headers = token(own.installation, "THA")
    killed = own.section("THA").pid
    with asking(own, "GHA") as told:
        os.kill(killed, signal.SIGKILL)
        own.until(lambda: own.section("THA").ends == 1)
        own.until(lambda: own.running("THA") and own.health("THA") == 200)
        assert own.do("THA", opening("tha:again"), **headers).status == 201
    assert set(told) == {200} and len(told) > 5
    assert own.section("THA").pid != killed and own.section("GHA").ends == 0


def test_a_section_that_hangs_holds_up_nobody_else(own: Supervised) -> None:
    pid = own.section("THA").pid
    os.kill(pid, signal.SIGSTOP)
    waiting = [socket.create_connection(("127.0.0.1", own.port)) for _ in range(front_door.RUNNING_MAX)]
    try:
        for each in waiting:
            each.sendall(b"GET /s/THA/api/v1/health HTTP/1.1\r\nhost: x\r\n\r\n")
        own.until(lambda: own.ask("/s/THA/api/v1/health").json.get("code") == "door.section_busy")
        started = time.monotonic()
        assert {own.health("GHA") for _ in range(20)} == {200}
        assert time.monotonic() - started < 10
    finally:
        os.kill(pid, signal.SIGCONT)
        for each in waiting:
            each.close()
    own.until(lambda: own.health("THA") == 200)


def test_a_section_whose_room_is_full_refuses_and_the_others_go_on(own: Supervised) -> None:
    """Its files may have a MiB each; an act must not be half done when one is full."""
    full, free = (token(own.installation, party) for party in ("SGP", "GHA"))
    refused, answer = False, None
    for number in range(400):
        lines = "\n".join(
            f'{{"command": "OpenAccount", "account": "sgp:a{number}-{each}", "holder": "{"x" * 60}"}}'
            for each in range(50)
        )
        answer = own.ask("/s/SGP/api/v1/commands:bulk", "POST", lines.encode(), **full)
        refused = b'"code":"storage.' in answer.body
        if refused or answer.status != 200:
            break
    assert refused, answer
    assert own.do("GHA", opening("gha:free"), **free).status == 201
    assert own.health("THA") == 200


def test_a_section_that_cannot_start_is_tried_again_ever_more_seldom_and_the_others_run(tmp_path: Path) -> None:
    installation = installed(tmp_path / "hosted", "THA", "GHA")
    (installation.folder_of("THA") / "ledger.db").write_bytes(b"no database at all")
    with supervised(installation) as found:
        with asking(found, "GHA") as told:
            found.until(lambda: found.section("THA").ends >= 1, seconds=40)
            found.until(lambda: found.ask("/s/THA/api/v1/health").json["code"] == "door.section_down", seconds=40)
        assert set(told) == {200}
        refused = found.ask("/s/THA/api/v1/health")
        assert refused.status == 503 and "retry-after" in refused.headers
        assert found.ask("/health").status == 503
    assert "storage." in (installation.directory / "run/THA.log").read_text()


def test_an_installation_ends_in_order_or_with_its_supervisor_and_starts_again(tmp_path: Path) -> None:
    installation = installed(tmp_path / "hosted", "THA", "GHA")
    headers = token(installation, "GHA")
    with supervised(installation) as found:
        assert found.do("GHA", opening("gha:last"), **headers).status == 201
        pids = [each.pid for each in found.standing().sections]
        assert found.stop() == 0
    assert not any(alive(pid) for pid in pids)
    assert not list((installation.directory / "run").glob("*.sock"))
    for party in ("THA", "GHA"):
        assert RegistryLock(installation.folder_of(party)).holder() is None
        assert not verify_folder(Folder(installation.folder_of(party))).findings
    with supervised(installation) as killed:
        assert killed.health("GHA") == 200
        pids = [each.pid for each in killed.standing().sections]
        killed.process.kill()
        killed.process.wait()
        killed.until(lambda: not any(alive(pid) for pid in pids))
    with supervised(installation) as again:
        assert again.ask("/s/GHA/api/v1/accounts/gha:last").status == 200


def test_an_installation_with_a_long_path_has_its_sockets_elsewhere(tmp_path: Path) -> None:
    with supervised(installed(tmp_path / ("x" * 120), "THA")) as found:
        assert found.health("THA") == 200
        folder = Path(found.section("THA").socket).parent
        assert sections_health(found.installation.directory) is not None
        assert found.stop() == 0
    assert not folder.exists()


def test_an_installation_is_served_once_and_for_a_time(own: Supervised) -> None:
    directory = own.installation.directory
    refused = supervise(directory, host="127.0.0.1", port=0, for_seconds=1, language="en", tell=lambda _: None)
    assert isinstance(refused, Refusal) and refused.code == "installation.in_use"
    assert str(own.process.pid) in str(refused.facts["holder"])


def test_a_file_that_cannot_be_read_changes_nothing_that_runs(own: Supervised) -> None:
    path = own.installation.directory / "installation.toml"
    good = path.read_text()
    path.write_text("name = ")
    time.sleep(1.5)
    assert {own.health(party) for party in ("THA", "GHA", "SGP")} == {200}
    path.write_text(good)


def test_a_section_taken_out_of_the_file_ends_and_one_put_in_begins(own: Supervised) -> None:
    installation = read_installation(own.installation.directory)
    pid = own.section("GHA").pid
    without = tuple(each for each in installation.sections if each.party != "GHA")
    write_installation(type(installation)(installation.directory, installation.name, sections=without))
    own.until(lambda: not alive(pid))
    own.until(lambda: own.ask("/s/GHA/api/v1/health").status == 404)
    write_installation(installation)
    own.until(lambda: own.ask("/s/GHA/api/v1/health").status == 200)


def test_a_process_that_keeps_ending_is_given_up_until_it_is_forgiven(tmp_path: Path) -> None:
    """Without a real clock: the pauses double up to a minute, and after a dozen ends there is none."""
    ending = charge.Charge(lambda: ("counterfoil.no_such_module",), (), tmp_path / "log")
    now, starts = 1_000.0, []
    for _ in range(4_000):
        pid = ending.pid
        ending.look(now)
        if ending.pid and ending.pid != pid:
            starts.append(now)
            ending._process.wait()  # type: ignore[union-attr]
        now += 1
        if ending.running is Running.GIVEN_UP:
            break
    pauses = [round(later - earlier) for earlier, later in itertools.pairwise(starts)]
    assert len(starts) == charge.ENDS_MAX and ending.ends == charge.ENDS_MAX
    assert pauses == sorted(pauses) and pauses[-1] <= charge.PAUSE_SECONDS_MAX + 2
    assert not ending.look(now + 10_000)
    ending.forgive()
    assert ending.look(now) and ending.pid
    while not ending.end(now, after_seconds=0):
        time.sleep(0.01)
