"""The bulk route: one command a line in, one answer a line out, in the same order, with bounded memory.

Each line has its own outcome. A line that cannot be read is answered with its number, and the others go on. Lines that
are empty are passed over. Reading waits when two chunks are with the writer; it never waits for the client to read.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import msgspec

from counterfoil.application.command import Command
from counterfoil.application.draft import Outcome
from counterfoil.application.ports import Outage
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.faults import catalogue
from counterfoil.entrypoints.http.acts import is_kind, receipt_json
from counterfoil.entrypoints.http.caller import Caller, caller_of
from counterfoil.entrypoints.http.desk import Desk
from counterfoil.entrypoints.http.exchange import GUARD, UNKEPT, Gone, Receive, Scope, Send, answer_problem, header
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.lines import LineReader
from counterfoil.entrypoints.http.outbox import Outbox
from counterfoil.entrypoints.http.problem import language_of, outward, problem
from counterfoil.entrypoints.wire import COMMAND_BYTES_MAX, answer_json, read_command

BULK: Final = "/api/v1/commands:bulk"
LINES_MAX: Final = 1_000_000
CHUNK: Final = 1_000
"""Lines that go to the writer together, at most."""
CHUNK_BYTES: Final = 4 * 1024 * 1024
"""Bytes of lines after which a chunk goes to the writer, however few its lines are."""
AHEAD: Final = 2
"""Chunks that may be with the writer before the next one is read."""
SLICE: Final = 100
"""Lines that are parsed or answered before other requests get their turn."""

MEDIA_TYPE: Final = b"application/x-ndjson"
_KINDS: Final = frozenset(
    {MEDIA_TYPE, b"application/ndjson", b"application/jsonl", b"application/json-lines", b"application/json"}
)

Parsed: TypeAlias = Command | Refusal


@dataclass(slots=True)
class _Chunk:
    """Lines that were read together: their numbers from 1, and the command or the fault of each."""

    numbers: list[int]
    parsed: list[Parsed]

    def commands(self, caller: Caller) -> list[Submission]:
        return [caller.submission(each) for each in self.parsed if not isinstance(each, Refusal)]


class Bulk:
    """`POST /api/v1/commands:bulk`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = self._admitted(scope)
        if isinstance(caller, Refusal):
            language = language_of(scope["headers"])
            return await answer_problem(send, problem(caller, instance=scope["path"], language=language))
        headers = [(b"content-type", MEDIA_TYPE), *GUARD, UNKEPT]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        outbox = Outbox()
        sender = asyncio.create_task(_post(outbox, send))
        try:
            await self._run(caller, receive, outbox)
            outbox.finish()
            await sender
        except Gone:
            pass  # what was accepted stays; the client repeats its lines with the same ids
        finally:
            sender.cancel()
            outbox.close()

    def _admitted(self, scope: Scope) -> Caller | Refusal:
        caller = caller_of(scope)
        kind = header(scope, b"content-type")
        if kind is not None and not is_kind(kind, _KINDS):
            facts = {"found": kind.decode("latin-1")[:80], "expected": MEDIA_TYPE.decode()}
            return Refusal(HttpFault.CONTENT_TYPE, facts)
        return caller

    async def _run(self, caller: Caller, receive: Receive, outbox: Outbox) -> None:
        """Keep up to `AHEAD` chunks with the writer, and answer them in order."""
        waiting: list[tuple[_Chunk, asyncio.Task[Sequence[Outcome]]]] = []
        try:
            async for chunk in _chunks(receive, caller):
                waiting.append((chunk, asyncio.create_task(self._decided(chunk.commands(caller)))))
                if len(waiting) > AHEAD:
                    await _answer(*waiting.pop(0), outbox)
            while waiting:
                await _answer(*waiting.pop(0), outbox)
        finally:
            for _, task in waiting:
                task.cancel()

    async def _decided(self, submissions: Sequence[Submission]) -> Sequence[Outcome]:
        try:
            return await self._desk.batch(submissions) if submissions else ()
        except Outage as outage:
            return [outage] * len(submissions)


async def _answer(chunk: _Chunk, task: asyncio.Task[Sequence[Outcome]], outbox: Outbox) -> None:
    outcomes = iter(await task)
    lines: list[bytes] = []
    for number, parsed in zip(chunk.numbers, chunk.parsed, strict=True):
        outcome = parsed if isinstance(parsed, Refusal) else next(outcomes)
        lines.append(_line(number, outcome))
        if len(lines) == SLICE:
            outbox.put(b"".join(lines))
            lines.clear()
            await asyncio.sleep(0)
    outbox.put(b"".join(lines))


def _line(number: int, outcome: Outcome) -> bytes:
    if isinstance(outcome, Receipt):
        return b'{"line":%d,' % number + receipt_json(outcome)[1:] + b"\n"
    told: dict[str, Any] = {"line": number, **answer_json(outward(outcome), catalogue())}
    return msgspec.json.encode(told, enc_hook=str) + b"\n"


async def _post(outbox: Outbox, send: Send) -> None:
    while data := await outbox.take():
        await send({"type": "http.response.body", "body": data, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _chunks(receive: Receive, caller: Caller) -> AsyncIterator[_Chunk]:
    """The parsed lines of the body, `CHUNK` at a time, or as many as have `CHUNK_BYTES`."""
    lines = LineReader(bytes_max=COMMAND_BYTES_MAX)
    chunk, held = _Chunk([], []), 0
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise Gone
        more = bool(message.get("more_body"))
        for number, line in lines.feed(message["body"], last=not more):
            if line is not None and (not line or line.isspace()):
                continue
            chunk.numbers.append(number)
            chunk.parsed.append(_parsed(number, line, caller))
            held += len(line or b"")
            if number > LINES_MAX:
                yield chunk
                return
            if len(chunk.numbers) == CHUNK or held >= CHUNK_BYTES:
                yield chunk
                chunk, held = _Chunk([], []), 0
            elif len(chunk.numbers) % SLICE == 0:
                await asyncio.sleep(0)
    if chunk.numbers:
        yield chunk


def _parsed(number: int, line: bytes | None, caller: Caller) -> Parsed:
    if number > LINES_MAX:
        return Refusal(HttpFault.TOO_MANY_LINES, {"lines_max": LINES_MAX})
    if line is None:
        return Refusal(HttpFault.LINE_TOO_LONG, {"bytes_max": COMMAND_BYTES_MAX})
    command = read_command(line)
    return command if isinstance(command, Refusal) else caller.permitted(command) or command
