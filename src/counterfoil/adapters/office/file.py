"""`office.db`: one SQLite file with what a registry knows of people, also where the ledger is in PostgreSQL.

Source: ADR-0026.
"""

from pathlib import Path
from typing import Final

from counterfoil.adapters.office.migrations import steps
from counterfoil.adapters.private_file import BUSY_MS, PrivateFile, Values

__all__ = ["APPLICATION_ID", "BUSY_MS", "OfficeFile", "Values"]

APPLICATION_ID: Final = 0x4354464F
"""`CTFO` in the file's header."""


class OfficeFile(PrivateFile):
    """The office's own."""

    def __init__(self, path: Path) -> None:
        """Open the file, lay it out when it is new, and take the steps that it has not taken.

        Raises:
            Outage: it is not ours, of a newer format, open to others, or cannot be used.
        """
        super().__init__(path, application=APPLICATION_ID, steps=steps())
