"""Serves the pages: who may come, the handler, the rendering, and what to say when something is refused."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from functools import partial
from hashlib import blake2b
from threading import Lock
from typing import Any, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route, Router

from counterfoil.application.office import sessions
from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.ports import Outage
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.asked import Told
from counterfoil.entrypoints.http.exchange import FRESH, UNKEPT, Receive, Scope, Send
from counterfoil.entrypoints.http.exchange import Gone as HungUp
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.problem import mistake, outward, status_of
from counterfoil.entrypoints.http.reading_room import READERS
from counterfoil.entrypoints.web.assets import PLACE, look, static
from counterfoil.entrypoints.web.form import PLAIN_BYTES_MAX, of_page, read_form
from counterfoil.entrypoints.web.ground import Ground
from counterfoil.entrypoints.web.guard import GUARD, HTML
from counterfoil.entrypoints.web.moment import now_only
from counterfoil.entrypoints.web.office.session_over import again, over
from counterfoil.entrypoints.web.page import Gone, Handler, PageRow, Reply, Sent, Shown, Streamed
from counterfoil.entrypoints.web.printer import render
from counterfoil.entrypoints.web.visit import Printed, Visit

_PACKED_MIN: Final = 1_400
_SIGN_IN: Final = frozenset({OfficeFault.SESSION_NEEDED, HttpFault.TOKEN_MISSING, HttpFault.TOKEN_REFUSED})


class PageSite:
    """The pages of one registry, as an ASGI application beside the API."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._files_turn = asyncio.Semaphore(READERS - 1)
        self._building = Lock()
        self._built: tuple[list[Route], Router] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # The first page loads what all of them are made with, aside: meanwhile the loop takes acts.
        built = self._built
        if built is None:
            built = await asyncio.to_thread(self.build)
        await built[1](scope, receive, send)

    @property
    def routes(self) -> list[Route]:
        return self.build()[0]

    def build(self) -> tuple[list[Route], Router]:
        """Load the pages, once. A server starts without them, and calls this as soon as it listens."""
        with self._building:
            found = self._built
            if found is None:
                from counterfoil.entrypoints.web.pages import page_rows

                routes = [Route(PLACE, static, methods=["GET"]), *(self._route(row) for row in page_rows())]
                found = self._built = routes, Router(routes, redirect_slashes=False)
                self._ground.room.later(self._add_up)
                self._ground.accounts.begin()
            return found

    def _add_up(self, sight: Sight) -> None:
        """What the home page adds up from a million blocks, before the first visitor has to wait for it."""
        self._ground.standings.ask(sight, lambda _: None)
        self._ground.finding.counted(sight)

    def _route(self, row: PageRow) -> Route:
        return Route(row.path, self._endpoint(row), methods=list(row.methods))

    def _endpoint(self, row: PageRow) -> Any:
        template = row.path.replace(":path}", "}")

        async def endpoint(request: Request) -> Response:
            visit = Visit(request, self._ground, render)
            try:
                return await self._answer(visit, row, template)
            except HungUp:
                raise
            except Told as told:
                return await self._fault(visit, told.fault)
            except Outage as outage:
                return await self._fault(visit, outage)
            except Exception as error:  # noqa: BLE001  the visitor gets a number, the operator the rest
                return await self._fault(visit, mistake(error))
            finally:
                # The files of a form, also of one that was refused.
                await request.close()

        return endpoint

    async def _answer(self, visit: Visit, row: PageRow, template: str) -> Response:
        request = visit.request
        changes = request.method == "POST"
        request.scope["page_form"] = changes
        caller = self._ground.callers.admitted(request.scope, f"{'POST' if changes else 'GET'} {template}")
        if caller is not None and not isinstance(caller, Refusal) and visit.bearer is None:
            # Desks are for persons: the folder's owner and programs have the command line and the API.
            caller = Refusal(OfficeFault.SESSION_NEEDED)
        if isinstance(caller, Refusal):
            return await self._not_admitted(visit, caller, row)
        request.scope["caller"] = caller
        await self._seen(visit)
        handler: Handler | None = row.post if changes else row.get
        assert handler is not None, "the router knows the methods"
        if changes:
            self._own_page(visit)
            token = "" if row.resumes else visit.csrf if row.token else ""
            visit.form = await read_form(request, token, stranger=visit.bearer is None)
            if row.resumes and not of_page(visit.form, visit.csrf):
                return await self._resumed(visit)
        elif (kept := self._held(visit)) is not None:
            return kept
        reply = await handler(visit)
        return await self._response(visit, reply if changes else now_only(visit, reply))

    async def _seen(self, visit: Visit) -> None:
        """Whoever reads a page of a desk is there: the session's rest begins anew, written down once a minute."""
        if visit.bearer is None:
            return
        session = visit.bearer.session
        office = self._ground.door.at_hand.office()
        if office is not None and sessions.needs_mark(office, session):
            await visit.aside(lambda: sessions.mark(office, session))

    def _own_page(self, visit: Visit) -> None:
        """A change comes from a page of ours, also where nobody is signed in."""
        headers = visit.request.headers
        said = "origin" in headers or "sec-fetch-site" in headers
        if not said or not self._ground.door.own_page(visit.request.scope):
            raise Told(Refusal(OfficeFault.REQUEST_FORGED))

    def _held(self, visit: Visit) -> Response | None:
        """That the browser has this page already, in this language and look; what depends on who asks has no mark."""
        sent = visit.request.headers.get("if-none-match", "").removeprefix("W/")
        if not sent or visit.bearer is not None or sent.encode() != self._mark(visit):
            return None
        response = Response(status_code=304)
        response.raw_headers = [*GUARD, FRESH, (b"etag", b"W/" + sent.encode()), (b"vary", b"accept-language, cookie")]
        return response

    def _mark(self, visit: Visit) -> bytes:
        question = f"{visit.request.url.path}?{visit.request.url.query}"
        digest = blake2b(question.encode("utf-8", "replace"), digest_size=6).hexdigest()
        return f'"{self._ground.room.moment}-{look()}-{visit.language}-{visit.today:%j}-{digest}"'.encode()

    async def _response(self, visit: Visit, reply: Reply | Printed | Refusal) -> Response:
        match reply:
            case Refusal():
                return await self._fault(visit, reply)
            case Printed(shown, body):
                return self._page(visit, shown, body)
            case Shown():
                return self._page(visit, reply, await visit.ask(lambda sight: render(visit, reply, sight)))
            case Gone(to, headers):
                response = Response(status_code=303)
                place = (b"location", quote(to, safe="/:?&=%+#@,.~-_").encode())
                response.raw_headers = [place, (b"content-length", b"0"), *GUARD, UNKEPT, *headers]
                return response
            case Sent():
                return self._file(visit, reply)
            case Streamed():
                return self._stream(visit, reply)

    def _page(self, visit: Visit, shown: Shown, text: str) -> Response:
        body = text.encode("utf-8", "replace")
        signed_in = visit.bearer is not None or bool(visit.csrf)
        packed = not signed_in and len(body) > _PACKED_MIN and _takes_gzip(visit)
        if packed:
            # Pages with a token are sent as they are: their length must not tell anything about it (BREACH).
            body = gzip.compress(body, 4, mtime=0)
        kept = shown.kept and not signed_in and shown.status == 200
        response = Response(status_code=shown.status)
        response.body = body
        response.raw_headers = [
            (b"content-type", HTML),
            (b"content-length", str(len(body)).encode()),
            (b"content-language", visit.language.encode()),
            (b"vary", b"accept-language, cookie, accept-encoding"),
            *GUARD,
            *(((b"content-encoding", b"gzip"),) if packed else ()),
            *((FRESH, (b"etag", b"W/" + self._mark(visit))) if kept else (UNKEPT,)),
            *visit.language_headers(),
            *shown.headers,
        ]
        return response

    def _file(self, visit: Visit, sent: Sent) -> Response:
        packed = len(sent.body) > _PACKED_MIN and sent.kind.startswith(("text/", "application/json"))
        packed = packed and visit.bearer is None and _takes_gzip(visit)
        body = gzip.compress(sent.body, 4, mtime=0) if packed else sent.body
        response = Response(status_code=sent.status)
        response.body = body
        response.raw_headers = [
            (b"content-type", sent.kind.encode()),
            (b"content-length", str(len(body)).encode()),
            *GUARD,
            *((name.encode(), value.encode()) for name, value in _named(sent.name)),
            *(((b"content-encoding", b"gzip"), (b"vary", b"accept-encoding")) if packed else ()),
            FRESH if sent.kept and visit.bearer is None else UNKEPT,
            *sent.headers,
        ]
        return response

    def _stream(self, visit: Visit, reply: Streamed) -> Response:
        # Who asks only for the head gets it; the pieces would be read and thrown away, faster than anybody takes them.
        whole = visit.request.method != "HEAD"
        response = StreamingResponse(self._pieces(reply)) if whole else Response()
        response.raw_headers = [
            (b"content-type", reply.kind.encode()),
            *GUARD,
            *((name.encode(), value.encode()) for name, value in _named(reply.name)),
            FRESH if visit.bearer is None else UNKEPT,
        ]
        return response

    async def _pieces(self, reply: Streamed) -> AsyncIterator[bytes]:
        after: str | None = ""
        while after is not None:
            # However many files are fetched at once, a reader stays free for pages. Sending holds nobody's turn.
            async with self._files_turn:
                body, after = await self._ground.room.ask(partial(_piece, reply, after))
            yield body

    async def _not_admitted(self, visit: Visit, refusal: Refusal, row: PageRow) -> Response:
        """Who is not signed in is asked to, and then led to where they wanted to go; what they typed comes along."""
        if refusal.code not in _SIGN_IN:
            return await self._fault(visit, refusal)
        if visit.request.method == "POST":
            self._own_page(visit)
            kept = row.resumes and _short(visit)
            if kept:
                visit.form = await read_form(visit.request, "", stranger=True)
            return await self._response(visit, over(visit, kept=kept))
        here = visit.request.url.path + (f"?{visit.request.url.query}" if visit.request.url.query else "")
        return await self._response(visit, Gone(visit.url("sign-in", next=here)))

    async def _resumed(self, visit: Visit) -> Response:
        """A form of an earlier session of the same browser: given back with the token of this one, and not acted on."""
        return await self._response(visit, again(visit))

    async def _fault(self, visit: Visit, fault: Refusal | Outage) -> Response:
        """A page that says what is wrong and what to do."""
        told = outward(fault)
        asked = visit.request.method in ("GET", "HEAD")
        shown = Shown("parts/fault_page.html", {"fault": told}, status=status_of(told, asked=asked), kept=False)
        try:
            text = await visit.ask(lambda sight: render(visit, shown, sight))
        except Outage:
            # The books themselves cannot be read: the page says what it can without them.
            text = render(visit, shown, None)
        return self._page(visit, shown, text)

    async def told(self, scope: Scope, fault: Refusal | Outage) -> Response | None:
        """The page of an address that no page has, or of a fault elsewhere; None where no page can be made."""
        visit = Visit(Request(scope), self._ground, render)
        try:
            return await self._fault(visit, fault)
        except Exception as error:  # noqa: BLE001  whoever asked gets the fault itself, the operator this one
            mistake(error)
            return None


def _piece(reply: Streamed, after: str, sight: Sight) -> tuple[bytes, str | None]:
    return reply.piece(sight, after)


def _short(visit: Visit) -> bool:
    """Whether what a stranger sends is short enough to be read at all: what they had typed, and no files."""
    said = visit.request.headers.get("content-length", "")
    return said.isdecimal() and int(said) <= PLAIN_BYTES_MAX


def _takes_gzip(visit: Visit) -> bool:
    return "gzip" in visit.request.headers.get("accept-encoding", "")


def _named(name: str) -> tuple[tuple[str, str], ...]:
    return (("content-disposition", f"attachment; filename*=UTF-8''{quote(name, safe='')}"),) if name else ()
