"""When a message that was not answered is sent again, and when a partner that cannot be reached is left in peace.

Waits double and are spread by chance, so that partners which come back are not met by everybody in the same second.
Chance is injected: `pick(n)` gives a whole number from 0 up to, and without, n.
Source: ADR-0035.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

FIRST_MS: Final = 1_000
MOST_MS: Final = 60 * 60 * 1000
TRIES_MAX: Final = 84
"""Tries of one message before it is set aside: a little over three days in all."""
CIRCUIT_MOST_MS: Final = 5 * 60 * 1000
"""A partner that cannot be reached is tried again at least so often, whatever waits for it."""
INQUIRY_MS: Final = 60_000
"""So long after its acceptance the target asks a source that says nothing."""

Pick: TypeAlias = Callable[[int], int]


def wait_ms(tries: int, pick: Pick, *, most_ms: int = MOST_MS) -> int:
    """How long after its last try a message waits, after so many tries: between half and the whole of a doubled wait.

    >>> [wait_ms(tries, lambda _: 0) for tries in (1, 2, 3, 30)]
    [500, 1000, 2000, 1800000]
    """
    whole = min(FIRST_MS << min(max(tries, 1) - 1, 30), most_ms)
    return whole // 2 + pick(whole // 2 + 1)


@dataclass(frozen=True, slots=True)
class Circuit:
    """Whether a partner is tried at all: so many failures one after the other, and closed to it until then (UTC ms)."""

    failures: int = 0
    until_ms: int = 0

    def may_try(self, now_ms: int) -> bool:
        return now_ms >= self.until_ms

    def failed(self, now_ms: int, pick: Pick, *, asked_ms: int = 0) -> "Circuit":
        """After one more failure.

        Args:
            asked_ms: How long the partner itself asked to be left in peace; at most `CIRCUIT_MOST_MS` are granted.
        """
        failures = self.failures + 1
        own = wait_ms(failures, pick, most_ms=CIRCUIT_MOST_MS)
        return Circuit(failures, now_ms + max(own, min(asked_ms, CIRCUIT_MOST_MS)))
