"""Parts of pages that say the same to everybody, drawn once: the API's operations, the terms of the glossary.

What such a part depends on is its key, whole: nothing in it may come from the visitor, or from the books, that the key
does not say. Used by: `printer.py`, as `{% call drawn('api', tag) %}`.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final

from markupsafe import Markup

KEPT_MAX: Final = 48
"""The longest is some 60 kB. A key may hold what a visitor sent, such as the name of the host; so they are few."""


class Drawn:
    """What one server keeps. Two readers at once may both draw a part."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Markup] = OrderedDict()
        self._lock = Lock()

    def once(self, key: Hashable, draw: Callable[[], Markup]) -> Markup:
        """The part of that key."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        made = draw()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)
        return made
