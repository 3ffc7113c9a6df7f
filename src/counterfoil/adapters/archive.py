"""A backup's file: an ordinary tar archive in one spelling, so that any tar unpacks it and no byte of it may differ.

Headers hold a name and a size, and otherwise the same bytes everywhere; padding is zero; the end is two empty records,
and nothing follows. A reader never unpacks by name: what is in a member goes where the program says.
Source: POSIX.1-2017, pax, section ustar Interchange Format; ADR-0017.
"""

import contextlib
import fcntl
import glob
import os
import re
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from counterfoil.adapters.storage_fault import of_system
from counterfoil.application.backup.manifest import BackupFault, RestoreFault, Unfit, damaged

ROOT: Final = "counterfoil-backup/"
MODE: Final = 0o600
"""A backup opens every confidential field: only its owner reads it."""
MEMBERS_MAX: Final = 5_000_000
_BLOCK: Final = 512
_END: Final = bytes(2 * _BLOCK)
_SIZE_MAX: Final = 8**11 - 1
_NAME: Final = re.compile(r"(?!.*\.\.)[a-z0-9][a-z0-9._-]*(?:/[a-z0-9][a-z0-9._-]*)*\Z")
_NAME_MAX: Final = 100 - len(ROOT)


class NewArchiveFile:
    """A new archive under a draft's name; it gets its own when it is whole and on the disk. Use it in `with`."""

    def __init__(self, path: Path) -> None:
        """Begin an archive at a path where nothing is.

        Raises:
            Unfit: something is there.
            Outage: the folder is absent or cannot be written.
        """
        # First of all: a backup that was killed right after it got its name left its draft beside it.
        _clear_drafts(path)
        if os.path.lexists(path):
            raise Unfit(BackupFault.EXISTS, path=str(path))
        self._path = path
        self._draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}.draft")
        try:
            file = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise of_system(error, path) from error
        self._file = os.fdopen(file, "wb", buffering=1024 * 1024)
        self.size = 0

    def add(self, name: str, data: bytes) -> None:
        """Write one member.

        Raises:
            Outage: the disk is full or fails.
        """
        padding = bytes(-len(data) % _BLOCK)
        self._write(_header(name, len(data)), data, padding)

    def finish(self) -> None:
        """End the archive, wait for the disk, and give it its name.

        Raises:
            Unfit: a file of this name came meanwhile; it stays.
            Outage: the disk is full or fails.
        """
        self._write(_END)
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            # A link, not a rename: it never takes the place of a file that came meanwhile.
            os.link(self._draft, self._path)
            self._draft.unlink()
            _sync_folder(self._path.parent)
        except FileExistsError:
            raise Unfit(BackupFault.EXISTS, path=str(self._path)) from None
        except OSError as error:
            raise of_system(error, self._path) from error

    def __enter__(self) -> "NewArchiveFile":
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._file.close()
        with contextlib.suppress(OSError):
            self._draft.unlink()

    def _write(self, *pieces: bytes) -> None:
        try:
            for piece in pieces:
                self._file.write(piece)
                self.size += len(piece)
        except OSError as error:
            raise of_system(error, self._path) from error


class ArchiveFile:
    """An archive that is read. All headers are read at once, contents when they are asked for. Use it in `with`."""

    def __init__(self, path: Path) -> None:
        """Open an archive and read where its members stand.

        Raises:
            Unfit: the file is no archive of ours, or not a whole one.
            Outage: the file is absent or cannot be read.
        """
        self._path = path
        try:
            self._file: BinaryIO = path.open("rb")
        except OSError as error:
            raise of_system(error, path) from error
        self._places: dict[str, tuple[int, int]] = {}
        try:
            self._end = os.fstat(self._file.fileno()).st_size
            self._read_headers()
        except OSError as error:
            self._file.close()
            raise of_system(error, path) from error
        except BaseException:
            self._file.close()
            raise

    def names(self) -> Sequence[str]:
        return list(self._places)

    def size(self, name: str) -> int:
        return self._place(name)[1]

    def read(self, name: str, *, bytes_max: int) -> bytes:
        """The bytes of a member.

        Raises:
            Unfit: there is none of this name, it is larger, or the file has been cut.
            Outage: the file cannot be read.
        """
        start, size = self._place(name)
        if size > bytes_max:
            raise damaged(name)
        try:
            self._file.seek(start)
            data = self._file.read(size)
        except OSError as error:
            raise of_system(error, self._path) from error
        if len(data) != size:
            raise damaged(name)
        return data

    def __enter__(self) -> "ArchiveFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _place(self, name: str) -> tuple[int, int]:
        try:
            return self._places[name]
        except KeyError:
            raise damaged(name) from None

    def _read_headers(self) -> None:
        at = 0
        while True:
            self._file.seek(at)
            header = self._file.read(_BLOCK)
            if at and header + self._file.read(_BLOCK + 1) == _END:
                return
            name, size = _read_header(header, first=at == 0)
            start = at + _BLOCK
            self._file.seek(start + size)
            padding = -size % _BLOCK
            if self._file.read(padding) != bytes(padding) or name in self._places or len(self._places) == MEMBERS_MAX:
                raise damaged(name)
            self._places[name] = (start, size)
            at = start + size + padding
            if at > self._end:
                raise damaged("end")


def _read_header(header: bytes, *, first: bool) -> tuple[str, int]:
    """The name and size in a header that is spelled as we spell it."""
    name, size = header[:100].rstrip(b"\0"), header[124:135]
    try:
        member = name.decode("ascii").removeprefix(ROOT)
        if _header(member, int(size, 8)) == header:
            return member, int(size, 8)
    except ValueError:
        pass
    raise Unfit(RestoreFault.NOT_A_BACKUP) if first else damaged("header")


def _header(name: str, size: int) -> bytes:
    """A member's header. Raises ValueError for what no backup holds."""
    if not _NAME.match(name) or len(name) > _NAME_MAX or not 0 <= size <= _SIZE_MAX:
        raise ValueError(f"no member is named {name[:120]!r} with {size} bytes")
    fields = (
        f"{ROOT}{name}".encode().ljust(100, b"\0"),
        f"{MODE:07o}\0".encode(),
        b"0000000\0" * 2,
        f"{size:011o}\0".encode(),
        b"00000000000\0",
        b" " * 8,
        b"0",
        bytes(100),
        b"ustar\00000",
        bytes(64),
        b"0000000\0" * 2,
        bytes(167),
    )
    header = b"".join(fields)
    return header[:148] + f"{sum(header):06o}\0 ".encode() + header[156:]


def _clear_drafts(path: Path) -> None:
    """Take away what killed backups of this name left behind: a draft that nobody holds any more."""
    for draft in path.parent.glob(f".{glob.escape(path.name)}.*.draft"):
        with contextlib.suppress(OSError), draft.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            draft.unlink()


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
