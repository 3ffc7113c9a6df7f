"""The routes that read: every query of the table, the checkpoint as a signed note, and the annual report as a workbook.

An answer carries an ETag made of the last commit and the question, so that asking again costs nothing while the books
stand still.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from hashlib import blake2b
from typing import IO, Any, Final
from urllib.parse import quote, urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from counterfoil.application.ports import Outage
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.ids import PARTY
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.desk import Desk
from counterfoil.entrypoints.http.exchange import FRESH, GUARD, JSON_TYPE, UNKEPT, Gone, Header
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.openapi import document
from counterfoil.entrypoints.http.outbox import PIECE
from counterfoil.entrypoints.http.press import Order, Press
from counterfoil.entrypoints.http.problem import fault_page
from counterfoil.entrypoints.http.queries import Page, Query, cursor, queries, read_page
from counterfoil.entrypoints.http.reading_room import ReadingRoom

API: Final = "/api/v1"
XLSX: Final = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ENCODER: Final = msgspec.json.Encoder(enc_hook=str)


class Told(Exception):
    """A refusal or an outage on its way to the one place that makes problems of them."""

    def __init__(self, fault: Refusal | Outage) -> None:
        super().__init__(fault.code)
        self.fault = fault


class Reads:
    """The reading routes of one registry."""

    def __init__(self, room: ReadingRoom, desk: Desk) -> None:
        self._room = room
        self._desk = desk
        self._press = Press(room.folder)

    def routes(self) -> list[Route]:
        return [
            *(Route(f"{API}{query.path}", self._endpoint(query)) for query in queries()),
            Route(f"{API}/checkpoint", self._checkpoint),
            Route(f"{API}/reports/aef/{{party}}/{{year}}", self._aef),
            Route(f"{API}/faults/{{code}}", self._fault),
            Route(f"{API}/openapi.json", self._openapi),
            Route(f"{API}/health", self._health),
        ]

    def _endpoint(self, query: Query) -> Any:
        async def endpoint(request: Request) -> Response:
            page = _page(request, paged=query.paged)
            mark = self._mark(request)
            if _has(request, mark):
                return _response(304, b"", (FRESH, (b"etag", mark)))
            key = request.path_params.get(query.parameter, "")
            body, following = await self._room.ask(lambda sight: _answered(query, sight, key, page))
            links = [(b"link", _next_link(request, page, following))] if following is not None else []
            return _response(200, body, (FRESH, (b"etag", mark), *links))

        return endpoint

    async def _checkpoint(self, request: Request) -> Response:
        """The last signed checkpoint, as public tools read it (C2SP tlog-checkpoint)."""
        _page(request, paged=False)
        mark = self._mark(request)
        if _has(request, mark):
            return _response(304, b"", (FRESH, (b"etag", mark)))
        note = await self._room.ask(_note)
        if not note:
            raise Told(Refusal(HttpFault.NOT_FOUND, {"path": request.url.path}))
        return _response(200, note.encode(), (FRESH, (b"etag", mark)), b"text/plain; charset=utf-8")

    async def _aef(self, request: Request) -> Response:
        order = _order(request)
        mark = self._mark(request)
        if _has(request, mark):
            return _response(304, b"", (FRESH, (b"etag", mark)))
        file = await self._printed(request, order)
        name = f"aef-{order.party}-{order.year}-v{order.version}.xlsx"
        headers = (
            (b"content-type", XLSX),
            (b"content-disposition", f'attachment; filename="{name}"'.encode()),
            (b"content-length", str(file.seek(0, 2)).encode()),
            *GUARD,
            FRESH,
            (b"etag", mark),
        )
        response = StreamingResponse(_pieces(file))
        response.raw_headers = list(headers)
        return response

    async def _printed(self, request: Request, order: Order) -> IO[bytes]:
        """The report from the press; for a client that goes away, the press stops."""
        printing = asyncio.create_task(self._press.workbook(order))
        watching = asyncio.create_task(_client_gone(request))
        try:
            await asyncio.wait({printing, watching}, return_when=asyncio.FIRST_COMPLETED)
            if not printing.done():
                raise Gone
            found = printing.result()
        finally:
            watching.cancel()
            if printing.cancel():
                await asyncio.wait({printing})
        if isinstance(found, Refusal):
            raise Told(found)
        return found

    async def _fault(self, request: Request) -> Response:
        found = fault_page(request.path_params["code"])
        if isinstance(found, Refusal):
            raise Told(found)
        return _response(200, _ENCODER.encode(found), ((b"cache-control", b"public, max-age=3600"),))

    async def _openapi(self, request: Request) -> Response:
        body = document()
        mark = b'"' + blake2b(body, digest_size=9).hexdigest().encode() + b'"'
        if _has(request, mark):
            return _response(304, b"", (FRESH, (b"etag", mark)))
        return _response(200, body, (FRESH, (b"etag", mark)))

    async def _health(self, _: Request) -> Response:
        """Whether the writer answers and the books can be read: what a supervisor asks."""
        alive = await self._desk.alive()
        entries = await self._room.ask(_size)
        body = {"status": "ok" if alive else "failing", "writer": alive, "entries": entries}
        return _response(200 if alive else 503, _ENCODER.encode(body), (UNKEPT,))

    def _mark(self, request: Request) -> bytes:
        """The ETag: the last commit, and the question without its spelling."""
        question = f"{request.url.path}?{urlencode(sorted(request.query_params.multi_items()))}"
        return f'"{self._room.moment}-{blake2b(question.encode(), digest_size=6).hexdigest()}"'.encode()


def _answered(query: Query, sight: Sight, key: str, page: Page) -> tuple[bytes, str | None]:
    """In a reader's thread: the answer's bytes, and the cursor of the next page."""
    found = query.ask(sight, key, page)
    if isinstance(found, Refusal):
        raise Told(found)
    following = found.get("next") if query.paged else None
    if following is not None:
        following = cursor(following)
        found = {**found, "next": following}
    return _ENCODER.encode(found), following


def _note(sight: Sight) -> str:
    row = sight.reading.last_checkpoint()
    return "" if row is None else row.note


def _size(sight: Sight) -> int:
    row = sight.reading.last_checkpoint()
    return 0 if row is None else row.size


async def _client_gone(request: Request) -> None:
    """Return when the client has closed its connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _order(request: Request) -> Order:
    party, year = request.path_params["party"], request.path_params["year"]
    version = request.query_params.get("version", "1.0")
    on = request.query_params.get("submitted_on")
    if not PARTY.match(party):
        raise _unreadable("party", party)
    if not (year.isascii() and year.isdecimal() and len(year) == 4):
        raise _unreadable("year", year)
    if not all(part.isascii() and part.isdecimal() and len(part) <= 4 for part in version.split(".", 1)):
        raise _unreadable("version", version)
    unknown = next((name for name in request.query_params if name not in ("version", "submitted_on")), None)
    if unknown is not None:
        raise _unreadable(unknown, request.query_params[unknown])
    try:
        return Order(party, int(year), version, None if on is None else date.fromisoformat(on))
    except ValueError as error:
        raise _unreadable("submitted_on", on or "") from error


def _page(request: Request, *, paged: bool) -> Page:
    parameters = dict(request.query_params)
    page = read_page(parameters) if paged or not parameters else _unreadable(*next(iter(parameters.items()))).fault
    if not isinstance(page, Page):
        raise Told(page)
    return page


def _unreadable(parameter: str, value: str) -> Told:
    return Told(Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": parameter[:40], "value": value[:60]}))


def _next_link(request: Request, page: Page, following: str) -> bytes:
    query = urlencode({"after": following, "limit": page.limit})
    return f'<{quote(request.url.path)}?{query}>; rel="next"'.encode()


def _has(request: Request, mark: bytes) -> bool:
    """Whether the client holds this very answer already (RFC 9110, If-None-Match)."""
    sent = request.headers.get("if-none-match", "")
    return sent == "*" or mark.decode() in (part.strip().removeprefix("W/") for part in sent.split(","))


def _response(status: int, body: bytes, headers: tuple[Header, ...], kind: bytes = JSON_TYPE) -> Response:
    response = Response(status_code=status)
    response.body = body
    length = () if status == 304 else ((b"content-type", kind), (b"content-length", str(len(body)).encode()))
    response.raw_headers = [*length, *GUARD, *headers]
    return response


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        file.seek(0)
        while data := file.read(PIECE):
            yield data
    finally:
        file.close()
