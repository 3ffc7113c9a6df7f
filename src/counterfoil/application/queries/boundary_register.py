"""Every checked boundary, held so that a new one meets only those it may touch.

A program that stays keeps the register and refreshes it; one that asks once builds it from the records, which hold the
boxes, so that no file is read but those of neighbours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.application.boundaries import Geometry, Shape
from counterfoil.application.ports import Evidence
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.activities.boundary import ALL, BOUNDARY_CHECK, BOUNDARY_CHECKS, BoundaryCheck
from counterfoil.domain.activities.overlap import AreaOverlap
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal

SHAPES_MAX: Final = 16_384
"""Shapes that are kept; a bound for memory."""


class RegisterFault(StrEnum):
    FILE_MISSING = "overlap.file_missing"


@dataclass(frozen=True, slots=True)
class Met:
    """What a shape shares with one checked boundary."""

    check: BoundaryCheck
    overlap_m2: int

    @property
    def named(self) -> AreaOverlap:
        return AreaOverlap(self.check.activity, self.check.canonical, self.overlap_m2)


class BoundaryRegister:
    """The checked boundaries of one registry."""

    def __init__(self, geometry: Geometry, evidence: Evidence) -> None:
        self.geometry = geometry
        self._evidence = evidence
        self._boxes = geometry.boxes()
        self._checks: dict[str, BoundaryCheck] = {}
        self._shapes: dict[str, Shape] = {}
        self.newest = 0

    def __len__(self) -> int:
        return len(self._checks)

    def __contains__(self, activity: str) -> bool:
        return activity in self._checks

    def refresh(self, sight: Sight) -> None:
        """Take in the checks since the last time."""
        newest = int(sight.record(BOUNDARY_CHECKS, ALL) or 0)
        if newest == self.newest:
            return
        late = (value for _, value in sight.records(BOUNDARY_CHECK) if value["number"] > self.newest)
        self.put(*(from_json(BoundaryCheck, value) for value in late))
        self.newest = newest

    def put(self, *checks: BoundaryCheck) -> None:
        """Take in checks, the newest of one activity in place of an older one."""
        for check in checks:
            self._checks[check.activity] = check
            self.newest = max(self.newest, check.number)
        self._boxes.put((check.activity, tuple(extent.box for extent in check.extents)) for check in checks)

    def met(self, shape: Shape, *, of: str = "") -> tuple[Met, ...] | Refusal:
        """What a shape shares with each boundary but that of the activity `of`, in the order of the activities.

        Refuses by `overlap.file_missing` where a neighbour's file is gone: a check that leaves one out would be none.
        """
        found: list[Met] = []
        for name in self._boxes.touching(shape.boxes):
            if name == of:
                continue
            other = self.shape_of(self._checks[name])
            shared = other if isinstance(other, Refusal) else shape.overlap_m2(other)
            if isinstance(shared, Refusal):
                return shared
            if shared > 0:
                found.append(Met(self._checks[name], shared))
        return tuple(found)

    def shapes(self) -> Iterator[Shape]:
        """Every checked boundary's shape; one whose file is gone is left out."""
        for check in self._checks.values():
            shape = self.shape_of(check)
            if not isinstance(shape, Refusal):
                yield shape

    def shape_of(self, check: BoundaryCheck) -> Shape | Refusal:
        """The shape of a checked boundary, by its one spelling."""
        return self.shape_at(check.canonical, check.activity)

    def shape_at(self, digest: str, activity: str) -> Shape | Refusal:
        known = self._shapes.get(digest)
        if known is not None:
            return known
        data = self._evidence.get(digest)
        if data is None:
            return Refusal(RegisterFault.FILE_MISSING, {"activity": activity, "digest": digest})
        shape = self.geometry.shape(data)
        if isinstance(shape, Refusal):
            return shape
        if len(self._shapes) >= SHAPES_MAX:
            self._shapes.clear()
        self._shapes[digest] = shape
        return shape
