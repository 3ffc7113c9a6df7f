"""A person's own shelf: drafts of acts that are not sent yet, and views of lists. Nobody else sees it.

A draft may hold what is confidential, so it stands in the office and nowhere else, and goes when the person is erased.
Source: matrix row I (saved views); requirement of pages that nothing typed is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

LAID_MAX: Final = 60
"""Things of one kind on one shelf."""
TITLE_MAX: Final = 120
CONTENT_MAX: Final = 400_000
NAME_MAX: Final = 100
PLACE_MAX: Final = 1_500


class ShelfFault(StrEnum):
    FULL = "shelf.full"
    TOO_LARGE = "shelf.too_large"
    UNTITLED = "shelf.untitled"


class Laid(StrEnum):
    """What lies on a shelf."""

    DRAFT = "draft"
    VIEW = "view"


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing. `place` is the page that it belongs to, `content` what that page made of it."""

    person: str
    kind: Laid
    name: str
    title: str
    place: str
    content: str
    changed_ms: int


class Shelf(Protocol):
    """Where shelves are kept."""

    def put(self, kept: Kept) -> None: ...
    def get(self, person: str, kind: Laid, name: str) -> Kept | None: ...
    def of(self, person: str, kind: Laid, *, limit: int) -> Sequence[Kept]:
        """Of one person, what was changed last first."""
        ...

    def drop(self, person: str, kind: Laid, name: str) -> None: ...
    def clear(self, person: str) -> None: ...
