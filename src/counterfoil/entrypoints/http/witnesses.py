"""`POST /log/cosignatures`: a witness's lines, handed in by somebody with a token that may write.

The body is the note with the lines, or the bare lines with which a witness answers `add-checkpoint`.
Source: C2SP tlog-witness; tlog-cosignature.
"""

import asyncio
from typing import Final

import msgspec

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.adapters.codec import JsonCodec
from counterfoil.adapters.signing.ed25519 import verify
from counterfoil.application.ports import CosignatureRow, Outage
from counterfoil.application.witnessing import handed_in, keep
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.note import NOTE_CHARACTERS_MAX
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.http.desk import Desk
from counterfoil.entrypoints.http.exchange import UNKEPT, Receive, Scope, Send, answer, answer_problem, read_body
from counterfoil.entrypoints.http.problem import language_of, problem

COSIGNATURES: Final = "/log/cosignatures"


class Witnesses:
    """Takes cosignature lines: read and checked beside the writer, kept by it."""

    def __init__(self, desk: Desk, folder: Folder) -> None:
        self._desk = desk
        self._folder = folder
        # Bare lines are tried against many checkpoints: one request at a time leaves the machine to the acts.
        self._turn = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(receive, bytes_max=NOTE_CHARACTERS_MAX)
        if isinstance(body, Refusal):
            return await self._refuse(scope, send, body)
        async with self._turn:
            rows = await asyncio.to_thread(self._checked, body)
        if isinstance(rows, Refusal):
            return await self._refuse(scope, send, rows)
        new = await self._desk.aside(lambda store: keep(store, rows))
        told = {"status": "kept", "checkpoint": rows[0].number, "witnesses": [row.name for row in rows], "new": new}
        return await answer(send, 200, msgspec.json.encode(told), (UNKEPT,))

    def _checked(self, body: bytes) -> tuple[CosignatureRow, ...] | Refusal:
        with open_for_reading(self._folder) as readable:
            return handed_in(readable.reading, JsonCodec(), body, now_ms=SystemClock().now_ms(), verify=verify)

    async def _refuse(self, scope: Scope, send: Send, fault: Refusal | Outage) -> None:
        language = language_of(scope["headers"])
        await answer_problem(send, problem(fault, instance=scope["path"], language=language))
