"""The laws that a writer may ask for. Nothing of the packs is imported before a registry names one."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from counterfoil.domain.policy.law import Law

if TYPE_CHECKING:
    from counterfoil.domain.policy.laws import Laws


class LawsAtHand:
    """Laws by the names of packs, from wherever packs are found, and from further folders."""

    def __init__(self, folders: Sequence[str] = ()) -> None:
        self._folders = folders

    @cached_property
    def _laws(self) -> "Laws":
        from counterfoil.entrypoints.pack_shelf import laws

        return laws(self._folders)

    def law(self, pack: str) -> Law | None:
        return self._laws.law(pack)

    def names(self) -> tuple[str, ...]:
        return self._laws.names()
