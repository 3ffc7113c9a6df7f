"""A mapping with a draft: writes are seen at once, and can be taken back as a whole until they are durable.

A draft is the values from before it. Taking it back puts them in place again; keeping it forgets them. So reading costs
nothing more than a dictionary, and a commit costs nothing.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

_ABSENT: Final[Any] = object()


class Drafted(Generic[K, V]):
    """A dictionary whose latest writes are provisional until `commit`."""

    __slots__ = ("_before", "_values", "get")

    def __init__(self) -> None:
        self._values: dict[K, V] = {}
        self._before: dict[K, V] = {}
        self.get: Callable[[K], V | None] = self._values.get
        """The value of a key, or None. The dictionary's own method: rules ask it several times for every act."""

    def __setitem__(self, key: K, value: V) -> None:
        if key not in self._before:
            self._before[key] = self._values.get(key, _ABSENT)
        self._values[key] = value

    def load(self, key: K, value: V) -> None:
        """Put a committed value in place, at start."""
        self._values[key] = value

    def changes(self) -> Iterator[tuple[K, V]]:
        """What the running draft wrote."""
        return ((key, self._values[key]) for key in self._before)

    def items(self) -> Iterator[tuple[K, V]]:
        return iter(self._values.items())

    def commit(self) -> None:
        self._before.clear()

    def discard(self) -> None:
        for key, value in self._before.items():
            if value is _ABSENT:
                del self._values[key]
            else:
                self._values[key] = value
        self._before.clear()


class Terms:
    """Texts that stand by number: class keys, account codes, lots. Numbers are given in order of appearance."""

    __slots__ = ("_committed", "_numbers", "find", "texts")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}
        self._committed = 0
        self.find: Callable[[str], int | None] = self._numbers.get
        """The number of a text that has one."""

    def number(self, text: str) -> int:
        """The number of a text, given now if it is new."""
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return number

    def changes(self) -> Iterator[tuple[int, str]]:
        return ((number, self.texts[number]) for number in range(self._committed, len(self.texts)))

    def commit(self) -> None:
        self._committed = len(self.texts)

    def discard(self) -> None:
        for text in self.texts[self._committed :]:
            del self._numbers[text]
        del self.texts[self._committed :]
