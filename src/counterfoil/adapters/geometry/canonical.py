"""The one spelling of an area: GeoJSON whose numbers are written from whole ten-millionths of a degree.

Each ring begins at its lowest position (west, then south), exteriors run against the clock and holes with it, holes and
polygons stand in the order of their positions. The same area gives the same bytes, and any map program can open them.
"""

from collections.abc import Sequence
from typing import Any

from counterfoil.adapters.geometry.geojson import UNIT, Position, twice_area


def spelled(area: Any) -> bytes:
    """The bytes of an area whose positions are whole numbers."""
    polygons = sorted(_rings(part) for part in getattr(area, "geoms", [area]))
    written = ",".join(f"[{','.join(_ring(ring) for ring in rings)}]" for rings in polygons)
    return f'{{"coordinates":[{written}],"type":"MultiPolygon"}}'.encode()


def _rings(part: Any) -> list[list[Position]]:
    exterior = _normal(part.exterior, against_clock=True)
    return [exterior, *sorted(_normal(hole, against_clock=False) for hole in part.interiors)]


def _normal(ring: Any, *, against_clock: bool) -> list[Position]:
    positions = [(round(x), round(y)) for x, y in ring.coords]
    if (twice_area(positions) > 0) is not against_clock:
        positions.reverse()
    open_ring = positions[:-1]
    start = open_ring.index(min(open_ring))
    turned = open_ring[start:] + open_ring[:start]
    return [*turned, turned[0]]


def _ring(positions: Sequence[Position]) -> str:
    return f"[{','.join(f'[{_degrees(x)},{_degrees(y)}]' for x, y in positions)}]"


def _degrees(number: int) -> str:
    whole, rest = divmod(abs(number), UNIT)
    text = f"{whole}.{rest:07d}".rstrip("0").rstrip(".") if rest else str(whole)
    return f"-{text}" if number < 0 else text
