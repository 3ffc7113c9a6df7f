"""What a witness must never forget: the last checkpoint that it signed for a log. One file for each log.

It is on the disk before a signature leaves, and two processes never look at it at once. So a kill at any moment costs a
signature at most, and a witness never signs two trees of one size.
Source: C2SP tlog-witness, section add-checkpoint.
"""

import fcntl
import os
import secrets
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Final

from counterfoil.adapters.storage_fault import of_system
from counterfoil.application.ports import Outage
from counterfoil.domain.ledger.checkpoint import Checkpoint, read_checkpoint
from counterfoil.domain.ledger.note import NOTE_CHARACTERS_MAX, read_note

_BYTES_MAX: Final = 4 * NOTE_CHARACTERS_MAX


class WitnessStateFault(StrEnum):
    UNREADABLE = "witness.state_unreadable"


class WitnessState:
    """The state of one witness for one log, held alone while it is open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = -1

    def __enter__(self) -> "WitnessState":
        try:
            self._lock = os.open(self._path.with_name(f"{self._path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        except OSError as error:
            raise of_system(error, self._path) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._lock)

    def last(self) -> Checkpoint | None:
        """The checkpoint that was signed last; None before the first.

        Raises:
            Outage: the file is there and cannot be read. It is never taken for an empty one.
        """
        try:
            with self._path.open("rb") as file:
                text = file.read(_BYTES_MAX).decode("utf-8", "replace")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise of_system(error, self._path) from error
        note = read_note(text)
        checkpoint = None if note is None else read_checkpoint(note.text)
        if checkpoint is None:
            raise Outage(WitnessStateFault.UNREADABLE, {"path": str(self._path)})
        return checkpoint

    def remember(self, note: str) -> None:
        """Keep a checkpoint as the last one. On return it survives the loss of power."""
        draft = self._path.with_name(f".{self._path.name}.{secrets.token_hex(8)}")
        try:
            with draft.open("wb") as file:
                file.write(note.encode())
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, self._path)
            folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise of_system(error, self._path) from error
