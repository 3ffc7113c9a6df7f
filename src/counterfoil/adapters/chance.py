"""Salts and command ids: from the machine's randomness, or from a seed for plays that must repeat.

Source: RFC 9562 section 5.7 (UUID version 7) and section 6.2 (order within a millisecond).
"""

import hashlib
import os
import threading
from typing import Final

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.domain.kernel.sealed import SALT_BYTES

_TAIL_BITS: Final = 74
_STEP_BITS: Final = 32
_LOW_BITS: Final = 62


class SystemChance:
    """What nobody can guess. Ids of one object always rise, also within a millisecond and when the clock falls back."""

    __slots__ = ("_clock", "_guard", "_ms", "_tail")

    def __init__(self) -> None:
        self._clock = SystemClock()
        self._guard = threading.Lock()
        self._ms = 0
        self._tail = 0

    def salt(self) -> bytes:
        return os.urandom(SALT_BYTES)

    def command_id(self) -> str:
        with self._guard:
            now = self._clock.now_ms()
            if now > self._ms:
                self._ms, self._tail = now, _random_bits(_TAIL_BITS)
            else:
                self._tail += 1 + _random_bits(_STEP_BITS)
                if self._tail >> _TAIL_BITS:
                    self._ms, self._tail = self._ms + 1, _random_bits(_TAIL_BITS)
            return uuid7(ms=self._ms, tail=self._tail)


class SeededChance:
    """The same salts and ids for the same seed. Its salts hide nothing: for tests and demonstrations only."""

    __slots__ = ("_ms", "_salts", "_seed")

    def __init__(self, seed: str, *, ms: int = 0) -> None:
        """Start the play; `ms` is the time that the first id shows, and each next id shows one millisecond more."""
        self._seed = seed
        self._ms = ms
        self._salts = 0

    def salt(self) -> bytes:
        self._salts += 1
        return self._digest(f"salt {self._salts}")[:SALT_BYTES]

    def command_id(self) -> str:
        self._ms += 1
        tail = int.from_bytes(self._digest(f"command {self._ms}")) >> (256 - _TAIL_BITS)
        return uuid7(ms=self._ms - 1, tail=tail)

    def _digest(self, what: str) -> bytes:
        return hashlib.sha256(f"{self._seed}\n{what}".encode()).digest()


def uuid7(*, ms: int, tail: int) -> str:
    """A UUID of version 7: 48 bits of milliseconds, then 74 bits that order ids within one.

    >>> uuid7(ms=0x017F22E279B0, tail=(0xCC3 << 62) | 0x18C4DC0C0C07398F)
    '017f22e2-79b0-7cc3-98c4-dc0c0c07398f'
    """
    high, low = tail >> _LOW_BITS, tail & (1 << _LOW_BITS) - 1
    number = ms << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _random_bits(count: int) -> int:
    return int.from_bytes(os.urandom((count + 7) // 8)) & (1 << count) - 1
