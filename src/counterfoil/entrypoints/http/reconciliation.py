"""Reconciliation over HTTP: partners ask signed questions, and whoever keeps the registry starts one.

`POST /federation/v1/reconciliation` is open, as messages are: the signature says who asks, and pays from the same
bucket. `POST /api/v1/reconciliations:run` takes the code of a partner and answers when the books were compared.
Source: ADR-0033.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import msgspec

from counterfoil.adapters.peers.http_peer import MEDIA_TYPE
from counterfoil.application.federation.discovery import RECONCILIATION
from counterfoil.application.federation.sender import proven_sender
from counterfoil.application.ports import Outage
from counterfoil.domain.federation.jws import COMPACT_BYTES_MAX
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.exchange import UNKEPT, Receive, Scope, Send, answer, answer_problem, read_body
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.federation_fault import FederationFault
from counterfoil.entrypoints.http.openapi_parts import refused
from counterfoil.entrypoints.http.problem import language_of, problem
from counterfoil.entrypoints.links_at_hand import LinksAtHand
from counterfoil.entrypoints.reconciler_at_hand import ReconcilerAtHand, told

RECONCILIATIONS: Final = "/api/v1/reconciliations:run"
RUNNING_MAX: Final = 8
"""Questions in hand at once; each may hold a message in memory."""
THREADS: Final = 2
_PARTY_BYTES_MAX: Final = 20


class Questions:
    """Answers partners' questions about the books and the logs."""

    def __init__(self, links: LinksAtHand, reconciler: ReconcilerAtHand) -> None:
        self._links = links
        self._reconciler = reconciler
        self._running = 0
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="counterfoil-questions")

    def close(self) -> None:
        self._threads.shutdown()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._running >= RUNNING_MAX:
            return await _refuse(scope, send, Outage(HttpFault.BUSY, {"waiting": self._running}, retry=True))
        self._running += 1
        try:
            body = await read_body(receive, bytes_max=COMPACT_BYTES_MAX)
            loop = asyncio.get_running_loop()
            given = body if isinstance(body, Refusal) else await loop.run_in_executor(self._threads, self._given, body)
        except Outage as outage:
            return await _refuse(scope, send, outage)
        finally:
            self._running -= 1
        if isinstance(given, Refusal):
            return await _refuse(scope, send, given)
        return await answer(send, 200, given, (UNKEPT,), MEDIA_TYPE.encode())

    def _given(self, body: bytes) -> bytes | Refusal:
        links = self._links
        now = links.clock.now_ms()
        party = proven_sender(body, links.driver.writer, now_ms=now)
        wait_ms = links.flood.take(party, 1, now, again=True)
        if wait_ms:
            return Refusal(FederationFault.FLOOD, {"party": party or "-", "seconds": -(-wait_ms // 1000)})
        return self._reconciler.answer(body)


class Reconciliations:
    """Starts a reconciliation with a partner whose code is the body, and answers how the books compared."""

    def __init__(self, reconciler: ReconcilerAtHand) -> None:
        self._reconciler = reconciler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(receive, bytes_max=_PARTY_BYTES_MAX)
        if isinstance(body, Refusal):
            return await _refuse(scope, send, body)
        party = body.decode("utf-8", "replace").strip()
        try:
            outcome = await asyncio.to_thread(self._reconciler.run, party)
        except Outage as outage:
            return await _refuse(scope, send, outage)
        if isinstance(outcome, Refusal):
            return await _refuse(scope, send, outcome)
        return await answer(send, 200, msgspec.json.encode(told(outcome)), (UNKEPT,))


async def _refuse(scope: Scope, send: Send, fault: Refusal | Outage) -> None:
    await answer_problem(send, problem(fault, instance=scope["path"], language=language_of(scope["headers"])))


def reconciliation_paths() -> dict[str, Any]:
    """The two routes in the OpenAPI document."""
    text = {"schema": {"type": "string"}}
    return {
        RECONCILIATION: {
            "post": {
                "tags": ["federation"],
                "operationId": "askAboutBooks",
                "summary": "Ask a signed question about the books, as a linked registry",
                "description": "One JSON Web Signature in compact form; the answer is one too.",
                "security": [],
                "requestBody": {"required": True, "content": {MEDIA_TYPE: text}},
                "responses": {
                    "200": {"description": "The signed answer.", "content": {MEDIA_TYPE: text}},
                    **refused("409", "413", "429", "500", "503"),
                },
            }
        },
        RECONCILIATIONS: {
            "post": {
                "tags": ["federation"],
                "operationId": "reconcile",
                "summary": "Compare the books with a partner now",
                "description": "The body is the partner's code, such as CHE.",
                "security": [{"token": []}],
                "requestBody": {"required": True, "content": {"text/plain": text}},
                "responses": {
                    "200": {
                        "description": "How the books compared, and which cases were opened or closed.",
                        "content": {"application/json": {"schema": {"type": "object"}}},
                    },
                    **refused("401", "403", "409", "413", "503"),
                },
            }
        },
    }
