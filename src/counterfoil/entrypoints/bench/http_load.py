"""How many durable acts a second come through HTTP: one by one, in bulk, and an empty application on the same server.

The server runs in a process of its own, the clients in this one; each client sends its next act when the last one is
answered. All figures of one call come from one run, so that their ratios can be trusted more than themselves.
"""

import asyncio
import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import msgspec
import uvloop

from counterfoil.application.command import Command, Units
from counterfoil.application.commands.found import Found
from counterfoil.application.commands.import_units import ImportIssuance
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, create_key, open_for_writing
from counterfoil.entrypoints.http.tokens import new_token
from counterfoil.entrypoints.wire import command_json

SOURCE: Final = "cdm:BR-1"
TARGET: Final = "tha:b"
UNIT_CLASS: Final = "BR-#"
BLOCK: Final = 1_000
SERVED_SECONDS: Final = 600
_MODULE: Final = "counterfoil.entrypoints.bench.http_load"


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of clients measured. Latencies are whole microseconds, from sending to the whole answer."""

    acts: int
    refused: int
    nanoseconds: int
    p50_us: int
    p99_us: int

    @property
    def per_second(self) -> int:
        return self.acts * 1_000_000_000 // max(1, self.nanoseconds)


def measure(*, clients: Sequence[int] = (1, 8, 32), acts: int = 8_000, bulk: int = 1_000) -> dict[str, Any]:
    """Single acts with so many clients, bulk acts, the same acts in process, and the empty application.

    Args:
        acts: Transfers of every run; a lone client sends a quarter of them.
        bulk: Lines of one bulk request.
    """
    with tempfile.TemporaryDirectory(prefix="counterfoil-bench-") as place:
        folder = Folder(Path(place))
        total = acts * (len(clients) + 2)
        token = prepared(folder, blocks=total)
        blocks = itertools.count()
        found: dict[str, Any] = {"in_process": in_process(folder, transfers(itertools.islice(blocks, acts)))}
        with server("empty") as port:
            found["empty"] = {n: single(port, [b"{}"] * _share(n, acts), clients=n) for n in clients}
        with server("serve", place) as port:
            found["single"] = {
                n: single(port, _bodies(itertools.islice(blocks, _share(n, acts))), clients=n, token=token)
                for n in clients
            }
            lines = [body + b"\n" for body in _bodies(itertools.islice(blocks, acts))]
            found["bulk"] = in_bulk(port, lines, lines_of_request=bulk, clients=2, token=token)
    return found


def _share(clients: int, acts: int) -> int:
    return acts if clients > 1 else acts // 4


def prepared(folder: Folder, *, blocks: int) -> str:
    """A registry with so many blocks of a thousand units, and the text of a token that may write."""
    create_key(folder, name="bench/registry")
    writable = open_for_writing(folder, "bench", create=True)
    assert not isinstance(writable, Refusal)
    with writable:
        _do(
            writable.driver.do,
            [Found(registry="THA01", party=Party("THA"), name="Bench", origin="bench/registry", public_key="-")],
        )
        _do(writable.driver.do, [OpenAccount(account=TARGET, holder="bench")])
        for start in range(0, blocks, 2_000):
            _do(writable.driver.do, [_imported(number) for number in range(start, min(start + 2_000, blocks))])
    token = new_token(folder.path, name="bench")
    assert not isinstance(token, Refusal)
    return token.text


def _do(do: Callable[[Sequence[Submission]], Sequence[Any]], commands: Sequence[Command]) -> None:
    outcomes = do([Submission(command, "bench") for command in commands])
    assert all(isinstance(outcome, Receipt) for outcome in outcomes), outcomes[0]


def _imported(number: int) -> ImportIssuance:
    return ImportIssuance(
        party="BR",
        project="1",
        first=number * BLOCK + 1,
        last=(number + 1) * BLOCK,
        unit_type="CER",
        commitment_period="1",
        completed_at="2010-01-01",
        provenance="bench",
    )


def transfers(blocks: Iterator[int]) -> list[Transfer]:
    """One transfer from each block: forty in a hundred take it whole, thirty its head, thirty its middle."""
    spans = {**dict.fromkeys(range(4), (1, BLOCK)), **dict.fromkeys(range(4, 7), (1, 500))}
    found = []
    for number in blocks:
        first, last = spans.get(number % 10, (101, 500))
        start = number * BLOCK
        found.append(Transfer(units=Units(UNIT_CLASS, start + first, start + last), source=SOURCE, target=TARGET))
    return found


def _bodies(blocks: Iterator[int]) -> list[bytes]:
    return [msgspec.json.encode(command_json(command)) for command in transfers(blocks)]


def in_process(folder: Folder, commands: Sequence[Transfer]) -> Load:
    """The same acts without HTTP, in batches of a thousand."""
    writable = open_for_writing(folder, "bench")
    assert not isinstance(writable, Refusal)
    with writable:
        start = perf_counter()
        for at in range(0, len(commands), 1_000):
            _do(writable.driver.do, commands[at : at + 1_000])
        seconds = perf_counter() - start
    return Load(len(commands), 0, round(seconds * 1e9), 0, 0)


def single(port: int, bodies: Sequence[bytes], *, clients: int, token: str = "") -> Load:
    """Acts one by one: so many clients, each waiting for its answer."""
    head = "POST /api/v1/commands HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
    authorization = f"authorization: Bearer {token}\r\n" if token else ""
    requests = [f"{head}{authorization}content-length: {len(body)}\r\n\r\n".encode() + body for body in bodies]
    return uvloop.run(_loaded(port, requests, clients))


async def _loaded(port: int, requests: Sequence[bytes], clients: int) -> Load:
    loop = asyncio.get_running_loop()
    pending = iter(requests)
    ended: list[asyncio.Future[None]] = [loop.create_future() for _ in range(clients)]
    own = [_Client(pending, future) for future in ended]
    connections = [await loop.create_connection(lambda each=each: each, "127.0.0.1", port) for each in own]  # type: ignore[misc]
    start = perf_counter()
    for client in own:
        client.next()
    await asyncio.gather(*ended)
    seconds = perf_counter() - start
    for transport, _ in connections:
        transport.close()
    took = sorted(each for client in own for each in client.took)
    refused = sum(client.refused for client in own)
    return Load(
        len(took) - refused,
        refused,
        round(seconds * 1e9),
        round(took[len(took) // 2] * 1e6),
        round(took[len(took) * 99 // 100] * 1e6),
    )


class _Client(asyncio.Protocol):
    """One connection that is kept, one request at a time, and just enough of HTTP to see where an answer ends."""

    def __init__(self, pending: Iterator[bytes], ended: asyncio.Future[None]) -> None:
        self._pending = pending
        self._ended = ended
        self._seen = b""
        self._sent_at = 0.0
        self._transport: Any = None
        self.took: list[float] = []
        self.refused = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._ended.done():
            self._ended.set_exception(exc or ConnectionError("the server closed the connection"))

    def next(self) -> None:
        request = next(self._pending, None)
        if request is None:
            self._ended.set_result(None)
            return
        self._sent_at = perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._seen = data = self._seen + data if self._seen else data
        head = data.find(b"\r\n\r\n")
        if head < 0:
            return
        at = data.find(b"content-length: ")
        if len(data) < head + 4 + int(data[at + 16 : data.find(b"\r", at)]):
            return
        self._seen = b""
        self.took.append(perf_counter() - self._sent_at)
        self.refused += data[9:12] not in (b"200", b"201")
        self.next()


def in_bulk(port: int, lines: Sequence[bytes], *, lines_of_request: int, clients: int, token: str) -> Load:
    """The same acts as lines, so many in a request."""
    pieces = [lines[at : at + lines_of_request] for at in range(0, len(lines), lines_of_request)]
    return uvloop.run(_bulk_loaded(port, pieces, clients, token))


async def _bulk_loaded(port: int, pieces: Sequence[Sequence[bytes]], clients: int, token: str) -> Load:
    pending = iter(pieces)
    took: list[float] = []
    refused = 0

    async def client() -> None:
        nonlocal refused
        for piece in pending:
            start = perf_counter()
            answers = await _posted(port, b"".join(piece), token)
            took.append(perf_counter() - start)
            refused += len(piece) - answers.count(b'"status":"accepted"')

    start = perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    seconds = perf_counter() - start
    took.sort()
    acts = sum(len(piece) for piece in pieces) - refused
    middle, late = took[len(took) // 2], took[len(took) * 99 // 100]
    return Load(acts, refused, round(seconds * 1e9), round(middle * 1e6), round(late * 1e6))


async def _posted(port: int, body: bytes, token: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024 * 1024)
    head = (
        f"POST /api/v1/commands:bulk HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n"
        f"connection: close\r\ncontent-type: application/x-ndjson\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    answer = await reader.read(-1)
    writer.close()
    return answer


@contextmanager
def server(*arguments: str) -> Iterator[int]:
    """A server in a process of its own: `serve DIR`, or `empty`. Gives its port."""
    command = [sys.executable, "-m", _MODULE, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  our own module
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline().rpartition(":")[2])
        finally:
            process.terminate()
            process.wait()


def _serve_empty() -> None:
    """The same server and the same protocol in front of an application that answers at once."""
    from functools import partial

    from counterfoil.entrypoints.http.protocol import BoundedProtocol
    from counterfoil.entrypoints.http.serving import server_config, server_state
    from counterfoil.entrypoints.http.sockets import tcp_socket

    async def empty(scope: Any, receive: Any, send: Any) -> None:
        del scope
        await receive()
        headers = [(b"content-type", b"application/json"), (b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{}"})

    async def run() -> None:
        loop = asyncio.get_running_loop()
        own = tcp_socket("127.0.0.1", 0)
        make = partial(
            BoundedProtocol, config=server_config(empty), server_state=server_state(), app_state={}, _loop=loop
        )
        await loop.create_server(make, sock=own)
        os.write(1, f"http://127.0.0.1:{own.getsockname()[1]}\n".encode())
        await asyncio.sleep(SERVED_SECONDS)

    uvloop.run(run())


def _main(arguments: Sequence[str]) -> Mapping[str, Any] | None:
    """`empty` and `serve DIR` are the servers that a measurement starts; without arguments, measure."""
    from counterfoil.entrypoints.http.serving import serve

    if arguments[:1] == ["empty"]:
        _serve_empty()
    elif arguments[:1] == ["serve"]:
        serve(Folder(Path(arguments[1])), port=0, for_seconds=SERVED_SECONDS)
    else:
        return measure()
    return None


if __name__ == "__main__":
    measured = _main(sys.argv[1:])
    if measured is not None:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(measured, enc_hook=str)).decode() + "\n")
