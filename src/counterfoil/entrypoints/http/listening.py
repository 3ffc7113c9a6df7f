"""What every server of this program has in common: its settings, its open files, and the date that answers carry."""

import resource
import socket
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any, Final, TypeAlias

import uvicorn
from uvicorn.server import ServerState

from counterfoil.entrypoints.http.exchange import Header
from counterfoil.entrypoints.http.protocol import BoundedProtocol

Tell: TypeAlias = Callable[[str], None]
"""Takes each line for the operator."""
KEEP_ALIVE_SECONDS: Final = 65
FILES: Final = 4_096
"""Open files: far more than connections, so that a full house leaves the ledger its own."""


def allow_files() -> None:
    """Let the process open as many files as all connections, the ledger and its readers need, where it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def server_config(application: Any) -> uvicorn.Config:
    """The server's settings for an application: HTTP/1.1 only, nothing said of itself, no log of its own."""
    config = uvicorn.Config(
        application,
        http=BoundedProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        interface="asgi3",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    config.load()
    return config


def server_state() -> ServerState:
    state = ServerState()
    state.default_headers = [dated()]
    return state


def dated() -> Header:
    # The date of an answer is no fact of the register: it may come straight from the machine.
    return b"date", formatdate(time.time(), usegmt=True).encode()  # noqa: TID251


def is_loopback(tcp: socket.socket) -> bool:
    host = str(tcp.getsockname()[0])
    return tcp.family == socket.AF_UNIX or host == "::1" or host.startswith("127.")
