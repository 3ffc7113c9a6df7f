"""One writer for each registry folder: a lock that its holder signs, and that dies with the holder.

The file `DIR/lock` stays for ever; what locks is the kernel's hold on it. So a file left behind by a killed process is
no lock, and nobody has to delete it.
"""

import contextlib
import errno
import fcntl
import json
import os
import stat
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.adapters.storage_fault import of_system
from counterfoil.domain.kernel.refusal import Refusal

NAME: Final = "lock"
_TRIES: Final = 10
_PAUSE_S: Final = 0.01
"""A tenth of a second in all: somebody may be looking who holds the lock, or a holder may be signing just now."""


class LockFault(StrEnum):
    LOCKED = "registry.locked"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a registry: its process, what it does, since when (UTC), and where it takes requests, if it does."""

    pid: int
    what: str
    since: str
    address: str | None = None

    def __str__(self) -> str:
        return f"{self.what} (process {self.pid} since {self.since})"


_NAMELESS: Final = Holder(pid=0, what="?", since="?")
"""A holder that has not signed, or that went away while we looked."""


class RegistryLock:
    """The right to write into one registry folder, for one process and in it for one thread's object."""

    __slots__ = ("_file", "_holder", "_path")

    def __init__(self, directory: Path) -> None:
        self._path = directory / NAME
        self._file: int | None = None
        self._holder: Holder | None = None

    def acquire(self, what: str) -> "RegistryLock | Refusal":
        """Take the lock, and write down who has it.

        Returns:
            This lock, which is a context manager, or the refusal `registry.locked` that names the holder.

        Raises:
            Outage: the folder is absent or cannot be written.
        """
        assert self._file is None, "this object has the lock already"
        for _ in range(_TRIES):
            file = self._taken()
            if file is not None:
                self._file = file
                now = datetime.fromtimestamp(SystemClock().now_ms() // 1000, UTC)
                self._sign(Holder(os.getpid(), what, now.strftime("%Y-%m-%dT%H:%M:%SZ")))
                return self
            time.sleep(_PAUSE_S)
        return _refusal(self._path.parent, self.holder())

    def announce(self, address: str) -> None:
        """Say where the holder takes requests, such as the path of its socket."""
        assert self._holder is not None, "only the holder announces an address"
        self._sign(replace(self._holder, address=address))

    def holder(self) -> Holder | None:
        """Who holds the lock now, this object included; None when nobody does, whatever the file says."""
        for _ in range(_TRIES):
            try:
                file = os.open(self._path, os.O_RDONLY)
            except FileNotFoundError:
                return None
            except OSError as error:
                raise of_system(error, self._path) from error
            try:
                if _free(file, fcntl.LOCK_SH):
                    return None
                holder = _read(file)
            finally:
                os.close(file)
            if holder is not None:
                return holder
            time.sleep(_PAUSE_S)
        return _NAMELESS

    def release(self) -> None:
        """Give the lock back; doing it twice does nothing."""
        if self._file is not None:
            file, self._file, self._holder = self._file, None, None
            with contextlib.suppress(OSError):
                os.ftruncate(file, 0)
            os.close(file)

    def __enter__(self) -> "RegistryLock":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _taken(self) -> int | None:
        """The lock's file, locked; None when somebody else has it."""
        try:
            # Whoever can open the file can hold it, and would keep the registry from opening: so the owner alone.
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            _closed_to_others(file)
            if _free(file, fcntl.LOCK_EX):
                return file
        except OSError as error:
            raise of_system(error, self._path) from error
        os.close(file)
        return None

    def _sign(self, holder: Holder) -> None:
        assert self._file is not None
        self._holder = holder
        written = json.dumps({name: value for name, value in asdict(holder).items() if value is not None})
        try:
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, written.encode(), 0)
        except OSError as error:
            self.release()
            raise of_system(error, self._path) from error


def _closed_to_others(file: int) -> None:
    """Take the rights of others from a file that an earlier program made."""
    if stat.S_IMODE(os.fstat(file).st_mode) & 0o077:
        with contextlib.suppress(PermissionError):  # somebody else's file: only its owner can do it
            os.fchmod(file, 0o600)


def _free(file: int, how: int) -> bool:
    """True when nobody else had the lock; now this file has it, until it is closed."""
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
            raise
        return False
    return True


def _read(file: int) -> Holder | None:
    """The signature in a lock file; None while it is being written."""
    try:
        found = json.loads(os.pread(file, 4096, 0))
        return Holder(found["pid"], found["what"], found["since"], found.get("address"))
    except (ValueError, KeyError, TypeError):
        return None


def _refusal(directory: Path, holder: Holder | None) -> Refusal:
    known = holder or _NAMELESS
    return Refusal(
        LockFault.LOCKED,
        {
            "directory": str(directory),
            "holder": str(known),
            "what": known.what,
            "pid": known.pid,
            "since": known.since,
            "address": known.address,
        },
    )
