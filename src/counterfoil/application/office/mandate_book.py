"""Where mandates are kept. Their rule is `domain/people/mandate.py`."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from counterfoil.domain.people.mandate import Mandate


class Mandates(Protocol):
    """Every mandate that was ever given: none is taken away, but it can be revoked."""

    def add(self, mandate: Mandate, *, made_ms: int) -> int:
        """Its number, which is given here."""
        ...

    def get(self, number: int) -> Mandate | None: ...
    def of(self, person: str) -> Sequence[Mandate]:
        """What was given to a person, oldest first."""
        ...

    def given_by(self, giver: str) -> Sequence[Mandate]: ...
    def listed(self, *, after: int, limit: int) -> Sequence[Mandate]: ...
    def revoke(self, number: int, on: date) -> None: ...
