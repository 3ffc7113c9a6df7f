"""What can go wrong with stored bytes: the codes that every engine, the lock and the evidence share.

An engine translates its own errors (`storage/sqlite/outage.py`); errors of the operating system are translated here.
"""

import errno
from enum import StrEnum
from pathlib import Path
from typing import Final

from counterfoil.application.ports import Outage


class StorageFault(StrEnum):
    """Why bytes could not be read or kept."""

    ABSENT = "storage.absent"
    EXISTS = "storage.exists"
    NOT_OURS = "storage.not_ours"
    NEWER_FORMAT = "storage.newer_format"
    OLDER_FORMAT = "storage.older_format"
    DISK_FULL = "storage.disk_full"
    IO_ERROR = "storage.io_error"
    BUSY = "storage.busy"
    CORRUPT = "storage.corrupt"
    SCHEMA_DIFFERS = "storage.schema_differs"
    CONFLICT = "storage.conflict"
    OUTCOME_UNKNOWN = "storage.outcome_unknown"
    HALTED = "storage.halted"


_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def of_system(error: OSError, path: Path) -> Outage:
    """The outage that an error of the operating system is."""
    facts = {"path": str(path), "detail": error.strerror or str(error)}
    if isinstance(error, FileNotFoundError):
        return Outage(StorageFault.ABSENT, facts)
    if error.errno in _FULL:
        return Outage(StorageFault.DISK_FULL, facts, retry=True)
    return Outage(StorageFault.IO_ERROR, facts)
