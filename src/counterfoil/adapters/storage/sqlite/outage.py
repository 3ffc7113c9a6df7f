"""SQLite's errors as the outages that the application knows."""

import sqlite3
from pathlib import Path
from typing import Final

from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.ports import Outage

_FAULTS: Final = {
    sqlite3.SQLITE_FULL: StorageFault.DISK_FULL,
    sqlite3.SQLITE_BUSY: StorageFault.BUSY,
    sqlite3.SQLITE_LOCKED: StorageFault.BUSY,
    sqlite3.SQLITE_PROTOCOL: StorageFault.BUSY,
    sqlite3.SQLITE_CORRUPT: StorageFault.CORRUPT,
    sqlite3.SQLITE_NOTADB: StorageFault.NOT_OURS,
    sqlite3.SQLITE_CONSTRAINT: StorageFault.CONFLICT,
}
ERRORS: Final = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What a connection raises; the second when SQLite quotes the text of a damaged file in its message."""
_RETRY: Final = frozenset({StorageFault.DISK_FULL, StorageFault.BUSY})
_UNSURE: Final = frozenset({sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC, sqlite3.SQLITE_IOERR_TRUNCATE})


def translated(error: sqlite3.DatabaseError | UnicodeDecodeError, path: Path) -> Outage:
    """The outage that an error of SQLite is; what has no name of its own is an input or output error."""
    if isinstance(error, UnicodeDecodeError):
        return Outage(StorageFault.CORRUPT, {"path": str(path), "detail": "text that is not UTF-8"})
    fault = _FAULTS.get(_number(error) & 0xFF, StorageFault.IO_ERROR)
    return Outage(fault, {"path": str(path), "detail": str(error)}, retry=fault in _RETRY)


def sync_failed(error: sqlite3.DatabaseError) -> bool:
    """True when the disk may or may not have kept what it was given. Asking again tells nothing."""
    return _number(error) in _UNSURE


def _number(error: sqlite3.DatabaseError) -> int:
    # The module raises some errors itself, without SQLite's number.
    number: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return number
