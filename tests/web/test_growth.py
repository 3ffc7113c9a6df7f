"""What a page asks of the store does not grow with the register: at a thousandth and at a hundredth of the benchmark's.

Nor does a page, however long, take more than so many calls to be drawn. Times are measured by `bench web`. Steps of the
store's own machine are the same on every machine, however busy it is.
"""

import asyncio
import cProfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from counterfoil.adapters.storage.sqlite.rows import Rows
from counterfoil.entrypoints.bench.ground import Ground
from counterfoil.entrypoints.bench.web import Place, places
from counterfoil.entrypoints.bench.web_filled import FULL, Filled, activity, filled
from counterfoil.entrypoints.http.office.door import COOKIE
from counterfoil.entrypoints.http.reading_room import ReadingRoom
from counterfoil.entrypoints.site import Site
from tests.http.desk import open_site

SMALL, LARGE = 1_000, 100
"""The registers: one in so many of the benchmark's."""
GRAIN: Final = 50
"""Steps that are counted together."""
GROWN_MAX: Final = 1.5
STEPS_FREE: Final = 20_000
"""So many steps cost less than the frame of a page: what stays below them may grow."""
CALLS_MAX: Final = 18_000
"""Calls of functions for one page, where the empty page takes 1,800: some three times its time. Calls are counted,
because times are not the same twice; what goes beyond is drawn by Python, remembered, or shown in more pages."""
CALLS_EARLIER_MAX: Final = 30_000
"""The same for a page as of an earlier moment, which is put together from what has changed since."""
WARM: Final = 3
STRETCHES: Final = 8
BEING_READ: Final = 503
ROUNDS_MAX: Final = 100
BACK: Final = 50
THEN: Final = {
    "home": "/",
    "transfers": "/transfers",
    "partners": "/partners",
    "activities": "/activities",
    "map": "/activities/map",
    "activity": f"/activities/{activity(0)}",
    "account": "/accounts/bench:h00001",
    "balance": "/balance",
    "file": "/data/partners.csv",
}
"""Pages that are asked as of so many entries ago too."""


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often the store's machine has made so many steps, in its first place."""
    counted = [0]

    def count() -> int:
        counted[0] += 1
        return 0

    begun = Rows.__init__

    def watched(self: Rows, connection: Any, path: Path) -> None:
        begun(self, connection, path)
        connection.set_progress_handler(count, GRAIN)

    monkeypatch.setattr(Rows, "__init__", watched)
    return counted


def earlier(size: int) -> list[Place]:
    """The pages that add up what stood at an earlier moment."""
    return [Place(f"{name}, earlier", f"{path}?as_of={size}") for name, path in THEN.items()]


async def all_read(site: Site) -> None:
    """What the server reads while nobody waits for it, a stretch at a time, is read before anything is counted."""
    for _ in range(STRETCHES):
        await asyncio.wrap_future(site.pages._ground.room._behind.submit(lambda: None))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many functions were called in the threads of readers, in its first place."""
    counted, answer = [0], ReadingRoom._answer

    def watched(self: ReadingRoom, question: Any) -> Any:
        profile = cProfile.Profile()
        profile.enable()
        try:
            return answer(self, question)
        finally:
            profile.disable()
            counted[0] += sum(each.callcount for each in profile.getstats())

    monkeypatch.setattr(ReadingRoom, "_answer", watched)
    yield counted


async def asked(registry: Filled, counted: list[int], called: list[int]) -> dict[str, tuple[int, int]]:
    """The steps and the calls of each page, once what a server makes once is made."""
    found: dict[str, tuple[int, int]] = {}
    async with open_site(registry.folder) as site:
        transport = httpx.ASGITransport(app=site)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            size = (await client.get("/api/v1/registry")).json()["entries"] - BACK
            for place in (*places(registry, []), *earlier(size)):
                secret = registry.sessions.get(place.body or "") if place.body is not None else None
                headers = {"accept": "text/html", **({"cookie": f"{COOKIE}={secret}"} if secret else {})}
                for _ in range(WARM):
                    answer = await client.get(place.path, headers=headers)
                for _ in range(ROUNDS_MAX):
                    if answer.status_code != BEING_READ:
                        break
                    await asyncio.sleep(0.1)
                    answer = await client.get(place.path, headers=headers)
                if answer.status_code != 200:
                    continue
                await all_read(site)
                counted[0] = called[0] = 0
                await client.get(place.path, headers=headers)
                found[place.name] = counted[0] * GRAIN, called[0]
    return found


def test_no_page_asks_or_draws_more_where_there_is_ten_times_as_much(
    tmp_path: Path, steps: list[int], calls: list[int]
) -> None:
    place = Ground("sqlite", tmp_path)
    small, large = (asyncio.run(asked(filled(place, FULL.part(share)), steps, calls)) for share in (SMALL, LARGE))
    assert len(large) > 30 and set(small) == set(large)
    grown = {name: (small[name][0], large[name][0]) for name in large if large[name][0] > STEPS_FREE}
    assert not {name: both for name, both in grown.items() if both[1] > both[0] * GROWN_MAX}, (small, large)
    most = {name: CALLS_EARLIER_MAX if name.endswith(", earlier") else CALLS_MAX for name in large}
    assert not {name: drawn for name, (_, drawn) in large.items() if drawn > most[name]}
