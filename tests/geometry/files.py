"""GeoJSON as people and attackers write it."""

import json
from typing import Any

SQUARE = [[121, 24], [122, 24], [122, 25], [121, 25], [121, 24]]


def polygon(*rings: Any, **members: Any) -> bytes:
    return json.dumps({"type": "Polygon", "coordinates": rings, **members}).encode()


def square(west: float, south: float, side: float) -> bytes:
    east, north = west + side, south + side
    return polygon([[west, south], [east, south], [east, north], [west, north], [west, south]])


def comb(teeth: int, *, upright: bool) -> bytes:
    """A polygon of many thin teeth, 0 to 1 degree wide and long."""
    step = 1 / (2 * teeth)
    positions = [[-0.1, 0.0]]
    for number in range(teeth):
        low = 2 * number * step
        positions += [[0.0, low], [1.0, low], [1.0, low + step], [0.0, low + step]]
    positions += [[-0.1, 1.0], [-0.1, 0.0]]
    if upright:
        positions = [[y, x] for x, y in positions]
    return polygon(positions)
