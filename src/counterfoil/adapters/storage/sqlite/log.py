"""The write-ahead log that a killed process left behind: does it only have a torn end, or a hole before its end?

SQLite reads the log up to the first frame that does not fit its checksum, and takes the rest for a write that the power
interrupted. A damaged byte in the middle would so take back, without a word, acts that were answered for. But each
commit is durable before the next one begins: behind a torn end there is never a whole commit and one more. Where there
are two, the log is damaged, and nothing may be written over it.
Source: SQLite, "WAL-mode File Format"; ADR-0010.
"""

import struct
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Final

from counterfoil.adapters.storage.sqlite.outage import ERRORS, translated
from counterfoil.adapters.storage.sqlite.schema import open_for_reading
from counterfoil.adapters.storage_fault import StorageFault, of_system
from counterfoil.application.ports import Outage

_HEADER: Final = 32
_FRAME: Final = 24
_MAGIC: Final = {0x377F0682: "<", 0x377F0683: ">"}
"""What a log begins with, and the byte order of its checksums."""
_WORD: Final = 0xFFFFFFFF
_TORN_MAX: Final = 1
"""Commits that a power cut can leave behind the log's end: the one that was being written."""


def require_whole_log(path: Path) -> None:
    """Look at the log beside a registry's file. It may be done while a writer runs, and changes nothing.

    Raises:
        Outage: `storage.corrupt` when commits lie behind a damaged frame; or the file or its log cannot be read.
    """
    log = path.with_name(f"{path.name}-wal")
    try:
        if not log.exists() or log.stat().st_size <= _HEADER:
            return
        with log.open("rb") as file:
            header = file.read(_HEADER)
            commits = list(_commits(file, header, _page_size(path)))
            taken = _frames_taken(path)
            file.seek(0)
            reused = file.read(_HEADER) != header
    except OSError as error:
        raise of_system(error, log) from error
    behind = [frame for frame in commits if frame > taken]
    if len(behind) > _TORN_MAX and not reused:
        detail = f"{len(behind)} commits of the log lie behind frame {taken + 1}, which is damaged"
        raise Outage(StorageFault.CORRUPT, {"path": str(log), "detail": detail})


def _commits(file: IO[bytes], header: bytes, page_size: int) -> Iterator[int]:
    """The numbers, from 1, of the frames that end a commit. Frames of the log's earlier rounds are passed over."""
    salts = header[16:24] if _fits(header) else None
    number = 0
    while len(frame := file.read(_FRAME)) == _FRAME:
        number += 1
        salts = salts or frame[8:16]
        if frame[8:16] == salts and frame[4:8] != bytes(4):
            yield number
        file.seek(page_size, 1)


def _fits(header: bytes) -> bool:
    """Whether a log's header has its own checksum."""
    order = _MAGIC.get(int.from_bytes(header[:4], "big"))
    if order is None:
        return False
    first = second = 0
    words = struct.unpack(f"{order}6I", header[:24])
    for one, other in zip(words[::2], words[1::2], strict=True):
        first = first + one + second & _WORD
        second = second + other + first & _WORD
    return struct.pack(">2I", first, second) == header[24:]


def _page_size(path: Path) -> int:
    with path.open("rb") as file:
        size = int.from_bytes(file.read(18)[16:], "big")
    return 65_536 if size == 1 else max(size, 512)


def _frames_taken(path: Path) -> int:
    """Let SQLite read the log: how many frames it took. A connection that cannot write leaves the log as it is."""
    with closing(open_for_reading(path)) as connection:
        try:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except ERRORS as error:
            raise translated(error, path) from error
        with path.with_name(f"{path.name}-shm").open("rb") as file:
            return int.from_bytes(file.read(20)[16:], sys.byteorder)
