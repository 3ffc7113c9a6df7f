"""`GET /.well-known/counterfoil-registry`: what this registry says of itself to those who would link it.

The place follows RFC 8615. The answer carries an ETag and may be kept for a minute.
"""

from functools import cache
from hashlib import blake2b
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from counterfoil.application.federation.discovery import DISCOVERY, discovery
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.bootstrap import aef_format
from counterfoil.entrypoints.http.asked import has
from counterfoil.entrypoints.http.exchange import GUARD, JSON_TYPE
from counterfoil.entrypoints.http.reading_room import ReadingRoom

__all__ = ["DISCOVERY", "discovery_route"]
_KEPT: Final = (b"cache-control", b"public, max-age=60")


def discovery_route(room: ReadingRoom) -> Any:
    """The endpoint. The document is made anew after a commit only."""
    made: tuple[str, bytes] = ("", b"")

    async def endpoint(request: Request) -> Response:
        nonlocal made
        moment, body = made
        if moment != room.moment:
            moment = room.moment
            body = await room.ask(_document)
            made = moment, body
        mark = b'"' + blake2b(body, digest_size=9).hexdigest().encode() + b'"'
        same = has(request, mark)
        response = Response(status_code=304 if same else 200)
        response.body = b"" if same else body
        length = () if same else ((b"content-type", JSON_TYPE), (b"content-length", str(len(body)).encode()))
        response.raw_headers = [*length, *GUARD, (b"etag", mark), _KEPT]
        return response

    return endpoint


def _document(sight: Sight) -> bytes:
    return bytes(sight.codec.encode(discovery(sight, nomenclature={"aef": _aef()})))


@cache
def _aef() -> str:
    return aef_format().id
