"""Whether the edges of two areas cross so often that cutting them would cost more than a boundary is worth.

Two combs of a few thousand teeth each, laid across each other, share millions of small fields. Real boundaries do not.
"""

from typing import Any, Final

import numpy as np
import shapely

MEETINGS_MAX: Final = 200_000
"""Pairs of edges whose boxes touch."""
_EASY: Final = 4_000_000
"""Products of the numbers of points below which nothing is counted: it is cheap either way."""
_AT_ONCE: Final = 64


def too_tangled(one: Any, other: Any) -> bool:
    """Counts meetings of edges, a few edges at a time, and stops when there are too many."""
    if shapely.get_num_coordinates(one) * shapely.get_num_coordinates(other) <= _EASY:
        return False
    first, second = _edges(one), _edges(other)
    tree = shapely.STRtree(second)
    meetings = 0
    for start in range(0, len(first), _AT_ONCE):
        meetings += tree.query(first[start : start + _AT_ONCE]).shape[1]
        if meetings > MEETINGS_MAX:
            return True
    return False


def _edges(area: Any) -> Any:
    """Each edge as a line of its own."""
    positions, numbers = shapely.get_coordinates(shapely.get_rings(area), return_index=True)
    within = numbers[1:] == numbers[:-1]
    starts, ends = positions[:-1][within], positions[1:][within]
    return shapely.linestrings(np.stack((starts, ends), axis=1))
