"""What a boundary shares with those of all activities, and what that would mean: the desk's part of a check.

`proposed` answers for a file before anything is registered, `prepared` for an activity, with the command that records
the check; `recomputed` measures again what the journal says. Read before: `domain/activities/overlap.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from counterfoil.application.boundaries import Shape
from counterfoil.application.commands.check_boundary import OPENING, CheckBoundary
from counterfoil.application.queries.boundary_register import BoundaryRegister, Met
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.activities.activity import ACTIVITY, Activity, ActivityFault
from counterfoil.domain.activities.boundary import BOUNDARY_CHECK, BoundaryCheck, Extent
from counterfoil.domain.activities.overlap import (
    ALL_YEARS,
    OVERLAP,
    OVERLAPS_OF,
    OverlapCase,
    OverlapFault,
    ground,
    share_ppm,
    shared_years,
)
from counterfoil.domain.kernel.record import from_json, to_json
from counterfoil.domain.kernel.refusal import Refusal


class OverlapsFault(StrEnum):
    BOUNDARY_NOT_HERE = "overlap.boundary_not_here"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A view of what was found, the command that would record it, and the bytes that evidence must hold for it."""

    view: Mapping[str, Any]
    command: CheckBoundary
    canonical: bytes


def proposed(
    sight: Sight, register: BoundaryRegister, data: bytes, *, like: Activity | None, on: date
) -> Mapping[str, Any] | Refusal:
    """What the area of a file would meet. `like` says what it would credit; without it no conflict is told apart."""
    register.refresh(sight)
    shape = register.geometry.shape(data)
    if isinstance(shape, Refusal):
        return shape
    met = register.met(shape)
    if isinstance(met, Refusal):
        return met
    return _view(register, shape, [_overlap(sight, shape, each, like, on) for each in met])


def prepared(sight: Sight, register: BoundaryRegister, activity_id: str, *, on: date) -> Prepared | Refusal:
    """The check of an activity's boundary against all others, ready to be recorded."""
    register.refresh(sight)
    value = sight.record(ACTIVITY, activity_id)
    if value is None:
        return Refusal(ActivityFault.UNKNOWN, {"activity": activity_id[:80]})
    activity = from_json(Activity, value)
    if activity.boundary is None:
        return Refusal(OverlapFault.BOUNDARY_MISSING, {"activity": activity.id})
    data = sight.evidence.get(activity.boundary)
    if data is None:
        return Refusal(OverlapsFault.BOUNDARY_NOT_HERE, {"activity": activity.id, "digest": activity.boundary})
    shape = register.geometry.shape(data)
    met = shape if isinstance(shape, Refusal) else register.met(shape, of=activity.id)
    if isinstance(shape, Refusal) or isinstance(met, Refusal):
        return shape if isinstance(shape, Refusal) else met  # type: ignore[return-value]
    command = CheckBoundary(
        activity=activity.id,
        boundary=activity.boundary,
        canonical=shape.digest,
        area_m2=shape.area_m2,
        extents=tuple(Extent(*box) for box in shape.boxes),
        measure=register.geometry.measure,
        after=register.newest,
        overlaps=tuple(each.named for each in met),
    )
    overlaps = [_overlap(sight, shape, each, activity, on) for each in met]
    view = {"activity": activity.id, "boundary": activity.boundary, **_view(register, shape, overlaps, of=activity.id)}
    return Prepared(view, command, shape.canonical)


def _view(register: BoundaryRegister, shape: Shape, overlaps: list[dict[str, Any]], *, of: str = "") -> dict[str, Any]:
    return {
        "canonical": shape.digest,
        "area_m2": shape.area_m2,
        "repairs": dict(shape.repairs),
        "compared": len(register) - (of in register),
        "after": register.newest,
        "overlaps": overlaps,
    }


def _overlap(sight: Sight, shape: Shape, met: Met, like: Activity | None, on: date) -> dict[str, Any]:
    other = from_json(Activity, sight.record(ACTIVITY, met.check.activity))
    told: dict[str, Any] = {
        "activity": other.id,
        "title": other.title,
        "sector": other.sector,
        "methodology": other.methodology,
        "overlap_m2": met.overlap_m2,
        "share_ppm": share_ppm(met.overlap_m2, shape.area_m2),
        "ground": None,
        "years": [],
    }
    if like is None:
        return told
    areas = {"area_m2": shape.area_m2, "other_area_m2": met.check.area_m2, "overlap_m2": met.overlap_m2}
    # No crediting period on either side leaves both ends open.
    years = [
        {"first": None, "last": None} if each == ALL_YEARS[0] else {"first": each.first, "last": each.last}
        for each in shared_years(like, other)
    ]
    return {**told, "ground": ground(like, other, **areas, on=on).value, "years": years}


def cases(sight: Sight, *, activity: str = "", standing: bool = False) -> list[Mapping[str, Any]]:
    """The cases of one activity or of all; `standing` leaves out what blocks nothing any more."""
    if activity:
        names = sight.record(OVERLAPS_OF, activity) or ()
        found = [sight.record(OVERLAP, name) for name in names]
    else:
        found = [value for _, value in sight.records(OVERLAP)]
    return [each for each in found if not standing or from_json(OverlapCase, each).blocks]


def recomputed(sight: Sight, register: BoundaryRegister) -> Iterator[Mapping[str, Any]]:
    """What the journal says otherwise than the files do: areas, overlaps of cases, and overlaps that it leaves out.

    Each check is held against those before it that still stand, as it was when it was made.
    """
    register.refresh(sight)
    checks = sorted((from_json(BoundaryCheck, value) for _, value in sight.records(BOUNDARY_CHECK)), key=_number)
    earlier = BoundaryRegister(register.geometry, sight.evidence)
    for check in checks:
        shape = register.shape_of(check)
        met = shape if isinstance(shape, Refusal) else earlier.met(shape)
        if isinstance(shape, Refusal) or isinstance(met, Refusal):
            wrong = shape if isinstance(shape, Refusal) else met
            assert isinstance(wrong, Refusal)
            yield {"activity": check.activity, "fault": wrong.code, "facts": dict(wrong.facts)}
            continue
        if shape.area_m2 != check.area_m2:
            yield {"activity": check.activity, "recorded_m2": check.area_m2, "computed_m2": shape.area_m2}
        yield from _cases_differ(sight, check, met)
        earlier.put(check)


def _number(check: BoundaryCheck) -> int:
    return check.number


def _cases_differ(sight: Sight, check: BoundaryCheck, met: tuple[Met, ...]) -> Iterator[Mapping[str, Any]]:
    value = sight.record(ACTIVITY, check.activity)
    activity = from_json(Activity, value)
    recorded = {
        (each["other"], each["other_boundary"]): each["overlap_m2"] for each in cases(sight, activity=check.activity)
    }
    for each in met:
        other = from_json(Activity, sight.record(ACTIVITY, each.check.activity))
        key = (each.check.activity, each.check.canonical)
        areas = {"area_m2": check.area_m2, "other_area_m2": each.check.area_m2, "overlap_m2": each.overlap_m2}
        counts = ground(activity, other, **areas, on=check.checked_on) in OPENING
        if key not in recorded and not counts:
            continue
        if recorded.get(key) != each.overlap_m2:
            told = {"activity": check.activity, "other": each.check.activity}
            yield {**told, "recorded_m2": recorded.get(key), "computed_m2": each.overlap_m2}


def request_json(command: CheckBoundary) -> Any:
    """The command as it is sent, without what is left at its default."""
    told = to_json(command)
    assert isinstance(told, Mapping)
    names = ("activity", "boundary", "canonical", "area_m2", "extents", "measure", "after", "overlaps")
    return {"command": "CheckBoundary", **{name: told[name] for name in names}}
