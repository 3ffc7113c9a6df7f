"""The port of geometry: areas from GeoJSON, what two of them share, and which may touch. No rule computes any of it.

Areas are whole square metres, boxes ten-millionths of a degree.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from counterfoil.domain.activities.boundary import Box
from counterfoil.domain.kernel.refusal import Refusal


class Shape(Protocol):
    """One area, valid and in one spelling. `repairs` says what was put right in the file, with how many places."""

    @property
    def repairs(self) -> Mapping[str, int]: ...
    @property
    def canonical(self) -> bytes: ...
    @property
    def digest(self) -> str: ...
    @property
    def area_m2(self) -> int: ...
    @property
    def boxes(self) -> tuple[Box, ...]: ...
    def overlap_m2(self, other: Any, /) -> int | Refusal: ...


class Boxes(Protocol):
    """Boxes by name, and which of them touch others."""

    def put(self, named: Iterable[tuple[str, Sequence[Box]]]) -> None: ...
    def touching(self, boxes: Sequence[Box]) -> list[str]: ...


class Geometry(Protocol):
    """What makes shapes and an index of boxes. `measure` names its way of measuring."""

    @property
    def measure(self) -> str: ...
    def shape(self, data: bytes) -> Shape | Refusal: ...
    def boxes(self) -> Boxes: ...
