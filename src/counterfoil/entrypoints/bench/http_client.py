"""The load generator over HTTP: clients that each wait for an answer before they send their next act.

It speaks just enough of HTTP to see where an answer ends, so that the machine's processors are left to the server.
"""

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import uvloop

from counterfoil.entrypoints.bench.machine import quantile
from counterfoil.entrypoints.bench.workload import Workload
from counterfoil.entrypoints.wire import command_json

_HOST: Final = "127.0.0.1"
_ANSWER_S: Final = 30.0
_GOOD: Final = (b"200", b"201")


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of clients found. `lost` were sent and not answered; CPU is the load generator's own."""

    acts: int
    refused: int
    lost: int
    seconds: float
    p50_ms: float
    p99_ms: float
    cpu_s: float

    @property
    def per_second(self) -> float:
        return self.acts / max(self.seconds, 1e-9)


class Lane:
    """Acts that follow one another, ready to be sent; those of different lanes can be mixed in any order."""

    def __init__(self, part: Workload) -> None:
        self._part = part
        self._ready: deque[bytes] = deque()

    def prepare(self, count: int) -> None:
        """Have so many acts ready. What an earlier run left is sent first."""
        missing = max(0, count - len(self._ready))
        self._ready.extend(msgspec.json.encode(command_json(act.command)) for act in self._part.acts(missing))

    def next(self) -> bytes | None:
        return self._ready.popleft() if self._ready else None

    def take(self, count: int) -> list[bytes]:
        self.prepare(count)
        return [self._ready.popleft() for _ in range(count)]


class Emptiness:
    """A lane for the empty application."""

    def __init__(self, count: int) -> None:
        self._left = count

    def next(self) -> bytes | None:
        self._left -= 1
        return b"{}" if self._left >= 0 else None


def single(
    port: int, lanes: Sequence[Lane] | Sequence[Emptiness], *, clients: int, seconds: float, token: str = ""
) -> Load:
    """Acts one by one until the lanes are empty or the time is up; each client has lanes of its own."""
    authorization = f"authorization: Bearer {token}\r\n" if token else ""
    head = f"POST /api/v1/commands HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n{authorization}"
    shares = [lanes[number::clients] for number in range(clients)]
    return uvloop.run(_singly(port, shares, head.encode(), seconds))


async def _singly(port: int, shares: Sequence[Sequence[Any]], head: bytes, seconds: float) -> Load:
    loop = asyncio.get_running_loop()
    clients = [_Client(share, head, loop.create_future()) for share in shares]
    for client in clients:
        await loop.create_connection(lambda client=client: client, _HOST, port)  # type: ignore[misc]
    cpu = time.process_time()
    begun = time.perf_counter()
    for client in clients:
        client.begin(until=begun + seconds)
    await asyncio.wait([client.ended for client in clients], timeout=seconds + _ANSWER_S)
    spent = time.perf_counter() - begun
    cpu = time.process_time() - cpu
    for client in clients:
        client.close()
    took = [each for client in clients for each in client.took]
    refused = sum(client.refused for client in clients)
    lost = sum(client.sent for client in clients) - len(took)
    return _load(took, acts=len(took) - refused, refused=refused, lost=lost, seconds=spent, cpu_s=cpu)


def _load(took: Sequence[float], *, acts: int, refused: int, lost: int, seconds: float, cpu_s: float) -> Load:
    p50, p99 = (round(quantile(took, share) * 1_000, 3) if took else 0.0 for share in (0.5, 0.99))
    return Load(acts, refused, lost, seconds, p50, p99, cpu_s)


class _Client(asyncio.Protocol):
    """One connection that is kept, one request at a time."""

    def __init__(self, lanes: Sequence[Any], head: bytes, ended: asyncio.Future[None]) -> None:
        self._lanes = itertools.cycle(lanes)
        self._width = len(lanes)
        self._head = head
        self._seen = b""
        self._sent_at = self._until = 0.0
        self._transport: Any = None
        self.ended = ended
        self.took: list[float] = []
        self.sent = self.refused = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """An act that was under way then counts as lost."""
        del exc
        self._end()

    def begin(self, *, until: float) -> None:
        self._until = until
        self._next()

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._seen = data = self._seen + data if self._seen else data
        if not _whole(data):
            return
        self._seen = b""
        self.took.append(time.perf_counter() - self._sent_at)
        self.refused += data[9:12] not in _GOOD
        self._next()

    def _next(self) -> None:
        now = time.perf_counter()
        body = self._body() if now < self._until else None
        if body is None:
            self._end()
            return
        self._sent_at = now
        self.sent += 1
        self._transport.write(b"%bcontent-length: %d\r\n\r\n%b" % (self._head, len(body), body))

    def _body(self) -> bytes | None:
        for _ in range(self._width):
            body: bytes | None = next(self._lanes).next()
            if body is not None:
                return body
        return None

    def _end(self) -> None:
        if not self.ended.done():
            self.ended.set_result(None)


def _whole(data: bytes) -> bool:
    head = data.find(b"\r\n\r\n")
    if head < 0:
        return False
    at = data.find(b"content-length: ")
    return len(data) >= head + 4 + int(data[at + 16 : data.find(b"\r", at)])


def in_bulk(port: int, lanes: Sequence[Lane], *, acts: int, lines: int, clients: int, token: str) -> Load:
    """Acts as lines of bulk requests, from so many clients at a time."""
    shares = [lanes[number::clients] for number in range(clients)]
    requests = max(1, acts // lines // clients)
    pieces = [[_lines(share, lines) for _ in range(requests)] for share in shares]
    return uvloop.run(_bulkily(port, pieces, lines, token))


def _lines(lanes: Sequence[Lane], count: int) -> bytes:
    each = -(-count // len(lanes))
    bodies = [body for lane in lanes for body in lane.take(each)]
    return b"".join(body + b"\n" for body in bodies)


async def _bulkily(port: int, pieces: Sequence[Sequence[bytes]], lines: int, token: str) -> Load:
    took: list[float] = []
    accepted = asked = 0

    async def client(own: Sequence[bytes]) -> None:
        nonlocal accepted, asked
        for piece in own:
            begun = time.perf_counter()
            answers = await _posted(port, piece, token)
            took.append(time.perf_counter() - begun)
            asked += piece.count(b"\n")
            accepted += answers.count(b'"status":"accepted"')

    cpu = time.process_time()
    begun = time.perf_counter()
    await asyncio.gather(*(client(own) for own in pieces))
    spent = time.perf_counter() - begun
    cpu = time.process_time() - cpu
    return _load(took, acts=accepted, refused=asked - accepted, lost=0, seconds=spent, cpu_s=cpu)


async def _posted(port: int, body: bytes, token: str) -> bytes:
    reader, writer = await asyncio.open_connection(_HOST, port, limit=1024 * 1024)
    head = (
        f"POST /api/v1/commands:bulk HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n"
        f"connection: close\r\ncontent-type: application/x-ndjson\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    answer = await reader.read(-1)
    writer.close()
    return answer


def unseen_writes(port: int, lanes: Sequence[Lane], *, acts: int, token: str) -> int:
    """How many acts a reading right after their answer did not show; every lane has a client."""
    return uvloop.run(_unseen(port, lanes, -(-acts // len(lanes)), token))


async def _unseen(port: int, lanes: Sequence[Lane], each: int, token: str) -> int:
    async def client(lane: Lane) -> int:
        reader, writer = await asyncio.open_connection(_HOST, port, limit=1024 * 1024)
        missed = 0
        for body in lane.take(each):
            receipt = msgspec.json.decode(await _asked(reader, writer, "POST /api/v1/commands", body, token))
            shown = await _asked(reader, writer, f"GET /api/v1/entries/{receipt.get('seq', '-')}", b"", token)
            missed += str(receipt.get("command")).encode() not in shown
        writer.close()
        return missed

    return sum(await asyncio.gather(*(client(lane) for lane in lanes)))


async def _asked(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, what: str, body: bytes, token: str
) -> bytes:
    kind = "content-type: application/json\r\n" if body else ""
    head = f"{what} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n{kind}content-length: {len(body)}"
    writer.write(head.encode() + b"\r\n\r\n" + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    at = answer.find(b"content-length: ")
    return await reader.readexactly(int(answer[at + 16 : answer.find(b"\r", at)]))
