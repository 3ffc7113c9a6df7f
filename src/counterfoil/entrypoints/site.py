"""The whole site as one ASGI application: acts on the short way, all else by the router."""

from collections.abc import MutableMapping
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.routing import Route, Router

from counterfoil.application.federation.discovery import DISCOVERY, MESSAGES, RECONCILIATION
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.approvals_at_hand import approval_desk
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.demo.served import ServedDemo
from counterfoil.entrypoints.gate import Gate
from counterfoil.entrypoints.grievances_at_hand import letter_desk
from counterfoil.entrypoints.http.accounting import BALANCES
from counterfoil.entrypoints.http.accounts_at_hand import AccountsAtHand
from counterfoil.entrypoints.http.activity_finding import ActivityFinding
from counterfoil.entrypoints.http.acts import ACTS, Acts
from counterfoil.entrypoints.http.admission import Admission, guarded
from counterfoil.entrypoints.http.asked import Told
from counterfoil.entrypoints.http.bulk import BULK, Bulk
from counterfoil.entrypoints.http.caller import Callers
from counterfoil.entrypoints.http.checks import CHECK, DIFF, Checks
from counterfoil.entrypoints.http.desk import Desk
from counterfoil.entrypoints.http.exchange import Gone, Receive, Scope, Send, answer_problem, header
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.federation_discovery import discovery_route
from counterfoil.entrypoints.http.federation_inbox import Inbox
from counterfoil.entrypoints.http.log import Log
from counterfoil.entrypoints.http.metrics import METRICS, Metrics
from counterfoil.entrypoints.http.office import grievances, proposals
from counterfoil.entrypoints.http.office.desk import OfficeDesk
from counterfoil.entrypoints.http.office.door import Door
from counterfoil.entrypoints.http.overlaps import OVERLAPS, Overlaps
from counterfoil.entrypoints.http.pathways import Pathways
from counterfoil.entrypoints.http.press import Press, Product
from counterfoil.entrypoints.http.problem import language_of, mistake, problem
from counterfoil.entrypoints.http.reading_room import ReadingRoom
from counterfoil.entrypoints.http.reads import Reads
from counterfoil.entrypoints.http.reconciliation import RECONCILIATIONS, Questions, Reconciliations
from counterfoil.entrypoints.http.reports import Reports
from counterfoil.entrypoints.http.tokens import TokenTable
from counterfoil.entrypoints.http.witnesses import COSIGNATURES, Witnesses
from counterfoil.entrypoints.links_at_hand import LinksAtHand
from counterfoil.entrypoints.office_at_hand import OfficeAtHand
from counterfoil.entrypoints.permission_table import permission_table
from counterfoil.entrypoints.reconciler_at_hand import ReconcilerAtHand
from counterfoil.entrypoints.web.ground import Ground
from counterfoil.entrypoints.web.site import PageSite

RUNNING_MAX: Final = 4_096
"""Requests that may run at once; beyond them a caller is told to come back."""


_MACHINES: Final = ("/api/", "/federation/", "/log/", "/.well-known/", METRICS)
"""Where programs ask; everything else is a page for people."""


class Site:
    """One registry over HTTP."""

    def __init__(
        self,
        desk: Desk,
        room: ReadingRoom,
        tokens: TokenTable,
        gate: Gate | None = None,
        at_hand: OfficeAtHand | None = None,
        *,
        demonstration: ServedDemo | None = None,
    ) -> None:
        self.at_hand = at_hand or OfficeAtHand(room.folder)
        self.at_hand.require_settings()
        door = Door(self.at_hand)
        self.gate = gate = gate or Gate(permission_table(room.folder), self.at_hand.staffed)
        callers = Callers(tokens, gate, door.standing, door.machine)
        self._office = OfficeDesk(door)
        self.links = LinksAtHand(room.folder, desk.driver)
        self._inbox = Inbox(self.links)
        self.reconciler = ReconcilerAtHand(desk.driver, self.links.side, self.links.settings.way)
        self._questions = Questions(self.links, self.reconciler)
        approvals = proposals.routes(lambda office: approval_desk(self.at_hand, office, desk.driver, gate))
        acts = Acts(desk)
        self._acts = Admission(acts, ACTS, callers)
        finding, press, accounts = ActivityFinding(room), Press(room.folder), AccountsAtHand(room)
        reads = Reads(room, desk, {"/activities": finding.listed, BALANCES: accounts.balance}, self.links)
        self.routes = [
            Route(ACTS, acts, methods=["POST"]),
            Route(f"{ACTS}/{{name}}", acts, methods=["POST"]),
            Route(BULK, Bulk(desk), methods=["POST"]),
            *Reports(room, press, accounts).routes(),
            Route(CHECK, Checks(Product.CHECK, press), methods=["POST"]),
            Route(DIFF, Checks(Product.DIFF, press), methods=["POST"]),
            Route(OVERLAPS, Overlaps(press), methods=["POST"]),
            finding.route(),
            *reads.routes(),
            *Log(room.folder).routes(),
            *Pathways(room).routes(),
            *self._office.routes(),
            *self._office.routes(approvals),
            *self._office.routes(grievances.routes(lambda office: letter_desk(self.at_hand, office, desk.driver))),
            Route(COSIGNATURES, Witnesses(desk, Folder(room.folder)), methods=["POST"]),
            Route(MESSAGES, self._inbox, methods=["POST"]),
            Route(RECONCILIATION, self._questions, methods=["POST"]),
            Route(RECONCILIATIONS, Reconciliations(self.reconciler), methods=["POST"]),
            Route(DISCOVERY, discovery_route(room)),
            Route(METRICS, Metrics(room, self.links), methods=["GET"]),
        ]
        self._router = Router(guarded(self.routes, callers), redirect_slashes=False)
        self.pages = PageSite(
            Ground(
                room,
                desk,
                door,
                gate,
                callers,
                press,
                finding,
                self.links,
                self.reconciler,
                self._office.workroom,
                accounts,
                demonstration=demonstration,
            )
        )
        self._running = 0

    def close(self) -> None:
        """Wait for the office's work and the inbox's, and close their files."""
        self._inbox.close()
        self._questions.close()
        self.links.close()
        self._office.close()
        self.at_hand.close()

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
                await (self._router if scope["path"].startswith(_MACHINES) else self.pages)(scope, receive, send)
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
        if not scope["path"].startswith(_MACHINES) and b"text/html" in (header(scope, b"accept") or b""):
            page = await self.pages.told(scope, fault)
            if page is not None:
                return await page(scope, _heard, send)
        asked = scope["method"] in ("GET", "HEAD")
        language = language_of(scope["headers"])
        told = problem(fault, instance=scope["path"], language=language, asked=asked, allow=allow)
        try:
            await answer_problem(send, told)
        except RuntimeError as error:
            # The answer had begun: all that is left is to break it off, which tells the client that it is not whole.
            mistake(error)


async def _heard() -> MutableMapping[str, Any]:
    return {"type": "http.disconnect"}


def _of_router(scope: Scope, exception: HTTPException) -> Refusal:
    if exception.status_code == 405:
        allowed = (exception.headers or {}).get("Allow", "")
        return Refusal(HttpFault.METHOD_NOT_ALLOWED, {"method": scope["method"][:20], "allowed": allowed})
    return Refusal(HttpFault.NOT_FOUND, {"path": scope["path"][:200]})
