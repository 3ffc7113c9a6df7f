"""Bulk: one line in, one line out, in order, whatever the lines say and however they arrive."""

import asyncio
import json
import tracemalloc
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.entrypoints.bootstrap import Folder, verify_folder
from counterfoil.entrypoints.http import bulk
from counterfoil.entrypoints.http.lines import LineReader
from counterfoil.entrypoints.http.outbox import MEMORY_MAX, Outbox
from tests.http.desk import asking, token, transfer

BULK = "/api/v1/commands:bulk"


def lines(*values: object) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def told(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.anyio
async def test_each_line_has_its_own_outcome_and_its_number(folder: Folder) -> None:
    body = b"\xef\xbb\xbf" + lines(transfer(1, 10, id="a"), transfer(1, 10, id="b"))
    body += (
        b"not json\n\n   \n"
        + lines({"command": "Nothing"}, transfer(1, 10, id="a"))
        + json.dumps(transfer(11, 20)).encode()
    )
    async with asking(folder, **token(folder), **{"content-type": "application/x-ndjson"}) as client:
        answer = await client.post(BULK, content=body)
    found = told(answer.text)
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [(each["line"], each["status"], each.get("code")) for each in found] == [
        (1, "accepted", None),
        (2, "refused", "units.not_held"),
        (3, "refused", "command.unreadable"),
        (6, "refused", "command.unknown"),
        (7, "accepted", None),
        (8, "accepted", None),
    ]
    assert {**found[0], "line": 7} == found[4]
    assert set(found[1]) == {"line", "status", "code", "message", "fix", "retry", "facts"}


@pytest.mark.anyio
@pytest.mark.parametrize("body", [b"", b"\n\n\n", b"   "])
async def test_nothing_gets_no_answers(folder: Folder, body: bytes) -> None:
    async with asking(folder, **token(folder)) as client:
        answer = await client.post(BULK, content=body, headers={"content-type": "application/x-ndjson"})
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.anyio
async def test_a_line_without_end_is_refused_and_the_next_one_is_not(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "COMMAND_BYTES_MAX", 1_000)
    body = b"x" * 5_000 + b"\n" + lines(transfer(1, 2)) + b"y" * 1_001
    async with asking(folder, **token(folder)) as client:
        found = told((await client.post(BULK, content=body, headers={"content-type": "application/x-ndjson"})).text)
    assert [(each["line"], each.get("code")) for each in found] == [
        (1, "http.line_too_long"),
        (2, None),
        (3, "http.line_too_long"),
    ]


@pytest.mark.anyio
async def test_there_is_a_last_line(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "LINES_MAX", 2)
    body = lines(*(transfer(number, number) for number in range(1, 6)))
    async with asking(folder, **token(folder)) as client:
        found = told((await client.post(BULK, content=body, headers={"content-type": "application/x-ndjson"})).text)
        units = [(await client.get(f"/api/v1/units/BR-{number}")).json()["account"] for number in (2, 3)]
    assert [each.get("code") for each in found] == [None, None, "http.too_many_lines"]
    assert units == ["tha:trader", "cdm:BR-1"]


@pytest.mark.anyio
async def test_ten_thousand_lines_are_answered_in_order_with_bounded_memory(folder: Folder) -> None:
    count = 10_000

    async def body() -> AsyncIterator[bytes]:
        for number in range(1, count + 1):
            yield json.dumps(transfer(number, number, id=f"n:{number}")).encode() + b"\n"

    seen, peak = [], 0
    async with asking(folder, **token(folder), **{"content-type": "application/x-ndjson"}) as client:
        site = client._transport.app  # type: ignore[attr-defined]
        gathered = _Taken()
        tracemalloc.start()
        await site(_scope(client.headers.raw), _receiver(body()), gathered)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        seen = gathered.lines
    assert seen == list(range(1, count + 1))
    assert gathered.accepted == count
    # All answers together are above 2.5 MB; what is held at once is two chunks and their answers.
    assert gathered.bytes > 2_500_000
    assert peak < 24 * 1024 * 1024
    assert not verify_folder(folder).findings


@pytest.mark.anyio
async def test_long_lines_are_held_by_their_bytes_and_not_by_their_number(folder: Folder) -> None:
    count, name = 400, "n" * 200_000

    async def body() -> AsyncIterator[bytes]:
        for number in range(count):
            yield json.dumps({"command": "OpenAccount", "account": f"tha:{number}", "holder": name}).encode() + b"\n"

    async with asking(folder, **token(folder), **{"content-type": "application/x-ndjson"}) as client:
        site = client._transport.app  # type: ignore[attr-defined]
        gathered = _Taken()
        tracemalloc.start()
        await site(_scope(client.headers.raw), _receiver(body()), gathered)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert gathered.lines == list(range(1, count + 1))
    # The body has 80 MB. Three chunks of 4 MiB are held, as bytes of a line and as the text in its command.
    assert peak < 40 * 1024 * 1024


class _Taken:
    """Takes answers as a server would, keeping only what the test counts."""

    def __init__(self) -> None:
        self.lines: list[int] = []
        self.accepted = self.bytes = 0
        self._rest = b""

    async def __call__(self, message: dict[str, object]) -> None:
        data = message.get("body", b"")
        assert isinstance(data, bytes)
        self.bytes += len(data)
        *whole, self._rest = (self._rest + data).split(b"\n")
        for line in whole:
            self.lines.append(json.loads(line)["line"])
            self.accepted += b'"accepted"' in line


def _scope(headers: list[tuple[bytes, bytes]]) -> dict[str, object]:
    lowered = [(name.lower(), value) for name, value in headers]
    return {"type": "http", "method": "POST", "path": BULK, "headers": lowered, "query_string": b""}


def _receiver(pieces: AsyncIterator[bytes]) -> object:
    async def receive() -> dict[str, object]:
        piece = await anext(pieces, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    return receive


@given(st.binary(max_size=300), st.data())
def test_lines_are_the_same_however_the_bytes_arrive(content: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=8)))
    pieces = [content[a:b] for a, b in zip([0, *cuts], [*cuts, len(content)], strict=True)]
    reader = LineReader(bytes_max=20)
    found = [each for number, piece in enumerate(pieces) for each in reader.feed(piece, last=number == len(pieces) - 1)]
    whole = content.split(b"\n")
    wanted = whole if whole[-1] else whole[:-1]
    assert [number for number, _ in found] == list(range(1, len(wanted) + 1))
    bare = [line.removeprefix(b"\xef\xbb\xbf") if at == 0 else line for at, line in enumerate(wanted)]
    assert [line for _, line in found] == [
        None if len(raw) > 20 else line for raw, line in zip(wanted, bare, strict=True)
    ]


@pytest.mark.anyio
async def test_answers_that_nobody_takes_yet_lie_in_a_file_and_come_out_whole() -> None:
    outbox = Outbox()
    pieces = [bytes([number % 256]) * 100_000 for number in range(40)]
    for piece in pieces[:25]:
        outbox.put(piece)
    assert sum(map(len, outbox._pieces)) <= MEMORY_MAX
    first = await outbox.take()
    for piece in pieces[25:]:
        outbox.put(piece)
    outbox.finish()
    rest = [data async for data in _all(outbox)]
    assert b"".join([first, *rest]) == b"".join(pieces)
    outbox.close()


async def _all(outbox: Outbox) -> AsyncIterator[bytes]:
    while data := await outbox.take():
        yield data


@pytest.mark.anyio
async def test_an_outbox_wakes_the_one_who_waits() -> None:
    outbox = Outbox()
    waiting = asyncio.create_task(outbox.take())
    await asyncio.sleep(0)
    outbox.put(b"now")
    outbox.put(b"")
    assert await waiting == b"now"
    waiting = asyncio.create_task(outbox.take())
    await asyncio.sleep(0)
    outbox.finish()
    assert await waiting == b""
