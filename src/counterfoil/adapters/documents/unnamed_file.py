"""A file without a name: what is too large for memory lies in it, and it is gone with whoever holds it."""

import os
import tempfile
import weakref


class UnnamedFile:
    """Bytes are added at its end and read from any place."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="counterfoil-")
        self._end = 0
        self._flushed = 0
        weakref.finalize(self, self._file.close)

    def add(self, data: bytes) -> tuple[int, int]:
        """Where the data stand, and how many bytes they are."""
        self._file.write(data)
        self._end += len(data)
        return self._end - len(data), len(data)

    def read(self, start: int, size: int) -> bytes:
        if self._flushed < self._end:
            self._file.flush()
            self._flushed = self._end
        return os.pread(self._file.fileno(), size, start)
