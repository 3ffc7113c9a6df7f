"""The network between the registries: it loses, repeats, delays and so reorders, and it falls apart and heals."""

from collections.abc import Callable
from random import Random
from typing import Final, NamedTuple

from counterfoil.domain.federation.message import Envelope
from tests.simulation.moments import HOUR, SECOND, Moments
from tests.simulation.plan import Plan

OVERHEARD_MAX: Final = 400
COPIES_MAX: Final = 3
LATE_MAX: Final = 96 * HOUR
"""Longer than a partner waits for an answer, so that some messages come after everything is over."""


class Letter(NamedTuple):
    sender: str
    recipient: str
    envelope: Envelope


class Wire:
    """Takes letters and delivers them by its own lights. `healed`, it delivers each one once and soon."""

    def __init__(self, plan: Plan, chance: Random, moments: Moments, deliver: Callable[[Letter], None]) -> None:
        self._plan = plan
        self._chance = chance
        self._moments = moments
        self._deliver = deliver
        self._apart: set[frozenset[str]] = set()
        self.healed = False
        self.overheard: list[Letter] = []
        """What went over the wire, for whoever listens: a liar may send any of it again."""

    def post(self, letter: Letter) -> int:
        """Take a letter; how many copies of it will arrive."""
        if len(self.overheard) < OVERHEARD_MAX:
            self.overheard.append(letter)
        if frozenset((letter.sender, letter.recipient)) in self._apart:
            return 0
        copies = 1
        if not self.healed:
            if self._happens(self._plan.lost):
                return 0
            if self._happens(self._plan.repeated):
                copies += self._chance.randrange(1, COPIES_MAX)
        for _ in range(copies):
            self._moments.after(self._delay_ms(), lambda: self._deliver(letter))
        return copies

    def reaches(self, one: str, other: str) -> bool:
        return frozenset((one, other)) not in self._apart

    def part(self, one: str, other: str) -> None:
        self._apart.add(frozenset((one, other)))

    def join(self, one: str, other: str) -> None:
        self._apart.discard(frozenset((one, other)))

    def heal(self) -> None:
        """From now on all is delivered. What is under way still comes when it comes."""
        self.healed = True
        self._apart.clear()

    def _happens(self, of_a_thousand: int) -> bool:
        return self._chance.randrange(1_000) < of_a_thousand

    def _delay_ms(self) -> int:
        if not self.healed and self._happens(self._plan.late):
            return self._chance.randrange(LATE_MAX)
        return self._chance.randrange(20, 5 * SECOND)
