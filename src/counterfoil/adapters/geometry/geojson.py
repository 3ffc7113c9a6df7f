"""GeoJSON, read strictly: every polygon as rings of whole ten-millionths of a degree, or the place that is wrong.

What a reader must not guess is refused; what has one meaning is repaired and said: a ring that was left open, turned
the wrong way, or repeats a position; heights, which no area needs. Source: RFC 7946 sections 3.1.6, 3.1.9, 4.

Read next: `adapters/geometry/shape.py`.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import msgspec

from counterfoil.adapters.geometry.fault import BoundaryFault
from counterfoil.domain.kernel.refusal import Refusal

BYTES_MAX: Final = 8 * 1024 * 1024
POINTS_MAX: Final = 50_000
PARTS_MAX: Final = 5_000
DEPTH_MAX: Final = 6
"""Collections within collections."""
UNIT: Final = 10**7
"""Coordinates are whole numbers of this part of a degree: about one centimetre."""
_EAST, _NORTH = 180 * UNIT, 90 * UNIT
_POINTS_AND_LINES: Final = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString"})
_NO_NUMBER: Final = re.compile(rb'(?<![\w"])-?(?:NaN|Infinity)(?![\w"])')
_SHOWN: Final = 80
_LARGEST: Final = sys.float_info.max

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ring:
    """A closed ring of positions, longitude and latitude in ten-millionths of a degree; `place` is where it stood."""

    positions: tuple[Position, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Polygon:
    """An exterior ring, and the rings of its holes."""

    exterior: Ring
    holes: tuple[Ring, ...]


@dataclass(slots=True)
class Repairs:
    """What was put right, by kind, with how many places."""

    counts: dict[str, int] = field(default_factory=dict)

    def note(self, kind: str) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + 1


class Wrong(Exception):
    """Ends the reading of one file; never leaves this package."""

    def __init__(self, code: BoundaryFault, place: str, **facts: str | int) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, {"place": place[:_SHOWN] or "-", **facts})


def polygons(data: bytes, repairs: Repairs) -> list[Polygon]:
    """Every polygon of a file.

    Raises:
        Wrong: with the refusal that names the place.
    """
    if len(data) > BYTES_MAX:
        raise Wrong(BoundaryFault.TOO_LARGE, "-", bytes_max=BYTES_MAX)
    value = _decoded(data)
    if isinstance(value, dict):
        _require_crs(value.get("crs"))
    found: list[Polygon] = []
    left = POINTS_MAX
    for coordinates, place in _areas(value, "$", 0):
        if len(found) == PARTS_MAX:
            raise Wrong(BoundaryFault.TOO_MANY_PARTS, place, parts_max=PARTS_MAX)
        polygon = _polygon(coordinates, place, repairs, left)
        left -= sum(len(ring.positions) for ring in (polygon.exterior, *polygon.holes))
        found.append(polygon)
    if not found:
        raise Wrong(BoundaryFault.EMPTY, "$")
    return found


def _decoded(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except RecursionError:
        raise Wrong(BoundaryFault.TOO_DEEP, "$", depth_max=DEPTH_MAX) from None
    except (msgspec.DecodeError, ValueError) as error:
        strange = _NO_NUMBER.search(data)
        if strange is not None:
            place = f"byte {strange.start()}"
            raise Wrong(BoundaryFault.NOT_A_NUMBER, place, value=strange.group().decode()) from None
        raise Wrong(BoundaryFault.NOT_GEOJSON, "$", detail=str(error)[:_SHOWN]) from None


def _require_crs(crs: Any) -> None:
    """An old file may name its reference system; only WGS 84 in degrees is taken. Source: RFC 7946 section 4."""
    name = str(crs)
    if crs is not None and "CRS84" not in name and "EPSG::4326" not in name and "EPSG:4326" not in name:
        raise Wrong(BoundaryFault.OTHER_CRS, "$.crs", found=name[:_SHOWN])


def _areas(value: Any, place: str, depth: int) -> Iterator[tuple[Any, str]]:
    """The coordinates of each polygon, with its place; a feature without geometry has none."""
    if depth > DEPTH_MAX:
        raise Wrong(BoundaryFault.TOO_DEEP, place, depth_max=DEPTH_MAX)
    kind = value.get("type") if isinstance(value, dict) else None
    match kind:
        case "FeatureCollection":
            for number, feature in enumerate(_list(value.get("features"), f"{place}.features")):
                yield from _areas(feature, f"{place}.features[{number}]", depth + 1)
        case "Feature":
            if value.get("geometry") is not None:
                yield from _areas(value["geometry"], f"{place}.geometry", depth + 1)
        case "GeometryCollection":
            for number, part in enumerate(_list(value.get("geometries"), f"{place}.geometries")):
                yield from _areas(part, f"{place}.geometries[{number}]", depth + 1)
        case "Polygon":
            if _list(value.get("coordinates"), f"{place}.coordinates"):
                yield value["coordinates"], f"{place}.coordinates"
        case "MultiPolygon":
            for number, part in enumerate(_list(value.get("coordinates"), f"{place}.coordinates")):
                yield part, f"{place}.coordinates[{number}]"
        case str() if kind in _POINTS_AND_LINES:
            raise Wrong(BoundaryFault.NOT_AN_AREA, place, found=kind)
        case _:
            raise Wrong(BoundaryFault.NOT_GEOJSON, place, detail=f"type {str(kind)[:40]}")


def _list(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise Wrong(BoundaryFault.NOT_GEOJSON, place, detail="a list is needed")
    return value


def _polygon(coordinates: Any, place: str, repairs: Repairs, left: int) -> Polygon:
    rings: list[Ring] = []
    for number, positions in enumerate(_list(coordinates, place)):
        ring = _ring(positions, f"{place}[{number}]", repairs, left)
        left -= len(ring.positions)
        rings.append(ring)
    if not rings:
        raise Wrong(BoundaryFault.EMPTY, place)
    exterior, *holes = rings
    return Polygon(_turned(exterior, repairs, left_hand=True), tuple(_turned(ring, repairs) for ring in holes))


def _ring(value: Any, place: str, repairs: Repairs, left: int) -> Ring:
    positions: list[Position] = []
    for number, each in enumerate(_list(value, place)):
        if number >= left:
            raise Wrong(BoundaryFault.TOO_MANY_POINTS, place, points_max=POINTS_MAX)
        at = _position(each, f"{place}[{number}]", repairs)
        if positions and positions[-1] == at:
            repairs.note("repeat_dropped")
        else:
            positions.append(at)
    if len(positions) > 1 and positions[0] != positions[-1]:
        positions.append(positions[0])
        repairs.note("ring_closed")
    if len(positions) < 4 or len(set(positions)) < 3:
        raise Wrong(BoundaryFault.RING_TOO_SHORT, place, positions=len(positions))
    return Ring(tuple(positions), place)


def _position(value: Any, place: str, repairs: Repairs) -> Position:
    if not isinstance(value, list) or len(value) < 2:
        raise Wrong(BoundaryFault.NOT_A_NUMBER, place, value=str(value)[:_SHOWN])
    for number in value:
        # A whole number of JSON may be too large for a float, and is compared as it is; NaN compares to nothing.
        if type(number) not in (int, float) or not abs(number) <= _LARGEST:
            raise Wrong(BoundaryFault.NOT_A_NUMBER, place, value=str(number)[:_SHOWN])
    if len(value) > 2:
        repairs.note("height_dropped")
    if not (-180 <= value[0] <= 180 and -90 <= value[1] <= 90):
        raise Wrong(BoundaryFault.OUT_OF_RANGE, place, value=f"{value[0]}, {value[1]}"[:_SHOWN])
    return round(value[0] * UNIT), round(value[1] * UNIT)


def twice_area(positions: Sequence[Position]) -> int:
    """Twice the signed area of a ring in its own units, exactly; above zero where it runs against the clock."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(positions))


def _turned(ring: Ring, repairs: Repairs, *, left_hand: bool = False) -> Ring:
    """Exteriors run against the clock, holes with it; what runs otherwise has one meaning only. RFC 7946 3.1.6."""
    flat = unrolled(ring.positions)
    if flat[0] != flat[-1]:
        raise Wrong(BoundaryFault.AROUND_POLE, ring.place)
    twice = twice_area(flat)
    # A ring that covers nothing in sum crosses itself or runs back over itself, which is refused by that name later.
    if twice == 0 or (twice > 0) is left_hand:
        return ring
    repairs.note("ring_turned")
    return Ring(ring.positions[::-1], ring.place)


def unrolled(positions: Sequence[Position]) -> list[Position]:
    """The positions with longitudes that go on past 180 degrees, so that no edge spans more than half the globe."""
    flat = [positions[0]]
    turn = 0
    for (west, _), (east, north) in pairwise(positions):
        if east - west > _EAST:
            turn -= 2 * _EAST
        elif west - east > _EAST:
            turn += 2 * _EAST
        flat.append((east + turn, north))
    return flat
