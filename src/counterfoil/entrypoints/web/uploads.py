"""Files that somebody sent to be looked at first: kept in memory for a while, by person and digest, within bounds.

Nothing of a file that is only looked at reaches the disk, so a dry run leaves nothing behind. Each person has a share,
so that nobody's files push out those of another; where all together are too much, those with the most lose first.
"""

import threading
import time
from collections import Counter, OrderedDict
from hashlib import sha256
from typing import Final

FILES_MAX: Final = 8
"""Of one person."""
BYTES_MAX: Final = 64 * 1024 * 1024
"""Of one person: of more, the person's own oldest are forgotten."""
ALL_BYTES_MAX: Final = 256 * 1024 * 1024
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
            self._tidy(person)
        return digest

    def of(self, person: str, digest: str) -> tuple[str, bytes] | None:
        """A person's own file by its digest, while it is kept."""
        with self._guard:
            self._tidy(person)
            found = self._files.get((person, digest))
        return None if found is None else found[1:]

    def forget(self, person: str, digest: str) -> None:
        with self._guard:
            self._files.pop((person, digest), None)

    def _tidy(self, person: str) -> None:
        now = time.monotonic()
        for key in [key for key, (began, _, _) in self._files.items() if now - began > SECONDS]:
            del self._files[key]
        own = self._of(person)
        while own and (len(own) > FILES_MAX or sum(len(self._files[key][2]) for key in own) > BYTES_MAX):
            del self._files[own.pop(0)]
        sizes = Counter[str]()
        for (whose, _), (_, _, data) in self._files.items():
            sizes[whose] += len(data)
        while sizes.total() > ALL_BYTES_MAX:
            most, _ = sizes.most_common(1)[0]
            sizes[most] -= len(self._files.pop(self._of(most)[0])[2])

    def _of(self, person: str) -> list[tuple[str, str]]:
        """The keys of a person's files, oldest first."""
        return [key for key in self._files if key[0] == person]
