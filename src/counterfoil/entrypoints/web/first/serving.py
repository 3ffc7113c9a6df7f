"""Serves the set-up of a registry on a port of this machine, until the registry can be served there itself."""

import asyncio
import signal
import socket
from functools import partial
from typing import Any, Final

import uvloop

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.listening import Tell, server_config, server_state
from counterfoil.entrypoints.http.protocol import BoundedProtocol
from counterfoil.entrypoints.http.sockets import BACKLOG
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.web.first.doorkeeper import LINK_MS
from counterfoil.entrypoints.web.first.set_up import PATH, SetUp

PARTING_SECONDS: Final = 0.5
"""How long the last page may take to reach the browser."""
ANSWERING_SECONDS: Final = 0.1
"""How long requests that came before that may take to be answered."""


def set_up(folder: Folder, tcp: socket.socket, *, for_seconds: int | None, texts: Texts, tell: Tell) -> bool:
    """Serve the set-up until it has ended; the socket goes on listening.

    Returns:
        Whether there is a registry to be served now; False where it was told to stop before.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_run(folder, tcp, for_seconds, texts, tell))


async def _run(folder: Folder, tcp: socket.socket, for_seconds: int | None, texts: Texts, tell: Tell) -> bool:
    loop = asyncio.get_running_loop()
    stop, done, halted = asyncio.Event(), asyncio.Event(), asyncio.Event()

    def halt() -> None:
        # Whoever stops the server at the very moment when the set-up ends wants it stopped, and not served.
        halted.set()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, halt)
    if for_seconds is not None:
        loop.call_later(for_seconds, halt)

    def ended() -> None:
        done.set()
        loop.call_soon_threadsafe(loop.call_later, PARTING_SECONDS, stop.set)

    site, state = SetUp(folder, SystemClock(), ended), server_state()
    make = partial(BoundedProtocol, config=server_config(site), server_state=state, app_state={}, _loop=loop)
    # A copy of the socket: closing the server closes it, and whoever comes meanwhile waits before the other one.
    server: Any = await loop.create_server(make, sock=tcp.dup(), backlog=BACKLOG)
    host, port = tcp.getsockname()[:2]
    shown = f"[{host}]" if tcp.family == socket.AF_INET6 else host
    tell(texts("web.first.link", folder=str(folder.path.absolute()), minutes=LINK_MS // 60_000))
    tell(f"http://{shown}:{port}{PATH}?key={site.doorkeeper.secret}")
    try:
        await stop.wait()
    finally:
        server.close()
        site.closed.set()
        await asyncio.sleep(ANSWERING_SECONDS)
        for connection in list(state.connections):
            connection.shutdown()
        await asyncio.sleep(0)
        for connection in list(state.connections):
            connection.transport.close()
        await asyncio.sleep(0)
    return done.is_set() and not halted.is_set()
