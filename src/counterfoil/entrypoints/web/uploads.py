"""Files that somebody sent to be looked at first: kept in memory for a while, by person and digest, within bounds.

Nothing of a file that is only looked at reaches the disk, so a dry run leaves nothing behind.
"""

import threading
import time
from collections import OrderedDict
from hashlib import sha256
from typing import Final

FILES_MAX: Final = 8
BYTES_MAX: Final = 64 * 1024 * 1024
"""Of all files together: of more, the oldest are forgotten."""
SECONDS: Final = 60 * 60


class Uploads:
    """The files of one server."""

    def __init__(self) -> None:
        self._files: OrderedDict[tuple[str, str], tuple[float, str, bytes]] = OrderedDict()
        self._guard = threading.Lock()

    def keep(self, person: str, name: str, data: bytes) -> str:
        """Keep a file for a person; gives its digest (SHA-256)."""
        digest = sha256(data).hexdigest()
        with self._guard:
            self._files.pop((person, digest), None)
            self._files[person, digest] = (time.monotonic(), name, data)
            self._tidy()
        return digest

    def of(self, person: str, digest: str) -> tuple[str, bytes] | None:
        """A person's own file by its digest, while it is kept."""
        with self._guard:
            self._tidy()
            found = self._files.get((person, digest))
        return None if found is None else found[1:]

    def forget(self, person: str, digest: str) -> None:
        with self._guard:
            self._files.pop((person, digest), None)

    def _tidy(self) -> None:
        now = time.monotonic()
        while self._files:
            began, _, _ = next(iter(self._files.values()))
            size = sum(len(data) for _, _, data in self._files.values())
            if now - began <= SECONDS and len(self._files) <= FILES_MAX and size <= BYTES_MAX:
                return
            self._files.popitem(last=False)
