"""The sums of the register that pages tell, held by the server: one reader at a time uses them, for a moment."""

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.standings import Standings

T = TypeVar("T")


class StandingsAtHand:
    """Keeps the sums up to the last look."""

    def __init__(self) -> None:
        self._standings = Standings()
        self._lock = Lock()

    def ask(self, sight: Sight, question: Callable[[Standings], T]) -> T:
        """The answer of the sums, with everything in them that the look shows, and perhaps a little more."""
        with self._lock:
            self._standings.refresh(sight)
            return question(self._standings)
