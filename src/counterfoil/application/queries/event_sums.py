"""Amounts of entries, kept so that their sums after any number of entries, up to any legal day, cost little.

Whole portions are added up once; only the portions that a question cuts through are gone through event by event.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from counterfoil.domain.accounting.safeguards import Range

K = TypeVar("K", bound=Hashable)
PORTION: Final = 4_096
"""Events that are added up together. 20 bytes are kept for each event."""


@dataclass(slots=True)
class _Portion:
    """The sums of a stretch of events by the number of their key, and the days between which they lie."""

    first_day: int
    last_day: int
    sums: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moment:
    """What a question sees: entries of legal days up to `day` (an ordinal), the first `size` of them, without some."""

    day: int
    size: int
    without: frozenset[int] = frozenset()


class EventSums(Generic[K]):
    """One thread at a time uses it. Events come in the order of their entries."""

    def __init__(self) -> None:
        self._numbers: dict[K, int] = {}
        self._keys: list[K] = []
        self._seqs, self._days, self._of, self._amounts = array("Q"), array("I"), array("I"), array("q")
        self._portions: list[_Portion] = []

    def __len__(self) -> int:
        return len(self._seqs)

    def add(self, seq: int, day: int, key: K, amount: int) -> None:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._keys)
            self._keys.append(key)
        if len(self._seqs) % PORTION == 0:
            self._portions.append(_Portion(day, day))
        self._seqs.append(seq)
        self._days.append(day)
        self._of.append(number)
        self._amounts.append(amount)
        portion = self._portions[-1]
        portion.first_day, portion.last_day = min(portion.first_day, day), max(portion.last_day, day)
        portion.sums[number] = portion.sums.get(number, 0) + amount

    def at(self, moment: Moment) -> dict[K, int]:
        """The sums that are not zero."""
        found: dict[int, int] = {}
        end = bisect_left(self._seqs, moment.size)
        for place, portion in enumerate(self._portions[: -(-end // PORTION)]):
            if portion.first_day > moment.day:
                continue
            begin, until = place * PORTION, min((place + 1) * PORTION, len(self._seqs))
            if portion.last_day <= moment.day and until <= end:
                for number, amount in portion.sums.items():
                    found[number] = found.get(number, 0) + amount
            else:
                self._walk(found, range(begin, min(until, end)), moment.day, sign=1)
        for seq in moment.without:
            self._walk(found, self._of_entry(seq, end), moment.day, sign=-1)
        return {self._keys[number]: amount for number, amount in found.items() if amount}

    def _of_entry(self, seq: int, end: int) -> range:
        return range(bisect_left(self._seqs, seq), min(bisect_right(self._seqs, seq), end))

    def _walk(self, found: dict[int, int], places: range, day: int, *, sign: int) -> None:
        for place in places:
            if self._days[place] <= day:
                number = self._of[place]
                found[number] = found.get(number, 0) + sign * self._amounts[place]


class EventRanges:
    """Ranges of units that entries put into a set or took out of it. One thread at a time uses it."""

    def __init__(self) -> None:
        self._classes: dict[str, int] = {}
        self._seqs, self._days, self._of = array("Q"), array("I"), array("I")
        self._firsts, self._lasts, self._signs = array("q"), array("q"), array("b")

    def add(self, seq: int, day: int, of: Range, *, sign: int = 1) -> None:
        self._seqs.append(seq)
        self._days.append(day)
        self._of.append(self._classes.setdefault(of.unit_class, len(self._classes)))
        self._firsts.append(of.first)
        self._lasts.append(of.last)
        self._signs.append(sign)

    def at(self, moment: Moment) -> list[Range]:
        """Every range that was put in, in the order of the entries."""
        names = list(self._classes)
        return [Range(names[self._of[at]], self._firsts[at], self._lasts[at]) for at in self._seen(moment)]

    def standing(self, moment: Moment) -> list[Range]:
        """What is in the set: units put in and not taken out, ranges that touch made one."""
        steps: dict[int, dict[int, int]] = {}
        for at in self._seen(moment):
            of, sign = steps.setdefault(self._of[at], {}), self._signs[at]
            first, after = self._firsts[at], self._lasts[at] + 1
            of[first] = of.get(first, 0) + sign
            of[after] = of.get(after, 0) - sign
        found = [Range(name, *pair) for name, number in self._classes.items() for pair in _covered(steps.get(number))]
        return sorted(found)

    def _seen(self, moment: Moment) -> Iterable[int]:
        end = bisect_left(self._seqs, moment.size)
        days, seqs, day, without = self._days, self._seqs, moment.day, moment.without
        return (at for at in range(end) if days[at] <= day and seqs[at] not in without)


def _covered(steps: dict[int, int] | None) -> Iterator[tuple[int, int]]:
    """First and last of each stretch that is covered, from where the cover grows and shrinks."""
    depth, first = 0, 0
    for place in sorted(steps or {}):
        assert steps is not None
        before, depth = depth, depth + steps[place]
        if not before and depth:
            first = place
        elif before and not depth:
            yield first, place - 1
