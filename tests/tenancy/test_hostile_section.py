"""A section that answers with nonsense, too much or nothing: the door says so, and hands on no half answer as whole."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, MutableMapping
from pathlib import Path
from typing import Any

import anyio
import h11
import httpx
import pytest
import uvloop

from counterfoil.entrypoints.tenancy import passage
from counterfoil.entrypoints.tenancy.front_door import FrontDoor
from counterfoil.entrypoints.tenancy.standing import Running, SectionStanding, Standing, run_folder, write_standing

pytestmark = pytest.mark.anyio
GOOD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@contextlib.asynccontextmanager
async def behind(directory: Path, answer: bytes, *, stays: bool = False) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a door behind which a section answers with these bytes, whatever was asked."""

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
            if stays:
                await reader.read()
        except OSError:
            pass
        finally:
            writer.close()
            done.set()

    done = asyncio.Event()
    run_folder(directory).mkdir()
    path = run_folder(directory) / "THA.sock"
    server = await asyncio.start_unix_server(reply, path)
    section = SectionStanding("THA", (), str(path), Running.RUNNING)
    write_standing(directory, Standing("Hosted", 1, "", sections=(section,)))
    transport = httpx.ASGITransport(app=FrontDoor(directory))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://hosted.example") as client:
        with anyio.fail_after(30):
            yield client
        await done.wait()
    server.close()
    await server.wait_closed()


async def test_a_good_answer_passes(tmp_path: Path) -> None:
    async with behind(tmp_path, GOOD) as client:
        assert (await client.get("/s/THA/")).text == "{}"


@pytest.mark.parametrize(
    ("why", "answer"),
    [
        ("it says nothing", b""),
        ("it is no HTTP", b"hello, world\r\n\r\n"),
        ("its head never ends", b"HTTP/1.1 200 OK\r\nx: " + b"y" * 200_000),
        ("a header is split", b"HTTP/1.1 200 OK\r\nx: a\rb\r\n\r\n"),
        ("it has two sizes", b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}"),
        ("its size is below zero", b"HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}"),
        ("its status is none", b"HTTP/1.1 999999 Hm\r\n\r\n"),
        ("it changes the protocol", b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
    ],
)  # fmt: skip
async def test_the_door_says_that_a_section_did_not_answer_when(tmp_path: Path, why: str, answer: bytes) -> None:
    async with behind(tmp_path, answer) as client:
        told = await client.get("/s/THA/")
        assert (told.status_code, told.json()["code"]) == (503, "door.section_broke_off"), why
        assert (await client.get("/health")).status_code == 200


async def test_a_second_answer_behind_the_first_reaches_nobody(tmp_path: Path) -> None:
    async with behind(tmp_path, GOOD + GOOD.replace(b"{}", b"no")) as client:
        assert [(await client.get("/s/THA/")).text for _ in range(2)] == ["{}", "{}"]


async def test_an_answer_cut_short_is_never_whole(tmp_path: Path) -> None:
    async with behind(tmp_path, GOOD.replace(b": 2", b": 9")) as client:
        with contextlib.suppress(httpx.HTTPError, AssertionError):
            told = await client.get("/s/THA/")
            assert told.headers["content-length"] == "9" and len(told.content) < 9


async def test_a_section_that_begins_nothing_is_left_after_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passage, "ANSWER_SECONDS", 0.2)
    async with behind(tmp_path, b"HTTP/1.1 200 OK\r\n", stays=True) as client:
        assert (await client.get("/s/THA/")).json()["code"] == "door.section_broke_off"


async def test_what_a_section_says_of_its_connection_and_cookies_stays_behind(tmp_path: Path) -> None:
    answer = GOOD.replace(
        b"\r\n\r\n", b"\r\nset-cookie: a=1; Path=/\r\nkeep-alive: x\r\nconnection: x-own\r\nx-own: 1\r\n\r\n"
    )
    async with behind(tmp_path, answer) as client:
        headers = (await client.get("/s/THA/")).headers
        assert not {"set-cookie", "keep-alive", "connection", "x-own"} & set(headers)


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_a_section_that_refused_and_hung_up_before_the_request_was_sent_is_heard(
    loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    """Whoever has no token is refused by the head; the body that comes after it meets a closed connection."""
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"{}"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def exchange() -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX)
        ours.setblocking(False)
        ours.sendall(b"POST")
        theirs.sendall(GOOD.replace(b"200 OK", b"401 Unauthorized"))
        theirs.close()
        head = h11.Request(method="POST", target="/", headers=[("host", "x"), ("content-length", "2")])
        with ours:
            await passage.Passage(send, b"").through(head, receive, ours)

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(exchange())
    assert sent[0]["status"] == 401
    assert b"".join(each.get("body", b"") for each in sent) == b"{}"
