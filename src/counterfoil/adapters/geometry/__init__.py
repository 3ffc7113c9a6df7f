"""Areas on the ground: GeoJSON in, square metres and shared parts out. Read `geojson`, then `shape`.

Shapely (GEOS) cuts polygons; what is asked of it stands in `application/boundaries.py` (ADR-0029).
"""

from counterfoil.adapters.geometry.box_index import ShapelyBoxes
from counterfoil.adapters.geometry.measure import MEASURE
from counterfoil.adapters.geometry.shape import ShapelyShape, shape
from counterfoil.domain.kernel.refusal import Refusal


class ShapelyGeometry:
    """The port of geometry by Shapely."""

    measure = MEASURE

    def shape(self, data: bytes) -> ShapelyShape | Refusal:
        return shape(data)

    def boxes(self) -> ShapelyBoxes:
        return ShapelyBoxes()
