"""One connection, with bounds: how many there are, how large a head may be, how slow a client.

The server looks over all connections once a second, so a bound costs a request nothing.
"""

import asyncio
import os
import socket
import struct
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.caller import LOCAL
from counterfoil.entrypoints.http.exchange import Receive, Scope, Send, answer_problem
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.problem import language_of, problem

CONNECTIONS_MAX: Final = 1_024
HEAD_BYTES_MAX: Final = 32 * 1024
HEAD_SECONDS: Final = 10
"""How long a head may take, from the connection or the head's first byte."""
BODY_SECONDS: Final = 20
BODY_BYTES_MIN: Final = 1_024
"""What must come of an unfinished body within BODY_SECONDS."""
ANSWER_SECONDS: Final = 60
"""How long a client may leave a full buffer of answers untouched."""


class BoundedProtocol(HttpToolsProtocol):
    """The protocol of one connection, over TCP or over the local socket."""

    owners_socket = True
    """Whether a connection over a UNIX socket by our own user is the folder's owner."""
    _head_since: float | None
    _head_bytes: int
    _body_mark: tuple[float, int]
    _body_bytes: int
    _answer_mark: tuple[float, int]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        now = self.loop.time()
        self._head_since = now
        self._head_bytes = self._body_bytes = 0
        self._body_mark = self._answer_mark = (now, 0)
        own = transport.get_extra_info("socket")
        local = self.owners_socket and own.family == socket.AF_UNIX and _is_owner(own)
        self.app_state = {LOCAL: local}
        # The owner always gets in, however many strangers hold on to the port.
        if len(self.connections) > CONNECTIONS_MAX and not local:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head_since is not None:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                self._break_off(HttpFault.HEAD_TOO_LARGE)
        else:
            self._body_bytes += len(data)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_since = self.loop.time()
        self._head_bytes = 0

    def on_headers_complete(self) -> None:
        self._head_since = None
        self._body_bytes = 0
        self._body_mark = (self.loop.time(), 0)
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size <= HEAD_BYTES_MAX:
            super().on_headers_complete()
            return
        # The head came in one piece: it is answered like any other request, by a site that only says this.
        site, self.app = self.app, _head_too_large
        super().on_headers_complete()
        self.app = site

    def send_400_response(self, msg: str) -> None:
        self._break_off(HttpFault.REQUEST_UNREADABLE)

    def look_over(self, now: float) -> None:
        """End the connection when its client has been too slow."""
        if self.transport.is_closing():
            return
        if self._head_since is not None:
            if now - self._head_since > HEAD_SECONDS:
                self._break_off(HttpFault.TOO_SLOW)
        elif self.cycle is not None and self.cycle.more_body and self._body_stalls(now):
            if self.cycle.response_started:
                self.transport.abort()
            else:
                self._break_off(HttpFault.TOO_SLOW)
        if self._answer_stalls(now):
            self.transport.abort()

    def _body_stalls(self, now: float) -> bool:
        since, seen = self._body_mark
        if self.flow.read_paused:
            self._body_mark = (now, self._body_bytes)  # it is we who do not read
            return False
        if now - since <= BODY_SECONDS:
            return False
        self._body_mark = (now, self._body_bytes)
        # A body that was refused already is thrown away for this long, so that the client can read why.
        return self._body_bytes - seen < BODY_BYTES_MIN or self.cycle.response_complete

    def _answer_stalls(self, now: float) -> bool:
        size = self.transport.get_write_buffer_size() if self.flow.write_paused else 0
        since, seen = self._answer_mark
        if size == 0 or size != seen:
            self._answer_mark = (now, size)
            return False
        return now - since > ANSWER_SECONDS

    def _break_off(self, code: HttpFault) -> None:
        """Say what is wrong, outside of any exchange, and close."""
        if self.transport.is_closing():
            return
        facts = {"bytes_max": HEAD_BYTES_MAX, "seconds": HEAD_SECONDS}
        told = problem(Refusal(code, facts), instance="")
        head = (
            f"HTTP/1.1 {told.status} {_PHRASES[told.status]}\r\ncontent-type: application/problem+json\r\n"
            f"content-length: {len(told.body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + told.body)
        self.transport.close()


class StrangersProtocol(BoundedProtocol):
    """A connection over a UNIX socket that an installation's front door made: whoever sends, it is not the owner."""

    owners_socket = False


_PHRASES: Final = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large"}


async def _head_too_large(scope: Scope, receive: Receive, send: Send) -> None:
    del receive
    fault = Refusal(HttpFault.HEAD_TOO_LARGE, {"bytes_max": HEAD_BYTES_MAX})
    await answer_problem(send, problem(fault, instance="", language=language_of(scope["headers"])))


def _is_owner(own: Any) -> bool:
    """Whether the process at the other end runs as our user or as root, where the system can tell."""
    credentials = getattr(socket, "SO_PEERCRED", None)
    if credentials is None:
        return True  # the mode of the socket's file decides alone
    _, user, _ = struct.unpack("3i", own.getsockopt(socket.SOL_SOCKET, credentials, struct.calcsize("3i")))
    return user in (0, os.getuid())
