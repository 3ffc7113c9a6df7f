"""A network in a box: processes of their own, found again, ended in order, and nobody else's touched."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from counterfoil.adapters.lock import RegistryLock
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, verify_folder
from counterfoil.entrypoints.cli.main import run
from counterfoil.entrypoints.network import launching
from counterfoil.entrypoints.network.ending import down
from counterfoil.entrypoints.network.kept import Network, read_network, tell
from counterfoil.entrypoints.network.launching import up
from counterfoil.entrypoints.network.status import Health, Status, status

Call = Callable[..., tuple[int, Any]]
SECONDS = 120
"""After so long they end by themselves, whatever becomes of the tests."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a network of two that runs."""
    path = tmp_path_factory.mktemp("networks") / "two"
    found = up(path, ["GHA", "SGP"], seconds=SECONDS)
    assert not isinstance(found, Refusal), found
    assert found.started == 2
    yield path
    down(path)


@pytest.fixture
def call(capsysbinary: pytest.CaptureFixture[bytes]) -> Call:
    """Run a command of the network and read its JSON."""

    def called(*arguments: str | Path) -> tuple[int, Any]:
        status = run(["network", *map(str, arguments), "--json"])
        return status, json.loads(capsysbinary.readouterr().out)

    return called


def network(path: Path) -> Network:
    found = read_network(path)
    assert isinstance(found, Network)
    return found


def standing(path: Path) -> Status:
    found = status(path)
    assert isinstance(found, Status)
    return found


def health(path: Path) -> dict[str, Health]:
    return {each.party: each.health for each in standing(path).standings}


def test_each_registry_is_a_process_of_its_own_with_pages_and_the_law_of_its_party(place: Path) -> None:
    kept = network(place).registries
    assert len({each.pid for each in kept} | {os.getpid()}) == 3
    for each in kept:
        with urllib.request.urlopen(f"{each.address}/") as page:
            assert b"Demonstration" in page.read()
        with urllib.request.urlopen(f"{each.address}/api/v1/registry") as answer:
            told = json.load(answer)
        assert (told["party"], told["demonstration"]) == (each.party, True)


def test_a_second_up_says_that_it_runs_and_starts_nothing(place: Path, call: Call) -> None:
    before = network(place)
    code, told = call("up", "--dir", place)
    assert (code, told["started"], told["registries"]) == (0, 0, 2)
    assert network(place) == before


def test_other_parties_than_those_of_the_folder_are_refused(place: Path, call: Call) -> None:
    code, told = call("up", "--dir", place, "--party", "THA")
    assert (code, told["code"], told["facts"]["parties"]) == (1, "network.parties_differ", "GHA, SGP")


def test_two_cannot_bring_the_same_network_up_at_once(place: Path, call: Call) -> None:
    lock = RegistryLock(place).acquire("test")
    assert isinstance(lock, RegistryLock)
    with lock:
        code, told = call("up", "--dir", place)
        assert (code, told["code"]) == (1, "registry.locked")


def test_a_killed_registry_is_told_as_stopped_and_goes_on_from_its_folder(place: Path) -> None:
    before = network(place)
    [killed] = [each for each in before.registries if each.party == "GHA"]
    entries = {each.party: each.entries for each in standing(place).standings}
    assert tell(before, "GHA", signal.SIGKILL)
    wait_until(lambda: before.running("GHA") is None)
    assert health(place) == {"GHA": Health.STOPPED, "SGP": Health.HEALTHY}
    found = up(place, seconds=SECONDS)
    assert not isinstance(found, Refusal) and found.started == 1
    assert health(place) == dict.fromkeys(("GHA", "SGP"), Health.HEALTHY)
    after = {each.party: each for each in network(place).registries}
    assert after["GHA"].pid != killed.pid
    # Its partner knows it at the same address: nothing had to be told.
    assert after["GHA"].address == killed.address
    assert {each.party: each.entries for each in standing(place).standings} == entries


def test_a_registry_whose_port_is_taken_is_linked_again_under_another_one(place: Path) -> None:
    before = network(place)
    [killed] = [each for each in before.registries if each.party == "SGP"]
    tell(before, "SGP", signal.SIGTERM)
    wait_until(lambda: before.running("SGP") is None)
    port = int(killed.address.rpartition(":")[2])
    listen = "import socket, sys; own = socket.create_server(('127.0.0.1', int(sys.argv[1])))"
    taken = f"{listen}; print(1, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", taken, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None and other.stdout.readline()
        found = up(place, seconds=SECONDS)
        assert not isinstance(found, Refusal) and found.started == 1
        other.communicate(b"\n")
    [moved] = [each for each in network(place).registries if each.party == "SGP"]
    assert moved.address != killed.address
    assert _known_at(place, "GHA", "SGP") == moved.address


def test_a_registry_that_stands_still_is_silent_and_not_taken_for_healthy(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("counterfoil.entrypoints.network.status.healthy", lambda address: _answers(address, 0.3))
    own = network(place)
    tell(own, "SGP", signal.SIGSTOP)
    try:
        assert health(place) == {"GHA": Health.HEALTHY, "SGP": Health.SILENT}
    finally:
        tell(own, "SGP", signal.SIGCONT)


def test_the_status_has_the_figures_that_programs_read(place: Path, call: Call) -> None:
    code, told = call("status", "--dir", place)
    assert code == 0
    assert told["registries"] == 2 and told["inconsistencies"] == 0
    assert set(told["transfers"]) == {"final", "in_flight", "refused", "expired"}
    assert all(type(count) is int for count in told["transfers"].values())


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_people_read_a_table_in_their_language(
    place: Path, language: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(["network", "status", "--dir", str(place), "--lang", language]) == 0
    said = capsysbinary.readouterr().out.decode()
    assert "GHA01" in said and ("健全" in said) == (language == "zh-Hant")


def test_a_process_that_took_the_number_of_one_of_ours_is_left_alone(place: Path, tmp_path: Path) -> None:
    """A number that is in our file, of a process that does not hold our folder, is somebody else's."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        [own] = [each for each in network(place).registries if each.party == "SGP"]
        folder = tmp_path / "net"
        (folder / "SGP").mkdir(parents=True)
        Network(folder, (type(own)("SGP", stranger.pid, own.since, own.address),)).write()
        ended = down(folder)
        assert not isinstance(ended, Refusal) and (ended.orderly, ended.forced) == (0, 0)
        assert stranger.poll() is None
        stranger.communicate(b"\n")


def test_a_network_that_is_down_is_told_so_and_its_books_are_whole(tmp_path: Path, call: Call) -> None:
    path = tmp_path / "net"
    code, told = call("up", "--dir", path, "--party", "NOR", "--for", str(SECONDS))
    assert (code, told["registries"]) == (0, 1)
    assert call("down", "--dir", path) == (0, {"directory": str(path), "orderly": 1, "forced": 0})
    assert call("down", "--dir", path)[1]["orderly"] == 0
    assert health(path) == {"NOR": Health.STOPPED}
    assert not verify_folder(Folder(path / "NOR")).findings
    code, told = call("play", "--dir", path)
    assert (code, told["code"]) == (1, "network.not_running")


def test_a_network_ends_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "net"
    found = up(path, ["NOR"], seconds=5)
    assert not isinstance(found, Refusal)
    wait_until(lambda: found.network.running("NOR") is None, seconds=30)
    down(path)


def test_a_registry_that_does_not_come_up_takes_the_others_down_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "net"
    monkeypatch.setattr(launching, "HEALTHY_SECONDS", 20)
    monkeypatch.setattr(launching, "healthy", lambda address: False)
    threading.Timer(3, lambda: _kill_one(path)).start()
    with pytest.raises(Outage) as outage:
        up(path, ["NOR", "JPN"], seconds=SECONDS)
    assert outage.value.code == "network.not_healthy"
    for party in ("NOR", "JPN"):
        assert RegistryLock(path / party).holder() is None


def test_nobody_s_files_are_touched(tmp_path: Path, call: Call) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert call("up", "--dir", tmp_path)[1]["code"] == "network.folder_not_ours"
    assert call("status", "--dir", tmp_path)[1]["code"] == "network.none_here"
    assert call("down", "--dir", tmp_path)[1]["code"] == "network.none_here"
    assert sorted(tmp_path.iterdir()) == [tmp_path / "mine.txt"]


def test_a_network_s_file_that_is_none_is_no_network(tmp_path: Path) -> None:
    for text in ("", "[]", '{"registries": [{"pid": 1}], "until": ""}', '{"registries": 7, "until": ""}'):
        (tmp_path / "network.json").write_text(text)
        refusal = read_network(tmp_path)
        assert isinstance(refusal, Refusal) and refusal.code == "network.none_here"


def wait_until(happened: Callable[[], bool], *, seconds: float = 20) -> None:
    end_at = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end_at
        time.sleep(0.02)


def _kill_one(path: Path) -> None:
    holder = RegistryLock(path / "NOR").holder()
    if holder is not None:
        os.kill(holder.pid, signal.SIGKILL)


def _answers(address: str, seconds: float) -> bool:
    from counterfoil.entrypoints.network.console import healthy

    return healthy(address, seconds=seconds)


def _known_at(path: Path, party: str, other: str) -> str:
    """Where a registry believes that a partner takes messages."""
    from counterfoil.domain.federation.link import PARTNER
    from counterfoil.entrypoints.bootstrap import open_for_reading

    with open_for_reading(Folder(path / party)) as readable:
        row = readable.reading.record(PARTNER, other)
        assert row is not None
        return str(json.loads(row.value)["address"])
