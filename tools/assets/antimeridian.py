"""Cuts a polygon of the globe where a flat map ends: at 180 degrees, and round a pole.

The source draws Fiji, Chukotka and Antarctica as they lie on a globe. On a flat map their outlines would run across the
whole page. Source: RFC 7946 section 3.1.9 (a shape that crosses the antimeridian is cut in two).
"""

from itertools import pairwise
from typing import Final, TypeAlias

from shapely import Polygon, box, make_valid
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

Point: TypeAlias = tuple[float, float]
Rings: TypeAlias = list[list[Point]]
"""An outline, then its holes. Degrees east and north."""

TURN: Final = 360.0
HALF: Final = 180.0
POLE: Final = 90.0
NOISE: Final = 1e-6
"""What adding steps may do to a longitude."""


def cut(rings: Rings) -> list[Rings]:
    """The polygon as it is, or its parts on both sides of the line. Rings come without jumps (`laid_out`)."""
    outline = moved(rings[0], rings[0][0][0] - _on_map(rings[0][0][0]))
    west, east = min(x for x, _ in outline), max(x for x, _ in outline)
    holes = [moved(hole, hole[0][0] - _between(hole[0][0], west, east)) for hole in rings[1:]]
    if _goes_round(outline):
        return _on_strip(_cap([outline, *holes]), 0)
    if -HALF - NOISE <= west and east <= HALF + NOISE:
        return [[outline, *holes]]
    whole = make_valid(Polygon(outline, holes))
    return [part for turns in (-1, 0, 1) for part in _on_strip(whole, turns)]


def laid_out(line: list[Point]) -> list[Point]:
    """The line without jumps from one end of the map to the other: it may go beyond 180."""
    points = line[:1]
    for a, b in pairwise(line):
        step = b[0] - a[0]
        points.append((points[-1][0] + step - TURN * round(step / TURN), b[1]))
    return points


def moved(line: list[Point], back: float) -> list[Point]:
    """The line moved by the whole turns that are in `back`."""
    turns = TURN * round(back / TURN)
    return [(x - turns, y) for x, y in line] if turns else line


def _on_map(longitude: float) -> float:
    return longitude if -HALF <= longitude <= HALF else (longitude + HALF) % TURN - HALF


def _on_strip(whole: BaseGeometry, turns: int) -> list[Rings]:
    """What lies on the map after so many turns, brought back to where maps draw it."""
    strip = box(turns * TURN - HALF, -POLE, turns * TURN + HALF, POLE)
    part = translate(whole.intersection(strip), xoff=-turns * TURN)
    return [
        [[(x, y) for x, y in ring.coords] for ring in (each.exterior, *each.interiors)]
        for each in getattr(part, "geoms", [part])
        if isinstance(each, Polygon) and not each.is_empty
    ]


def _goes_round(ring: list[Point]) -> bool:
    """Once round the earth: a pole is inside."""
    return abs(ring[-1][0] - ring[0][0]) > HALF


def _cap(rings: Rings) -> BaseGeometry:
    """Land round a pole. Where the source draws the pole's edge as an outline, the coast comes as its hole."""
    whole: BaseGeometry = Polygon()
    for ring in rings:
        whole = whole.symmetric_difference(make_valid(Polygon(_to_pole(ring) if _goes_round(ring) else ring)))
    return whole


def _to_pole(ring: list[Point]) -> list[Point]:
    """Closed along the edge of the map; laid out on both sides once more, so that the map is filled from end to end."""
    span = ring[-1][0] - ring[0][0]
    longer = [*((x - span, y) for x, y in ring[:-1]), *ring, *((x + span, y) for x, y in ring[1:])]
    edge = -POLE if ring[0][1] < 0 else POLE
    return [*longer, (longer[-1][0], edge), (longer[0][0], edge), longer[0]]


def _between(longitude: float, west: float, east: float) -> float:
    for turns in (0, 1, -1):
        if west <= longitude + turns * TURN <= east:
            return longitude + turns * TURN
    return longitude
