"""What runs in an installation: written by its supervisor, read by its front door and by `installation status`.

The file lies in `run/`, is replaced whole at each change, and says nothing that is secret.
"""

import os
import secrets
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from counterfoil.adapters.storage_fault import of_system

RUN: Final = "run"
FILE: Final = "standing.json"
DOOR_SOCKET: Final = "door.sock"
_BYTES_MAX: Final = 1024 * 1024


class Running(StrEnum):
    """`WAITING` is between two starts; `GIVEN_UP` starts no more by itself; `CLOSED` is handed over, or about to be."""

    RUNNING = "running"
    WAITING = "waiting"
    GIVEN_UP = "given_up"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class SectionStanding:
    """One section: its socket, whether its process runs, since when (UTC), and how often it ended without being asked.

    `address` is where a Party that took its registry over can be found now.
    """

    party: str
    hosts: tuple[str, ...]
    socket: str
    running: Running
    pid: int = 0
    since: str = ""
    ends: int = 0
    address: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """The whole installation: its supervisor, its front door's address, and its sections."""

    name: str
    supervisor: int
    address: str
    behind_proxy: bool = False
    administrator: str = ""
    sections: tuple[SectionStanding, ...] = ()


def run_folder(directory: Path) -> Path:
    return directory / RUN


def write_standing(directory: Path, standing: Standing) -> None:
    """Raises the outage of the system where it cannot be written."""
    path = run_folder(directory) / FILE
    draft = path.with_name(f".{FILE}.{secrets.token_hex(8)}")
    try:
        # The front door may run as another account; what stands here is on its pages anyway.
        file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        with os.fdopen(file, "wb") as opened:
            opened.write(msgspec.json.encode(standing))
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise of_system(error, path) from error


def read_standing(directory: Path) -> Standing | None:
    """What the supervisor wrote last; None where there is nothing, or nothing that can be read."""
    try:
        with (run_folder(directory) / FILE).open("rb") as file:
            return msgspec.json.decode(file.read(_BYTES_MAX), type=Standing)
    except (OSError, msgspec.DecodeError):
        return None
