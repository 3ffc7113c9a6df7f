"""The routes of reports: for machines as JSON, for people as PDF, DOCX and XLSX in either language.

Every report but the JSON of the structured summary is made by the press. An answer carries an ETag made of the last
commit and the question; the day stands in the path, so the same address gives the same answer while the books stand.
"""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import IO, Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.ids import COOPERATIVE_APPROACH, PARTY
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.filing import ReportKind, is_over
from counterfoil.entrypoints.http import accounting
from counterfoil.entrypoints.http.accounts_at_hand import AccountsAtHand
from counterfoil.entrypoints.http.asked import Told, has, mark_of, unreadable
from counterfoil.entrypoints.http.exchange import FRESH, GUARD, JSON_TYPE, Header, while_heard
from counterfoil.entrypoints.http.outbox import PIECE
from counterfoil.entrypoints.http.press import Order, Press, Product
from counterfoil.entrypoints.http.reading_room import ReadingRoom
from counterfoil.entrypoints.language import LANGUAGES

PATH: Final = "/api/v1/reports"
JSON: Final = "json"
TYPES: Final = {
    JSON: JSON_TYPE,
    "pdf": b"application/pdf",
    "docx": b"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What a report can be had as; the first is the default."""
OF_A_DAY: Final = (Product.INITIAL, Product.UPDATED_INITIAL, Product.REGULAR, Product.SUMMARY)
_ENCODER: Final = msgspec.json.Encoder(enc_hook=str)


class Reports:
    """The reports of one registry."""

    def __init__(self, room: ReadingRoom, press: Press, accounts: AccountsAtHand) -> None:
        self._room = room
        self._accounts = accounts
        self._press = press

    def routes(self) -> list[Route]:
        return [
            Route(f"{PATH}/aef/{{party}}/{{year}}", partial(self._answer, _annual)),
            *(
                Route(f"{PATH}/{product}/{{party}}/{{year}}/{{as_of}}", partial(self._answer, _asker(product)))
                for product in OF_A_DAY
            ),
        ]

    async def _answer(self, read: Callable[[Request], tuple[Order, str]], request: Request) -> Response:
        order, name = read(request)
        mark = mark_of(request, self._room.moment)
        if has(request, mark):
            return _whole(304, b"", ((b"etag", mark), FRESH))
        if order.product is Product.SUMMARY and order.facts["format"] == JSON:
            body = await self._room.ask(partial(_table, self._accounts, order))
            return _whole(200, body, ((b"etag", mark), FRESH))
        file = await while_heard(request.receive, self._press.made(order))
        if isinstance(file, Refusal):
            raise Told(file)
        kind = name.rpartition(".")[2]
        headers: list[Header] = [(b"content-type", TYPES[kind])]
        if kind != JSON:
            headers.append((b"content-disposition", f'attachment; filename="{name}"'.encode()))
        headers += [(b"content-length", str(file.seek(0, 2)).encode()), *GUARD, FRESH, (b"etag", mark)]
        response = StreamingResponse(pieces(file))
        response.raw_headers = headers
        return response


def _whole(status: int, body: bytes, headers: tuple[Header, ...]) -> Response:
    response = Response(status_code=status)
    response.body = body
    length = () if status == 304 else ((b"content-type", JSON_TYPE), (b"content-length", str(len(body)).encode()))
    response.raw_headers = [*length, *GUARD, *headers]
    return response


def _table(accounts: AccountsAtHand, order: Order, sight: Sight) -> bytes:
    """In a reader's thread: CTF table 4 as JSON."""
    facts = order.facts
    found = accounts.summary(sight, f"{facts['party']}/{facts['year']}/{facts['as_of']}")
    if isinstance(found, Refusal):
        raise Told(found)
    return _ENCODER.encode(found)


def _annual(request: Request) -> tuple[Order, str]:
    """The annual information, and its name: that of a year which is not over says that it is a preview."""
    party, year = _party(request), _year(request)
    version = request.query_params.get("version", "1.0")
    on = request.query_params.get("submitted_on")
    if not all(part.isascii() and part.isdecimal() and len(part) <= 4 for part in version.split(".", 1)):
        raise unreadable("version", version)
    _only(request, "version", "submitted_on")
    try:
        day = None if on is None else date.fromisoformat(on)
    except ValueError as error:
        raise unreadable("submitted_on", on or "") from error
    preview = "" if is_over(ReportKind.AEF, year, day or _today()) else "-preview"
    facts: dict[str, Any] = {
        "party": party,
        "year": year,
        "version": version,
        "on": None if day is None else day.isoformat(),
    }
    return Order(Product.AEF, facts), f"aef-{party}-{year}-v{version}{preview}.xlsx"


def _asker(product: Product) -> Callable[[Request], tuple[Order, str]]:
    """How a report as of a day is asked for."""

    def read(request: Request) -> tuple[Order, str]:
        party, year = _party(request), _year(request)
        day = accounting.read_day("as_of", request.path_params["as_of"])
        if isinstance(day, Refusal):
            raise Told(day)
        narrative = product is not Product.SUMMARY
        _only(request, "format", "language", *(["approach"] if narrative else []))
        form, language = _one_of(request, "format", tuple(TYPES)), _one_of(request, "language", LANGUAGES)
        facts: dict[str, Any] = {"party": party, "year": year, "as_of": day.isoformat()}
        facts |= {"format": form, "language": language}
        approach = request.query_params.get("approach", "") if narrative else ""
        if approach and not COOPERATIVE_APPROACH.match(approach):
            raise unreadable("approach", approach)
        if narrative:
            facts["approach"] = approach
        about = f"-{approach}" if approach else ""
        spoken = "" if form == JSON else f".{language}"
        stem = product.value if narrative else "ctf4"
        return Order(product, facts), f"{stem}-{party}-{year}{about}{spoken}.{form}"

    return read


def _party(request: Request) -> str:
    party: str = request.path_params["party"]
    if not PARTY.match(party):
        raise unreadable("party", party)
    return party


def _year(request: Request) -> int:
    year: str = request.path_params["year"]
    if not (year.isascii() and year.isdecimal() and len(year) == 4 and int(year)):
        raise unreadable("year", year)
    return int(year)


def _one_of(request: Request, name: str, known: tuple[str, ...]) -> str:
    value = request.query_params.get(name, known[0])
    if value not in known:
        raise unreadable(name, value)
    return value


def _only(request: Request, *known: str) -> None:
    """Anything unknown is refused, not passed over."""
    unknown = next((name for name in request.query_params if name not in known), None)
    if unknown is not None:
        raise unreadable(unknown, request.query_params[unknown])


def _today() -> date:
    return datetime.fromtimestamp(SystemClock().now_ms() // 1000, UTC).date()


async def pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    """A file piece by piece; it is closed at its end."""
    try:
        file.seek(0)
        while data := file.read(PIECE):
            yield data
    finally:
        file.close()
