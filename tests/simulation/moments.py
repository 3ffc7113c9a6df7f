"""The simulated time: what will happen, and when. Nothing waits, and nothing happens at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final

SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE


class Clock:
    """A registry's clock: the simulated time, and by how much this one is wrong."""

    __slots__ = ("_moments", "_wrong_ms")

    def __init__(self, moments: "Moments", wrong_ms: int) -> None:
        self._moments = moments
        self._wrong_ms = wrong_ms

    def now_ms(self) -> int:
        return self._moments.now_ms + self._wrong_ms


@dataclass(slots=True)
class Moments:
    """Events in order of time; of one moment, in the order in which they were planned."""

    now_ms: int
    _planned: int = 0
    _waiting: list[tuple[int, int, Callable[[], None]]] = field(default_factory=list)

    def after(self, ms: int, event: Callable[[], None]) -> None:
        self._planned += 1
        heappush(self._waiting, (self.now_ms + ms, self._planned, event))

    def next(self, *, until_ms: int) -> Callable[[], None] | None:
        """The next event, with the time moved to it; None, and the time at `until_ms`, when none comes before that."""
        if not self._waiting or self._waiting[0][0] > until_ms:
            self.now_ms = max(self.now_ms, until_ms)
            return None
        self.now_ms, _, event = heappop(self._waiting)
        return event
