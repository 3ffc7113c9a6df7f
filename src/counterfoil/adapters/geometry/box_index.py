"""Which areas may touch a box: a tree of boxes, beside a short list of those that came after it was built."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import shapely

from counterfoil.domain.activities.boundary import Box

_LATE_MAX: Final = 256
"""Boxes beside the tree; with more, it is built anew."""


class ShapelyBoxes:
    """Boxes by name. A name that is given again replaces its boxes."""

    def __init__(self) -> None:
        self._boxes: dict[str, tuple[Box, ...]] = {}
        self._names: list[str] = []
        self._tree: Any = None
        self._late: set[str] = set()

    def put(self, named: Iterable[tuple[str, Sequence[Box]]]) -> None:
        """Take boxes in, many at once or one by one."""
        for name, boxes in named:
            self._boxes[name] = tuple(boxes)
            self._late.add(name)

    def touching(self, boxes: Sequence[Box]) -> list[str]:
        """The names whose boxes touch one of these, in the order of the names."""
        if len(self._late) > _LATE_MAX or self._tree is None:
            self._build()
        asked = [shapely.box(*box) for box in boxes]
        found = {self._names[place] for place in self._tree.query(asked)[1]} if self._names else set()
        near = {name for name in found if name not in self._late}
        near |= {name for name in self._late if _touch(self._boxes[name], boxes)}
        return sorted(near)

    def _build(self) -> None:
        pairs = [(name, box) for name, boxes in self._boxes.items() for box in boxes]
        self._names = [name for name, _ in pairs]
        self._tree = shapely.STRtree([shapely.box(*box) for _, box in pairs])
        self._late = set()


def _touch(some: Sequence[Box], others: Sequence[Box]) -> bool:
    return any(
        a.west <= b.east and b.west <= a.east and a.south <= b.north and b.south <= a.north
        for a in some
        for b in others
    )
