"""The checked boundary of an activity: which area, how large, against how many others it was held.

Geometry is computed at the desk, outside; what the journal keeps is whole numbers that anybody can compute again from
the files in the evidence store. Coordinates are ten-millionths of a degree, areas square metres.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from counterfoil.domain.kernel.ids import ActivityId

BOUNDARY_CHECK: Final = "boundary_check"
"""The kind of the record that keeps the newest check of an activity's boundary."""
BOUNDARY_CHECKS: Final = "boundary_checks"
"""How many checks there have been: what an area was compared with is known from the number before it."""
ALL: Final = "all"
BOXES_MAX: Final = 2
_EAST: Final = 1_800_000_000
_NORTH: Final = 900_000_000
AREA_MAX_M2: Final = 510_065_621_724_090
"""The surface of the earth (WGS 84)."""


class Box(NamedTuple):
    """A box around an area, in ten-millionths of a degree, its edges included."""

    west: int
    south: int
    east: int
    north: int


@dataclass(frozen=True, slots=True)
class Extent:
    """A box as a record keeps it."""

    west: int
    south: int
    east: int
    north: int

    @property
    def box(self) -> Box:
        return Box(self.west, self.south, self.east, self.north)

    @property
    def readable(self) -> bool:
        return -_EAST <= self.west <= self.east <= _EAST and -_NORTH <= self.south <= self.north <= _NORTH


@dataclass(frozen=True, slots=True)
class BoundaryCheck:
    """`boundary` is the file that the activity names, `canonical` the same area in its one spelling; both by SHA-256.

    `number` counts the checks of this registry from 1. `measure` names the way of measuring;
    the day of the check decides the tolerance.
    """

    activity: ActivityId
    number: int
    boundary: str
    canonical: str
    area_m2: int
    extents: tuple[Extent, ...]
    measure: str
    checked_on: date
