"""A copy of `office.db` beside whatever writes it, as of one moment, without what must not live again.

Signing in begins anew where a copy is restored: sessions, invitations and half-done steps are left out, as a former
one could have been ended since. Source: ADR-0026.
"""

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Final

from counterfoil.adapters.office.file import APPLICATION_ID, BUSY_MS
from counterfoil.adapters.storage_fault import StorageFault, of_system
from counterfoil.application.ports import Outage

LEFT_OUT: Final = ("session", "step", "invitation", "throttle")


def copied(source: Path, target: Path) -> None:
    """Write the copy to a new file of its owner's alone.

    Raises:
        Outage: the office cannot be read, or the copy not written.
    """
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    except OSError as error:
        raise of_system(error, target) from error
    try:
        with contextlib.closing(_connected(source, "ro")) as office:
            office.execute("VACUUM INTO ?", (str(target),))
        with contextlib.closing(_connected(target, "rw")) as copy:
            copy.execute("PRAGMA journal_mode = DELETE").fetchone()
            copy.execute("BEGIN IMMEDIATE")
            for table in LEFT_OUT:
                copy.execute(f"DELETE FROM {table}")  # noqa: S608  names of ours only
            copy.execute("COMMIT")
            # Nothing of what was left out stays behind in free pages.
            copy.execute("VACUUM")
    except sqlite3.Error as error:
        raise _outage(source, error) from error


def whole(path: Path) -> bool:
    """Whether a file is an office's, and SQLite finds every page of it in order."""
    try:
        with contextlib.closing(_connected(path, "ro")) as copy:
            ours: bool = copy.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
            return ours and bool(copy.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _outage(path: Path, error: sqlite3.Error) -> Outage:
    busy = getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    fault = StorageFault.BUSY if busy else StorageFault.IO_ERROR
    return Outage(fault, {"path": str(path), "detail": str(error)[:200]}, retry=busy)
