"""Lots: the facts that blocks share, kept once and pointed to by number.

A million blocks with the same facts cost one lot. Which facts there are is for the acts to say
(`domain/accounting/facts.py`); a lot only keeps them together, under their canonical text.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from counterfoil.domain.kernel.canonical import JSON, canonical
from counterfoil.domain.ledger.drafted import Terms

CHANGES_MAX: Final = 1_024


class Facts(dict[str, Any]):
    """The facts of a lot, which never change, and whatever their reader made of them: a million blocks share a few."""

    __slots__ = ("read",)

    def __init__(self, facts: Mapping[str, Any]) -> None:
        super().__init__(facts)
        self.read: Any = None


class Lots:
    """Sets of facts by number. Lot 0 is the empty one, which a unit has between its birth and its first facts."""

    __slots__ = ("_changed", "_facts", "_terms")

    def __init__(self) -> None:
        self._terms = Terms()
        self._facts: list[Facts] = []
        self._changed: dict[tuple[int, str], int] = {}
        self.number({})
        self.commit()

    def number(self, facts: Mapping[str, JSON]) -> int:
        """The number of a set of facts, given now if it is new."""
        number = self._terms.number(canonical(facts).decode("utf-8"))
        if number == len(self._facts):
            self._facts.append(Facts(facts))
        return number

    def changed(self, number: int, changes: Mapping[str, JSON]) -> int:
        """The lot that a lot becomes by some facts; None withdraws one. Many units are changed alike in turn."""
        key = number, repr(changes)
        after = self._changed.get(key)
        if after is None:
            facts = {**self._facts[number], **changes}
            after = self.number({name: value for name, value in facts.items() if value is not None})
            if len(self._changed) >= CHANGES_MAX:
                self._changed.clear()
            self._changed[key] = after
        return after

    @property
    def texts(self) -> list[str]:
        return self._terms.texts

    def facts(self, number: int) -> Facts:
        return self._facts[number]

    def changes(self) -> Iterator[tuple[int, str]]:
        return self._terms.changes()

    def commit(self) -> None:
        self._terms.commit()

    def discard(self) -> None:
        self._changed.clear()
        self._terms.discard()
        del self._facts[len(self._terms.texts) :]
