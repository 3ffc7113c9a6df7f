"""Which guard stands before the writer: by who acts, and by whether the registry has enrolled persons.

While nobody is enrolled, the folder's owner and plain tokens act as they always did. From the first administrator on,
what the law guards needs two persons, whoever sends it (ADR-0027).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from counterfoil.application.guard import Demands, Guard
from counterfoil.domain.people.standing import Standing
from counterfoil.entrypoints.permission_table import PermissionTable, permission_table

OFFICE: Final = "office.db"
LOOK_SECONDS: Final = 1
"""How often the office is asked whether anybody is enrolled; once it says yes, it is not asked again."""


@dataclass(slots=True)
class Gate:
    """The permission table, the law's demands, and whether they bind everybody yet."""

    table: PermissionTable
    staffed: Callable[[], bool]
    demands: Demands = field(default_factory=Demands)
    _staffed: bool = False
    _looked: float = -LOOK_SECONDS
    _alone: Guard | None = None

    def guard(self, standing: Standing | None) -> Guard | None:
        """The guard of somebody with a standing; of the folder's owner or a plain token where there is none."""
        if standing is not None:
            return Guard(self.table.permissions, self.demands, (standing,))
        if not self._binding():
            return None
        if self._alone is None:
            self._alone = Guard(self.table.permissions, self.demands)
        return self._alone

    def _binding(self) -> bool:
        if not self._staffed and (now := time.monotonic()) - self._looked >= LOOK_SECONDS:
            self._looked = now
            self._staffed = self.staffed()
        return self._staffed


def owners_guard(folder: Path) -> Guard | None:
    """The guard of the folder's owner, who writes without a server; None while nobody is enrolled.

    Raises:
        Outage: the office or the permission table cannot be used.
    """
    if not (folder / OFFICE).exists():
        return None
    # Only what tells whether somebody is enrolled: the rest of an office takes longer to import than most acts.
    from counterfoil.adapters.office.store import SqliteOffice

    office = SqliteOffice(folder / OFFICE)
    try:
        return Gate(permission_table(folder), office.people.staffed).guard(None)
    finally:
        office.close()
