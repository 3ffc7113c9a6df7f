"""How many tasks wait for somebody: asked at most once in a while for each, because every page of a desk shows it."""

from collections.abc import Callable
from threading import Lock
from typing import Final

from counterfoil.domain.people.standing import Standing

KEPT_MS: Final = 15_000
PEOPLE_MAX: Final = 1_000


class Tally:
    """The counts of one server, by who asks in which capacity."""

    def __init__(self) -> None:
        self._known: dict[Standing, tuple[int, int]] = {}
        self._lock = Lock()

    def of(self, standing: Standing, now_ms: int, count: Callable[[], int]) -> int:
        with self._lock:
            known = self._known.get(standing)
        if known is not None and 0 <= now_ms - known[0] < KEPT_MS:
            return known[1]
        found = count()
        self.note(standing, now_ms, found)
        return found

    def note(self, standing: Standing, now_ms: int, count: int) -> None:
        """What was just counted anyway."""
        with self._lock:
            if len(self._known) >= PEOPLE_MAX:
                self._known.clear()
            self._known[standing] = now_ms, count

    def forget(self, standing: Standing) -> None:
        """After somebody has done something: the next page counts anew."""
        with self._lock:
            self._known.pop(standing, None)
