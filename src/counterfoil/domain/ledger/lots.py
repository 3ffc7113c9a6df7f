"""Lots: the facts that blocks share, kept once and pointed to by number.

A million blocks with the same facts cost one lot. Which facts there are is for the acts to say
(`domain/accounting/facts.py`); a lot only keeps them together, under their canonical text.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from counterfoil.domain.kernel.canonical import JSON, canonical
from counterfoil.domain.ledger.drafted import Terms


class Lots:
    """Sets of facts by number. Lot 0 is the empty one, which a unit has between its birth and its first facts."""

    __slots__ = ("_facts", "_terms")

    def __init__(self) -> None:
        self._terms = Terms()
        self._facts: list[Mapping[str, Any]] = []
        self.number({})
        self.commit()

    def number(self, facts: Mapping[str, JSON]) -> int:
        """The number of a set of facts, given now if it is new."""
        number = self._terms.number(canonical(facts).decode("utf-8"))
        if number == len(self._facts):
            self._facts.append(dict(facts))
        return number

    @property
    def texts(self) -> list[str]:
        return self._terms.texts

    def facts(self, number: int) -> Mapping[str, Any]:
        return self._facts[number]

    def changes(self) -> Iterator[tuple[int, str]]:
        return self._terms.changes()

    def commit(self) -> None:
        self._terms.commit()

    def discard(self) -> None:
        self._terms.discard()
        del self._facts[len(self._terms.texts) :]
