"""Send commands to a running server over the socket in its folder: for the command line when the lock is taken."""

import http.client
import socket
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from counterfoil.application.ports import Outage
from counterfoil.entrypoints.http.fault import HttpFault

CHUNK: Final = 1_000
"""Commands of one request: small enough that neither side has to keep much."""
SECONDS: Final = 120
_PATH: Final = "/api/v1/commands:bulk"


def send(address: str, commands: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The answers to commands, in their order, as `wire.answer_json` writes them.

    Args:
        address: The path of the socket, as the lock's holder announced it.

    Raises:
        Outage: `http.local_unreachable` when nobody answers there. What was sent may have been done: commands with an
            id can be sent again.
    """
    answers: list[dict[str, Any]] = []
    connection = _LocalConnection(address)
    try:
        for start in range(0, len(commands), CHUNK):
            answers.extend(_sent(connection, commands[start : start + CHUNK]))
    except (OSError, http.client.HTTPException, msgspec.DecodeError) as error:
        detail = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise Outage(HttpFault.LOCAL_UNREACHABLE, {"address": address, "detail": detail}, retry=True) from error
    finally:
        connection.close()
    return answers


def post(address: str, path: str, body: bytes) -> dict[str, Any]:
    """The JSON answer to one request with a text as its body, a problem's included.

    Raises:
        Outage: `http.local_unreachable` when nobody answers there.
    """
    connection = _LocalConnection(address)
    try:
        connection.request("POST", path, body, {"content-type": "text/plain; charset=utf-8"})
        told: dict[str, Any] = msgspec.json.decode(connection.getresponse().read())
        return told
    except (OSError, http.client.HTTPException, msgspec.DecodeError) as error:
        detail = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise Outage(HttpFault.LOCAL_UNREACHABLE, {"address": address, "detail": detail}, retry=True) from error
    finally:
        connection.close()


def ask(
    address: str, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
) -> tuple[int, dict[str, Any]]:
    """The status and the JSON answer of one request, a problem's included.

    Raises:
        Outage: `http.local_unreachable` when nobody answers there.
    """
    connection = _LocalConnection(address)
    sent = None if body is None else msgspec.json.encode(body)
    try:
        connection.request(method, path, sent, {"content-type": "application/json", **(headers or {})})
        response = connection.getresponse()
        told: dict[str, Any] = msgspec.json.decode(response.read())
        return response.status, told
    except (OSError, http.client.HTTPException, msgspec.DecodeError) as error:
        detail = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise Outage(HttpFault.LOCAL_UNREACHABLE, {"address": address, "detail": detail}, retry=True) from error
    finally:
        connection.close()


def _sent(connection: "_LocalConnection", commands: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    body = b"".join(msgspec.json.encode(command) + b"\n" for command in commands)
    connection.request("POST", _PATH, body, {"content-type": "application/x-ndjson"})
    response = connection.getresponse()
    data = response.read()
    if response.status != 200:
        raise http.client.HTTPException(f"{response.status} {response.reason}")
    lines = data.splitlines()
    if len(lines) != len(commands):
        raise http.client.HTTPException(f"{len(lines)} answers to {len(commands)} commands")
    for line in lines:
        told: dict[str, Any] = msgspec.json.decode(line)
        told.pop("line")
        yield told


class _LocalConnection(http.client.HTTPConnection):
    """HTTP over a UNIX socket."""

    def __init__(self, address: str) -> None:
        super().__init__("localhost", timeout=SECONDS)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(SECONDS)
        self.sock.connect(self._address)
