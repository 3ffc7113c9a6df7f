"""The laws that are at hand, by the names of their packs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from counterfoil.domain.policy.law import Law


class Laws(Protocol):
    """Where laws are found. A law is looked up when it is asked for, so that a start reads one pack and not all."""

    def law(self, pack: str) -> Law | None:
        """The law of a sound pack; None where there is none of that name."""
        ...

    def names(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class LawTable:
    """Laws that were read already."""

    by_pack: Mapping[str, Law] = field(default_factory=dict)

    def law(self, pack: str) -> Law | None:
        return self.by_pack.get(pack)

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self.by_pack))


NO_LAWS: Final = LawTable()
