"""The routes that read: every query of the table, the checkpoint as a signed note, the document, and the state.

An answer carries an ETag made of the last commit and the question, so that asking again costs nothing while the books
stand still.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import quote, urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.federation.link import PARTNER
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.asked import Told, has, mark_of, unreadable
from counterfoil.entrypoints.http.desk import Desk
from counterfoil.entrypoints.http.exchange import FRESH, GUARD, JSON_TYPE, UNKEPT, Header
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.openapi import document
from counterfoil.entrypoints.http.problem import fault_page
from counterfoil.entrypoints.http.queries import Ask, Page, Query, cursor, queries, read_page
from counterfoil.entrypoints.http.reading_room import ReadingRoom
from counterfoil.entrypoints.links_at_hand import LinksAtHand

API: Final = "/api/v1"
_ENCODER: Final = msgspec.json.Encoder(enc_hook=str)


class Reads:
    """The reading routes of one registry."""

    def __init__(
        self,
        room: ReadingRoom,
        desk: Desk,
        indexed: Mapping[str, Ask] | None = None,
        links: LinksAtHand | None = None,
    ) -> None:
        """`indexed`: by path, who answers a question from an index instead of the records."""
        self._links = links
        self._room = room
        self._desk = desk
        self._indexed = indexed or {}

    def routes(self) -> list[Route]:
        return [
            *(Route(f"{API}{query.path}", self._endpoint(query)) for query in queries()),
            Route(f"{API}/checkpoint", self._checkpoint),
            Route(f"{API}/faults/{{code}}", self._fault),
            Route(f"{API}/openapi.json", self._openapi),
            Route(f"{API}/health", self._health),
        ]

    def _endpoint(self, query: Query) -> Any:
        ask = self._indexed.get(query.path, query.ask)

        async def endpoint(request: Request) -> Response:
            page = _page(request, paged=query.paged, filters=query.filters)
            mark = mark_of(request, self._room.moment)
            if has(request, mark):
                return _response(304, b"", (FRESH, (b"etag", mark)))
            key = query.key(request.path_params)
            body, following = await self._room.ask(lambda sight: _answered(query, ask, sight, key, page))
            links = [(b"link", _next_link(request, page, following))] if following is not None else []
            return _response(200, body, (FRESH, (b"etag", mark), *links))

        return endpoint

    async def _checkpoint(self, request: Request) -> Response:
        """The last signed checkpoint, as public tools read it (C2SP tlog-checkpoint)."""
        _page(request, paged=False)
        mark = mark_of(request, self._room.moment)
        if has(request, mark):
            return _response(304, b"", (FRESH, (b"etag", mark)))
        note = await self._room.ask(_note)
        if not note:
            raise Told(Refusal(HttpFault.NOT_FOUND, {"path": request.url.path}))
        return _response(200, note.encode(), (FRESH, (b"etag", mark)), b"text/plain; charset=utf-8")

    async def _fault(self, request: Request) -> Response:
        found = fault_page(request.path_params["code"])
        if isinstance(found, Refusal):
            raise Told(found)
        return _response(200, _ENCODER.encode(found), ((b"cache-control", b"public, max-age=3600"),))

    async def _openapi(self, request: Request) -> Response:
        body = document()
        mark = b'"' + blake2b(body, digest_size=9).hexdigest().encode() + b'"'
        if has(request, mark):
            return _response(304, b"", (FRESH, (b"etag", mark)))
        return _response(200, body, (FRESH, (b"etag", mark)))

    async def _health(self, _: Request) -> Response:
        """Whether the writer answers and the books can be read: what a supervisor asks."""
        alive = await self._desk.alive()
        entries, states = await self._room.ask(_size_and_links)
        faults = {} if self._links is None else {name: each.fault for name, each in self._links.couriers.items()}
        links = {name: {"state": state, "fault": faults.get(name, "")} for name, state in states.items()}
        # A partner that cannot be reached is told, and is no reason to restart this server.
        body = {"status": "ok" if alive else "failing", "writer": alive, "entries": entries, "links": links}
        return _response(200 if alive else 503, _ENCODER.encode(body), (UNKEPT,))


def _answered(query: Query, ask: Ask, sight: Sight, key: str, page: Page) -> tuple[bytes, str | None]:
    """In a reader's thread: the answer's bytes, and the cursor of the next page."""
    found = ask(sight, key, page)
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


def _size_and_links(sight: Sight) -> tuple[int, dict[str, str]]:
    row = sight.reading.last_checkpoint()
    states = {each.key: sight.codec.decode(each.value).get("state", "live") for each in sight.reading.records(PARTNER)}
    return 0 if row is None else row.size, states


def _page(request: Request, *, paged: bool, filters: tuple[str, ...] = ()) -> Page:
    parameters = dict(request.query_params)
    unasked = next(iter(parameters.items()), None)
    page = read_page(parameters, filters) if paged or unasked is None else unreadable(*unasked).fault
    if not isinstance(page, Page):
        raise Told(page)
    return page


def _next_link(request: Request, page: Page, following: str) -> bytes:
    query = urlencode({"after": following, "limit": page.limit, **page.filters})
    return f'<{quote(request.url.path)}?{query}>; rel="next"'.encode()


def _response(status: int, body: bytes, headers: tuple[Header, ...], kind: bytes = JSON_TYPE) -> Response:
    response = Response(status_code=status)
    response.body = body
    length = () if status == 304 else ((b"content-type", kind), (b"content-length", str(len(body)).encode()))
    response.raw_headers = [*length, *GUARD, *headers]
    return response
