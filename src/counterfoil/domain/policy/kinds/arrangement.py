"""What a text says of a country's own system: which parts exist, are piloted, or are missing. It decides nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling


@dataclass(frozen=True, slots=True)
class ArrangementRule:
    """Parts of the system by the names of the criteria in the rulebook `readiness`.

    Several that are lacking or piloted are counted as one group. What the country's own registry shows goes before.
    """

    has: tuple[str, ...] = ()
    pilots: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        return (*self.has, *self.pilots, *self.lacks)


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """No act is asked of it."""
    del clauses, asked, law, on
    yield from ()


ARRANGEMENT: Final = Kind("arrangement", ArrangementRule, frozenset(), decide)
