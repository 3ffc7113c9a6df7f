"""Find where two books differ: a run of questions, each asked where the answer before differed.

It is a generator, so that whoever drives it may carry the questions over any transport. What the partner answers was
written by somebody else: it is read strictly, and the run ends after so many questions and differences, whatever it is.

Read before: `domain/federation/reconciliation.py`. Read next: `domain/federation/case.py`. Source: ADR-0033.
"""

import re
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from counterfoil.domain.federation.crossing import Way
from counterfoil.domain.federation.reconciliation import SLICES_MAX, Ranges, Rows, Statement
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.serials import SERIAL_MAX, SerialRange, joined

LOOK: Final = 256
"""A slice of so many ranges is not cut again: its ranges are asked for."""
QUESTIONS_MAX: Final = 4_000
"""Questions of one run; whoever differs in more is asked again after these are settled."""
DIFFERENCES_MAX: Final = 2_000
"""Ranges that one run looks for; a slice may bring a few more."""
CLASS_BYTES_MAX: Final = 100
_DIGEST: Final = re.compile(r"[0-9a-f]{64}\Z")

Question: TypeAlias = Mapping[str, Any]


class DifferingFault(StrEnum):
    ANSWER_UNREADABLE = "reconciliation.answer_unreadable"


@dataclass(frozen=True, slots=True)
class Difference:
    """Ranges of a class that crossed one way in the asker's book (`ours`) or the partner's (`theirs`), and not in both.

    `way` is the asker's: what is `out` here is `in` there.
    """

    unit_class: str
    way: Way
    ours: Ranges
    theirs: Ranges

    @property
    def count(self) -> int:
        return len(self.ours) + len(self.theirs)


@dataclass(frozen=True, slots=True)
class Differences:
    """What was found to differ; `complete` is False when the bound of one run was reached and more may differ."""

    found: tuple[Difference, ...]
    complete: bool
    questions: int


Asking: TypeAlias = Generator[Question, Any, Refusal | Differences]


def differences(ours: Statement) -> Asking:
    """Find what differs, by asking: yields questions, takes their answers, and returns the differences.

    Refuses a partner whose answers are no answers, and ends after a bounded number of questions and differences.
    """
    asking = _Asking()
    try:
        for way in Way:
            theirs = Way.IN if way is Way.OUT else Way.OUT
            summary = yield asking.next({"ask": "summary", "way": theirs})
            if _digest(summary["digest"]) == ours.digest(way):
                continue
            for of in (yield from _classes(ours, way, theirs, asking)):
                difference = yield from _in_class(ours, way, theirs, of, asking)
                asking.keep(difference)
                if asking.spent:
                    return Differences(tuple(asking.found), complete=False, questions=asking.asked)
    except (KeyError, TypeError, ValueError) as unreadable:
        return Refusal(DifferingFault.ANSWER_UNREADABLE, {"detail": str(unreadable)[:80]})
    return Differences(tuple(asking.found), complete=True, questions=asking.asked)


class _Asking:
    """How much was asked and found so far."""

    def __init__(self) -> None:
        self.asked = 0
        self.found: list[Difference] = []
        self.spent = False
        self.room = DIFFERENCES_MAX

    def next(self, question: Question) -> Question:
        self.asked += 1
        if self.asked >= QUESTIONS_MAX:
            self.spent = True
        return question

    def take(self, ranges: int) -> None:
        self.room -= ranges
        self.spent = self.spent or self.room < 0

    def keep(self, difference: Difference) -> None:
        if difference.count:
            self.found.append(difference)


def _classes(ours: Statement, way: Way, theirs: Way, asking: _Asking) -> Generator[Question, Any, list[str]]:
    """The classes whose hashes differ, or that only one side has."""
    here = ours.classes(way)
    there: dict[str, str] = {}
    after, more = "", True
    while more and not asking.spent:
        answer = yield asking.next({"ask": "classes", "way": theirs, "after": after})
        listed = [(str(of), _digest(digest)) for of, digest in answer["classes"]]
        if any(not after < of or len(of.encode()) > CLASS_BYTES_MAX for of, _ in listed):
            raise ValueError("classes")
        there.update(listed)
        more = bool(answer["more"])
        if more and not listed:
            raise ValueError("classes")
        after = max([after, *(of for of, _ in listed)])
    return sorted(of for of in here.keys() | there.keys() if here.get(of) != there.get(of))


def _in_class(ours: Statement, way: Way, theirs: Way, of: str, asking: _Asking) -> Generator[Question, Any, Difference]:
    """Cut the class where the hashes differ, and compare the ranges of the slices that are left.

    From the first serial upwards. Where the bound of a run is reached, only what lies below is compared.
    """
    rows = ours.rows(way, of)
    here: list[SerialRange] = []
    there: list[SerialRange] = []
    waiting = [(1, SERIAL_MAX + 1)]
    while waiting:
        low, high = waiting.pop()
        begin, end = rows.place(low), rows.place(high)
        if end - begin > LOOK and not asking.spent:
            waiting += reversed((yield from _differing(rows, theirs, of, (low, high), asking)))
            continue
        own = rows.ranges(begin, end)
        answer, below = yield from _ranges(of, theirs, (low, high), asking)
        here += own
        there += answer
        asking.take(len(without(own, answer)) + len(without(answer, own)))
        if below < high or asking.spent:
            asking.spent = True
            return _difference(of, way, joined(_cut(here, below)), joined(_cut(there, below)))
    return _difference(of, way, joined(here), joined(there))


def _differing(
    rows: Rows, theirs: Way, of: str, span: tuple[int, int], asking: _Asking
) -> Generator[Question, Any, list[tuple[int, int]]]:
    """The slices of a span in which the hashes differ, in order."""
    low, high = span
    bounds = _bounds(rows, low, rows.place(low), rows.place(high))
    question = {"ask": "slices", "way": theirs, "class": of, "from": list(bounds), "to": high - 1}
    slices = (yield asking.next(question))["slices"]
    if len(slices) != len(bounds):
        raise ValueError("slices")
    found: list[tuple[int, int]] = []
    for (digest, _), lower, upper in zip(slices, bounds, (*bounds[1:], high), strict=True):
        if _digest(digest) != rows.digest(rows.place(lower), rows.place(upper)):
            found.append((lower, upper))
    return found


def _bounds(rows: Rows, low: int, begin: int, end: int) -> tuple[int, ...]:
    """Where to cut, so that each slice has about the same number of our own ranges."""
    step = max(LOOK, -(-(end - begin) // SLICES_MAX))
    return (low, *(rows.firsts[at] for at in range(begin + step, end, step)))


def _ranges(
    of: str, theirs: Way, span: tuple[int, int], asking: _Asking
) -> Generator[Question, Any, tuple[Ranges, int]]:
    """The partner's ranges that begin in a span, page by page; and below which serial these are all."""
    low, high = span
    found: list[SerialRange] = []
    while not asking.spent:
        answer = yield asking.next({"ask": "ranges", "way": theirs, "class": of, "from": low, "to": high - 1})
        for first, last in answer["ranges"]:
            if not (type(first) is type(last) is int and low <= first < high and first <= last <= SERIAL_MAX):
                raise ValueError("ranges")
            found.append(SerialRange(first, last))
            low = last + 1
        if not answer["more"]:
            return tuple(found), high
        if not answer["ranges"]:
            raise ValueError("ranges")
        if len(found) > asking.room + LOOK:
            break
    return tuple(found), low


def _cut(ranges: Iterable[SerialRange], below: int) -> list[SerialRange]:
    """What of the ranges lies below a serial."""
    return [SerialRange(each.first, min(each.last, below - 1)) for each in ranges if each.first < below]


def _difference(of: str, way: Way, ours: Ranges, theirs: Ranges) -> Difference:
    return Difference(of, way, without(ours, theirs), without(theirs, ours))


def without(ranges: Ranges, others: Ranges) -> Ranges:
    """The serials of `ranges` that are in none of `others`; both in order and without overlaps."""
    found: list[SerialRange] = []
    at = 0
    for each in ranges:
        first = each.first
        while at < len(others) and others[at].last < first:
            at += 1
        look = at
        while look < len(others) and others[look].first <= each.last:
            if first < others[look].first:
                found.append(SerialRange(first, others[look].first - 1))
            first = others[look].last + 1
            look += 1
        if first <= each.last:
            found.append(SerialRange(first, each.last))
    return tuple(found)


def _digest(text: Any) -> str:
    if not (isinstance(text, str) and _DIGEST.match(text)):
        raise ValueError("digest")
    return text
