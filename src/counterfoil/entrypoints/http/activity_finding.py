"""Finds and lists activities: the index is held by the server and kept up to date, so that an answer is quick.

Read before: `application/queries/activity_search.py`.
"""

from threading import Lock
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from counterfoil.application.queries.activity_search import LIMIT_MAX, ActivityCounts, ActivityIndex, Asked
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.http.asked import unreadable
from counterfoil.entrypoints.http.exchange import FRESH, GUARD, JSON_TYPE
from counterfoil.entrypoints.http.openapi_parts import asked as operation
from counterfoil.entrypoints.http.openapi_parts import parameter
from counterfoil.entrypoints.http.queries import Page
from counterfoil.entrypoints.http.reading_room import ReadingRoom

FIND: Final = "/api/v1/search/activities"
WORDS: Final = ("text", "sector", "host", "stage", "after")
TEXT_MAX: Final = 200
LIMIT: Final = 100
_ENCODER: Final = msgspec.json.Encoder()


class ActivityFinding:
    """Finds activities for everybody. One reader at a time uses the index, for a millisecond or two."""

    def __init__(self, room: ReadingRoom) -> None:
        self._room = room
        self._index = ActivityIndex()
        self._lock = Lock()

    def route(self) -> Route:
        return Route(FIND, self._find)

    def listed(self, sight: Sight, _: str, page: Page) -> dict[str, Any]:
        """The answer of the list of activities, from the index."""
        with self._lock:
            self._index.refresh(sight)
            return self._index.listed(page.filters, after=page.after, limit=page.limit)

    def found(self, sight: Sight, wanted: Asked) -> dict[str, Any]:
        """A page of what fits, for whoever reads in a thread already."""
        with self._lock:
            self._index.refresh(sight)
            return self._index.search(wanted)

    def counted(self, sight: Sight) -> ActivityCounts:
        """How many activities there are, by host, sector and stage."""
        with self._lock:
            self._index.refresh(sight)
            return self._index.counted()

    async def _find(self, request: Request) -> Response:
        wanted = _asked(request)
        body = await self._room.ask(lambda sight: self._found(sight, wanted))
        headers = [(b"content-type", JSON_TYPE), (b"content-length", str(len(body)).encode()), FRESH, *GUARD]
        response = Response(body)
        response.raw_headers = headers
        return response

    def _found(self, sight: Sight, wanted: Asked) -> bytes:
        with self._lock:
            self._index.refresh(sight)
            return _ENCODER.encode(self._index.search(wanted))


def _asked(request: Request) -> Asked:
    """What is looked for; every parameter once, and none that nobody knows."""
    given: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        if name in given or len(value) > TEXT_MAX or name not in (*WORDS, "limit"):
            raise unreadable(name, value)
        given[name] = value
    limit = given.pop("limit", str(LIMIT))
    if not (limit.isascii() and limit.isdecimal() and len(limit) < 6 and 1 <= int(limit) <= LIMIT_MAX):
        raise unreadable("limit", limit)
    return Asked(**given, limit=int(limit))


def finding_paths() -> dict[str, Any]:
    """The route in the OpenAPI document."""
    text = {"type": "string", "maxLength": TEXT_MAX}
    size = {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT}
    parameters = [*(parameter(name, "query", text) for name in WORDS), parameter("limit", "query", size)]
    told = operation("findActivities", "Activities by words, sector, host and stage", parameters)
    # The index answers at once, so there is no mark to ask again with.
    told["responses"].pop("304")
    told["responses"]["200"].pop("headers")
    return {FIND: {"get": told}}
