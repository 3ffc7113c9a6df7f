"""One request on its way through the front door to a section, and the answer on its way back, piece by piece.

The head is written anew by a library that knows the grammar, so that the section reads the same request as the door.
What belongs to one connection only (RFC 9110 section 7.6.1) stays behind, on both ways.
"""

import asyncio
import socket
from typing import Any, Final

import h11

from counterfoil.entrypoints.http.exchange import Gone, Receive, Scope, Send
from counterfoil.entrypoints.tenancy.routing import Way

PIECE_BYTES: Final = 64 * 1024
ANSWER_SECONDS: Final = 180
"""How long a section may take until its answer begins: more than its longest report."""
STALL_SECONDS: Final = 60
"""How long it may pause within an answer, and leave what it is sent unread."""
_OF_ONE_CONNECTION: Final = frozenset(
    (
        *(b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection"),
        *(b"te", b"trailer", b"transfer-encoding", b"upgrade", b"expect"),
    )
)
_SAID_BY_US: Final = frozenset((b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto"))
_PLACES: Final = frozenset((b"location", b"content-location"))

Headers = list[tuple[bytes, bytes]]


class Broken(Exception):
    """The section ended its answer before it was whole."""


def head_of(scope: Scope, way: Way, *, behind_proxy: bool) -> h11.Request:
    """The head for the section, with the address of whoever sent it as the last of `X-Forwarded-For`."""
    given: Headers = list(scope["headers"])
    left = _OF_ONE_CONNECTION | _SAID_BY_US | _named(given) | (frozenset((b"cookie",)) if way.prefix else frozenset())
    kept = [(name, value) for name, value in given if name not in left]
    sizes = {value for name, value in given if name == b"content-length"}
    chunked = any(name == b"transfer-encoding" for name, _ in given)
    if chunked:
        # A body of unknown size; where a size was said as well, it is the one thing that must not be believed.
        kept = [(name, value) for name, value in kept if name != b"content-length"]
        kept.append((b"transfer-encoding", b"chunked"))
    elif len(sizes) > 1:
        raise h11.RemoteProtocolError("content-length")
    query: bytes = scope["query_string"]
    target = way.path + (b"?" + query if query else b"")
    kept += [(b"x-forwarded-for", _sender(scope, given, behind_proxy=behind_proxy)), (b"connection", b"close")]
    return h11.Request(method=scope["method"].encode(), target=target, headers=kept)


def _sender(scope: Scope, given: Headers, *, behind_proxy: bool) -> bytes:
    """Where a proxy before the door is named, it wrote the last address; otherwise it is the connection's own."""
    if behind_proxy:
        said = b",".join(value for name, value in given if name == b"x-forwarded-for").rpartition(b",")[2].strip()
        if said:
            return said[:60]
    return str((scope.get("client") or ("unknown",))[0]).encode()


def _named(headers: Headers) -> frozenset[bytes]:
    """The headers that `Connection` says are for one connection only."""
    said = b",".join(value for name, value in headers if name == b"connection")
    return frozenset(each.strip().lower() for each in said.split(b",")) - {b"", b"content-length", b"host"}


class Passage:
    """One exchange with a section. `begun` says whether the client was told anything; `status` is what it was told."""

    def __init__(self, send: Send, prefix: bytes) -> None:
        self._send = send
        self._prefix = prefix
        self._wire = h11.Connection(h11.CLIENT)
        self.begun = False
        self.status = 0

    async def through(self, head: h11.Request, receive: Receive, line: socket.socket) -> None:
        """Send the request while the answer is read, which may come before the request was whole.

        A section that refuses a body unread closes its end. What it said lies in the socket even then, so the two
        directions are the socket's own: a stream of asyncio would drop the answer with the first piece it cannot send.

        Args:
            line: A connected socket that does not block.

        Raises:
            Broken, OSError or TimeoutError: the section ended, or stands still.
        """
        answering = asyncio.create_task(self._answered(line))
        asking = asyncio.create_task(self._asked(head, receive, line))
        try:
            await asyncio.wait({answering, asking}, return_when=asyncio.FIRST_COMPLETED)
            # A section that stops reading may have answered already why; that a client went away ends everything.
            if answering.done() or not isinstance(asking.exception(), Gone):
                await answering
        finally:
            for task in (asking, answering):
                task.cancel()
            await asyncio.gather(asking, answering, return_exceptions=True)

    async def _asked(self, head: h11.Request, receive: Receive, line: socket.socket) -> None:
        await _sent(line, self._wire.send(head))
        more = True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                raise Gone
            if message["body"]:
                await _sent(line, self._wire.send(h11.Data(data=message["body"])))
            more = bool(message.get("more_body"))
        await _sent(line, self._wire.send(h11.EndOfMessage()))
        # From here on only the client's going away can come.
        while (await receive())["type"] != "http.disconnect":
            pass
        raise Gone

    async def _answered(self, line: socket.socket) -> None:
        """Hand the answer on. Its pieces wait until the client has taken those before them."""
        loop = asyncio.get_running_loop()
        patience = ANSWER_SECONDS
        while True:
            event: Any = self._wire.next_event()
            if event is h11.NEED_DATA:
                async with asyncio.timeout(patience):
                    data = await loop.sock_recv(line, PIECE_BYTES)
                self._wire.receive_data(data)
                if not data and not self.begun:
                    raise Broken
            elif isinstance(event, h11.Response):
                patience = STALL_SECONDS
                self.status, self.begun = event.status_code, True
                headers = answered_headers(list(event.headers), self._prefix)
                await self._send({"type": "http.response.start", "status": event.status_code, "headers": headers})
            elif isinstance(event, h11.Data):
                await self._send({"type": "http.response.body", "body": bytes(event.data), "more_body": True})
            elif isinstance(event, h11.EndOfMessage):
                return await self._send({"type": "http.response.body", "body": b""})
            elif isinstance(event, h11.ConnectionClosed) or event is h11.PAUSED:
                raise Broken


async def _sent(line: socket.socket, data: bytes | None) -> None:
    if data:
        async with asyncio.timeout(STALL_SECONDS):
            await asyncio.get_running_loop().sock_sendall(line, data)


def answered_headers(given: Headers, prefix: bytes) -> Headers:
    """A section's headers for the client: places within it get the section's path before them, and cookies stay."""
    left = _OF_ONE_CONNECTION | _named(given) | (frozenset((b"set-cookie",)) if prefix else frozenset()) | {b"date"}
    return [(name, _placed(name, value, prefix)) for name, value in given if name not in left]


def _placed(name: bytes, value: bytes, prefix: bytes) -> bytes:
    if not prefix:
        return value
    if name in _PLACES and value.startswith(b"/") and not value.startswith(b"//"):
        return prefix + value
    if name == b"link":
        return value.replace(b"</", b"<" + prefix + b"/")
    return value
