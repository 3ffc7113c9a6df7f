"""The laws of the packs on the shelf, each read when a registry asks for it."""

from collections.abc import Sequence
from pathlib import Path

from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.pack import Pack
from counterfoil.packs.shelf import open_pack, places


class ShelfLaws:
    """Laws by the names of packs: ours, those of outside packages, and those in the operator's folders."""

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self._folders = folders
        self._read: dict[str, Law | None] = {}

    def law(self, pack: str) -> Law | None:
        """The law of a pack; None where there is none of that id, or `packs check` finds something wrong with it."""
        if pack not in self._read:
            # Whoever sends a command says the name: it is looked for on the shelf only, and never taken for a path.
            if pack not in self.names():
                return None
            found = open_pack(pack, self._folders)
            self._read[pack] = found.law if isinstance(found, Pack) and found.id == pack else None
        return self._read[pack]

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(place.name for place in places(self._folders)))
