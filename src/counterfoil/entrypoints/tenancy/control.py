"""Ask the front door over its owner's socket: how each section is, and what was counted."""

import http.client
import socket
from pathlib import Path
from typing import Any, Final

import msgspec

from counterfoil.adapters.lock import RegistryLock

SECONDS: Final = 15


class _Owner(http.client.HTTPConnection):
    """HTTP over the socket of the front door."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(SECONDS)
        self.sock.connect(self._path)


def asked(directory: Path, path: str) -> bytes | None:
    """The answer of the front door of the installation in a folder; None where none is there or it does not answer."""
    holder = RegistryLock(directory).holder()
    if holder is None or holder.address is None:
        return None
    connection = _Owner(holder.address)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def sections_health(directory: Path) -> dict[str, Any] | None:
    """What each open section says of its health, by Party; None where the installation is not served."""
    data = asked(directory, "/health")
    try:
        found: dict[str, Any] = msgspec.json.decode(data or b"")["sections"]
    except (msgspec.DecodeError, KeyError, TypeError):
        return None
    return found
