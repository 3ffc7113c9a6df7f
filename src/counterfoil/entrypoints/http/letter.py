"""The route behind the QR code of a letter: open to everybody, and answered with a page that a person reads."""

from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from counterfoil.application.queries.show import registry_view
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.faults import LANGUAGES
from counterfoil.entrypoints.http.front import page_mark, page_response
from counterfoil.entrypoints.http.problem import language_of
from counterfoil.entrypoints.http.reading_room import ReadingRoom
from counterfoil.entrypoints.letters.claim import SCHEME, Claim, read_claim
from counterfoil.entrypoints.letters.standing import standing
from counterfoil.entrypoints.web.letter import letter_page

LETTER: Final = "/letter"
"""The address that stands before the claim when the operator names this server as the page that checks."""
_OTHER: Final = tuple(f"&lang={language}" for language in LANGUAGES)


def letter_check(room: ReadingRoom) -> Any:
    """The endpoint of `/letter`: the claim is its query, as the code has it; `&lang=` may follow."""

    async def endpoint(request: Request) -> Response:
        asked = request.query_params.get("lang", "")
        language = asked if asked in LANGUAGES else language_of(request.scope["headers"])
        query = request.scope["query_string"].decode("latin-1")
        for ending in _OTHER:
            query = query.removesuffix(ending)
        claim = read_claim(f"{SCHEME}?{query}")
        mark = page_mark(room, language)
        if claim is not None and request.headers.get("if-none-match", "").encode() == mark:
            return page_response(304, b"", mark, language)
        page = await room.ask(partial(_page, claim, language))
        return page_response(200 if claim is not None else 400, page.encode(), mark, language)

    return endpoint


def _page(claim: Claim | None, language: str, sight: Sight) -> str:
    """In a reader's thread. A registry that is not founded yet has no letters."""
    founded = sight.record("registry", "self") is not None
    if claim is None or not founded:
        return letter_page(None, None, registry_view(sight) if founded else {}, language)
    return letter_page(claim, standing(sight, claim), registry_view(sight), language)
