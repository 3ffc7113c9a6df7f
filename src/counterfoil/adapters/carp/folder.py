"""The platform as two folders: packages are put into `outbox`, answers are read from `inbox`.

Somebody carries the files to the platform's upload page and saves its answers. A package appears whole or not at all.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from counterfoil.adapters.durable import clear_drafts, made_folder, written_once
from counterfoil.adapters.storage_fault import of_system
from counterfoil.application.carp import CarpFault, Received
from counterfoil.application.ports import Outage

FILES_MAX: Final = 10_000
FILE_BYTES_MAX: Final = 16 * 1024 * 1024


class FolderCarp:
    """Two folders below one."""

    __slots__ = ("_inbox", "_outbox")

    def __init__(self, folder: Path) -> None:
        self._outbox = folder / "outbox"
        self._inbox = folder / "inbox"

    def deliver(self, name: str, data: bytes, *, mode: int = 0o644) -> None:
        """Put a package into the outbox, where it stays as it is.

        Raises:
            Outage: `carp.other_package`, or what the disk says.
        """
        made_folder(self._outbox)
        path = self._outbox / name
        clear_drafts(path)
        try:
            written_once(path, data, mode=mode)
        except FileExistsError as error:
            try:
                same = path.read_bytes() == data
            except OSError as unreadable:
                raise of_system(unreadable, path) from unreadable
            if not same:
                raise Outage(CarpFault.OTHER_PACKAGE, {"path": str(path)}) from error

    def received(self) -> Iterator[Received]:
        """The JSON files of the inbox. An inbox that is not there yet is empty.

        Raises:
            Outage: `carp.too_much`, or what the disk says.
        """
        try:
            paths = sorted(path for path in self._inbox.glob("*.json") if path.is_file())
            if len(paths) > FILES_MAX:
                raise Outage(CarpFault.TOO_MUCH, {"path": str(self._inbox), "files_max": FILES_MAX})
            for path in paths:
                yield Received(path.name, _bounded(path))
        except OSError as error:
            raise of_system(error, self._inbox) from error


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(FILE_BYTES_MAX + 1)
    if len(data) > FILE_BYTES_MAX:
        raise Outage(CarpFault.TOO_MUCH, {"path": str(path), "files_max": FILES_MAX})
    return data
