"""The route that checks a boundary: what `overlaps check FILE` says, as the same JSON. Nothing is kept.

Geometry is the press's work, in a process with bounds of its own, because a hostile polygon costs more than it shows.
"""

from datetime import date
from typing import IO, Final

from starlette.datastructures import QueryParams
from starlette.responses import StreamingResponse

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.exchange import (
    GUARD,
    JSON_TYPE,
    UNKEPT,
    Receive,
    Scope,
    Send,
    answer_problem,
    header,
    while_heard,
)
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.press import Facts, Order, Press, Product
from counterfoil.entrypoints.http.problem import language_of, problem
from counterfoil.entrypoints.http.reports import pieces
from counterfoil.entrypoints.http.upload import kind_of, spooled

OVERLAPS: Final = "/api/v1/overlaps"
KINDS: Final = ("application/geo+json", "application/json")
TEXTS: Final = ("sector", "methodology")
DAYS: Final = ("from", "to")
BYTES_MAX: Final = 8 * 1024 * 1024
TEXT_MAX: Final = 200
UPLOADS_MAX: Final = 4
"""Uploads that may be under way at once; beyond them a caller is told to come back."""


class Overlaps:
    """Takes a boundary and answers what it would meet."""

    def __init__(self, press: Press) -> None:
        self._press = press
        self._uploads = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        facts = _facts(scope)
        if isinstance(facts, Refusal):
            return await self._refuse(scope, send, facts)
        if self._uploads >= UPLOADS_MAX:
            raise Outage(HttpFault.BUSY, {"waiting": self._uploads}, retry=True)
        self._uploads += 1
        try:
            found = await self._found(facts, receive)
        finally:
            self._uploads -= 1
        if isinstance(found, Refusal):
            return await self._refuse(scope, send, found)
        length = (b"content-length", str(found.seek(0, 2)).encode())
        response = StreamingResponse(pieces(found))
        response.raw_headers = [(b"content-type", JSON_TYPE), length, *GUARD, UNKEPT]
        return await response(scope, receive, send)

    async def _found(self, facts: Facts, receive: Receive) -> IO[bytes] | Refusal:
        upload = await spooled(receive, bytes_max=BYTES_MAX)
        if isinstance(upload, Refusal):
            return upload
        with upload:
            return await while_heard(receive, self._press.made(Order(Product.OVERLAPS, facts), upload))

    async def _refuse(self, scope: Scope, send: Send, fault: Refusal) -> None:
        language = language_of(scope["headers"])
        await answer_problem(send, problem(fault, instance=scope["path"], language=language))


def _facts(scope: Scope) -> Facts | Refusal:
    kind = (header(scope, b"content-type") or b"").decode("latin-1")
    if kind_of(kind) not in KINDS:
        return Refusal(HttpFault.CONTENT_TYPE, {"found": kind[:80] or "-", "expected": ", ".join(KINDS)})
    facts: dict[str, str] = {}
    for name, value in QueryParams(scope["query_string"]).multi_items():
        if not _readable(name, value) or name in facts:
            return Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": name[:40], "value": value[:60]})
        facts[name] = value
    return facts


def _readable(name: str, value: str) -> bool:
    if name in TEXTS:
        return len(value) <= TEXT_MAX
    if name not in DAYS:
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
