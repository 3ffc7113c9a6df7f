"""The shapes of countries, as set-up put them beside the pages: read once, and drawn in whole numbers.

The projection is the plain one (equirectangular), so that a place is where its degrees say; areas near the poles look
large. Source of the shapes: Natural Earth, by the licence file beside them. They take no side on any boundary.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Final

WIDTH, HEIGHT = 1_000, 430
_NORTH: Final = 84
_SOUTH: Final = -60
"""Degrees that the drawing shows: nobody lives beyond them."""
_STEP: Final = 2
"""How far apart two points of a line stand at least, in the drawing's measure."""
FILE: Final = "countries-110m.json"

Ring = Sequence[Sequence[float]]


@cache
def country_paths() -> Mapping[str, str]:
    """The outline of each country as an SVG path, by alpha-3; nothing where set-up has not put the shapes there."""
    file = resources.files("counterfoil") / "static" / "web" / FILE
    if not file.is_file():
        return {}
    found: dict[str, str] = {}
    for feature in json.loads(file.read_text("utf-8"))["features"]:
        code = (feature.get("properties") or {}).get("iso3") or ""
        path = "".join(_ring_path(ring) for ring in _rings(feature["geometry"]))
        if path:
            found[code] = found.get(code, "") + path
    return found


def _rings(geometry: Mapping[str, object]) -> Iterable[Ring]:
    coordinates = geometry["coordinates"]
    assert isinstance(coordinates, list)
    polygons = coordinates if geometry["type"] == "MultiPolygon" else [coordinates]
    return (ring for polygon in polygons for ring in polygon[:1])


def _ring_path(ring: Ring) -> str:
    """One ring, with points that nobody would see left out."""
    points: list[tuple[int, int]] = []
    for longitude, latitude in ring:
        point = place_on_map(longitude, latitude)
        if not points or abs(point[0] - points[-1][0]) + abs(point[1] - points[-1][1]) >= _STEP:
            points.append(point)
    if len(points) < 3:
        return ""
    first, *others = points
    steps = [f"M{first[0]} {first[1]}"]
    at = first
    for x, y in others:
        steps.append(f"l{x - at[0]} {y - at[1]}")
        at = (x, y)
    return "".join(steps).replace(" -", "-") + "z"


def place_on_map(longitude: float, latitude: float) -> tuple[int, int]:
    """Degrees to the drawing's measure.

    >>> place_on_map(0, 84), place_on_map(-180, 84)
    ((500, 0), (0, 0))
    """
    x = (longitude + 180) * WIDTH / 360
    y = (_NORTH - max(_SOUTH, min(_NORTH, latitude))) * HEIGHT / (_NORTH - _SOUTH)
    return round(x), round(y)
