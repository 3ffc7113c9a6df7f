"""A real server in its own process: two sockets, one lock, an orderly end, and clients that behave badly."""

import asyncio
import contextlib
import http.client
import json
import os
import signal
import socket
import stat
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from counterfoil.adapters.lock import RegistryLock
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_writing, verify_folder
from counterfoil.entrypoints.http import protocol
from counterfoil.entrypoints.http.listening import server_config, server_state
from counterfoil.entrypoints.http.local import send
from counterfoil.entrypoints.http.protocol import BoundedProtocol
from counterfoil.entrypoints.http.sockets import tcp_socket
from counterfoil.entrypoints.serving import serve
from tests.http.desk import SERVE, Served, founded, served, token, transfer

ACTS = "/api/v1/commands"


@pytest.fixture
def running(folder: Folder) -> Iterator[Served]:
    with served(folder) as server:
        yield server


def holder_address(folder: Folder) -> str:
    holder = RegistryLock(folder.path).holder()
    assert holder is not None and holder.address is not None
    return holder.address


def test_a_server_holds_the_lock_says_where_it_listens_and_ends_in_order(running: Served) -> None:
    refusal = open_for_writing(running.folder, "other")
    assert isinstance(refusal, Refusal) and refusal.code == "registry.locked"
    assert refusal.facts["what"] == "serve"
    address = Path(holder_address(running.folder))
    assert stat.S_IMODE(address.stat().st_mode) == 0o600
    assert running.stop() == 0
    assert not address.exists()
    assert RegistryLock(running.folder.path).holder() is None
    assert not verify_folder(running.folder).findings


def test_a_server_told_to_stop_by_the_keyboard_ends_in_order_too(running: Served) -> None:
    assert running.stop(signal.SIGINT) == 0
    assert running.process.stderr is not None and running.process.stderr.read() == ""


def test_a_server_for_a_time_ends_by_itself(folder: Folder) -> None:
    with served(folder, for_seconds=1) as server:
        assert server.process.wait(15) == 0


def test_the_command_line_sends_through_the_socket_of_the_folder(running: Served) -> None:
    address = holder_address(running.folder)
    commands = [transfer(number, number, id=f"c:{number}") for number in range(1, 2_501)]
    answers = send(address, [*commands, {"command": "Nothing"}])
    assert [answer["status"] for answer in answers[:-1]] == ["accepted"] * 2_500
    assert answers[-1]["code"] == "command.unknown"
    assert [answer["command"] for answer in answers[:-1]] == [command["id"] for command in commands]
    assert send(address, commands[:1]) == answers[:1]
    assert send(address, []) == []
    leaf = json.load(urllib.request.urlopen(f"{running.address}/api/v1/entries/{answers[0]['seq']}"))
    assert leaf["by"] == "local"


def test_a_socket_that_nobody_serves_is_an_outage(tmp_path: Path) -> None:
    with pytest.raises(Outage) as outage:
        send(str(tmp_path / "socket"), [transfer(1, 2)])
    assert outage.value.code == "http.local_unreachable"


def test_a_folder_with_a_long_path_has_its_socket_elsewhere(tmp_path: Path) -> None:
    folder = founded(tmp_path / ("x" * 120), blocks=1)
    with served(folder) as server:
        address = Path(holder_address(folder))
        assert len(os.fsencode(address)) <= 107
        assert stat.S_IMODE(address.parent.stat().st_mode) == 0o700
        assert send(str(address), [transfer(1, 2)])[0]["status"] == "accepted"
        assert server.stop() == 0
    assert not address.parent.exists()


def test_a_server_starts_again_after_it_was_killed(folder: Folder) -> None:
    with served(folder) as server:
        server.process.kill()
        server.process.wait()
    assert (folder.path / "socket").exists()
    with served(folder):
        assert send(holder_address(folder), [transfer(1, 2)])[0]["status"] == "accepted"


def test_a_second_server_is_refused_and_a_taken_port_is_an_outage(running: Served, tmp_path: Path) -> None:
    said: list[str] = []
    assert serve(running.folder, port=0, language="zh-Hant", tell=said.append) == 1
    assert str(running.process.pid) in said[0]
    other = founded(tmp_path / "other", blocks=1)
    with pytest.raises(Outage) as outage:
        serve(other, port=running.port)
    assert outage.value.code == "http.address_in_use"
    assert RegistryLock(other.path).holder() is None


def test_the_owner_gets_in_when_strangers_hold_every_connection(folder: Folder) -> None:
    code = f"import counterfoil.entrypoints.http.protocol as protocol; protocol.CONNECTIONS_MAX = 5; {SERVE}"
    with served(folder, code=code) as server, contextlib.ExitStack() as strangers:
        for _ in range(20):
            strangers.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{server.address}/api/v1/health", timeout=5)
        told = send(str(folder.path / "socket"), [{"command": "OpenAccount", "account": "tha:own", "holder": "x"}])
        assert [answer["status"] for answer in told] == ["accepted"]


def test_of_two_who_race_for_the_same_units_exactly_one_gets_them(tmp_path: Path) -> None:
    folder = founded(tmp_path / "registry", blocks=200)
    headers = token(folder)
    with served(folder) as server:

        async def race() -> list[tuple[int, int]]:
            limits = httpx.Limits(max_connections=16)
            async with httpx.AsyncClient(base_url=server.address, headers=headers, limits=limits, timeout=60) as client:

                async def one(number: int) -> tuple[int, int]:
                    body = transfer(number * 1_000 + 1, (number + 1) * 1_000)
                    return number, (await client.post(ACTS, json=body)).status_code

                return await asyncio.gather(*(one(number) for number in range(200) for _ in range(2)))

        outcomes = asyncio.run(race())
    assert Counter(outcomes) == Counter({(number, status): 1 for number in range(200) for status in (201, 409)})
    assert not verify_folder(folder).findings


def test_readers_beside_a_writer_always_see_whole_acts(running: Served) -> None:
    headers = token(running.folder)
    seen: list[tuple[int, int]] = []
    ended = threading.Event()

    def read() -> None:
        with httpx.Client(base_url=running.address, timeout=30) as client:
            while not ended.is_set():
                totals = [client.get(f"/api/v1/accounts/{code}?limit=1").json() for code in ("cdm:BR-1", "tha:trader")]
                seen.append((totals[0]["units"], totals[1]["units"]))

    reader = threading.Thread(target=read)
    reader.start()
    with httpx.Client(base_url=running.address, headers=headers, timeout=30) as client:
        for number in range(1, 301):
            answer = client.post(ACTS, json=transfer(number, number))
            assert answer.status_code == 201
            if number % 50 == 0:
                # What was answered can be read at once.
                assert client.get(f"/api/v1/units/BR-{number}").json()["account"] == "tha:trader"
    ended.set()
    reader.join()
    assert seen
    # Two questions are two moments: between them the writer goes on, never back.
    assert all(first + second >= 10_000 and second <= 300 for first, second in seen)
    assert seen == sorted(seen, key=lambda pair: pair[1])


def test_a_client_that_sends_everything_before_it_reads_is_answered(running: Served) -> None:
    body = b"".join(json.dumps(transfer(1, 2, id=f"r:{number}")).encode() + b"\n" for number in range(20_000))
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=120)
    headers = {**token(running.folder), "content-type": "application/x-ndjson"}
    connection.request("POST", f"{ACTS}:bulk", body, headers)
    answer = connection.getresponse().read()
    connection.close()
    assert answer.count(b'"line":') == 20_000
    assert answer.count(b'"status":"accepted"') == 1
    assert memory_mib(running.process.pid) < 400


def memory_mib(pid: int) -> int:
    """The most memory that a process has held, where the system tells."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return int(next(line for line in text.splitlines() if line.startswith("VmHWM")).split()[1]) // 1024


@pytest.mark.parametrize(
    "sent, status, code",
    [
        (b"GET / HTTP/1.1\r\nhost: x\r\nbig: " + b"x" * 40_000 + b"\r\n\r\n", 431, "http.head_too_large"),
        (b"GET / HTTP/1.1\r\nhost: x\r\nbig: " + b"x" * 400_000, 431, "http.head_too_large"),
        (b"GET /" + b"x" * 400_000, 431, "http.head_too_large"),
        (b"hello\r\n\r\n", 400, "http.request_unreadable"),
        (b"GET / HTTP/1.1\r\nhost x\r\n\r\n", 400, "http.request_unreadable"),
        (b"GET / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n", 400, "http.request_unreadable"),
    ],
)
def test_a_head_that_is_too_large_or_no_head_at_all_is_told_so(
    running: Served, sent: bytes, status: int, code: str
) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as connection:
        connection.sendall(sent)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        told = json.loads(answer.read())
    assert (answer.status, told["code"]) == (status, code)
    assert answer.getheader("content-type") == "application/problem+json"


def test_a_body_that_is_too_large_is_refused_before_it_has_come(running: Served) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as connection:
        [(name, value)] = token(running.folder).items()
        head = f"POST {ACTS} HTTP/1.1\r\nhost: x\r\n{name}: {value}\r\ncontent-length: 99999999\r\n\r\n"
        connection.sendall(head.encode() + b" " * 2_000_000)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        told = json.loads(answer.read())
    assert (answer.status, told["code"]) == (413, "http.body_too_large")
    assert memory_mib(running.process.pid) < 400


def test_a_bulk_that_is_cut_off_keeps_what_was_accepted_and_can_be_repeated(running: Served) -> None:
    headers = token(running.folder)
    body = b"".join(json.dumps(transfer(n, n, id=f"k:{n}")).encode() + b"\n" for n in range(1, 3_001))
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as connection:
        fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"POST {ACTS}:bulk HTTP/1.1\r\nhost: x\r\n{fields}content-length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body[: len(body) // 2])
        time.sleep(0.5)
    again = httpx.post(f"{running.address}{ACTS}:bulk", content=body, headers=headers, timeout=60)
    assert again.text.count('"status":"accepted"') == 3_000
    assert running.stop() == 0
    assert not verify_folder(running.folder).findings


class _Watched(BoundedProtocol):
    """The connection of a test, reachable."""

    last: "_Watched"

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        _Watched.last = self


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    message = await receive()
    while message.get("more_body"):
        message = await receive()
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.mark.anyio
@pytest.mark.parametrize(
    "sent, seconds, answered",
    [
        (b"", protocol.HEAD_SECONDS + 1, b"408"),
        (b"GET / HT", protocol.HEAD_SECONDS + 1, b"408"),
        (b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\nx", protocol.BODY_SECONDS + 1, b"408"),
        (b"GET / HT", protocol.HEAD_SECONDS - 1, b""),
        (b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\n" + b"x" * 2_000, protocol.BODY_SECONDS + 1, b""),
    ],
)
async def test_a_slow_client_is_cut_off_and_a_steady_one_is_not(sent: bytes, seconds: int, answered: bytes) -> None:
    loop = asyncio.get_running_loop()
    own = tcp_socket("127.0.0.1", 0)
    port = own.getsockname()[1]
    config, state = server_config(_nothing), server_state()
    server = await loop.create_server(lambda: _Watched(config=config, server_state=state, app_state={}), sock=own)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    await asyncio.sleep(0.1)
    _Watched.last.look_over(loop.time() + seconds)
    if answered:
        assert answered in (await asyncio.wait_for(reader.read(), 5)).splitlines()[0]
    else:
        assert not _Watched.last.transport.is_closing()
    writer.close()
    server.close()
