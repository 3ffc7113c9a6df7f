"""Clients of a server that may be killed at any moment: what they sent, and what they were answered.

Each client asks one thing at a time on its own connection. One of them sends several acts in one request.
"""

import asyncio
import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import uvloop

from tests.http.desk import transfer

BULK = 20
STATUSES = {"accepted": b"201 ", "refused": b"409 ", "failed": b"503 "}
FAILED = b"5"
"""How an answer begins that says nothing of the act but that it is not known to be done."""


@dataclass
class Heard:
    """What the clients know at the end.

    Attributes:
        sent: Every act by its id; whether it was done is known only where it was answered.
        answers: The whole answer to an act, as it came, by the id of the act.
    """

    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, bytes] = field(default_factory=dict)

    @property
    def unanswered(self) -> list[str]:
        return [each for each in self.sent if each not in self.answers]


def moves(run: str, *, start: int, step: int) -> Iterator[dict[str, Any]]:
    """Transfers of one unit each, by ids in order: `start`, `start + step`, ..."""
    serial = start
    while True:
        yield transfer(serial, serial, id=f"{run}:{serial:08}")
        serial += step


def load(port: int, header: str, sources: Iterable[Iterator[dict[str, Any]]], until: Callable[[Heard], float]) -> Heard:
    """Load a server until `until` has said, for the first time, after how many seconds it is to be ended; it ends it.

    Args:
        header: The value of `authorization`.
        sources: What each client sends. The last one sends its acts `BULK` at a time.
        until: Asked after each answer; a number below zero lets the load go on.
    """
    return uvloop.run(_load(port, header, list(sources), until))


async def _load(
    port: int, header: str, sources: list[Iterator[dict[str, Any]]], until: Callable[[Heard], float]
) -> Heard:
    heard = Heard()
    told = asyncio.Event()
    clients = [
        _client(port, header, source, heard, told, many=BULK if place == len(sources) - 1 else 1)
        for place, source in enumerate(sources)
    ]

    async def end() -> None:
        while (seconds := until(heard)) < 0:
            told.clear()
            await told.wait()
        await asyncio.sleep(seconds)
        until(heard)

    await asyncio.wait_for(asyncio.gather(end(), *clients), 60)
    return heard


async def _client(
    port: int, header: str, source: Iterator[dict[str, Any]], heard: Heard, told: asyncio.Event, *, many: int
) -> None:
    """Ask until the connection breaks."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return
    try:
        while acts := list(itertools.islice(source, many)):
            heard.sent.update((act["id"], act) for act in acts)
            writer.write(request(header, acts, bulk=many > 1))
            head, body = await answer(reader)
            for act, answered in zip(acts, told_each(head, body, acts, bulk=many > 1), strict=True):
                if not answered.startswith(FAILED):
                    heard.answers[act["id"]] = answered
            told.set()
    except (OSError, asyncio.IncompleteReadError, EOFError):
        return
    finally:
        told.set()
        writer.close()


def request(header: str, acts: list[dict[str, Any]], *, bulk: bool) -> bytes:
    body = b"\n".join(json.dumps(act).encode() for act in acts)
    path, kind = ("commands:bulk", "application/x-ndjson") if bulk else ("commands", "application/json")
    return (
        f"POST /api/v1/{path} HTTP/1.1\r\nhost: x\r\nauthorization: {header}\r\n"
        f"content-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
    ).encode() + body


async def answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The head and the body of one answer. A body in pieces is put together."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b"transfer-encoding: chunked" not in head:
        at = head.index(b"content-length: ") + 16
        return head, await reader.readexactly(int(head[at : head.index(b"\r", at)]))
    body = b""
    while size := int(await reader.readuntil(b"\n"), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readexactly(2)
    return head, body


def told_each(head: bytes, body: bytes, acts: list[dict[str, Any]], *, bulk: bool) -> list[bytes]:
    """The answer to each act: its status and its document, without the line that it had in a request of many."""
    if not bulk:
        return [head[9:12] + b" " + body]
    lines = [json.loads(line) for line in body.splitlines()]
    if len(lines) != len(acts):
        raise EOFError  # broken off: none of these counts as answered
    return [told(line) for line in lines]


def told(line: dict[str, Any]) -> bytes:
    del line["line"]
    return STATUSES[line["status"]] + json.dumps(line, separators=(",", ":"), ensure_ascii=False).encode()
