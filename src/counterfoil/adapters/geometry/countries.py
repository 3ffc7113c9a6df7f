"""Whether an area lies in a country, by TopoJSON shapes such as Natural Earth's (ids are ISO 3166-1 numeric codes).

Shapes of the whole world are generalized: at 1:50 million a coast may be a few kilometres off. So a small part outside
is no finding, and the answer is a question for a person, never a refusal. Source of the form: the TopoJSON
specification, sections 2.1.2 (quantized arcs), 2.2 (geometries).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import msgspec
import shapely

from counterfoil.adapters.geometry.geojson import UNIT, unrolled
from counterfoil.adapters.geometry.measure import square_metres
from counterfoil.adapters.geometry.shape import ShapelyShape
from counterfoil.domain.kernel.refusal import Refusal

BYTES_MAX: Final = 32 * 1024 * 1024
OUTSIDE_PPM_MAX: Final = 50_000
"""From 2026 on: a twentieth of an area may seem to lie outside before somebody has to look."""
_EAST, _NORTH = 180 * UNIT, 90 * UNIT


class CountryFault(StrEnum):
    UNREADABLE = "countries.unreadable"
    UNKNOWN = "countries.unknown"


@dataclass(frozen=True, slots=True)
class Countries:
    """Shapes by ISO alpha-3."""

    shapes: Mapping[str, Any]

    def outside(self, area: ShapelyShape, party: str) -> dict[str, Any] | Refusal:
        """The part of an area beyond a country in millionths, and whether it is more than the shapes' own error."""
        country = self.shapes.get(party)
        if country is None:
            return Refusal(CountryFault.UNKNOWN, {"party": party[:20]})
        inside = square_metres(shapely.intersection(area.area, country))
        ppm = max(0, (area.area_m2 - inside) * 1_000_000 // area.area_m2)
        return {"party": party, "outside_ppm": ppm, "tolerance_ppm": OUTSIDE_PPM_MAX, "within": ppm <= OUTSIDE_PPM_MAX}


def read_countries(data: bytes, numeric: Mapping[str, str]) -> Countries | Refusal:
    """The shapes of a TopoJSON file with an object `countries`. `numeric` gives alpha-3 by numeric code."""
    if len(data) > BYTES_MAX:
        return Refusal(CountryFault.UNREADABLE, {"detail": f"more than {BYTES_MAX} bytes"})
    try:
        topology = msgspec.json.decode(data)
        arcs = _arcs(topology)
        found: dict[str, Any] = {}
        for each in topology["objects"]["countries"]["geometries"]:
            code = numeric.get(str(each.get("id", "")))
            if code is not None:
                shape = _shape(each, arcs)
                found[code] = shapely.union(found[code], shape) if code in found else shape
    except (msgspec.DecodeError, RecursionError, KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        return Refusal(CountryFault.UNREADABLE, {"detail": f"{type(error).__name__}: {error}"[:120]})
    except shapely.errors.GEOSException as error:
        return Refusal(CountryFault.UNREADABLE, {"detail": str(error)[:120]})
    return Countries(found)


def _arcs(topology: Any) -> list[list[tuple[int, int]]]:
    """Each arc as positions in ten-millionths of a degree; the file holds steps in a grid of its own."""
    (scale_x, scale_y), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        positions = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            positions.append((round((x * scale_x + x0) * UNIT), round((y * scale_y + y0) * UNIT)))
        arcs.append(positions)
    return arcs


def _shape(geometry: Any, arcs: list[list[tuple[int, int]]]) -> Any:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    parts = []
    for rings in polygons:
        lines = [unrolled(_joined(ring, arcs)) for ring in rings]
        if lines[0][0] != lines[0][-1]:
            # Around a pole: the ring as it is drawn on the map, along the map's edge.
            lines = [_joined(ring, arcs) for ring in rings]
        parts.append(shapely.make_valid(shapely.Polygon(lines[0], [line for line in lines[1:] if len(line) > 3])))
    return shapely.union_all([piece for part in parts for piece in _turned_back(part)])


def _joined(ring: Any, arcs: list[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """The positions of a ring; a negative number is an arc that is walked backwards, and ends are shared."""
    positions: list[tuple[int, int]] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        positions += arc[1:] if positions else arc
    return positions


def _turned_back(part: Any) -> list[Any]:
    """What an unrolled polygon covers on the globe between 180 degrees west and east."""
    pieces = []
    for turn in (-1, 0, 1):
        middle = 2 * _EAST * turn
        box = shapely.box(middle - _EAST, -_NORTH, middle + _EAST, _NORTH)
        pieces.append(shapely.transform(shapely.intersection(part, box), lambda at, by=middle: at - [by, 0.0]))
    return [piece for piece in pieces if piece.area > 0]
