"""How long somebody waits who failed to sign in: nothing at first, then twice as long each time, up to a bound.

An account that is guessed at from many places is protected by its own count; an address that guesses at many accounts
by another one. A lock is never for ever, because then anybody could lock anybody out.
"""

from dataclasses import dataclass
from typing import Final

FORGOTTEN_MS: Final = 24 * 60 * 60 * 1000
"""A count in which nothing happened for a day is forgotten."""


@dataclass(frozen=True, slots=True)
class Lockout:
    """`free` failures cost nothing; the next one costs `first_ms`, each further one twice that, at most `most_ms`."""

    free: int
    first_ms: int
    most_ms: int

    def wait_ms(self, failures: int) -> int:
        """How long after the last failure the next attempt is taken.

        >>> [ACCOUNT.wait_ms(failures) // 1000 for failures in (0, 4, 5, 6, 9, 50)]
        [0, 0, 30, 60, 480, 900]
        """
        if failures < self.free:
            return 0
        doublings = min(failures - self.free, 32)
        return min(self.first_ms << doublings, self.most_ms)


ACCOUNT: Final = Lockout(free=5, first_ms=30_000, most_ms=15 * 60_000)
ADDRESS: Final = Lockout(free=30, first_ms=10_000, most_ms=60 * 60_000)
"""More are free for an address, behind which a whole office may sit."""
