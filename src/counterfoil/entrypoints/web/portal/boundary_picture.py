"""The checked boundary of an activity as a drawing: the area in its one spelling, with the degrees at its edges."""

import json
from collections.abc import Iterator, Mapping, Sequence
from math import cos, radians
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.web.parts import Drawing
from counterfoil.entrypoints.web.portal.activity_map import box_of
from counterfoil.entrypoints.web.visit import Visit

BYTES_MAX: Final = 2 * 1024 * 1024
POINTS_MAX: Final = 4_000
_SIZE, _EDGE = 400, 46


def boundary_picture(sight: Sight, visit: Visit, check: Mapping[str, Any]) -> Drawing:
    """The drawing, with the area and the corners as its table; a file that is gone or too large shows its box."""
    from markupsafe import Markup

    west, south, east, north = box_of(check)
    title = visit.texts("web.boundary.picture")
    data = sight.evidence.get(check["canonical"])
    rings = list(_rings(data)) if data is not None and len(data) <= BYTES_MAX else []
    rings = rings or [[(west, south), (east, south), (east, north), (west, north)]]
    # One degree of longitude is shorter away from the equator: the area keeps its shape.
    narrow = max(0.1, cos(radians((south + north) / 2)))
    span = max((east - west) * narrow, north - south, 1e-6)
    step = max(1, sum(map(len, rings)) // POINTS_MAX)

    def place(longitude: float, latitude: float) -> str:
        x = _EDGE + ((longitude - west) * narrow + (span - (east - west) * narrow) / 2) * _SIZE / span
        y = 24 + ((north - latitude) + (span - (north - south)) / 2) * _SIZE / span
        return f"{round(x)} {round(y)}"

    path = "".join(f"M{'L'.join(place(*point[:2]) for point in ring[::step])}z" for ring in rings)
    width, height = _SIZE + 2 * _EDGE, _SIZE + 48
    svg = Markup(
        '<svg class="area" viewBox="0 0 {w} {h}" role="img" aria-label="{title}">'
        '<rect class="ground" x="{edge}" y="24" width="{size}" height="{size}"/>'
        '<path class="boundary" fill-rule="evenodd" d="{path}"/>'
        '<text class="soft" x="{mid}" y="16" text-anchor="middle">{north}</text>'
        '<text class="soft" x="{mid}" y="{low}" text-anchor="middle">{south}</text>'
        '<text class="soft" x="4" y="{half}">{west}</text>'
        '<text class="soft" x="{right}" y="{half}" text-anchor="end">{east}</text></svg>'
    ).format(
        w=width,
        h=height,
        title=title,
        edge=_EDGE,
        size=_SIZE,
        path=path,
        mid=width // 2,
        low=height - 6,
        half=height // 2 - 30,
        right=width - 4,
        north=degrees(north, "N", "S"),
        south=degrees(south, "N", "S"),
        west=degrees(west, "E", "W"),
        east=degrees(east, "E", "W"),
    )
    texts = visit.texts
    rows = [
        (texts("field.area_m2"), visit.wording.number(check["area_m2"])),
        (texts("web.boundary.north_south"), f"{degrees(north, 'N', 'S')} – {degrees(south, 'N', 'S')}"),
        (texts("web.boundary.west_east"), f"{degrees(west, 'E', 'W')} – {degrees(east, 'E', 'W')}"),
    ]
    return Drawing(title, svg, (texts("web.boundary.measure"), texts("web.boundary.value")), rows)


def degrees(value: float, above: str, below: str) -> str:
    """
    >>> degrees(13.75, "N", "S"), degrees(-0.5, "E", "W")
    ('13.75° N', '0.50° W')
    """
    return f"{abs(value):.2f}° {above if value >= 0 else below}"


def _rings(data: bytes) -> Iterator[Sequence[Any]]:
    """The rings of an area in its one spelling, which is ours and a MultiPolygon."""
    try:
        read = json.loads(data)
        yield from (ring for polygon in read["coordinates"] for ring in polygon)
    except (ValueError, KeyError, TypeError):
        return
