"""How many messages a partner, and all strangers together, may hand in: buckets that fill with time.

Source: requirement R-GLB-12 (a registry answers its partners whoever else calls); ADR-0035.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final

PARTNER_RATE: Final = 2_000
"""Messages a second of one partner, in the long run."""
PARTNER_BURST: Final = 20_000
MESSAGE_BYTES: Final = 16 * 1024
"""So many bytes count as a message."""
STRANGERS_RATE: Final = 5
STRANGERS_BURST: Final = 50
"""All whose signature does not prove a partner share one small bucket."""
_SECOND_MS: Final = 1_000


@dataclass(slots=True)
class Bucket:
    """A bucket of `burst` messages that gains `rate` each second. It counts thousandths of a message, in integers."""

    rate: int
    burst: int
    _level: int = -1
    _at_ms: int = 0

    def take(self, messages: int, now_ms: int) -> int:
        """Take so many, or none; the milliseconds after which they would be there, 0 when they were taken.

        More than the bucket holds is never there at once: it is taken when the bucket is full, and leaves a debt.

        >>> bucket = Bucket(rate=10, burst=20)
        >>> bucket.take(20, 0), bucket.take(5, 100), bucket.take(5, 500), bucket.take(100, 500)
        (0, 400, 0, 2000)
        """
        full = self.burst * _SECOND_MS
        gained = max(now_ms - self._at_ms, 0) * self.rate
        self._level = full if self._level == -1 else min(full, self._level + gained)
        self._at_ms = max(now_ms, self._at_ms)
        wanted = messages * _SECOND_MS
        missing = min(wanted, full) - self._level
        if missing > 0:
            return -(-missing // self.rate)
        self._level -= wanted
        return 0


class Flood:
    """The buckets of one registry, by the Party of the partner; an empty one stands for all strangers.

    A partner has two. What came before may be brought by whoever overheard it, and takes nothing from what is new.
    """

    def __init__(self, *, rate: int = PARTNER_RATE, burst: int = PARTNER_BURST) -> None:
        self._rate, self._burst = rate, burst
        self._partners: dict[tuple[str, bool], Bucket] = {}
        self._strangers = Bucket(STRANGERS_RATE, STRANGERS_BURST)
        self._lock = Lock()

    def take(self, party: str, messages: int, now_ms: int, *, again: bool = False) -> int:
        """As `Bucket.take`, for a Party whose signature was good, so there are no more buckets than links.

        Args:
            again: Whether it came before, or could have been overheard elsewhere.
        """
        with self._lock:
            bucket = self._strangers
            if party:
                bucket = self._partners.setdefault((party, again), Bucket(self._rate, self._burst))
            return bucket.take(messages, now_ms)


def cost_of(lines: Sequence[bytes]) -> int:
    """How many messages a bundle counts for: large ones for several.

    >>> cost_of([b"x", b"y"]), cost_of([bytes(MESSAGE_BYTES * 3)])
    (2, 3)
    """
    return max(len(lines), sum(map(len, lines)) // MESSAGE_BYTES)
