"""The front page's route: what the register says of itself, given to the page in `web`."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from counterfoil.application.queries.show import registry_view
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.faults import LANGUAGES
from counterfoil.entrypoints.http.exchange import FRESH
from counterfoil.entrypoints.http.problem import language_of
from counterfoil.entrypoints.http.reading_room import ReadingRoom
from counterfoil.entrypoints.web.front import front_page, look, style_digest


def front(room: ReadingRoom) -> Any:
    """The endpoint of `/`: English or Traditional Chinese, by `?lang=` or by what the browser likes better."""

    async def endpoint(request: Request) -> Response:
        asked = request.query_params.get("lang", "")
        language = asked if asked in LANGUAGES else language_of(request.scope["headers"])
        mark = page_mark(room, language)
        if request.headers.get("if-none-match", "").encode() == mark:
            return page_response(304, b"", mark, language)
        page = front_page(await room.ask(_facts), language)
        return page_response(200, page.encode(), mark, language)

    return endpoint


def _facts(sight: Sight) -> dict[str, Any]:
    # A registry that is not founded yet has a page too.
    return registry_view(sight) if sight.record("registry", "self") is not None else {}


def page_mark(room: ReadingRoom, language: str) -> bytes:
    """What tells a browser that the page it keeps is still the page: until something is committed, or upgraded."""
    return f'"{room.moment}-{language}-{look()}"'.encode()


def page_response(status: int, body: bytes, mark: bytes, language: str) -> Response:
    """A page with the headers of every page here: its own style, kept while its mark is the same."""
    response = Response(status_code=status)
    response.body = body
    kind = (
        ()
        if status == 304
        else ((b"content-type", b"text/html; charset=utf-8"), (b"content-length", b"%d" % len(body)))
    )
    response.raw_headers = [
        *kind,
        (b"content-security-policy", _policy().encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"content-language", language.encode()),
        (b"vary", b"accept-language"),
        (b"etag", mark),
        FRESH,
    ]
    return response


def _policy() -> str:
    """The page may use its own style, and nothing else at all."""
    return (
        f"default-src 'none'; style-src '{style_digest()}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
