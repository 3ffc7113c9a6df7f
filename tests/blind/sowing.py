"""Errors to sow into the consistent world, one at a time, each by changing cells as a person or a program would.

`also` are the checks that must find something too, because the same mistake breaks their rule as well: they are named
and no other may be found. Each stands with its reason where the reason is not plain.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.blind.book import Row
from tests.blind.worlds import World

Spoil = Callable[[World], None]


@dataclass(frozen=True)
class Seed:
    """One error: the check that must find it, with which severity, and what follows from it (`C20:N`: as "N")."""

    check: str
    severity: str
    spoil: Spoil
    also: frozenset[str]

    @property
    def name(self) -> str:
        return f"{self.check}-{self.spoil.__name__}"


SEEDS: Final[list[Seed]] = []


def seed(check: str, severity: str = "I", *also: str) -> Callable[[Spoil], Spoil]:
    def kept(spoil: Spoil) -> Spoil:
        SEEDS.append(Seed(check, severity, spoil, frozenset(also)))
        return spoil

    return kept


def moved(row: Row, **changes: object) -> Row:
    return {**row, **changes}
