"""The highest epoch that this registry's folder has seen, in the file `ledger.postgresql`.

An old primary that comes back after a standby was promoted, and a database restored from a backup, do not know of the
writers that came later. The folder does: a database that is behind it is refused before anything is written there.
Source: ADR-0015.
"""

import os
from pathlib import Path
from typing import Final

from counterfoil.adapters.storage_fault import of_system

_DIGITS: Final = 20


class EpochFile:
    """One small file. Empty, it knows of no writer: an operator empties it to accept a restored database."""

    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> int:
        """The highest epoch seen; 0 when none was, or what stands there is no number."""
        try:
            said = self._path.read_text("ascii", "replace").strip()
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise of_system(error, self._path) from error
        return int(said) if said.isascii() and said.isdigit() and len(said) < _DIGITS else 0

    def write(self, epoch: int) -> None:
        """Remember an epoch; on return it survives the loss of power."""
        part = self._path.with_name(f"{self._path.name}.part")
        try:
            with part.open("w", encoding="ascii") as file:
                file.write(f"{epoch}\n")
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
        except OSError as error:
            raise of_system(error, self._path) from error
