"""A partner that takes its time, or lies: it holds up nobody's desk."""

import asyncio
import threading
from typing import Any

import pytest

from counterfoil.entrypoints.http.office.workroom import CLERKS
from counterfoil.entrypoints.reconciler_at_hand import ReconcilerAtHand
from counterfoil.entrypoints.web.desk import partner_desk
from tests.http.desk import open_site
from tests.web.acts.stage import Desk

pytestmark = pytest.mark.anyio


async def test_comparing_books_with_a_slow_partner_leaves_the_office_to_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    over, begun = threading.Event(), threading.Semaphore(0)

    def run(_self: Any, _party: str) -> Any:
        begun.release()
        assert over.wait(30)
        raise AssertionError("nobody waits for it in this test")

    monkeypatch.setattr(ReconcilerAtHand, "run", run)
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        anna, bela = desk.on(site, desk.anna), desk.on(site, desk.bela)
        assert (await bela.get("/desk/tasks")).status_code == 200
        asked = [asyncio.create_task(anna.post(f"{partner_desk.PATH}/BRA", {"do": "reconcile"})) for _ in range(CLERKS)]
        try:
            for _ in asked:
                assert await asyncio.to_thread(begun.acquire, timeout=10)
            answer = await asyncio.wait_for(bela.get("/desk/tasks"), 5)
            assert answer.status_code == 200
        finally:
            over.set()
            await asyncio.gather(*asked, return_exceptions=True)
