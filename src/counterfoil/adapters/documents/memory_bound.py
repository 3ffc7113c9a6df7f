"""A bound on the memory that reading a hostile file may take: a small file can unpack to more than a machine has."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

MORE_BYTES: Final = 512 * 1024 * 1024
"""What the reading of one letter may take on top of what the process has; a long letter takes a tenth of it."""
_HELD: Final = Path("/proc/self/statm")


@contextmanager
def bounded_memory(more: int = MORE_BYTES) -> Iterator[None]:
    """Let the process grow by so many bytes and no further; beyond that Python raises `MemoryError`.

    Where the system does not tell how much is held (not Linux), nothing is bounded.
    """
    try:
        held = int(_HELD.read_text().split()[0]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = held + more
    tighter = [each for each in (soft, hard, wanted) if each != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(tighter), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
