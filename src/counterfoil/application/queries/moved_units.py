"""Units by account and class as they stood after any number of entries, remembered as the journal grows.

Each account has its running total of each class, with the numbers of the entries that changed it: what stood is found
by halves, so any moment costs what the present does. Read next: `standings.py`, which keeps the sums of now alone.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.domain.ledger.account import AccountRole, role

_NONE: Final[Mapping[str, "array[int]"]] = {}
_NOTHING: Final = array("q")


def _add(steps: "array[int]", seq: int, amount: int) -> None:
    """Steps are the numbers of entries in their order, each with the total after it: 16 bytes for every change."""
    if steps and steps[-2] == seq:
        steps[-1] += amount
    else:
        steps.append(seq)
        steps.append(amount + (steps[-2] if len(steps) > 1 else 0))


def _after(steps: "array[int]", size: int) -> int:
    place = bisect_left(range(len(steps) // 2), size, key=lambda each: steps[2 * each])
    return steps[2 * place - 1] if place else 0


class MovedUnits:
    """Every account's units at every moment. Entries come in their order; one thread at a time uses it."""

    def __init__(self) -> None:
        self._units: dict[str, dict[str, array[int]]] = {}
        self._words: dict[str, array[int]] = {}

    def take(self, leaf: Mapping[str, Any]) -> None:
        """The moves of the next entry."""
        for unit_class, first, last, source, target in leaf.get("moves", ()):
            self._add(source, unit_class, leaf["seq"], first - last - 1)
            self._add(target, unit_class, leaf["seq"], last - first + 1)

    def _add(self, account: str, unit_class: str, seq: int, amount: int) -> None:
        own = self._units.setdefault(account, {})
        steps = own.get(unit_class)
        if steps is None:
            steps = own[unit_class] = array("q")
        _add(steps, seq, amount)
        if role(account) is not AccountRole.HOLDING:
            _add(self._words.setdefault(account.partition(":")[0], array("q")), seq, amount)

    def of(self, account: str, size: int) -> dict[str, int]:
        """The units of an account by class after `size` entries; below zero where units are born."""
        found = ((unit_class, _after(steps, size)) for unit_class, steps in self._units.get(account, _NONE).items())
        return {unit_class: amount for unit_class, amount in found if amount}

    def met(self, account: str, size: int) -> bool:
        """Whether units had ever come to an account or left it."""
        return any(steps[0] < size for steps in self._units.get(account, _NONE).values())

    def ending(self, word: str, size: int) -> int:
        """The units in all accounts whose code begins with a word of the chart, such as `used`."""
        return _after(self._words.get(word, _NOTHING), size)


@dataclass(frozen=True, slots=True)
class Stood:
    """The sums of one moment, asked as `Standings` is asked for those of now."""

    moved: MovedUnits
    size: int

    def of(self, account: str) -> Mapping[str, int]:
        return self.moved.of(account, self.size)

    def met(self, account: str) -> bool:
        return self.moved.met(account, self.size)

    def ending(self, word: str) -> int:
        return self.moved.ending(word, self.size)

    def held(self, reserved: Iterable[str]) -> int:
        """The units in accounts that were opened by name: whatever left or entered through the others."""
        return -sum(self.ending(word) for word in reserved)
