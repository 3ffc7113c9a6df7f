"""The letter book beside a backup: what partners have signed can be made again from nowhere else.

It is copied after the journal, so that it holds the letters of every entry in the backup. Source: ADR-0017, ADR-0035.
"""

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Final

from counterfoil.adapters.durable import replaced
from counterfoil.adapters.peers.links_file import APPLICATION_ID, FILE
from counterfoil.adapters.storage_fault import StorageFault, of_system
from counterfoil.application.backup.manifest import BackupFault, Unfit, damaged
from counterfoil.application.ports import Outage

SUFFIX: Final = ".links.db"


def back_up_links(directory: Path, backup: Path) -> Path | None:
    """Copy the letter book of a registry's folder beside a backup of it; None where there is none.

    Raises:
        Unfit: something is at the copy's path.
        Outage: the letter book cannot be read, or the copy not written.
    """
    source = directory / FILE
    if not source.exists():
        return None
    target = backup.with_name(f"{backup.name.removesuffix('.tar').removesuffix('.backup')}{SUFFIX}")
    _made(target)
    try:
        with contextlib.closing(_connected(source)) as book:
            book.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise Outage(StorageFault.IO_ERROR, {"path": str(source), "detail": str(error)[:200]}) from error
    return target


def restore_links(copy: Path, directory: Path) -> None:
    """Put a copy of the letter book into a restored folder.

    Raises:
        Unfit: it is no letter book, or damaged.
        Outage: it cannot be read or written.
    """
    if not _whole(copy):
        raise damaged(copy.name)
    with replaced(directory / FILE) as draft:
        with contextlib.closing(_connected(copy)) as book:
            _made(draft)
            book.execute("VACUUM INTO ?", (str(draft),))


def _made(path: Path) -> None:
    """An empty file of its owner's alone, which SQLite fills."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    except FileExistsError as error:
        raise Unfit(BackupFault.EXISTS, path=str(path)) from error
    except OSError as error:
        raise of_system(error, path) from error


def _whole(path: Path) -> bool:
    try:
        with contextlib.closing(_connected(path)) as copy:
            ours: bool = copy.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
            return ours and bool(copy.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
