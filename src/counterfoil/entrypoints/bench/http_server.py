"""The servers that are measured, each in a process of its own: a registry's, and an empty application on the same kind.

Run as a module: `serve DIR MILLISECONDS`, where every commit takes so much longer, or `empty`. The address is told.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import uvloop

SERVED_SECONDS: Final = 1_800
_MODULE: Final = "counterfoil.entrypoints.bench.http_server"


class Served(NamedTuple):
    """A server that answers: its port on this machine, and its process."""

    port: int
    pid: int


@contextmanager
def server(*arguments: str) -> Iterator[Served]:
    """A server for as long as the block runs: `empty`, or `serve DIR MILLISECONDS`."""
    command = [sys.executable, "-m", _MODULE, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  our own module
        assert process.stdout is not None
        try:
            yield Served(int(process.stdout.readline().rpartition(":")[2]), process.pid)
        finally:
            process.terminate()
            process.wait()


def _serve(path: str, pause_ms: int) -> None:
    from counterfoil.entrypoints import serving
    from counterfoil.entrypoints.bootstrap import Folder

    if pause_ms:
        _slow_down(serving, pause_ms / 1_000)
    serving.serve(Folder(Path(path)), port=0, for_seconds=SERVED_SECONDS)


def _slow_down(serving: Any, pause_s: float) -> None:
    """Let the registry be opened with a store whose commits take longer. This process serves a measurement only."""
    from counterfoil.application.driver import Driver
    from counterfoil.application.writer import Writer
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bench.subject import Slowed
    from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_writing

    def slowed(folder: Folder, what: str) -> Writable | Refusal:
        opened = open_for_writing(folder, what)
        if isinstance(opened, Refusal):
            return opened
        opened.driver.close()
        store: Any = Slowed(opened.world.store, pause_s)
        opened.world = replace(opened.world, store=store)
        opened.driver = Driver(Writer(opened.world))
        return opened

    serving.open_for_writing = slowed


def _serve_empty() -> None:
    """The same server and the same protocol in front of an application that answers at once."""
    from functools import partial

    from counterfoil.entrypoints.http.listening import server_config, server_state
    from counterfoil.entrypoints.http.protocol import BoundedProtocol
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


def _main(arguments: Sequence[str]) -> None:
    if arguments[0] == "empty":
        _serve_empty()
    else:
        _serve(arguments[1], int(arguments[2]))


if __name__ == "__main__":
    _main(sys.argv[1:])
