"""Square metres of an area given in ten-millionths of a degree, on the WGS 84 ellipsoid.

Longitude and the authalic function of latitude span a plane in which areas are true. Edges are straight in degrees,
as RFC 7946 says, so long ones get further points before they are carried over: 0.1 degree keeps the error below a
millionth.
Source: Snyder, Map Projections: A Working Manual, equations 3-12 and 10-14.
"""

import math
from typing import Any, Final

import numpy as np
import shapely

from counterfoil.adapters.geometry.geojson import UNIT

MEASURE: Final = "equal-area-wgs84/1"
"""Names the way of measuring in the journal; a change of it gets a new number."""
_A_M: Final = 6_378_137.0
_FLATTENING: Final = 1 / 298.257223563
_E2: Final = _FLATTENING * (2 - _FLATTENING)
_E: Final = math.sqrt(_E2)
_STEP: Final = UNIT // 10
_POINTS_MAX: Final = 500_000
"""Points that long edges are given at most; beyond them the steps grow."""


def square_metres(area: Any) -> int:
    """The size of an area, to the nearest square metre."""
    if area.is_empty:
        return 0
    step = max(_STEP, area.length / _POINTS_MAX)
    return round(float(shapely.transform(shapely.segmentize(area, step), _true_to_area).area))


def _true_to_area(positions: Any) -> Any:
    radians = positions * (math.pi / 180 / UNIT)
    sine = np.sin(radians[:, 1])
    within = _E * sine
    q = (1 - _E2) * (sine / (1 - within * within) - np.log((1 - within) / (1 + within)) / (2 * _E))
    return np.column_stack((radians[:, 0] * _A_M, q * (_A_M / 2)))
