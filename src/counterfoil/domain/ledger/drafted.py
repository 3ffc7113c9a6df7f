"""A mapping with a draft: writes go to the draft, reads see it, and it is merged or dropped as a whole."""

from collections.abc import Iterator
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Drafted(Generic[K, V]):
    """A dictionary whose latest writes are provisional until `commit`."""

    __slots__ = ("_base", "_draft")

    def __init__(self) -> None:
        self._base: dict[K, V] = {}
        self._draft: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        # Not by "is None": a record may be drafted as None, and must not show its older value then.
        return self._draft[key] if key in self._draft else self._base.get(key)

    def __setitem__(self, key: K, value: V) -> None:
        self._draft[key] = value

    def load(self, key: K, value: V) -> None:
        """Put a committed value in place, at start."""
        self._base[key] = value

    def changes(self) -> Iterator[tuple[K, V]]:
        return iter(self._draft.items())

    def committed(self) -> Iterator[tuple[K, V]]:
        return iter(self._base.items())

    def commit(self) -> None:
        self._base.update(self._draft)
        self._draft.clear()

    def discard(self) -> None:
        self._draft.clear()


class Terms:
    """Texts that stand by number: class keys, account codes, lots. Numbers are given in order of appearance."""

    __slots__ = ("_committed", "_numbers", "texts")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}
        self._committed = 0

    def number(self, text: str) -> int:
        """The number of a text, given now if it is new."""
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return number

    def find(self, text: str) -> int | None:
        return self._numbers.get(text)

    def changes(self) -> Iterator[tuple[int, str]]:
        return ((number, self.texts[number]) for number in range(self._committed, len(self.texts)))

    def commit(self) -> None:
        self._committed = len(self.texts)

    def discard(self) -> None:
        for text in self.texts[self._committed :]:
            del self._numbers[text]
        del self.texts[self._committed :]
