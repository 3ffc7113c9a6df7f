"""What a registry is founded with when its jurisdiction has a pack: who it is, whether it is a Party, and the pack."""

from dataclasses import dataclass
from typing import Final

from counterfoil.entrypoints.cli.screen import REFUSED, Fault

FIRST_NUMBER: Final = "01"


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A jurisdiction by its pack."""

    party: str
    is_party: bool
    name: str
    pack: str
    version: str

    @property
    def registry(self) -> str:
        """The identifier of its first registry."""
        return f"{self.party}{FIRST_NUMBER}"


def jurisdiction(code: str) -> Jurisdiction:
    """The jurisdiction of a pack, by its code or the pack's id.

    Raises:
        Fault: no pack of that name is loaded, or something is wrong with it.
    """
    from counterfoil.domain.policy.kinds.party import APART
    from counterfoil.domain.policy.pack import Pack
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.pack_shelf import open_pack

    found = open_pack(code)
    if not isinstance(found, Pack):
        raise Fault(found[0], REFUSED)
    law = found.law
    standing = {clause.content.status for clause in law.in_force("party", today())}
    name = f"{law.title.en} · {law.title.zh_hant}"
    return Jurisdiction(law.jurisdiction, not standing & APART, name, law.pack, law.version)
