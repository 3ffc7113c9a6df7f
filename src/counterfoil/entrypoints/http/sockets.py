"""The two places where a server listens: a TCP port for everybody, and a socket in the folder for its owner."""

import contextlib
import os
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from counterfoil.application.ports import Outage
from counterfoil.entrypoints.http.fault import HttpFault

NAME: Final = "socket"
PATH_BYTES_MAX: Final = 107
"""The longest path of a socket that every system takes (`sun_path` less its final zero)."""
BACKLOG: Final = 1_024


def tcp_socket(host: str, port: int) -> socket.socket:
    """A socket bound to a host and port; port 0 takes a free one.

    Raises:
        Outage: `http.address_in_use`, also for a host that is not this machine's.
    """
    own = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        own = socket.socket(family, kind, protocol)
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        own.bind(address)
        own.setblocking(False)  # noqa: FBT003  the socket's own signature
    except (OSError, OverflowError) as error:
        if own is not None:
            own.close()
        detail = getattr(error, "strerror", None) or str(error)
        raise Outage(HttpFault.ADDRESS_IN_USE, {"host": host, "port": port, "detail": detail}) from error
    return own


@contextlib.contextmanager
def local_socket(directory: Path) -> Iterator[tuple[socket.socket, str]]:
    """A socket that only the owner can open, with its path; both are gone afterwards.

    It lies in the folder, or, where that path is too long, in a private folder of the system's. The caller holds the
    registry's lock, so a socket that is there already was left by a server that was killed.

    Raises:
        Outage: `http.address_in_use` when it cannot be made.
    """
    with contextlib.ExitStack() as stack:
        path = directory.absolute() / NAME
        if len(os.fsencode(path)) > PATH_BYTES_MAX:
            path = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="counterfoil-"))) / NAME
        own = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        try:
            if path.exists() and stat.S_ISSOCK(path.lstat().st_mode):
                path.unlink()
            # The mask, not a later chmod: there is no moment at which others could connect.
            former = os.umask(0o177)
            try:
                own.bind(str(path))
            finally:
                os.umask(former)
        except OSError as error:
            facts = {"host": str(path), "port": 0, "detail": error.strerror or str(error)}
            raise Outage(HttpFault.ADDRESS_IN_USE, facts) from error
        own.setblocking(False)  # noqa: FBT003  the socket's own signature
        stack.callback(path.unlink, missing_ok=True)
        yield own, str(path)
