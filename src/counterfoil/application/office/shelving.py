"""Lays things on a person's own shelf, within bounds, and takes them away. Read `shelf.py` first."""

from counterfoil.application.office.ports import Office
from counterfoil.application.office.shelf import (
    CONTENT_MAX,
    LAID_MAX,
    NAME_MAX,
    PLACE_MAX,
    Kept,
    Laid,
    ShelfFault,
)
from counterfoil.domain.kernel.refusal import Refusal


def lay(office: Office, kept: Kept) -> Refusal | None:
    """Lay something on its owner's shelf, in the place of what has its name there.

    Returns:
        None, or `shelf.untitled`, `shelf.too_large` or `shelf.full`.
    """
    shelf = office.store.shelf
    if not kept.title.strip():
        return Refusal(ShelfFault.UNTITLED)
    if len(kept.content) > CONTENT_MAX or len(kept.name) > NAME_MAX or len(kept.place) > PLACE_MAX:
        return Refusal(ShelfFault.TOO_LARGE, {"characters_max": CONTENT_MAX})
    with office.store.change():
        there = shelf.of(kept.person, kept.kind, limit=LAID_MAX)
        if len(there) >= LAID_MAX and all(each.name != kept.name for each in there):
            return Refusal(ShelfFault.FULL, {"laid_max": LAID_MAX})
        shelf.put(kept)
    return None


def take_away(office: Office, person: str, kind: Laid, name: str) -> None:
    """Take something from one's own shelf; what is not there is gone already."""
    shelf = office.store.shelf
    if shelf.get(person, kind, name) is not None:
        with office.store.change():
            shelf.drop(person, kind, name)
