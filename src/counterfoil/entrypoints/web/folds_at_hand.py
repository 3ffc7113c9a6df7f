"""What a page adds up from many records, kept until something is committed: readers share it, and none waits twice."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar

from counterfoil.application.queries.sight import Sight

T = TypeVar("T")
KEPT_MAX: Final = 128


class FoldsAtHand:
    """For one server. A fold must depend on nothing but the books and its key."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[int, Any]] = OrderedDict()
        self._lock = Lock()

    def ask(self, sight: Sight, key: Hashable, fold: Callable[[], T]) -> T:
        """What the fold gives for the books that this look shows. Two readers at once may both work on it."""
        last = sight.reading.last_checkpoint()
        size = 0 if last is None else last.size
        with self._lock:
            entries, kept = self._kept.get(key, (-1, None))
        if entries == size:
            found: T = kept
            return found
        made = fold()
        with self._lock:
            self._kept[key] = (size, made)
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)
        return made
