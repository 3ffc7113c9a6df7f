"""The bare ASGI exchange: read a bounded body, send an answer with the headers that every answer carries."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, MutableMapping
from typing import Any, Final, TypeAlias, TypeVar

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.problem import MEDIA_TYPE, Problem

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Header: TypeAlias = tuple[bytes, bytes]

T = TypeVar("T")
JSON_TYPE: Final = b"application/json"
GUARD: Final[tuple[Header, ...]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
"""Nothing that the API sends is a page, and no page may hold it in a frame."""
FRESH: Final[Header] = (b"cache-control", b"no-cache")
UNKEPT: Final[Header] = (b"cache-control", b"no-store")


class Gone(Exception):
    """The client went away before its request was whole."""


async def read_body(receive: Receive, *, bytes_max: int) -> bytes | Refusal:
    """The whole body, or the refusal `http.body_too_large` as soon as it is known.

    Raises:
        Gone: the connection was closed before the end.
    """
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        body: bytes = message["body"]
        return body if len(body) <= bytes_max else _too_large(bytes_max)
    parts: list[bytes] = []
    size = 0
    while message["type"] == "http.request":
        parts.append(message["body"])
        size += len(message["body"])
        if size > bytes_max:
            return _too_large(bytes_max)
        if not message.get("more_body"):
            return b"".join(parts)
        message = await receive()
    raise Gone


async def while_heard(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """What the work gives; for a client that goes away meanwhile, the work is cancelled.

    Raises:
        Gone: the client closed its connection first.
    """
    working = asyncio.create_task(work)
    watching = asyncio.create_task(_closed(receive))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Gone
        return working.result()
    finally:
        watching.cancel()
        if working.cancel():
            await asyncio.wait({working})


async def _closed(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _too_large(bytes_max: int) -> Refusal:
    return Refusal(HttpFault.BODY_TOO_LARGE, {"bytes_max": bytes_max})


async def answer(send: Send, status: int, body: bytes, headers: Iterable[Header] = (), kind: bytes = JSON_TYPE) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", kind),
                (b"content-length", str(len(body)).encode()),
                *GUARD,
                *headers,
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})


async def answer_problem(send: Send, told: Problem) -> None:
    headers = (
        UNKEPT,
        (b"content-language", told.language.encode()),
        (b"vary", b"accept-language"),
        *told.headers,
    )
    await answer(send, told.status, told.body, headers, MEDIA_TYPE)


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first header of a name, in lower case."""
    for own, value in scope["headers"]:
        if own == name:
            found: bytes = value
            return found
    return None
