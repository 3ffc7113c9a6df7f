"""The machine's clock."""

import time


class SystemClock:
    """UTC as the machine has it. It may jump, also backwards; the writer sees to the order of entries."""

    __slots__ = ()

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000
