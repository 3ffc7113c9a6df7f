"""The process of the front door: two sockets that its supervisor gave it, one for everybody and one for the owner."""

import asyncio
import logging
import os
import signal
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Any, Final

import uvloop

from counterfoil.entrypoints.http.listening import allow_files, server_config, server_state
from counterfoil.entrypoints.http.protocol import BoundedProtocol
from counterfoil.entrypoints.http.sockets import BACKLOG
from counterfoil.entrypoints.tenancy.front_door import FrontDoor
from counterfoil.entrypoints.tenancy.section_process import end_with_supervisor

GRACE_SECONDS: Final = 5
TICK_SECONDS: Final = 1


def main(arguments: list[str]) -> int:
    """Stand before the installation in `FOLDER`, at the listening sockets `TCP` and `CONTROL`."""
    directory, *descriptors = arguments
    os.umask(0o077)
    allow_files()
    end_with_supervisor()
    # An answer that is broken off is counted; a trace of it in the log would help nobody and could be caused at will.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    sockets = [socket.socket(fileno=int(each)) for each in descriptors]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(stand(FrontDoor(Path(directory)), *sockets))
    return 0


async def stand(door: FrontDoor, public: socket.socket, control: socket.socket) -> None:
    """Answer until SIGTERM or SIGINT; then let what runs end, for a few seconds."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    state = server_state()
    make = partial(BoundedProtocol, config=server_config(door), server_state=state, app_state={}, _loop=loop)
    for each in (public, control):
        each.setblocking(False)  # noqa: FBT003  the socket's own signature
    servers: list[Any] = [
        await loop.create_server(make, sock=public, backlog=BACKLOG),
        await loop.create_unix_server(make, sock=control, backlog=BACKLOG),
    ]
    while not stop.is_set():
        state.default_headers = server_state().default_headers
        now = loop.time()
        for connection in list(state.connections):
            if isinstance(connection, BoundedProtocol):
                connection.look_over(now)
        try:
            async with asyncio.timeout(TICK_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue
    for server in servers:
        server.close()
    for connection in list(state.connections):
        connection.shutdown()
    if state.tasks:
        await asyncio.wait(list(state.tasks), timeout=GRACE_SECONDS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
