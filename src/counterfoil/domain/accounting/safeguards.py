"""The five safeguards against a net increase of emissions, each pass, fail or indeterminate.

Where a Party's book or an inventory is not there, the answer is indeterminate and never pass.
Source: 2/CMA.3 annex paras. 7, 8(b), 17, 20-21; rulebook 3.5 (S1-S5).
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from counterfoil.domain.accounting.target import Comparison, Outcome


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105  a verdict, no password
    FAIL = "fail"
    INDETERMINATE = "indeterminate"


class Range(NamedTuple):
    """Units `first` to `last` of a class."""

    unit_class: str
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.unit_class} {self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class Safeguard:
    """One safeguard's verdict; `found` names what broke it, or what is missing."""

    id: str
    verdict: Verdict
    found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    """What all Parties together did in one NDC period and one metric. A Party whose book is not there is None."""

    adjustments: Mapping[str, int | None]
    oimp: int
    omge: int
    unused: int


def no_net_increase(world: World) -> Safeguard:
    """S1: additions less subtractions of all Parties equal what was first transferred and used towards no NDC.

    That remainder (other purposes, overall mitigation, unused) is at or above zero: the world counts nothing twice.

    Source: 2/CMA.3 annex paras. 7, 17.
    """
    missing = tuple(sorted(party for party, known in world.adjustments.items() if known is None))
    if missing:
        return Safeguard("S1", Verdict.INDETERMINATE, missing)
    together = sum(known for known in world.adjustments.values() if known is not None)
    remainder = world.oimp + world.omge + world.unused
    if together == remainder and remainder >= 0:
        return Safeguard("S1", Verdict.PASS)
    return Safeguard("S1", Verdict.FAIL, (f"{together} = {world.oimp} + {world.omge} + {world.unused}",))


def no_double_use(used: Iterable[Range], *, missing: Collection[str] = ()) -> Safeguard:
    """S2: no serial is used twice, by anyone. Ranges are sorted, so the cost is that of sorting.

    Args:
        missing: Parties that these units met and whose books are not there: they may have used them too.

    Source: 2/CMA.3 annex paras. 7, 21(e).
    """
    twice: list[str] = []
    reached: Range | None = None
    for each in sorted(used):
        if reached is not None and each.unit_class == reached.unit_class and each.first <= reached.last:
            twice.append(str(Range(each.unit_class, each.first, min(each.last, reached.last))))
        if reached is None or each.unit_class != reached.unit_class or each.last > reached.last:
            reached = each
    if not twice and missing:
        return Safeguard("S2", Verdict.INDETERMINATE, tuple(sorted(missing)))
    return Safeguard("S2", Verdict.FAIL if twice else Verdict.PASS, tuple(twice))


def uses_are_backed(used: Iterable[Range], acquired: Iterable[Range] | None) -> Safeguard:
    """S3: every unit used was acquired into the user's own holding.

    Args:
        acquired: What the Party acquired; None where its book of acquisitions is not there.

    Source: 2/CMA.3 annex paras. 20(a), 29.
    """
    if acquired is None:
        return Safeguard("S3", Verdict.INDETERMINATE, ("acquisitions",))
    have = _joined(acquired)
    bare = [str(each) for each in sorted(used) if not _within(each, have)]
    return Safeguard("S3", Verdict.FAIL if bare else Verdict.PASS, tuple(bare))


def target_kept(unconditional: Iterable[Comparison], conditional: Iterable[Comparison] = ()) -> Safeguard:
    """S4: every unconditional target is met; indeterminate where one cannot be told, and before the period has ended.

    Whether the condition of a conditional target came about no register knows: one that is missed breaks nothing. It
    is asked only where there is no other, and then it may be met, or not be told.

    Source: 2/CMA.3 annex paras. 7, 23(l); rulebook 3.5-3.6.
    """
    outcomes = [each.outcome for each in unconditional]
    if Outcome.NOT_MET in outcomes:
        return Safeguard("S4", Verdict.FAIL)
    asked = outcomes or [each.outcome for each in conditional]
    kept = bool(asked) and all(outcome is Outcome.MET for outcome in asked)
    return Safeguard("S4", Verdict.PASS if kept else Verdict.INDETERMINATE)


def unused_listed(
    stock: Iterable[Range], *, by_book: Mapping[str, int], by_units: Mapping[str, int], period_over: bool
) -> Safeguard:
    """S5: at the period's end what is first transferred and unused is listed, and both books say the same of it.

    Args:
        stock: What this registry still holds of it; ranges that touch are told as one.
        by_book: What the adjustment book says waits for use, by commodity in its unit: no commodity makes up another.
        by_units: The same, told by the unit book alone.
        period_over: Before the end the list is not final, and the answer is indeterminate.

    Source: 2/CMA.3 annex paras. 8(b), 17; ADR-0003.
    """
    listed = tuple(str(of) for of in _joined(stock))
    told = {each: (by_book.get(each, 0), by_units.get(each, 0)) for each in sorted({*by_book, *by_units})}
    apart = tuple(f"{commodity}: {book} ≠ {units}" for commodity, (book, units) in told.items() if book != units)
    if apart:
        return Safeguard("S5", Verdict.FAIL, (*apart, *listed))
    return Safeguard("S5", Verdict.PASS if period_over else Verdict.INDETERMINATE, listed)


def _joined(ranges: Iterable[Range]) -> list[Range]:
    """Ranges with those that touch made one."""
    ordered = sorted(ranges)
    joined = ordered[:1]
    for _, each in pairwise(ordered):
        last = joined[-1]
        if each.unit_class == last.unit_class and each.first <= last.last + 1:
            joined[-1] = Range(last.unit_class, last.first, max(last.last, each.last))
        else:
            joined.append(each)
    return joined


def _within(each: Range, spans: Sequence[Range]) -> bool:
    """Whether one of these spans, sorted and apart from each other, holds the whole range."""
    place = bisect_right(spans, (each.unit_class, each.first, each.last)) - 1
    near = spans[max(0, place) : place + 2]
    return any(
        span.unit_class == each.unit_class and span.first <= each.first and each.last <= span.last for span in near
    )
