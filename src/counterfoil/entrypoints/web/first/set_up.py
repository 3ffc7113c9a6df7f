"""Setting up a registry in the browser, one step after the other, in a folder where there is none yet.

Nothing is written before the last look: then the keys are made and the registry is founded, and its first administrator
is invited. Read before: `doorkeeper.py`. Source: ADR-0041.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from counterfoil.application.office.invitations import Invited, invite_administrator
from counterfoil.application.ports import Clock, Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.country_codes import country_names
from counterfoil.entrypoints.faults import catalogue
from counterfoil.entrypoints.founding import Founded, foreseen, founded_in
from counterfoil.entrypoints.http.asked import Told
from counterfoil.entrypoints.http.exchange import UNKEPT, Header, Receive, Scope, Send
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.problem import language_of, mistake, outward, status_of
from counterfoil.entrypoints.language import LANGUAGES, Texts, language_named
from counterfoil.entrypoints.office_at_hand import OfficeAtHand
from counterfoil.entrypoints.web.assets import PLACE, asset_path, static
from counterfoil.entrypoints.web.first.doorkeeper import Doorkeeper, is_here
from counterfoil.entrypoints.web.first.wishes import Wishes, countries, suggested
from counterfoil.entrypoints.web.form import Form, read_form
from counterfoil.entrypoints.web.guard import GUARD, HTML
from counterfoil.entrypoints.web.typeset import environment

PATH: Final = "/set-up"
STEPS: Final = ("country", "details", "look", "administrator", "enrol")


class SetUp:
    """The pages of one set-up, as an ASGI application. `ended` is told when the registry can be served."""

    def __init__(self, folder: Folder, clock: Clock, ended: Callable[[], None]) -> None:
        self.folder = folder
        self.doorkeeper = Doorkeeper(clock)
        self._clock = clock
        self._ended = ended
        self._founded: Founded | None = None
        self._invited: Invited | None = None
        pages = [Route(PLACE, static, methods=["GET"]), Route("/", self._away), Route(PATH, self._page)]
        rest = [Route(PATH, self._sent, methods=["POST"]), Route("/{path:path}", self._later, methods=["GET", "POST"])]
        self.closed = asyncio.Event()
        """Set when nobody is let in here any more: whoever comes now waits before the registry itself."""
        self._router = Router([*pages, *rest], redirect_slashes=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        if not is_here(request):
            return await _plain(404)(scope, receive, send)
        try:
            await self._router(scope, receive, send)
        except Told as told:
            await self._fault(request, told.fault)(scope, receive, send)
        except Outage as outage:
            await self._fault(request, outage)(scope, receive, send)
        except Exception as error:  # noqa: BLE001  the visitor gets a number, the operator the rest
            await self._fault(request, mistake(error))(scope, receive, send)

    async def _away(self, request: Request) -> Response:
        return _gone(".", request, "set-up")

    async def _later(self, request: Request) -> Response:
        """A page of the registry, asked for a moment before it is served: the browser asks again, and waits there."""
        if self._invited is None or request.url.path.startswith("//"):
            return _plain(404)
        self._ended()
        await self.closed.wait()
        response = Response(status_code=307)
        place = quote(request.url.path) + (f"?{request.url.query}" if request.url.query else "")
        response.raw_headers = [(b"location", place.encode()), (b"content-length", b"0"), (b"connection", b"close")]
        return response

    async def _page(self, request: Request) -> Response:
        """The link from the terminal is exchanged for a cookie; then the step at which the set-up is."""
        key = request.query_params.get("key", "")
        if key:
            own = self.doorkeeper.taken(key)
            if own is not None:
                return _gone(".", request, "set-up", own)
        if not self.doorkeeper.knows(request):
            return self._shown(request, "first/closed.html", {}, status=403)
        return self._at(request)

    def _at(self, request: Request) -> Response:
        if self._invited is not None:
            return self._enrol(request)
        if self.folder.founded:
            return self._administrator(request, {})
        facts = {"countries": countries(_language(request)), "at": 1}
        return self._shown(request, "first/country.html", facts)

    async def _sent(self, request: Request) -> Response:
        if not self.doorkeeper.knows(request):
            return self._shown(request, "first/closed.html", {}, status=403)
        if not self.doorkeeper.own_page(request):
            return self._shown(request, "first/closed.html", {}, status=403)
        form = await read_form(request, self.doorkeeper.token(request))
        step = form.get("step")
        if step == "administrator":
            return await anyio.to_thread.run_sync(lambda: self._invite(request, form))
        if self.folder.founded:
            # The back button, or a second tab: what was founded is not founded again.
            return _gone(".", request, "set-up")
        match step:
            case "country":
                return self._details(request, Wishes(suggested(form.get("country")[:3].upper(), on=self._today())))
            case "details":
                return await anyio.to_thread.run_sync(lambda: self._look(request, form))
            case "found":
                return await anyio.to_thread.run_sync(lambda: self._found(request, form))
        return self._fault(request, Refusal(HttpFault.REQUEST_UNREADABLE))

    def _today(self) -> Any:
        return datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC).date()

    def _details(self, request: Request, wishes: Wishes, fault: Refusal | None = None) -> Response:
        facts = {"wishes": wishes.fields, "fault": fault, "at": 2}
        return self._shown(request, "first/details.html", facts, status=200 if fault is None else 422)

    def _look(self, request: Request, form: Form) -> Response:
        """What will be founded, before anything is written."""
        wishes, back = Wishes.of(form), "back" in request.query_params
        founding = wishes.founding()
        refusal = founding if isinstance(founding, Refusal) else foreseen(founding, self.folder)
        if refusal is not None or back:
            return self._details(request, wishes, None if back else refusal)
        assert not isinstance(founding, Refusal)
        facts = {"wishes": wishes.fields, "founding": founding, "adoption": wishes.adoption(), "at": 3}
        return self._shown(request, "first/look.html", {**facts, "folder": str(self.folder.path.absolute())})

    def _found(self, request: Request, form: Form) -> Response:
        wishes = Wishes.of(form)
        founding = wishes.founding()
        if isinstance(founding, Refusal):
            return self._details(request, wishes, founding)
        refusal = foreseen(founding, self.folder)
        if refusal is not None:
            return self._details(request, wishes, refusal)
        made = founded_in(self.folder, founding, wishes.adoption(), holder="set-up")
        if isinstance(made, Refusal):
            return self._details(request, wishes, made)
        self._founded = made
        return _gone(".", request, "set-up")

    def _administrator(self, request: Request, typed: Mapping[str, str], fault: Refusal | None = None) -> Response:
        facts = {"typed": typed, "fault": fault, "founded": self._founded, "at": 4}
        return self._shown(request, "first/administrator.html", facts, status=200 if fault is None else 422)

    def _invite(self, request: Request, form: Form) -> Response:
        """Invite the first administrator, once: a second click shows the same invitation."""
        if self._invited is None and self.folder.founded:
            at_hand = OfficeAtHand(self.folder.path, clock=self._clock)
            try:
                office = at_hand.office(create=True)
                assert office is not None, "it was just made"
                found = invite_administrator(office, name=form.get("name"), mail=form.get("mail"))
            finally:
                at_hand.close()
            if isinstance(found, Refusal):
                return self._administrator(request, {name: form.get(name) for name in ("name", "mail")}, found)
            self._invited = found
        return self._enrol(request) if self._invited is not None else _gone(".", request, "set-up")

    def _enrol(self, request: Request) -> Response:
        """The last page of the set-up. Its form is answered by the registry itself, which is served from now on."""
        assert self._invited is not None
        facts = {"secret": self._invited.secret, "person": self._invited.person, "at": 5}
        made = self._shown(request, "first/enrol.html", facts)
        self._ended()
        return made

    def _fault(self, request: Request, fault: Refusal | Outage) -> Response:
        told = outward(fault)
        status = status_of(told, asked=request.method in ("GET", "HEAD"))
        return self._shown(request, "first/fault.html", {"fault": told}, status=status)

    def _shown(self, request: Request, template: str, facts: Mapping[str, Any], *, status: int = 200) -> Response:
        language = _language(request)
        texts = Texts(language)
        given = {
            "language": language,
            "languages": LANGUAGES,
            "t": texts,
            "asset": lambda name: "./" + "/".join(asset_path(name)),
            "csrf": self.doorkeeper.token(request),
            "steps": [texts(f"web.first.step.{name}") for name in STEPS],
            "at": 0,
            "country": lambda code: country_names().get(str(code), {}).get(language, str(code)),
            "fault_text": lambda fault: catalogue().message(fault, language),
            "fault_fix": lambda fault: catalogue().fix(fault, language),
            **facts,
        }
        page: str = environment(language).get_template(template).render(given)
        response = Response(page.encode("utf-8", "replace"), status)
        said = b"counterfoil-language=%b; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly" % language.encode()
        response.raw_headers = [
            (b"content-type", HTML),
            (b"content-length", str(len(response.body)).encode()),
            (b"connection", b"close"),
            *GUARD,
            UNKEPT,
            (b"set-cookie", said),
        ]
        return response


def _language(request: Request) -> str:
    from counterfoil.entrypoints.http.office.door import cookie

    named = language_named(request.query_params.get("lang", "")[:20])
    return (
        named or language_named(cookie(request.scope, "counterfoil-language")) or language_of(request.scope["headers"])
    )


def _gone(root: str, request: Request, path: str, *headers: Header) -> Response:
    del request
    response = Response(status_code=303)
    place = (b"location", f"{root}/{path}".encode())
    response.raw_headers = [place, (b"content-length", b"0"), (b"connection", b"close"), *GUARD, UNKEPT, *headers]
    return response


def _plain(status: int) -> Response:
    return Response(status_code=status)
