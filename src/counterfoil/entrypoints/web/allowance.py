"""How much one person may have done by pages in a while: so that nobody takes the server's time and disk from others.

Counted in memory, by person: a server that starts anew begins anew. What is refused here is no mistake of anybody, so
the answer says when to come back.
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault

PERSONS_MAX: Final = 10_000
MIB: Final = 1024 * 1024


class Spent(StrEnum):
    """What is counted: bytes of evidence and of applicants' papers, boundaries checked, looks at what units may do."""

    EVIDENCE = "evidence"
    CHECKS = "checks"
    LOOKS = "looks"
    PAPERS = "papers"


LIMITS: Final = {
    Spent.EVIDENCE: (512 * MIB, 24 * 3600),
    Spent.CHECKS: (60, 3600),
    Spent.LOOKS: (60, 60),
    # Of all applicants together: they are strangers.
    Spent.PAPERS: (256 * MIB, 24 * 3600),
}
"""How much in how many seconds."""


class Allowance:
    """The counts of one server."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._spent: OrderedDict[tuple[str, Spent], deque[tuple[float, int]]] = OrderedDict()
        self._guard = threading.Lock()

    def spend(self, person: str, what: Spent, amount: int = 1) -> Refusal | None:
        """Count something of a person, or refuse it: `http.allowance_spent`, with the seconds until it may be again."""
        most, seconds = LIMITS[what]
        with self._guard:
            now, rows = self._now(), self._spent.setdefault((person, what), deque())
            self._spent.move_to_end((person, what))
            while rows and now - rows[0][0] >= seconds:
                rows.popleft()
            if sum(each for _, each in rows) + amount > most:
                wait = int(seconds - (now - rows[0][0])) + 1 if rows else seconds
                return Refusal(HttpFault.ALLOWANCE_SPENT, {"what": what.value, "seconds": wait})
            rows.append((now, amount))
            while len(self._spent) > PERSONS_MAX:
                self._spent.popitem(last=False)
        return None
