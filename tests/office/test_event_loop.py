"""Hashes are done beside the event loop, two at a time: others are served meanwhile, and a flood is turned away."""

import asyncio
import threading
import time
from pathlib import Path

import anyio
import httpx
import pytest

from counterfoil.application.ports import Outage
from counterfoil.entrypoints.http.office.workroom import HASHERS, WAITING_MAX, Workroom
from tests.http.desk import founded, open_site
from tests.office.stage import MAIL, Counted, member, staged

pytestmark = pytest.mark.anyio


class Slow(Counted):
    """A hash of a fifth of a second, which notes how many run at once."""

    def __init__(self) -> None:
        super().__init__()
        self.running = self.most = 0
        self._guard = threading.Lock()

    def matches(self, kept: str | None, text: str) -> bool:
        with self._guard:
            self.running += 1
            self.most = max(self.most, self.running)
        time.sleep(0.2)
        with self._guard:
            self.running -= 1
        return super().matches(kept, text)


async def test_questions_are_answered_while_hashes_run_and_no_more_than_two_run(tmp_path: Path) -> None:
    folder, slow = founded(tmp_path / "registry", blocks=1), Slow()
    stage = staged(folder.path, slow)
    member(stage)
    async with open_site(folder, stage.at_hand) as site:
        transport = httpx.ASGITransport(app=site)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="https://registry.example") as client:

            async def guess(number: int) -> None:
                sent = {"mail": f"a{number}@example.org", "password": "x" * 12}
                assert (await client.post("/api/v1/office/sign-in", json=sent)).status_code == 401

            async with anyio.create_task_group() as group:
                for number in range(8):
                    group.start_soon(guess, number)
                await asyncio.sleep(0.1)
                assert slow.running > 0
                answer = await client.get("/api/v1/registry")
                assert answer.status_code == 200 and slow.running > 0, "the answer did not wait for the hashes"
    assert slow.most == HASHERS and MAIL


async def test_a_flood_is_turned_away_at_once() -> None:
    room, go = Workroom(), threading.Event()
    try:
        tasks = [asyncio.create_task(room.do(go.wait, hashing=True)) for _ in range(WAITING_MAX)]
        await asyncio.sleep(0.05)
        with pytest.raises(Outage) as outage:
            await room.do(go.wait, hashing=True)
        assert outage.value.code == "http.busy" and outage.value.retry
        assert await room.do(lambda: 1, hashing=False) == 1, "others do not wait behind them"
    finally:
        go.set()
        await asyncio.gather(*tasks)
        room.close()
