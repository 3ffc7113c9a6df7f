"""What a person may be in a registry: a role, by its name in the permission table.

Roles are data (`catalogue/permissions.toml`): a registry's table may name others without a line of code.
Source: requirement R-GOV-01.
"""

from dataclasses import dataclass
from typing import Final

from counterfoil.domain.policy.basis import Text

ADMINISTRATOR: Final = "administrator"
"""The role that enrols persons: from the first one on, a registry counts as staffed. Every table must have it."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role by its name. One that `reads_only` may be given no act of the journal, whatever a row says."""

    name: str
    label: Text
    reads_only: bool = False
