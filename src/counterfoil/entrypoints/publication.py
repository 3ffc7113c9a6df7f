"""The log as static files in the C2SP tlog-tiles form: tiles and entry bundles first, the checkpoint last.

Full tiles never change, so a later run goes on where the published checkpoint ends, and the files are the same as if
they had been made at once. Partial tiles are kept for every checkpoint of the tile that is not full yet: a client that
holds such a checkpoint may ask for them. Any web server can serve the folder.
Source: C2SP tlog-tiles, sections Checkpoints, Merkle Tree, Partial Tiles and Log entries.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from counterfoil.application.ports import CheckpointRow, Reading
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.checkpoint import read_checkpoint
from counterfoil.domain.ledger.merkle import leaf_hash
from counterfoil.domain.ledger.note import read_note
from counterfoil.domain.ledger.tiles import CHECKPOINT, WIDTH, Tile, Tiling, entry_bundle, hashes_of, partial_tiles

_TILES: Final = "tile"
_DRAFT: Final = f".{CHECKPOINT}."
_STEP: Final = 4_096
_NOTE_BYTES_MAX: Final = 64 * 1024

Progress = Callable[[int], None]


class PublicationFault(StrEnum):
    FOLDER_NOT_OURS = "tiles.folder_not_ours"
    OTHER_LOG = "tiles.other_log"
    FILES_UNSOUND = "tiles.files_unsound"
    STORE_UNSOUND = "tiles.store_unsound"


@dataclass(frozen=True, slots=True)
class Published:
    """What a run left: the size of the published tree, how many entries of it are new, and how many files it wrote."""

    entries: int
    added: int
    checkpoint: int
    files: int


class _Refused(Exception):
    """A refusal from deep inside, with its facts."""

    def __init__(self, code: PublicationFault, **facts: str | int) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, facts)


def publish(reading: Reading, out: Path, *, progress: Progress = lambda _: None) -> Published | Refusal:
    """Bring a folder up to the newest checkpoint. The same log gives the same files, in one run or in many.

    Raises:
        OSError: the folder cannot be written. What is published stays as it was; the next run goes on.
    """
    last = reading.last_checkpoint()
    assert last is not None, "a founded registry has a checkpoint"
    try:
        before = _published(reading, out)
        run = _Run(reading, out, last, before)
        run.catch_up(progress)
        run.finish()
    except _Refused as refused:
        return refused.refusal
    added = last.size - (0 if before is None else before.size)
    return Published(entries=last.size, added=added, checkpoint=last.number, files=run.files)


def _published(reading: Reading, out: Path) -> CheckpointRow | None:
    """The checkpoint that the folder stands at; None for a folder that is new, or was interrupted before its first."""
    if not (out / CHECKPOINT).exists():
        found = out.iterdir() if out.is_dir() else ()
        foreign = sorted(path.name for path in found if path.name != _TILES and not path.name.startswith(_DRAFT))
        if foreign:
            raise _Refused(PublicationFault.FOLDER_NOT_OURS, folder=str(out), found=foreign[0])
        return None
    with (out / CHECKPOINT).open("rb") as file:
        text = file.read(_NOTE_BYTES_MAX).decode("utf-8", "replace")
    note = read_note(text)
    checkpoint = None if note is None else read_checkpoint(note.text)
    row = None if checkpoint is None else reading.checkpoint(checkpoint.number)
    if row is None or row.note != text:
        raise _Refused(PublicationFault.OTHER_LOG, folder=str(out))
    return row


class _Run:
    """One run, from the published checkpoint to the newest."""

    def __init__(self, reading: Reading, out: Path, last: CheckpointRow, before: CheckpointRow | None) -> None:
        self._reading = reading
        self._out = out
        self._last = last
        self._number = 0 if before is None else before.number
        size = 0 if before is None else before.size
        window = list(reading.journal(size - size % WIDTH, size - 1)) if size % WIDTH else []
        self._leaves = [row.leaf for row in window]
        self._tiling = Tiling([[row.leaf_hash for row in window], *self._edge(size)])
        self._edges = {tile.level: tile.number for tile in partial_tiles(last.size)}
        self._written: set[str] = set()
        self.files = 0
        if before is not None and self._root_of(before) != self._tiling.root():
            raise _Refused(PublicationFault.FILES_UNSOUND, folder=str(out), entries=before.size)

    def _edge(self, size: int) -> list[list[bytes]]:
        """The hashes of the partial tiles above level 0, from the files: of the partial tile, or of the full one."""
        edge: list[list[bytes]] = []
        for tile in partial_tiles(size):
            if tile.level == 0:
                continue
            edge.extend([] for _ in range(tile.level - 1 - len(edge)))
            paths = (self._out / tile.path(), self._out / Tile(tile.level, tile.number).path())
            data = next((path.read_bytes() for path in paths if path.is_file()), b"")
            edge.append((hashes_of(data) or [])[: tile.width])
        return edge

    def catch_up(self, progress: Progress) -> None:
        """Every entry that is not published yet, and at each signed size the partial tiles that stay partial."""
        upcoming = self._next_checkpoint()
        for row in self._reading.journal(self._tiling.size, self._last.size - 1):
            if row.seq != self._tiling.size or leaf_hash(row.leaf) != row.leaf_hash:
                raise _Refused(PublicationFault.STORE_UNSOUND, entry=self._tiling.size)
            self._leaves.append(row.leaf)
            for tile, data in self._tiling.append(row.leaf_hash):
                self._write_tile(tile, data)
            if upcoming is not None and upcoming.size == row.seq + 1:
                self._write_edges()
                upcoming = self._next_checkpoint()
            if row.seq % _STEP == 0:
                progress(row.seq)

    def finish(self) -> None:
        """The checkpoint, when everything under it is on the disk and gives its root."""
        if self._tiling.size != self._last.size or self._tiling.root() != self._root_of(self._last):
            raise _Refused(PublicationFault.STORE_UNSOUND, entry=self._tiling.size)
        if self._written or not (self._out / CHECKPOINT).exists():
            os.sync()
            self._write(CHECKPOINT, self._last.note.encode())

    def _next_checkpoint(self) -> CheckpointRow | None:
        self._number += 1
        return self._reading.checkpoint(self._number) if self._number <= self._last.number else None

    def _write_edges(self) -> None:
        for tile in partial_tiles(self._tiling.size):
            if self._edges.get(tile.level) == tile.number and tile.path() not in self._written:
                self._write_tile(tile, self._tiling.edge(tile.level))

    def _write_tile(self, tile: Tile, data: bytes) -> None:
        self._write(tile.path(), data)
        if tile.level == 0:
            self._write(tile.entries_path(), entry_bundle(self._leaves))
            if tile.full:
                self._leaves = []
        if tile.full:
            for path in (tile.path(), *([tile.entries_path()] if tile.level == 0 else [])):
                shutil.rmtree(self._out / f"{path}.p", ignore_errors=True)

    def _write(self, name: str, data: bytes) -> None:
        path = self._out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_bytes(data)
        draft.replace(path)
        self._written.add(name)
        self.files += 1

    @staticmethod
    def _root_of(row: CheckpointRow) -> bytes:
        note = read_note(row.note)
        checkpoint = None if note is None else read_checkpoint(note.text)
        return b"" if checkpoint is None else checkpoint.root
