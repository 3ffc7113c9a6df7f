"""Which activities claim the same ground for the same outcome, and how much of the later one that blocks.

An overlap of areas is a conflict where both activities credit the same sector or the same methodology. It opens a case
against the activity that is checked later, and blocks of it just the overlapping part: the share of its area, in the
years that both credit. Source: 2/CMA.3 annex paras. 1(a), 22(b); 6/CMA.4 para. 5 (one outcome, one unit).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.activities.activity import Activity, ActivityKind
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.kernel.refusal import Refusal

OVERLAP: Final = "overlap"
"""The kind of the record of one case."""
OVERLAPS_OF: Final = "overlaps_of"
"""The cases that stand against one activity, by their names."""
CASES_MAX: Final = 64
"""Cases of one activity; a leaf holds them all."""
MILLION: Final = 1_000_000
REASON_MAX: Final = 500


class OverlapFault(StrEnum):
    NOT_CHECKED = "overlap.not_checked"
    PART_BLOCKED = "overlap.part_blocked"
    BOUNDARY_MISSING = "overlap.boundary_missing"
    BOUNDARY_DIFFERS = "overlap.boundary_differs"
    MEASURE_UNREADABLE = "overlap.measure_unreadable"
    STALE = "overlap.stale"
    OTHER_NOT_CHECKED = "overlap.other_not_checked"
    NAMED_TWICE = "overlap.named_twice"
    TOO_LARGE = "overlap.too_large"
    TOO_MANY = "overlap.too_many"
    UNKNOWN = "overlap.unknown"
    DECIDED = "overlap.decided"
    REASON_UNCLEAR = "overlap.reason_unclear"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """From `valid_from` on, an overlap counts when it is above both: digitizing and rounding leave slivers.

    No text sets a tolerance. Ours: 1,000 m2, and a ten-thousandth of the smaller area.
    """

    valid_from: date
    area_m2: int
    share_ppm: int


TOLERANCES: Final = (Tolerance(date(2021, 1, 1), area_m2=1_000, share_ppm=100),)


class Ground(StrEnum):
    """What an overlap of two areas means."""

    WITHIN_TOLERANCE = "within_tolerance"
    PROGRAMME = "programme"
    OTHER_SOURCE = "other_source"
    PERIODS_APART = "periods_apart"
    CONFLICT = "conflict"


class CaseState(StrEnum):
    """Open and upheld cases block; a cleared one does not; a superseded one gave way to a later check."""

    OPEN = "open"
    UPHELD = "upheld"
    CLEARED = "cleared"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class AreaOverlap:
    """What the areas of two activities share. `boundary` is the other's, in its one spelling, by SHA-256."""

    other: ActivityId
    boundary: str
    overlap_m2: int


@dataclass(frozen=True, slots=True)
class OverlapCase:
    """One case: `activity`, checked later, against `other`. `share_ppm` is the overlapping part of its own area."""

    id: str
    activity: ActivityId
    other: ActivityId
    boundary: str
    other_boundary: str
    area_m2: int
    overlap_m2: int
    share_ppm: int
    opened_on: date
    state: CaseState = CaseState.OPEN
    decided_on: date | None = None
    authority: str = ""
    reason: str = ""
    document: str | None = None

    @property
    def blocks(self) -> bool:
        return self.state in (CaseState.OPEN, CaseState.UPHELD)


@dataclass(frozen=True, slots=True)
class Years:
    """First to last calendar year that two activities both credit; a year that is shared in part is shared."""

    first: int
    last: int

    def __contains__(self, year: int) -> bool:
        return self.first <= year <= self.last


ALL_YEARS: Final = (Years(0, 9999),)
"""Where neither says when it credits."""


def tolerance_on(day: date) -> Tolerance:
    """The tolerance in force on a day; before the first, the first."""
    return max((each for each in TOLERANCES if each.valid_from <= day), key=_begin, default=TOLERANCES[0])


def _begin(tolerance: Tolerance) -> date:
    return tolerance.valid_from


def share_ppm(part: int, whole: int) -> int:
    """A share in millionths, rounded up so that a block is never too small, and at most one."""
    return MILLION if part >= whole else -(-part * MILLION // whole)


def ground(
    activity: Activity, other: Activity, *, area_m2: int, other_area_m2: int, overlap_m2: int, on: date
) -> Ground:
    """What the overlap of two areas means, the first reason that applies.

    A component lies within its programme, which claims nothing beside it. Activities that credit neither one sector nor
    one methodology bring different outcomes from one ground: a solar roof within a forest project.
    """
    allowed = tolerance_on(on)
    smaller = min(area_m2, other_area_m2)
    if overlap_m2 <= allowed.area_m2 or overlap_m2 * MILLION <= allowed.share_ppm * smaller:
        return Ground.WITHIN_TOLERANCE
    if _component_of(activity, other) or _component_of(other, activity):
        return Ground.PROGRAMME
    if not _one_source(activity, other):
        return Ground.OTHER_SOURCE
    return Ground.CONFLICT if shared_years(activity, other) else Ground.PERIODS_APART


def _component_of(part: Activity, whole: Activity) -> bool:
    return part.kind is ActivityKind.COMPONENT and part.parent == whole.id


def _one_source(activity: Activity, other: Activity) -> bool:
    methodology = activity.methodology.strip().casefold()
    same_methodology = bool(methodology) and methodology == other.methodology.strip().casefold()
    return same_methodology or activity.sector.strip().casefold() == other.sector.strip().casefold()


def shared_years(activity: Activity, other: Activity) -> tuple[Years, ...]:
    """The years that both credit. Who has no crediting period yet may credit any year."""
    mine, theirs = (
        tuple(Years(each.first_day.year, each.last_day.year) for each in one.crediting_periods) or ALL_YEARS
        for one in (activity, other)
    )
    common = (Years(max(a.first, b.first), min(a.last, b.last)) for a in mine for b in theirs)
    return tuple(years for years in common if years.first <= years.last)


def blocked(quantity: int, shares_ppm: Iterable[int]) -> int:
    """The blocked part of a quantity, rounded up. Parts of several cases add up, to the whole at most.

    Two cases over one field count it twice: too much is blocked until one is decided, never too little.
    """
    return -(-quantity * min(MILLION, sum(shares_ppm)) // MILLION)


def part_blocked(
    *, activity: str, vintage: int, verified: int, issued: int, asked: int, cases: Sequence[OverlapCase]
) -> Refusal | None:
    """Whether so much may be issued beside the cases that block a vintage: just the overlapping part waits."""
    kept = blocked(verified, (case.share_ppm for case in cases))
    left = max(0, verified - kept - issued)
    if asked <= left:
        return None
    named = ", ".join(case.id for case in cases[:8])
    facts: dict[str, JSON] = {"activity": activity, "vintage": vintage, "cases": named}
    return Refusal(OverlapFault.PART_BLOCKED, {**facts, "blocked": kept, "left": left, "asked": asked})
