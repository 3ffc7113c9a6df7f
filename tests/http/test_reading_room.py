"""The reading room when too many ask: a question that has waited too long is not answered after all."""

import asyncio
import threading

import pytest

from counterfoil.application.ports import Outage
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http import reading_room
from counterfoil.entrypoints.http.reading_room import READERS, ReadingRoom


@pytest.mark.anyio
async def test_a_question_that_waited_too_long_costs_no_reader_any_time(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The callers of a flood are gone by then: working off their questions kept all others out for minutes."""
    monkeypatch.setattr(reading_room, "WAITING_SECONDS", 0.2)
    room = ReadingRoom(folder, lambda: "")
    go = threading.Event()
    asked: list[int] = []
    slow = [asyncio.create_task(room.ask(lambda _: go.wait(10))) for _ in range(READERS)]
    late = [asyncio.create_task(room.ask(lambda _: asked.append(1))) for _ in range(20)]
    await asyncio.sleep(0.5)
    go.set()
    outcomes = await asyncio.gather(*slow, *late, return_exceptions=True)
    assert outcomes[:READERS] == [True] * READERS
    assert all(isinstance(outcome, Outage) and outcome.code == "http.busy" for outcome in outcomes[READERS:])
    assert asked == []
    assert await room.ask(lambda _: 7) == 7
    room.close()
