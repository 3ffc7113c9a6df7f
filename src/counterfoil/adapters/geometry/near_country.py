"""Whether an area lies in a country or close to it, by the shapes that the maps draw (GeoJSON by ISO alpha-3).

Those shapes are generalized: a coast may be a few kilometres off, and a border may be disputed. So what lies close to
the country counts as in it, a small part beyond is no finding, and the answer is a question for a person.
Read before: `countries.py`. Source of the shapes: Natural Earth, 1:50 million.
"""

import math
from typing import Any, Final

import msgspec
import shapely

from counterfoil.adapters.geometry.countries import BYTES_MAX, OUTSIDE_PPM_MAX, CountryFault
from counterfoil.adapters.geometry.fault import BoundaryFault
from counterfoil.adapters.geometry.geojson import UNIT
from counterfoil.adapters.geometry.measure import square_metres
from counterfoil.adapters.geometry.shape import ShapelyShape
from counterfoil.adapters.geometry.tangle import too_tangled
from counterfoil.domain.kernel.refusal import Refusal

NEAR_M: Final = 10_000
"""Metres around a country that count as in it."""
_DEGREE_M: Final = 111_320
_COS_MIN: Final = 0.02


def beside_country(area: ShapelyShape, shapes: bytes, party: str) -> dict[str, Any] | Refusal:
    """The part of an area outside a country, and the part farther from it than `NEAR_M`, both in millionths.

    Returns:
        The two parts, and `within`; or `countries.unknown` where there is no shape of this country,
        `countries.unreadable`, or `boundary.too_tangled`.
    """
    country = _shape_of(shapes, party)
    if isinstance(country, Refusal):
        return country
    around = _around(area.area, country)
    if too_tangled(area.area, around):
        return Refusal(BoundaryFault.TOO_TANGLED, {"place": "-"})
    outside = _outside_ppm(area, shapely.intersection(area.area, around))
    beyond = outside and _outside_ppm(area, shapely.intersection(area.area, _grown(area.area, around)))
    return {
        "party": party,
        "outside_ppm": outside,
        "beyond_ppm": beyond,
        "near_m": NEAR_M,
        "tolerance_ppm": OUTSIDE_PPM_MAX,
        "within": beyond <= OUTSIDE_PPM_MAX,
    }


def _shape_of(data: bytes, party: str) -> Any:
    if len(data) > BYTES_MAX:
        return Refusal(CountryFault.UNREADABLE, {"detail": f"more than {BYTES_MAX} bytes"})
    try:
        found = [each for each in msgspec.json.decode(data)["features"] if each["properties"]["iso3"] == party]
        parts = [polygon for each in found for polygon in _polygons(each["geometry"])]
    except (
        msgspec.DecodeError,
        RecursionError,
        KeyError,
        TypeError,
        ValueError,
        shapely.errors.GEOSException,
    ) as error:
        return Refusal(CountryFault.UNREADABLE, {"detail": f"{type(error).__name__}: {error}"[:120]})
    if not parts or not party:
        return Refusal(CountryFault.UNKNOWN, {"party": party[:20]})
    return shapely.union_all(parts)


def _polygons(geometry: Any) -> list[Any]:
    """In ten-millionths of a degree, as areas stand."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    made = (shapely.Polygon(rings[0], rings[1:]) for rings in polygons)
    return [shapely.make_valid(shapely.transform(each, lambda positions: positions * UNIT)) for each in made]


def _around(area: Any, country: Any) -> Any:
    """The part of a country that may matter to an area."""
    west, south, east, north = area.bounds
    high = 2 * NEAR_M / _DEGREE_M * UNIT
    wide = high / _narrowing(area)
    return shapely.intersection(country, shapely.box(west - wide, south - high, east + wide, north + high))


def _grown(area: Any, around: Any) -> Any:
    """The same with everything close to it. Longitudes are narrowed first: near is near on all sides."""
    narrow = _narrowing(area)
    flat = shapely.transform(around, lambda positions: positions * [narrow, 1.0])
    grown = shapely.buffer(flat, NEAR_M / _DEGREE_M * UNIT, quad_segs=8)
    return shapely.transform(grown, lambda positions: positions / [narrow, 1.0])


def _narrowing(area: Any) -> float:
    """How much shorter a degree of longitude is than one of latitude, in the middle of an area."""
    _, south, _, north = area.bounds
    return max(_COS_MIN, math.cos(math.radians((south + north) / 2 / UNIT)))


def _outside_ppm(area: ShapelyShape, inside: Any) -> int:
    return max(0, (area.area_m2 - square_metres(inside)) * 1_000_000 // area.area_m2)
