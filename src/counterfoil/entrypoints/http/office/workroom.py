"""Where the office's work is done, away from the event loop: hashes in two threads, all else in two others.

So at most two hashes hold their memory at once, and whoever lists sessions does not wait behind them.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from counterfoil.application.ports import Outage
from counterfoil.entrypoints.http.fault import HttpFault

T = TypeVar("T")
HASHERS: Final = 2
CLERKS: Final = 2
WAITING_MAX: Final = 64
"""Of each kind; beyond them the answer is `http.busy` at once."""


class Workroom:
    """Bounded threads of one server. They begin with the first work."""

    def __init__(self) -> None:
        self._hashers = _Bench(HASHERS, "counterfoil-hash")
        self._clerks = _Bench(CLERKS, "counterfoil-office")

    async def do(self, work: Callable[[], T], *, hashing: bool) -> T:
        """What the work gives.

        Raises:
            Outage: `http.busy`, or what the work raises.
        """
        return await (self._hashers if hashing else self._clerks).do(work)

    def close(self) -> None:
        self._hashers.close()
        self._clerks.close()


class _Bench:
    def __init__(self, places: int, name: str) -> None:
        self._threads = ThreadPoolExecutor(places, thread_name_prefix=name)
        self._waiting = 0

    async def do(self, work: Callable[[], T]) -> T:
        if self._waiting >= WAITING_MAX:
            raise Outage(HttpFault.BUSY, {"waiting": self._waiting}, retry=True)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        self._threads.shutdown()
