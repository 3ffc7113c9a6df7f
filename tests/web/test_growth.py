"""What a page asks of the store does not grow with the register: at a thousandth and at a hundredth of the benchmark's.

Times are measured by `bench web`. Steps of the store's own machine are the same on every machine, however busy it is.
"""

import asyncio
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from counterfoil.adapters.storage.sqlite.rows import Rows
from counterfoil.entrypoints.bench.ground import Ground
from counterfoil.entrypoints.bench.web import places
from counterfoil.entrypoints.bench.web_filled import FULL, Filled, filled
from counterfoil.entrypoints.http.office.door import COOKIE
from tests.http.desk import open_site

SMALL, LARGE = 1_000, 100
"""The registers: one in so many of the benchmark's."""
GRAIN: Final = 50
"""Steps that are counted together."""
GROWN_MAX: Final = 1.5
STEPS_FREE: Final = 20_000
"""So many steps cost less than the frame of a page: what stays below them may grow."""
WARM: Final = 3


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


async def asked(registry: Filled, counted: list[int]) -> dict[str, int]:
    """The steps of each page, once what a server makes once is made."""
    found: dict[str, int] = {}
    async with open_site(registry.folder) as site:
        transport = httpx.ASGITransport(app=site)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            for place in places(registry, []):
                secret = registry.sessions.get(place.body or "") if place.body is not None else None
                headers = {"accept": "text/html", **({"cookie": f"{COOKIE}={secret}"} if secret else {})}
                for _ in range(WARM):
                    answer = await client.get(place.path, headers=headers)
                if answer.status_code != 200:
                    continue
                await asyncio.sleep(0.01)
                counted[0] = 0
                await client.get(place.path, headers=headers)
                found[place.name] = counted[0] * GRAIN
    return found


def test_no_page_asks_more_of_the_store_where_there_is_ten_times_as_much(tmp_path: Path, steps: list[int]) -> None:
    place = Ground("sqlite", tmp_path)
    small, large = (asyncio.run(asked(filled(place, FULL.part(share)), steps)) for share in (SMALL, LARGE))
    assert len(large) > 30 and set(small) == set(large)
    grown = {name: (small[name], large[name]) for name in large if large[name] > STEPS_FREE}
    assert not {name: both for name, both in grown.items() if both[1] > both[0] * GROWN_MAX}, (small, large)
