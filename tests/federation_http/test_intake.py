"""Strangers who send slowly fill a waiting room, and nobody else waits for them."""

import asyncio
from typing import Any

import pytest

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http import intake
from counterfoil.entrypoints.http.exchange import Gone
from counterfoil.entrypoints.http.intake import Intake

pytestmark = pytest.mark.anyio


def scope(address: str) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "path": "/federation/v1/messages",
        "query_string": b"",
        "headers": [(b"content-type", b"application/jose"), (b"host", b"registry")],
        "client": (address, 1),
        "extensions": {},
    }


class Slow:
    """Sends the begin of a body, and then nothing until it is let go."""

    def __init__(self, begin: bytes = b"x") -> None:
        self.begin = begin
        self.free = asyncio.Event()
        self.sent: list[Any] = []

    async def receive(self) -> dict[str, Any]:
        if self.begin:
            body, self.begin = self.begin, b""
            return {"type": "http.request", "body": body, "more_body": True}
        await self.free.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)


async def test_one_address_sends_so_many_bodies_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    room, slow = Intake(), Slow()
    monkeypatch.setattr(intake, "OF_ONE_MAX", 1)
    first = asyncio.ensure_future(room.read(scope("192.0.2.1"), slow.receive, bytes_max=10))
    await asyncio.sleep(0)
    with pytest.raises(Outage) as busy:
        await room.read(scope("192.0.2.1"), slow.receive, bytes_max=10)
    assert busy.value.code == "http.busy"
    slow.free.set()
    with pytest.raises(Gone):
        await first
    assert not room.reading


async def test_a_body_that_takes_too_long_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "WHOLE_SECONDS", 0.01)
    room = Intake()
    with pytest.raises(Outage) as late:
        await room.read(scope("192.0.2.1"), Slow().receive, bytes_max=10)
    assert late.value.code == "http.too_slow" and not room.reading


async def test_all_unfinished_bodies_hold_so_many_bytes_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "BYTES_MAX", 10)
    room, first = Intake(), Slow(b"123456")
    task = asyncio.ensure_future(room.read(scope("192.0.2.1"), first.receive, bytes_max=100))
    await asyncio.sleep(0)
    with pytest.raises(Outage) as busy:
        await room.read(scope("192.0.2.2"), Slow(b"12345").receive, bytes_max=100)
    assert busy.value.code == "http.busy"
    first.free.set()
    with pytest.raises(Gone):
        await task
    assert room._bytes == 0


async def test_a_body_beyond_its_bound_is_refused() -> None:
    refused = await Intake().read(scope("192.0.2.1"), Slow(b"12345").receive, bytes_max=4)
    assert isinstance(refused, Refusal) and refused.code == "http.body_too_large"
