"""From one format of the file to the next, a step in one transaction: what is killed in it never began.

A step is a list of statements and never changes once it is released: it must always lead from its old format to the one
after it. `schema.py` lays out the newest format; a test holds both ways against each other.
Source: ADR-0016.
"""

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from counterfoil.adapters.storage.sqlite.outage import ERRORS, translated
from counterfoil.adapters.storage.sqlite.schema import (
    APART,
    BALANCE,
    BUSY_MS,
    COSIGNATURE,
    FORMAT,
    WITNESSED,
    connected,
    format_of,
)
from counterfoil.adapters.storage_fault import of_system

STEPS: Final[Mapping[int, tuple[str, ...]]] = {
    1: (
        COSIGNATURE,
        *WITNESSED,
        "DROP TRIGGER IF EXISTS block_comes_apart",
        "DROP TRIGGER IF EXISTS block_grows_apart",
        *APART,
        "ALTER TABLE balance RENAME TO balance_1",
        BALANCE,
        "INSERT INTO balance (book, commodity, account, amount) SELECT book, commodity, account, amount FROM balance_1",
        "DROP TABLE balance_1",
    ),
}
"""By the format that a step begins with."""

_COPIED_PAGES: Final = 2_048
_COPIES_MAX: Final = 1_000


class SqliteFormat:
    """The format of one registry's file. Use it under the registry's lock."""

    __slots__ = ("_path",)

    newest: int = FORMAT

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> int:
        """The format as it stands.

        Raises:
            Outage: the file is absent, not ours, of a newer format, or cannot be read.
        """
        with self._open("ro") as connection:
            return format_of(connection, self._path)

    def keep(self) -> Path:
        """Copy the file as it stands to a place beside it. A copy that was not finished has another name.

        An earlier copy stays: it may be of another state, such as from before a way back. Later ones are numbered.

        Raises:
            Outage: the file cannot be read, or the copy not written.
        """
        with self._open("ro") as connection:
            name = f"{self._path.name}.format-{format_of(connection, self._path)}"
            part = self._path.with_name(f"{name}.part")
            try:
                part.unlink(missing_ok=True)
                os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
                with contextlib.closing(sqlite3.connect(part)) as copy:
                    connection.backup(copy, pages=_COPIED_PAGES)
                return _settled(part, self._path.with_name(name))
            except OSError as error:
                raise of_system(error, part) from error

    def step(self) -> int:
        """Take one step, when there is one to take, and give the format after it.

        Raises:
            Outage: the step was not taken, and nothing has changed.
        """
        with self._open("rw") as connection:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("BEGIN IMMEDIATE")
            # Asked within the transaction: another process may have come first.
            before = format_of(connection, self._path)
            if before == FORMAT:
                return FORMAT
            for statement in STEPS[before]:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {before + 1}")
            connection.execute("COMMIT")
            return before + 1

    @contextlib.contextmanager
    def _open(self, mode: str) -> Iterator[sqlite3.Connection]:
        """A connection that undoes at its end what was not committed."""
        connection = connected(f"{self._path.absolute().as_uri()}?mode={mode}", self._path)
        try:
            connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            yield connection
        except ERRORS as error:
            raise translated(error, self._path) from error
        finally:
            connection.close()


def _settled(part: Path, whole: Path) -> Path:
    """Give a finished file its name once the disk has it: this one, or with the next free number from 2."""
    _synced(part)
    free = whole
    for number in range(2, _COPIES_MAX + 2):
        # A link, not a rename: it never takes the place of a file that is there.
        with contextlib.suppress(FileExistsError):
            os.link(part, free)
            break
        free = whole.with_name(f"{whole.name}.{number}")
    else:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(whole))
    part.unlink()
    _synced(whole.parent)
    return free


def _synced(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
