"""What waits in the books, held by the server for its desks: one reader at a time asks it, for a moment."""

from threading import Lock

from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.work_waiting import Awaited, Work, WorkWaiting


class WorkAtHand:
    """Keeps what waits up to the last look."""

    def __init__(self) -> None:
        self._work = WorkWaiting()
        self._lock = Lock()

    def of(self, sight: Sight, work: Work, *, limit: int) -> list[Awaited]:
        """The oldest things that wait for that work."""
        with self._lock:
            self._work.refresh(sight)
            return self._work.of(work)[:limit]

    def count(self, sight: Sight, work: Work) -> int:
        with self._lock:
            self._work.refresh(sight)
            return self._work.count(work)
