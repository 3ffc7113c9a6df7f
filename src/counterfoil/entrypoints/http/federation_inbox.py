"""`POST /federation/v1/messages`: partners hand in signed messages, one a line, and get an answer to each.

The route is open: who sends, the messages say by their signatures. The first line decides whose bucket pays; what no
partner has signed is paid from a small bucket that all strangers share. A message that is refused is counted by its
code and told of in the log without its content; only what a partner has signed is kept, whole, before it is answered.
Source: ADR-0035.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any, Final

import msgspec

from counterfoil.adapters.peers.http_peer import MEDIA_TYPE
from counterfoil.application.federation.exchange import BUNDLE_BYTES_MAX, BUNDLE_MESSAGES_MAX, sent_copy
from counterfoil.application.federation.flood import cost_of
from counterfoil.application.federation.hearing import Hearing, Taken
from counterfoil.application.federation.letter_book import Count, Direction
from counterfoil.application.federation.sender import proven_sender
from counterfoil.application.ports import Outage
from counterfoil.domain.federation.jws import compact, read_compact
from counterfoil.domain.federation.message import MessageFault
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.faults import catalogue
from counterfoil.entrypoints.http.acts import is_kind
from counterfoil.entrypoints.http.exchange import (
    UNKEPT,
    Receive,
    Scope,
    Send,
    answer,
    answer_problem,
    header,
)
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.federation_fault import FederationFault
from counterfoil.entrypoints.http.intake import Intake
from counterfoil.entrypoints.http.problem import language_of, outward, problem
from counterfoil.entrypoints.links_at_hand import LinksAtHand

RUNNING_MAX: Final = 64
"""Bundles that may be in hand at once, each read to its end: so many bodies of `BUNDLE_BYTES_MAX` in memory."""
OF_ONE_MAX: Final = 16
"""Bundles in hand from one address."""
THREADS: Final = 4
ANSWERS_BYTES_MAX: Final = 16 * 1024 * 1024
"""Messages in return beyond this are left out: they are owed, and go when the partner asks again."""
_BODY_BYTES_MAX: Final = BUNDLE_BYTES_MAX + BUNDLE_MESSAGES_MAX
_KINDS: Final = frozenset({MEDIA_TYPE.encode()})
_LINES: Final = b"application/x-ndjson"
_LOG: Final = logging.getLogger("counterfoil.federation")
_ENCODER: Final = msgspec.json.Encoder(enc_hook=str)


class Inbox:
    """Takes bundles of messages for one registry."""

    def __init__(self, links: LinksAtHand) -> None:
        self._links = links
        self._running: Counter[str] = Counter()
        self._intake = Intake()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="counterfoil-inbox")

    def close(self) -> None:
        """Wait for the bundles in hand."""
        self._threads.shutdown()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            lines = await _lines(scope, receive, self._intake)
        except Outage as outage:
            return await self._refuse(scope, send, outage)
        if isinstance(lines, Refusal):
            return await self._refuse(scope, send, lines)
        address, waiting = str((scope.get("client") or ("",))[0]), self._running.total()
        if waiting >= RUNNING_MAX or self._running[address] >= OF_ONE_MAX:
            return await self._refuse(scope, send, Outage(HttpFault.BUSY, {"waiting": waiting}, retry=True))
        self._running[address] += 1
        try:
            loop = asyncio.get_running_loop()
            told = await loop.run_in_executor(self._threads, self._taken, lines)
        except Outage as outage:
            return await self._refuse(scope, send, outage)
        finally:
            self._running[address] -= 1
            self._running += Counter()  # forgets the addresses that have none
        if isinstance(told, Refusal):
            return await self._refuse(scope, send, told)
        return await answer(send, 200, told, (UNKEPT,), _LINES)

    def _taken(self, lines: Sequence[bytes]) -> bytes | Refusal:
        """In a thread: whose bucket pays, what becomes of each message, what is kept, and the answer's bytes."""
        if not lines:
            return b""
        links, began = self._links, time.monotonic()
        now = links.clock.now_ms()
        party = proven_sender(lines[0], links.driver.writer, now_ms=now)
        again = bool(party) and links.book().came(_digest(lines[0]))
        wait_ms = links.flood.take(party, cost_of(lines), now, again=again)
        if wait_ms:
            self._count(party, FederationFault.FLOOD, len(lines))
            return Refusal(FederationFault.FLOOD, {"party": party or "-", "seconds": -(-wait_ms // 1000)})
        hearing = Hearing(links.book(), now)
        taken = links.side.take(lines, hearing.heard)
        now = links.clock.now_ms()  # what is answered comes after what was heard
        sent = [
            (each.idle, sent_copy(each.partner, owed, compact(owed.envelope), now_ms=now))
            for each in taken
            for owed in each.answers
        ]
        hearing.settle(
            lines,
            taken,
            sent=[letter for idle, letter in sent if not idle],
            sent_idle=[letter for idle, letter in sent if idle],
        )
        self._told(taken)
        links.meter(Direction.IN.value, time.monotonic() - began)
        return _answers(taken)

    def _count(self, party: str, code: str, number: int) -> None:
        book = self._links.book()
        with book.change(synced=False):
            book.count([Count(party, Direction.IN, "", code, number)])

    def _told(self, taken: Sequence[Taken]) -> None:
        """One line in the log for each partner and code, and a look at the keys of who names one that is unknown."""
        refused = Counter((each.partner, str(each.fault.code)) for each in taken if each.fault is not None)
        for (partner, code), number in refused.items():
            _LOG.warning("messages refused: %d from %s, %s", number, partner or "nobody known", code)
        strangers = {
            str(each.fault.facts.get("sender", ""))
            for each in taken
            if each.fault is not None and each.fault.code == MessageFault.KEY_UNKNOWN
        }
        for party in strangers - {""}:
            self._links.key_unknown(party)

    async def _refuse(self, scope: Scope, send: Send, fault: Refusal | Outage) -> None:
        await answer_problem(send, problem(fault, instance=scope["path"], language=language_of(scope["headers"])))


async def _lines(scope: Scope, receive: Receive, intake: Intake) -> list[bytes] | Refusal:
    kind = header(scope, b"content-type") or b""
    if not is_kind(kind, _KINDS):
        return Refusal(HttpFault.CONTENT_TYPE, {"found": kind.decode("latin-1")[:80], "expected": MEDIA_TYPE})
    body = await intake.read(scope, receive, bytes_max=_BODY_BYTES_MAX)
    if isinstance(body, Refusal):
        return body
    lines = [line for line in body.split(b"\n", BUNDLE_MESSAGES_MAX + 1) if line]
    if len(lines) > BUNDLE_MESSAGES_MAX:
        return Refusal(HttpFault.TOO_MANY_LINES, {"lines_max": BUNDLE_MESSAGES_MAX})
    return lines


def _digest(signed: bytes) -> str:
    """The name of a message whose sender is proven: the SHA-256 of its content."""
    read = read_compact(signed)
    return "" if isinstance(read, Refusal) else sha256(read.content).hexdigest()


def _answers(taken: Sequence[Taken]) -> bytes:
    lines: list[bytes] = []
    left = ANSWERS_BYTES_MAX
    for each in taken:
        messages = [compact(owed.envelope).decode() for owed in each.answers]
        size = sum(map(len, messages))
        left -= size
        lines.append(_ENCODER.encode({**_outcome(each.fault), "answers": messages if left >= 0 else []}))
    return b"\n".join(lines) + b"\n"


def _outcome(fault: Refusal | Outage | None) -> dict[str, Any]:
    if fault is None:
        return {"outcome": "done"}
    told = catalogue().problem(outward(fault))
    outcome = "refused" if isinstance(fault, Refusal) else "unavailable"
    return {
        "outcome": outcome,
        "code": told["code"],
        "facts": told["facts"],
        "text": told["message"],
        "fix": told["fix"],
    }
