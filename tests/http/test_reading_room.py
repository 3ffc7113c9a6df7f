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


@pytest.mark.anyio
async def test_what_nobody_waits_for_lets_visitors_go_first_and_takes_none_of_their_readers(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_room, "WAY_SECONDS", 30)
    room = ReadingRoom(folder, lambda: "")
    go, read = threading.Event(), threading.Event()
    visitor = asyncio.create_task(room.ask(lambda _: go.wait(10)))
    await asyncio.sleep(0)
    room.later(lambda _: read.set())
    assert await room.ask(lambda _: 7) == 7
    assert not read.wait(0.05), "somebody still waits"
    go.set()
    assert await visitor
    assert await asyncio.to_thread(read.wait, 10)
    held = threading.Event()
    for _ in range(READERS):
        room.later(lambda _: held.wait(10))
    assert await asyncio.wait_for(room.ask(lambda _: 8), 5) == 8
    held.set()
    room.close()


@pytest.mark.anyio
async def test_visitors_who_never_stop_coming_keep_nothing_from_being_read(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_room, "WAY_SECONDS", 0.02)
    room = ReadingRoom(folder, lambda: "")
    go, read = threading.Event(), threading.Event()
    visitor = asyncio.create_task(room.ask(lambda _: go.wait(10)))
    await asyncio.sleep(0)
    room.later(lambda _: read.set())
    assert await asyncio.to_thread(read.wait, 10)
    go.set()
    assert await visitor
    room.close()


@pytest.mark.anyio
async def test_a_room_that_closes_waits_for_no_journal(folder: Folder) -> None:
    room = ReadingRoom(folder, lambda: "")
    read: list[int] = []

    def on(_: object) -> None:
        read.append(1)
        room.later(on)

    room.later(on)
    await asyncio.to_thread(room.close)
    ended = len(read)
    await asyncio.sleep(0.05)
    assert len(read) == ended
