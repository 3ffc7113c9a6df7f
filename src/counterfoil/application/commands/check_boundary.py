"""Check the boundary of an activity against all others, and decide the cases that this opens.

The desk computes areas, because no decision may read files; the journal keeps what it found, as numbers that anybody
can compute again. The check says after which earlier one it was made: with another in between, it is refused and made
again, so that of any two areas the later was held against the earlier (ADR-0029).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.domain.activities.activity import ACTIVITY, Activity, ActivityFault
from counterfoil.domain.activities.boundary import (
    ALL,
    AREA_MAX_M2,
    BOUNDARY_CHECK,
    BOUNDARY_CHECKS,
    BOXES_MAX,
    BoundaryCheck,
    Extent,
)
from counterfoil.domain.activities.overlap import (
    CASES_MAX,
    OVERLAP,
    OVERLAPS_OF,
    REASON_MAX,
    AreaOverlap,
    CaseState,
    Ground,
    OverlapCase,
    OverlapFault,
    ground,
    share_ppm,
)
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import DIGEST, NAME, ActivityId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record

OPENING: Final = frozenset({Ground.CONFLICT, Ground.PERIODS_APART})
"""Periods that are apart block nothing today; a renewal may bring them together, so the case is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckBoundary(Command):
    """Record how large an activity's boundary is, and what it shares with each boundary checked before.

    `boundary` is the file that the activity names, `canonical` the same area in its one spelling, both by SHA-256.
    `after` is the number of the newest check that `overlaps` takes into account. Areas are whole square metres.
    """

    activity: ActivityId
    boundary: str
    canonical: str
    area_m2: int
    extents: tuple[Extent, ...]
    measure: str
    after: int
    overlaps: tuple[AreaOverlap, ...] = ()


def check_boundary(command: CheckBoundary, books: Books, context: Context) -> Entry | Refusal:
    """Open a case for each conflict; a case between the same two areas stands as it was decided.

    Source: 2/CMA.3 annex paras. 1(a), 22(b); 6/CMA.4 para. 5.
    """
    activity = stored(books, ACTIVITY, command.activity, Activity)
    if activity is None:
        return Refusal(ActivityFault.UNKNOWN, {"activity": command.activity[:80]})
    for refusal in _complaints(command, activity, books):
        return refusal
    number = command.after + 1
    check = BoundaryCheck(
        activity.id,
        number,
        command.boundary,
        command.canonical,
        command.area_m2,
        command.extents,
        command.measure,
        context.on,
    )
    standing = cases_of(books, activity.id)
    current = _current(command, activity, books, context, standing)
    names = {case.id for case in current}
    gone = [replace(case, state=CaseState.SUPERSEDED) for case in standing if case.id not in names]
    known = {case.id for case in standing}
    opened = [case for case in current if case.id not in known]
    return Entry(
        Act.BOUNDARY_CHECKED,
        context.on,
        records=(
            record(BOUNDARY_CHECK, activity.id, check),
            Record(BOUNDARY_CHECKS, ALL, number),
            *(record(OVERLAP, case.id, case) for case in (*gone, *opened)),
            Record(OVERLAPS_OF, activity.id, [case.id for case in current]),
        ),
        details={"activity": activity.id, "opened": [case.id for case in opened]},
    )


def _complaints(command: CheckBoundary, activity: Activity, books: Books) -> Iterator[Refusal]:
    facts: dict[str, JSON] = {"activity": activity.id}
    if activity.boundary is None:
        yield Refusal(OverlapFault.BOUNDARY_MISSING, facts)
    if activity.boundary != command.boundary:
        digests = {"boundary": f"{activity.boundary}"[:80], "found": command.boundary[:80]}
        yield Refusal(OverlapFault.BOUNDARY_DIFFERS, {**facts, **digests})
    if not _readable(command):
        yield Refusal(OverlapFault.MEASURE_UNREADABLE, facts)
    newest = int(books.record(BOUNDARY_CHECKS, ALL) or 0)
    if command.after != newest:
        yield Refusal(OverlapFault.STALE, {**facts, "after": command.after, "newest": newest})
    if len(command.overlaps) > CASES_MAX:
        yield Refusal(OverlapFault.TOO_MANY, {**facts, "count": len(command.overlaps), "most": CASES_MAX})
    yield from _unfit_overlaps(command, books)


def _readable(command: CheckBoundary) -> bool:
    return (
        DIGEST.match(command.canonical) is not None
        and 0 < command.area_m2 <= AREA_MAX_M2
        and 1 <= len(command.extents) <= BOXES_MAX
        and all(extent.readable for extent in command.extents)
        and NAME.match(command.measure) is not None
    )


def _unfit_overlaps(command: CheckBoundary, books: Books) -> Iterator[Refusal]:
    """Each other activity once, with the boundary that was checked, and no more shared than the smaller area has."""
    seen: set[str] = {command.activity}
    for each in command.overlaps:
        facts = {"activity": command.activity, "other": each.other[:80]}
        if each.other in seen:
            yield Refusal(OverlapFault.NAMED_TWICE, {**facts})
        seen.add(each.other)
        other = stored(books, BOUNDARY_CHECK, each.other, BoundaryCheck)
        if other is None or other.canonical != each.boundary:
            yield Refusal(OverlapFault.OTHER_NOT_CHECKED, {**facts})
        elif not 0 < each.overlap_m2 <= min(command.area_m2, other.area_m2) + 1:
            # One square metre for the rounding of both areas.
            yield Refusal(OverlapFault.TOO_LARGE, {**facts, "overlap_m2": each.overlap_m2})


def _current(
    command: CheckBoundary, activity: Activity, books: Books, context: Context, standing: list[OverlapCase]
) -> list[OverlapCase]:
    """The cases that stand after this check: those between the same two areas, and new ones."""
    same = {(case.other, case.boundary, case.other_boundary): case for case in standing}
    found: list[OverlapCase] = []
    for each in command.overlaps:
        kept = same.get((each.other, command.canonical, each.boundary))
        if kept is not None:
            found.append(kept)
        elif _opens(each, command, activity, books, context):
            found.append(
                OverlapCase(
                    id=f"O-{command.after + 1}-{len(found) + 1}",
                    activity=activity.id,
                    other=each.other,
                    boundary=command.canonical,
                    other_boundary=each.boundary,
                    area_m2=command.area_m2,
                    overlap_m2=each.overlap_m2,
                    share_ppm=share_ppm(each.overlap_m2, command.area_m2),
                    opened_on=context.on,
                )
            )
    return found


def _opens(each: AreaOverlap, command: CheckBoundary, activity: Activity, books: Books, context: Context) -> bool:
    other = stored(books, ACTIVITY, each.other, Activity)
    check = stored(books, BOUNDARY_CHECK, each.other, BoundaryCheck)
    assert other is not None and check is not None
    found = ground(
        activity,
        other,
        area_m2=command.area_m2,
        other_area_m2=check.area_m2,
        overlap_m2=each.overlap_m2,
        on=context.on,
    )
    return found in OPENING


def cases_of(books: Books, activity: str) -> list[OverlapCase]:
    """The cases that stand against an activity, in the order in which they were opened."""
    found = (stored(books, OVERLAP, name, OverlapCase) for name in books.record(OVERLAPS_OF, activity) or ())
    return [case for case in found if case is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideOverlap(Command):
    """Decide an open case: cleared, the part is no longer blocked; upheld, it stays so for good.

    `document` is the SHA-256 of the decision in the evidence store.
    """

    case: str
    upheld: bool
    authority: str
    reason: str
    document: str | None = None


def decide_overlap(command: DecideOverlap, books: Books, context: Context) -> Entry | Refusal:
    """A decision stands until the boundary of either activity changes; nothing that was issued is touched.

    Source: 2/CMA.3 annex para. 1(a); 6/CMA.4 para. 5.
    """
    case = stored(books, OVERLAP, command.case, OverlapCase)
    if case is None:
        return Refusal(OverlapFault.UNKNOWN, {"case": command.case[:80]})
    if case.state is not CaseState.OPEN:
        return Refusal(OverlapFault.DECIDED, {"case": case.id, "state": case.state.value})
    authority, reason = command.authority.strip(), command.reason.strip()
    said = 0 < len(reason) <= REASON_MAX and 0 < len(authority) <= REASON_MAX
    if not said or (command.document is not None and not DIGEST.match(command.document)):
        return Refusal(OverlapFault.REASON_UNCLEAR, {"case": case.id, "length_max": REASON_MAX})
    decided = replace(
        case,
        state=CaseState.UPHELD if command.upheld else CaseState.CLEARED,
        decided_on=context.on,
        authority=authority,
        reason=reason,
        document=command.document,
    )
    return Entry(
        Act.OVERLAP_DECIDED,
        context.on,
        records=(record(OVERLAP, case.id, decided),),
        details={"activity": case.activity, "other": case.other, "state": decided.state.value},
    )
