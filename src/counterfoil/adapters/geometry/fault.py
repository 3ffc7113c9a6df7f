"""What is wrong with a boundary. Each names the place in the file as a path, the same in every language."""

from enum import StrEnum


class BoundaryFault(StrEnum):
    TOO_LARGE = "boundary.too_large"
    NOT_GEOJSON = "boundary.not_geojson"
    NOT_A_SHAPEFILE = "boundary.not_a_shapefile"
    NOT_A_NUMBER = "boundary.not_a_number"
    TOO_DEEP = "boundary.too_deep"
    TOO_MANY_POINTS = "boundary.too_many_points"
    TOO_MANY_PARTS = "boundary.too_many_parts"
    OTHER_CRS = "boundary.other_crs"
    NOT_AN_AREA = "boundary.not_an_area"
    EMPTY = "boundary.empty"
    RING_TOO_SHORT = "boundary.ring_too_short"
    OUT_OF_RANGE = "boundary.out_of_range"
    AROUND_POLE = "boundary.around_pole"
    SELF_CROSSING = "boundary.self_crossing"
    RING_MISPLACED = "boundary.ring_misplaced"
    TOO_TANGLED = "boundary.too_tangled"
