"""Serves the office's routes: who asks, what is sent, the work in a thread, the answer."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from counterfoil.application.office import sessions
from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.ports import Office
from counterfoil.application.office.sessions import Bearer
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.asked import Told
from counterfoil.entrypoints.http.caller import LOCAL, caller_of
from counterfoil.entrypoints.http.exchange import GUARD, JSON_TYPE, UNKEPT, header, read_body
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.office import (
    admin_requests,
    administration,
    applications,
    audit,
    documents,
    mandates,
    notices,
    own,
    signing_in,
    tasks,
)
from counterfoil.entrypoints.http.office.call import Access, Answer, Call, OfficeRoute
from counterfoil.entrypoints.http.office.door import ERRAND, Door, cookie
from counterfoil.entrypoints.http.office.workroom import Workroom
from counterfoil.entrypoints.http.upload import BYTES_MAX as FILE_BYTES_MAX
from counterfoil.entrypoints.http.upload import spooled

BODY_MAX: Final = 128 * 1024
FILE_TYPE: Final = b"application/octet-stream"
"""The type of a file in either direction. A form of a foreign page cannot send it without asking first."""
_ENCODER: Final = msgspec.json.Encoder()


def office_routes() -> tuple[OfficeRoute, ...]:
    """Every route of the office, in one table."""
    own_matters = (*signing_in.routes(), *own.routes(), *tasks.routes(), *mandates.routes())
    people = (*own_matters, *administration.routes(), *admin_requests.routes())
    return (*people, *applications.routes(), *notices.routes(), *audit.routes(), *documents.routes())


class OfficeDesk:
    """The office's routes of one server."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self.workroom = Workroom()

    def close(self) -> None:
        """Wait for the work that is under way."""
        self.workroom.close()

    def routes(self, table: Sequence[OfficeRoute] | None = None) -> list[Route]:
        """The routes of a table; left out, of the whole office."""
        chosen = office_routes() if table is None else table
        return [Route(route.path, self._endpoint(route), methods=[route.method]) for route in chosen]

    def _endpoint(self, route: OfficeRoute) -> Any:
        async def endpoint(request: Request) -> Response:
            bearer = self._bearer(request, route)
            body = await _body(request, route)
            try:
                return await self._answered(request, route, bearer, body)
            finally:
                if route.takes_file:
                    body.close()

        return endpoint

    async def _answered(self, request: Request, route: OfficeRoute, bearer: Bearer | None, body: Any) -> Response:
        office = await self.workroom.do(lambda: self._door.at_hand.office(create=_creates(route)), hashing=False)
        if office is None:
            raise Told(Refusal(OfficeFault.SIGN_IN_REFUSED))
        call = Call(
            actor=LOCAL if bearer is None else f"person:{bearer.standing.acting}",
            device=self._door.device(request.scope),
            bearer=bearer,
            path=request.path_params,
            query=request.query_params,
            body=body,
            browser=cookie(request.scope, ERRAND),
        )
        answer = await self.workroom.do(lambda: _run(route, office, call), hashing=route.hashing)
        if isinstance(answer, Refusal):
            raise Told(answer)
        return _response(answer)

    def _bearer(self, request: Request, route: OfficeRoute) -> Bearer | None:
        """Who asks; None for a stranger where everybody may, and for the folder's owner over the local socket.

        What the permission table says was asked before (`admission.py`): here it is only told who it was.
        """
        scope = request.scope
        if route.access is Access.OPEN:
            if route.method == "POST" and not self._door.own_page(scope):
                raise Told(Refusal(OfficeFault.REQUEST_FORGED))
            return None
        if route.access is Access.BY_TABLE and caller_of(scope).name == LOCAL:
            return None
        found = self._door.bearer(scope)
        if found is None:
            raise Told(Refusal(OfficeFault.SESSION_NEEDED))
        if isinstance(found, Refusal):
            raise Told(found)
        return found


def _run(route: OfficeRoute, office: Office, call: Call) -> Answer | Refusal:
    if call.bearer is not None and sessions.needs_mark(office, call.bearer.session):
        sessions.mark(office, call.bearer.session)
    return route.run(office, call)


async def _body(request: Request, route: OfficeRoute) -> Any:
    """What is sent, in the route's shape. A form of a foreign page cannot send this type without asking first."""
    if route.body is None and not route.takes_file:
        return None
    kind = (header(request.scope, b"content-type") or b"").partition(b";")[0].strip().lower()
    expected = FILE_TYPE if route.takes_file else JSON_TYPE
    if kind != expected:
        facts = {"found": kind.decode("latin-1")[:80] or "-", "expected": expected.decode()}
        raise Told(Refusal(HttpFault.CONTENT_TYPE, facts))
    if route.body is None:
        file = await spooled(request.receive, bytes_max=FILE_BYTES_MAX)
        if isinstance(file, Refusal):
            raise Told(file)
        return file
    data = await read_body(request.receive, bytes_max=BODY_MAX)
    if isinstance(data, Refusal):
        raise Told(data)
    try:
        return msgspec.json.decode(data or b"{}", type=route.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # The words of the decoder name fields and types, never a value.
        raise Told(Refusal(OfficeFault.BODY_UNREADABLE, {"detail": str(error)[:200]})) from error


def _creates(route: OfficeRoute) -> bool:
    """Whether a route may lay out the office's file: who may administer people reaches it, or it keeps letters."""
    return route.lays_out or route.access is Access.BY_TABLE


def _response(answer: Answer) -> Response:
    response = Response(status_code=answer.status)
    if isinstance(answer.value, bytes):
        # A file: whatever it claims to be, a browser saves it and does not show it.
        response.body, kind = answer.value, answer.kind or FILE_TYPE
    else:
        response.body, kind = b"" if answer.status == 303 else _ENCODER.encode(answer.value), JSON_TYPE
    length = (b"content-length", str(len(response.body)).encode())
    response.raw_headers = [(b"content-type", kind), length, *GUARD, UNKEPT, *answer.headers]
    return response
