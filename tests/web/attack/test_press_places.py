"""Letters of strangers never take the press from the desks: they have few of its places, and each a short time."""

import asyncio
from pathlib import Path
from typing import IO

import pytest

from counterfoil.application.ports import Outage
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.press import CHECK_SECONDS, CHECKS_MAX, MADE, SECONDS, Order, Press, Product

pytestmark = pytest.mark.anyio


class SlowPress(Press):
    """One whose process takes as long as the test likes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.go_on = asyncio.Event()
        self.seconds: list[int] = []

    async def _ended(self, place: str, upload: IO[bytes] | None, seconds: int) -> int | None:
        self.seconds.append(seconds)
        await self.go_on.wait()
        (Path(place) / MADE).write_bytes(b"made")
        return 0


async def test_letters_to_check_leave_places_for_the_desks(tmp_path: Path) -> None:
    press = SlowPress(tmp_path)
    checks = [asyncio.create_task(press.made(Order(Product.LETTER_CHECK))) for _ in range(CHECKS_MAX)]
    await asyncio.sleep(0)
    with pytest.raises(Outage) as refused:
        async with asyncio.timeout(5):
            await press.made(Order(Product.LETTER_CHECK))
    assert refused.value.code == HttpFault.BUSY
    filing = asyncio.create_task(press.made(Order(Product.FILING)))
    press.go_on.set()
    for made in await asyncio.gather(*checks, filing):
        assert not hasattr(made, "code")
        with made:
            assert made.read() == b"made"
    assert press.seconds == [CHECK_SECONDS] * CHECKS_MAX + [SECONDS]
    with await press.made(Order(Product.LETTER_CHECK)) as again:
        assert again.read() == b"made", "places are given back"
