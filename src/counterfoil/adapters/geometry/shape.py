"""An area as the registry compares it: valid, in one spelling, with its size, its boxes, and what others share with it.

Read before: `adapters/geometry/geojson.py`.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
import shapely

from counterfoil.adapters.geometry.canonical import spelled
from counterfoil.adapters.geometry.fault import BoundaryFault
from counterfoil.adapters.geometry.geojson import UNIT, Polygon, Repairs, Ring, Wrong, polygons, unrolled
from counterfoil.adapters.geometry.measure import square_metres
from counterfoil.adapters.geometry.tangle import too_tangled
from counterfoil.domain.activities.boundary import Box
from counterfoil.domain.kernel.refusal import Refusal

_PLACE: Final = re.compile(r"\[(-?[\d.e+]+) (-?[\d.e+]+)\]")
_EAST, _NORTH = 180 * UNIT, 90 * UNIT


class ShapelyShape:
    """One area. Its geometry stands in ten-millionths of a degree."""

    def __init__(self, area: Any, repairs: Repairs) -> None:
        self.area = area
        self.repairs: Mapping[str, int] = dict(repairs.counts)

    @cached_property
    def canonical(self) -> bytes:
        return spelled(self.area)

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.canonical).hexdigest()

    @cached_property
    def area_m2(self) -> int:
        return square_metres(self.area)

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """One box around all, or one on each side of the 180th meridian where both are touched."""
        west, south, east, north = (round(value) for value in self.area.bounds)
        if west > -_EAST or east < _EAST:
            return (Box(west, south, east, north),)
        halves = [shapely.box(-_EAST, -_NORTH, 0, _NORTH), shapely.box(0, -_NORTH, _EAST, _NORTH)]
        cut = [half for half in (shapely.intersection(self.area, each) for each in halves) if not half.is_empty]
        return tuple(Box(*(round(value) for value in half.bounds)) for half in cut)

    @cached_property
    def _prepared(self) -> Any:
        shapely.prepare(self.area)
        return self.area

    def overlap_m2(self, other: "ShapelyShape") -> int | Refusal:
        """What both cover, in square metres; a refusal where their edges cross too often to be cut.

        Source: 2/CMA.3 annex para. 1(a) and 6/CMA.4 para. 5 (one outcome, one unit).
        """
        if not self._prepared.intersects(other.area):
            return 0
        if too_tangled(self.area, other.area):
            return Refusal(BoundaryFault.TOO_TANGLED, {"place": "-"})
        shared = shapely.intersection(self.area, other.area)
        return square_metres(shared)


def shape(data: bytes) -> ShapelyShape | Refusal:
    """The area of a GeoJSON file, repaired where that has one meaning; else what is wrong, and where."""
    repairs = Repairs()
    try:
        parts = [_valid(polygon, repairs) for polygon in polygons(data, repairs)]
        return ShapelyShape(_whole(parts, repairs), repairs)
    except Wrong as wrong:
        return wrong.refusal
    except shapely.errors.GEOSException as error:
        return Refusal(BoundaryFault.NOT_GEOJSON, {"place": "$", "detail": str(error)[:80]})


def _valid(polygon: Polygon, repairs: Repairs) -> Any:
    """The polygon for the library, cut at the 180th meridian where it crosses it; refused where its rings cross."""
    rings = (polygon.exterior, *polygon.holes)
    flat = [unrolled(ring.positions) for ring in rings]
    for ring, positions in zip(rings, flat, strict=True):
        _require_simple(ring, positions)
    exterior, *holes = _brought_near(flat)
    area = shapely.Polygon(exterior, holes)
    if not shapely.is_valid(area):
        reason = shapely.is_valid_reason(area)
        # Each ring is sound by itself, so it is how they lie to each other.
        place = polygon.exterior.place
        raise Wrong(BoundaryFault.RING_MISPLACED, place, at=_at(reason), reason=reason.partition("[")[0])
    west, _, east, _ = area.bounds
    if west >= -_EAST and east <= _EAST:
        return area
    repairs.note("split_at_antimeridian")
    return _cut(area)


def _require_simple(ring: Ring, positions: Sequence[tuple[int, int]]) -> None:
    closed = shapely.Polygon(positions)
    if not shapely.is_valid(closed):
        reason = shapely.is_valid_reason(closed)
        raise Wrong(BoundaryFault.SELF_CROSSING, ring.place, at=_at(reason), reason=reason.partition("[")[0])


def _brought_near(flat: Sequence[list[tuple[int, int]]]) -> list[list[tuple[int, int]]]:
    """Holes on the same turn of the globe as their exterior, which may have been unrolled past 180 degrees."""
    west = min(x for x, _ in flat[0])
    east = max(x for x, _ in flat[0])
    near = [flat[0]]
    for ring in flat[1:]:
        turn = 0
        if max(x for x, _ in ring) > east:
            turn = -2 * _EAST
        elif min(x for x, _ in ring) < west:
            turn = 2 * _EAST
        moved = [(x + turn, y) for x, y in ring]
        inside = west <= min(x for x, _ in moved) and max(x for x, _ in moved) <= east
        near.append(moved if inside else ring)
    return near


def _cut(area: Any) -> Any:
    pieces = []
    for turn in (-1, 0, 1):
        middle = 2 * _EAST * turn
        piece = shapely.intersection(area, shapely.box(middle - _EAST, -_NORTH, middle + _EAST, _NORTH))
        if piece.area > 0:
            pieces.append(shapely.transform(piece, lambda at, by=middle: at - np.array([by, 0.0])))
    return _areas_only(shapely.set_precision(shapely.union_all(pieces), 1.0))


def _whole(parts: Sequence[Any], repairs: Repairs) -> Any:
    """All parts as one area; those that lie over each other are joined, and that is said."""
    if len(parts) == 1:
        return parts[0]
    separate = shapely.MultiPolygon([piece for part in parts for piece in getattr(part, "geoms", [part])])
    if shapely.is_valid(separate):
        return separate
    if too_tangled(separate, separate):
        raise Wrong(BoundaryFault.TOO_TANGLED, "$")
    repairs.note("parts_joined")
    return _areas_only(shapely.set_precision(shapely.union_all(parts), 1.0))


def _areas_only(area: Any) -> Any:
    kept = [part for part in getattr(area, "geoms", [area]) if part.geom_type == "Polygon" and part.area > 0]
    if not kept:
        raise Wrong(BoundaryFault.EMPTY, "$")
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)


def _at(reason: str) -> str:
    """Where a ring crosses itself, in degrees."""
    found = _PLACE.search(reason)
    return "-" if found is None else f"{float(found[1]) / UNIT:.7f}, {float(found[2]) / UNIT:.7f}"
