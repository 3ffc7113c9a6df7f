"""The whole site as one ASGI application: acts on the short way, all else by the router."""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.routing import Route, Router

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.acts import ACTS, Acts
from counterfoil.entrypoints.http.asked import Told
from counterfoil.entrypoints.http.bulk import BULK, Bulk
from counterfoil.entrypoints.http.caller import Callers
from counterfoil.entrypoints.http.checks import CHECK, DIFF, Checks
from counterfoil.entrypoints.http.desk import Desk
from counterfoil.entrypoints.http.exchange import Gone, Receive, Scope, Send, answer_problem
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.front import front
from counterfoil.entrypoints.http.log import Log
from counterfoil.entrypoints.http.press import Press, Product
from counterfoil.entrypoints.http.problem import language_of, mistake, problem
from counterfoil.entrypoints.http.reading_room import ReadingRoom
from counterfoil.entrypoints.http.reads import Reads
from counterfoil.entrypoints.http.reports import Reports
from counterfoil.entrypoints.http.tokens import TokenTable
from counterfoil.entrypoints.http.witnesses import COSIGNATURES, Witnesses

RUNNING_MAX: Final = 4_096
"""Requests that may run at once; beyond them a caller is told to come back."""


class Site:
    """One registry over HTTP."""

    def __init__(self, desk: Desk, room: ReadingRoom, tokens: TokenTable) -> None:
        callers = Callers(tokens)
        self._acts = Acts(desk, callers)
        reads, press = Reads(room, desk), Press(room.folder)
        self.routes = [
            Route(ACTS, self._acts, methods=["POST"]),
            Route(f"{ACTS}/{{name}}", self._acts, methods=["POST"]),
            Route(BULK, Bulk(desk, callers), methods=["POST"]),
            *Reports(room, press).routes(),
            Route(CHECK, Checks(Product.CHECK, press, callers), methods=["POST"]),
            Route(DIFF, Checks(Product.DIFF, press, callers), methods=["POST"]),
            *reads.routes(),
            *Log(room.folder).routes(),
            Route(COSIGNATURES, Witnesses(desk, callers, Folder(room.folder)), methods=["POST"]),
            Route("/", front(room)),
        ]
        self._router = Router(self.routes, redirect_slashes=False)
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if self._running >= RUNNING_MAX:
            fault = Outage(HttpFault.BUSY, {"waiting": self._running}, retry=True)
            return await self._tell(scope, send, fault)
        self._running += 1
        try:
            if scope["path"] == ACTS and scope["method"] == "POST":
                await self._acts(scope, receive, send)
            else:
                scope["app"] = self  # tells the router to raise what it cannot answer
                await self._router(scope, receive, send)
        except Gone:
            pass
        except Told as told:
            await self._tell(scope, send, told.fault)
        except Outage as outage:
            await self._tell(scope, send, outage)
        except HTTPException as exception:
            await self._tell(
                scope, send, _of_router(scope, exception), allow=(exception.headers or {}).get("Allow", "")
            )
        except Exception as error:  # noqa: BLE001  the caller gets a number, the operator the rest
            await self._tell(scope, send, mistake(error))
        finally:
            self._running -= 1

    async def _tell(self, scope: Scope, send: Send, fault: Refusal | Outage, *, allow: str = "") -> None:
        asked = scope["method"] in ("GET", "HEAD")
        language = language_of(scope["headers"])
        told = problem(fault, instance=scope["path"], language=language, asked=asked, allow=allow)
        try:
            await answer_problem(send, told)
        except RuntimeError as error:
            # The answer had begun: all that is left is to break it off, which tells the client that it is not whole.
            mistake(error)


def _of_router(scope: Scope, exception: HTTPException) -> Refusal:
    if exception.status_code == 405:
        allowed = (exception.headers or {}).get("Allow", "")
        return Refusal(HttpFault.METHOD_NOT_ALLOWED, {"method": scope["method"][:20], "allowed": allowed})
    return Refusal(HttpFault.NOT_FOUND, {"path": scope["path"][:200]})
