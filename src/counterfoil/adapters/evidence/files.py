"""Evidence in a folder: one file for each content, named by its SHA-256, written once and checked when read."""

import contextlib
import hashlib
import re
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path
from typing import Final

from counterfoil.adapters.durable import made_folder, written_once
from counterfoil.adapters.storage_fault import of_system
from counterfoil.application.ports import Outage

BYTES_MAX: Final = 64 * 1024 * 1024
_DIGEST: Final = re.compile(r"[0-9a-f]{64}\Z")
_FEW: Final = 3
"""Fewer than so many are not worth threads."""
_SIDE_BY_SIDE: Final = 8


class EvidenceFault(StrEnum):
    TOO_LARGE = "evidence.too_large"
    DAMAGED = "evidence.damaged"


class FileEvidence:
    """Evidence of one registry. Files lie in 256 folders by the first two digits, so that none grows too long."""

    __slots__ = ("_directory",)

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def put(self, data: bytes) -> str:
        """Keep bytes, and give their SHA-256 in hex; the same bytes again are the same file.

        Raises:
            Outage: they are more than 64 MiB, or cannot be kept.
        """
        digest = bounded_digest(data)
        path = self._path(digest)
        made_folder(path.parent)
        if not path.exists():
            with contextlib.suppress(FileExistsError):
                written_once(path, data)
        return digest

    def put_all(self, documents: Sequence[bytes]) -> None:
        """Keep several, as `put` does. They wait for the disk side by side, which is most of what one costs.

        Raises:
            Outage: one of them cannot be kept; others may be.
        """
        if len(documents) < _FEW:
            for data in documents:
                self.put(data)
            return
        with ThreadPoolExecutor(min(_SIDE_BY_SIDE, len(documents))) as pool:
            deque(pool.map(self.put, documents), maxlen=0)

    def get(self, digest: str) -> bytes | None:
        """The bytes of a digest; None when they are not here, also for what is no digest.

        Raises:
            Outage: the file is not what its name says, or cannot be read.
        """
        if not _DIGEST.match(digest):
            return None
        path = self._path(digest)
        try:
            with path.open("rb") as file:
                data = file.read(BYTES_MAX + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise of_system(error, path) from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise Outage(EvidenceFault.DAMAGED, {"path": str(path), "digest": digest})
        return data

    def has(self, digest: str) -> bool:
        """Whether something is kept under a digest. Its bytes are not read: `get` finds what is damaged."""
        return bool(_DIGEST.match(digest)) and self._path(digest).is_file()

    def _path(self, digest: str) -> Path:
        return self._directory / digest[:2] / digest[2:]


def bounded_digest(data: bytes) -> str:
    """The SHA-256 of bytes that are not too many."""
    if len(data) > BYTES_MAX:
        raise Outage(EvidenceFault.TOO_LARGE, {"bytes": len(data), "bytes_max": BYTES_MAX})
    return hashlib.sha256(data).hexdigest()
