"""Annual reports are made in a process of their own, which is bounded, and ends with whoever asked for it."""

import asyncio
import signal
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http import press
from counterfoil.entrypoints.http.press import Order, Press, Product
from tests.http.desk import served

pytestmark = pytest.mark.anyio


def annual(party: str) -> Order:
    return Order(Product.AEF, {"party": party, "year": 2025, "version": "1.0", "on": None})


ORDER = annual("THA")
SLEEPER = "import sys, time; time.sleep(60)"


def workers() -> list[int]:
    """The processes of presses that run on this machine for these tests, by their command lines."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = line.read_bytes().split(b"\0")
        except OSError:
            continue
        if press._WORKER.encode() in words:
            found.append(int(line.parent.name))
    return found


def sleeping(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Presses start a process that only sleeps; gives the processes."""
    begin = asyncio.create_subprocess_exec
    begun: list[Any] = []

    async def begin_sleeper(program: str, *_: str, **options: Any) -> Any:
        begun.append(await begin(program, "-c", SLEEPER, **options))
        return begun[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", begin_sleeper)
    return begun


async def unfinished(making: Press) -> dict[str, Any]:
    with pytest.raises(Outage) as raised:
        await making.made(ORDER)
    assert raised.value.code == "http.report_unfinished"
    return raised.value.facts


async def test_a_report_is_a_file_that_leaves_nothing_behind(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "room").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "room"))
    monkeypatch.setattr("tempfile.tempdir", None)
    made = await Press(folder.path).made(ORDER)
    assert not isinstance(made, Refusal)
    with made:
        assert made.read(2) == b"PK"
    assert list((tmp_path / "room").iterdir()) == []


async def test_a_refusal_and_an_outage_come_out_of_the_process_as_they_are(folder: Folder, tmp_path: Path) -> None:
    refusal = await Press(folder.path).made(annual("CHE"))
    assert isinstance(refusal, Refusal) and refusal.code == "aef.other_party"
    with pytest.raises(Outage) as raised:
        await Press(tmp_path / "nothing").made(ORDER)
    assert raised.value.code == "registry.not_founded"


async def test_a_report_that_takes_too_long_is_ended(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = sleeping(monkeypatch)
    assert (await unfinished(Press(folder.path, seconds=1)))["seconds"] == 1
    assert begun[0].returncode == -signal.SIGKILL


async def test_a_report_that_takes_too_much_memory_is_ended(folder: Folder) -> None:
    assert (await unfinished(Press(folder.path, megabytes=1)))["megabytes"] == 1


async def test_a_report_that_nobody_waits_for_is_ended(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = sleeping(monkeypatch)
    order = asyncio.create_task(Press(folder.path).made(ORDER))
    while not begun:
        await asyncio.sleep(0.01)
    order.cancel()
    with pytest.raises(asyncio.CancelledError):
        await order
    assert begun[0].returncode == -signal.SIGKILL


async def test_more_orders_than_may_wait_are_told_to_come_back(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = sleeping(monkeypatch)
    making = Press(folder.path)
    waiting = [asyncio.create_task(making.made(ORDER)) for _ in range(press.WAITING_MAX)]
    await asyncio.sleep(0.3)
    with pytest.raises(Outage, match=r"http\.busy"):
        await making.made(ORDER)
    assert len(begun) == press.AT_ONCE
    for order in waiting:
        order.cancel()
    await asyncio.wait(waiting)


async def test_the_process_ends_when_the_client_goes_away(folder: Folder) -> None:
    before = workers()
    with served(folder) as server:
        connection = socket.create_connection(("127.0.0.1", server.port))
        connection.sendall(b"GET /api/v1/reports/aef/THA/2025 HTTP/1.1\r\nhost: x\r\n\r\n")
        end = time.monotonic() + 20
        while set(workers()) <= set(before):
            assert time.monotonic() < end, "no process was started"
        connection.close()
        left = time.monotonic()
        while set(workers()) - set(before):
            assert time.monotonic() < end, "the process goes on for nobody"
            await asyncio.sleep(0.005)
        assert time.monotonic() - left < 1
