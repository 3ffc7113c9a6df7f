"""Answers on their way to a client that may read late: a little in memory, the rest in a file without a name.

Many clients send their whole request before they read a byte of the answer. If the server stopped reading until its
answers are taken, both would wait for ever; so answers never hold up the reading.
"""

import asyncio
import tempfile
from collections import deque
from typing import IO, Final

MEMORY_MAX: Final = 1024 * 1024
PIECE: Final = 64 * 1024


class Outbox:
    """A queue of bytes with a bound on memory. One side puts, one side takes."""

    def __init__(self) -> None:
        self._pieces: deque[bytes] = deque()
        self._held = 0
        self._file: IO[bytes] | None = None
        self._written = 0
        self._read = 0
        self._changed = asyncio.Event()
        self._closed = False

    def put(self, data: bytes) -> None:
        """Add bytes, after all that was put before."""
        if not data:
            return  # an empty piece would look like the end
        if self._file is None and self._held + len(data) > MEMORY_MAX:
            self._file = tempfile.TemporaryFile(prefix="counterfoil-")
        if self._file is None:
            self._pieces.append(data)
            self._held += len(data)
        else:
            self._file.seek(self._written)
            self._written += self._file.write(data)
        self._changed.set()

    def finish(self) -> None:
        """Nothing more will be put."""
        self._closed = True
        self._changed.set()

    async def take(self) -> bytes:
        """The next bytes; empty at the end."""
        while True:
            if self._pieces:
                data = b"".join(self._pieces)
                self._pieces.clear()
                self._held = 0
                return data
            if self._file is not None:
                if self._read < self._written:
                    self._file.seek(self._read)
                    data = self._file.read(PIECE)
                    self._read += len(data)
                    return data
                self.close()  # the reader has caught up: back to memory
                self._written = self._read = 0
            if self._closed:
                return b""
            self._changed.clear()
            await self._changed.wait()

    def close(self) -> None:
        """Give the file back."""
        if self._file is not None:
            self._file.close()
            self._file = None
