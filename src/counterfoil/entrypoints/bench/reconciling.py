"""What reconciling two books costs: a million blocks that agree, and the same with a few and with many differences.

Both statements are in this process, so the figures are those of the rules and hashes; a question over HTTP costs a
message more. Half of the time of an agreement is the partner's.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from counterfoil.domain.federation.crossing import Crossing, Way, latest
from counterfoil.domain.federation.differing import Differences, differences
from counterfoil.domain.federation.reconciliation import Statement, answered
from counterfoil.entrypoints.bench.report import Report

FULL: Final = 1_000_000
QUICK: Final = 100_000
DIFFERING: Final = (1, 10, 1_000)
"""So many blocks that the partner does not have."""
_CLASSES: Final = tuple(f"CA0002-THA01-THA-#-{vintage}" for vintage in range(2021, 2025))
_WIDTH: Final = 100


@dataclass(slots=True)
class Reconciling:
    """Seconds of the repetitions, by what was measured, and the questions that each kind of run asked."""

    stated_s: list[float] = field(default_factory=list)
    agreeing_s: list[float] = field(default_factory=list)
    differing_s: dict[int, list[float]] = field(default_factory=lambda: {count: [] for count in DIFFERING})
    questions: dict[int, int] = field(default_factory=dict)

    def into(self, report: Report, blocks: int) -> None:
        report.figures["reconciled_blocks"] = blocks
        report.figure("statement_s", self.stated_s, 3)
        report.figure("agreeing_s", self.agreeing_s, 3)
        report.figures["agreeing_questions"] = self.questions[0]
        for count, took in self.differing_s.items():
            report.figure(f"differing_in_{count}_s", took, 3)
            report.figures[f"differing_in_{count}_questions"] = self.questions[count]


def reconcile_once(found: Reconciling, blocks: int) -> None:
    """One repetition. Statements are made anew for each run: hashes are part of what is measured."""
    rows = _rows(blocks, Way.OUT)
    mirror = _rows(blocks, Way.IN)
    begun = time.perf_counter()
    ours, theirs = _stated(rows), _stated(mirror)
    # Either book makes its own, beside the other.
    found.stated_s.append((time.perf_counter() - begun) / 2)
    found.agreeing_s.append(_run(found, 0, ours, theirs))
    for count in DIFFERING:
        step = max(1, blocks // len(_CLASSES) // count)
        lacking = mirror[0][: count * step : step]
        gone = frozenset(each.first for each in lacking)
        short = [[each for each in mirror[0] if each.first not in gone], *mirror[1:]]
        found.differing_s[count].append(_run(found, count, _stated(rows), _stated(short)))


def _rows(blocks: int, way: Way) -> list[list[Crossing]]:
    """The crossings of each class: ranges that do not touch, so that none of them are one."""
    each = blocks // len(_CLASSES)
    step = _WIDTH + 1
    return [[Crossing(at * step + 1, at * step + _WIDTH, way, at) for at in range(each)] for _ in _CLASSES]


def _stated(rows: Sequence[Sequence[Crossing]]) -> Statement:
    return Statement({of: latest(crossings) for of, crossings in zip(_CLASSES, rows, strict=True)})


def _run(found: Reconciling, count: int, ours: Statement, theirs: Statement) -> float:
    """Seconds until all differences were found, the partner's answers included."""
    begun = time.perf_counter()
    outcome = _driven(ours, lambda question: answered(question, theirs))
    spent = time.perf_counter() - begun
    assert sum(each.count for each in outcome.found) == count and outcome.complete, outcome
    found.questions[count] = outcome.questions
    return spent


def _driven(ours: Statement, answer: Callable[[Any], Any]) -> Differences:
    asking = differences(ours)
    try:
        question = next(asking)
        while True:
            question = asking.send(answer(question))
    except StopIteration as end:
        assert isinstance(end.value, Differences), end.value
        return end.value
