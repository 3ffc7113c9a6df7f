"""A clock that goes only when it is asked."""


class PinnedClock:
    """Starts at `ms` and goes on by `step` milliseconds with each question: the same play has the same times."""

    __slots__ = ("_ms", "_step")

    def __init__(self, ms: int, step: int = 1) -> None:
        self._ms = ms
        self._step = step

    def now_ms(self) -> int:
        now = self._ms
        self._ms += self._step
        return now

    def move_to(self, ms: int) -> None:
        """Set the clock, such as to the day of the next act."""
        self._ms = ms
