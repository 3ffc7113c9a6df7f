"""The log as static files in the C2SP tlog-tiles form: tiles and entry bundles first, the checkpoint last.

Full tiles never change, so a later run goes on where the published checkpoint ends, and the files are the same as if
they had been made at once. Partial tiles are kept for every checkpoint of the tile that is not full yet: a client that
holds such a checkpoint may ask for them. Any web server can serve the folder, and so does ours (`http/log.py`).

What is published is the newest checkpoint with the quorum of witnesses, when a policy asks for one. A long way there is
gone in stages; how far it got stands in a file of its own, which is served to nobody. Whoever publishes holds the
folder from before it looks at the registry: so nobody puts an older checkpoint in the place of a newer one.
Source: C2SP tlog-tiles, sections Checkpoints, Merkle Tree, Partial Tiles and Log entries.
"""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from counterfoil.adapters.storage_fault import of_system
from counterfoil.application.covering import checkpoint_over
from counterfoil.application.key_history import handovers_of, key_texts, read_key_history
from counterfoil.application.ports import CheckpointRow, Codec, Outage, Reading, Verifier
from counterfoil.application.witnessing import standing
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.checkpoint import read_checkpoint
from counterfoil.domain.ledger.merkle import leaf_hash
from counterfoil.domain.ledger.note import read_note
from counterfoil.domain.ledger.tiles import CHECKPOINT, WIDTH, Tile, Tiling, entry_bundle, hashes_of, partial_tiles

KEYS: Final = "keys"
KEYS_FORMAT: Final = "counterfoil-keys/1"
STAGE_ENTRIES: Final = 65_536
"""Entries of one stage: what is done twice, at most, when a run is cut off."""
_TILES: Final = "tile"
_REACHED: Final = ".reached"
_OWN: Final = (_TILES, KEYS, _REACHED)
_LOCK: Final = ".lock"
_DRAFT: Final = ".draft"
_STEP: Final = 4_096
_SYNCED_ALONE_MAX: Final = 64
"""Up to so many new files are brought to the disk one by one; beyond, the whole system is asked to write once."""
_NOTE_BYTES_MAX: Final = 64 * 1024

Progress = Callable[[int], None]


class PublicationFault(StrEnum):
    FOLDER_NOT_OURS = "tiles.folder_not_ours"
    OTHER_LOG = "tiles.other_log"
    FILES_UNSOUND = "tiles.files_unsound"
    STORE_UNSOUND = "tiles.store_unsound"
    BUSY = "tiles.busy"


@dataclass(frozen=True, slots=True)
class Published:
    """What a run left: the size of the published tree, how many entries of it are new, how many files it wrote.

    `waiting` entries are signed by the registry and not yet by enough witnesses. `whole` is False after a stage that
    did not reach what is to be published.
    """

    entries: int
    added: int
    checkpoint: int
    files: int
    waiting: int = 0
    whole: bool = True


class _Refused(Exception):
    """A refusal from deep inside, with its facts."""

    def __init__(self, code: PublicationFault, **facts: str | int) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, facts)


@contextlib.contextmanager
def held(out: Path) -> Iterator[None]:
    """Hold a folder for one run. Open the registry to read after that, and not before.

    A folder of something else gets no file of ours; `publish` refuses it.

    Raises:
        Outage: `tiles.busy` while another run holds it, or the folder cannot be made.
    """
    lock = None if _foreign(out) else _locked(out)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def _locked(out: Path) -> int:
    try:
        out.mkdir(parents=True, exist_ok=True)
        # For the owner alone: whoever can open the file can hold it.
        file = os.open(out / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Nobody else is at work here, so a draft is that of a run that was killed.
            (out / _DRAFT).unlink(missing_ok=True)
        except BaseException:
            os.close(file)
            raise
    except BlockingIOError as error:
        raise Outage(PublicationFault.BUSY, {"folder": str(out)}, retry=True) from error
    except OSError as error:
        raise of_system(error, out) from error
    return file


def _foreign(out: Path) -> str | None:
    """What a folder holds that no run of ours has put there; None for one that is ours, new or empty."""
    if not out.is_dir() or (out / CHECKPOINT).exists():
        return None
    names = (path.name for path in out.iterdir())
    return min((name for name in names if name not in _OWN and not name.startswith(".")), default=None)


def publish(
    reading: Reading,
    out: Path,
    *,
    codec: Codec,
    verify: Verifier,
    public_key: bytes,
    entries_max: int | None = None,
    progress: Progress = lambda _: None,
) -> Published | Refusal:
    """Bring a folder that is `held` up to the published checkpoint. The same log gives the same files in the end.

    Args:
        public_key: The registry's only key, where it never changed it.
        entries_max: How many entries to go at most; the rest is for the next run.

    Raises:
        Outage: the folder cannot be written. What is published stays as it was; the next run goes on.
    """
    now = standing(reading, codec, verify=verify)
    try:
        before, reached = _stands(reading, out)
        size = 0 if before is None else before.size
        if now.published is None or (before is not None and now.published.number < before.number):
            # Witnesses lag, or the policy became stricter: what was published once stays.
            number = 0 if before is None else before.number
            return Published(size, 0, number, 0, waiting=now.last.size - size)
        start = 0 if reached is None else reached.size
        target = now.published
        if entries_max is not None and target.size - start > entries_max:
            target = checkpoint_over(reading, start + entries_max) or target
        run = _Run(reading, out, target, reached)
        run.catch_up(progress)
        if target.size < now.published.size:
            run.pause()
            return Published(size, target.size - start, 0, run.files, waiting=now.last.size - size, whole=False)
        run.finish(now.note, _keys_file(reading, codec, target.size, public_key))
    except _Refused as refused:
        return refused.refusal
    except OSError as error:
        # It seldom names a file, and the folder is what somebody can make room in.
        raise of_system(error, out) from error
    waiting = now.last.size - target.size
    return Published(target.size, target.size - size, target.number, run.files, waiting=waiting)


def _keys_file(reading: Reading, codec: Codec, size: int, public_key: bytes) -> bytes:
    """The key history with its handovers, up to a checkpoint: canonical JSON on one line."""
    record = reading.record("registry", "self")
    assert record is not None, "a founded registry has its record"
    origin = codec.decode(record.value)["origin"]
    history = read_key_history(reading, codec, otherwise=public_key).until(size)
    handovers = handovers_of(reading, history)
    if handovers is None:
        raise _Refused(PublicationFault.STORE_UNSOUND, entry=history.terms[-1].after - 1)
    value = {
        "format": KEYS_FORMAT,
        "origin": origin,
        "keys": list(key_texts(history, origin=origin)),
        "handovers": [each.json() for each in handovers],
    }
    return codec.encode(value) + b"\n"


def _stands(reading: Reading, out: Path) -> tuple[CheckpointRow | None, CheckpointRow | None]:
    """The published checkpoint of a folder, and the one that its files have reached, which may be newer."""
    if not (out / CHECKPOINT).exists():
        foreign = _foreign(out)
        if foreign is not None:
            raise _Refused(PublicationFault.FOLDER_NOT_OURS, folder=str(out), found=foreign)
        before = None
    else:
        before = _row_of(reading, out / CHECKPOINT)
        if before is None:
            raise _Refused(PublicationFault.OTHER_LOG, folder=str(out))
    reached = _row_of(reading, out / _REACHED) if (out / _REACHED).exists() else None
    return before, reached if reached is not None and (before is None or reached.size > before.size) else before


def _row_of(reading: Reading, path: Path) -> CheckpointRow | None:
    """This registry's checkpoint in a file, whatever cosignatures stand below it; None for any other text."""
    with path.open("rb") as file:
        note = read_note(file.read(_NOTE_BYTES_MAX).decode("utf-8", "replace"))
    checkpoint = None if note is None else read_checkpoint(note.text)
    row = None if checkpoint is None else reading.checkpoint(checkpoint.number)
    own = None if row is None else read_note(row.note)
    same = note is not None and own is not None and own.text == note.text
    return row if same and note is not None and own is not None and own.signatures[0] in note.signatures else None


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

    def pause(self) -> None:
        """A stage is done: what is on the disk gives the root of its checkpoint."""
        self._check()
        self._write(_REACHED, self._last.note.encode())

    def finish(self, note: str, keys: bytes) -> None:
        """The checkpoint, when everything under it is on the disk and gives its root."""
        self._check()
        if not _holds(self._out / KEYS, keys):
            self._write(KEYS, keys)
        if not _holds(self._out / CHECKPOINT, note.encode()):
            self._write(CHECKPOINT, note.encode())
        (self._out / _REACHED).unlink(missing_ok=True)

    def _check(self) -> None:
        if self._tiling.size != self._last.size or self._tiling.root() != self._root_of(self._last):
            raise _Refused(PublicationFault.STORE_UNSOUND, entry=self._tiling.size)
        if self.files > _SYNCED_ALONE_MAX:
            os.sync()
            return
        for name in self._written:
            _synced(self._out / name)
        for folder in {(self._out / name).parent for name in self._written}:
            _synced(folder)

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
                self._written -= {name for name in self._written if name.startswith(f"{path}.p/")}

    def _write(self, name: str, data: bytes) -> None:
        path = self._out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # One place for all drafts, so that the next run clears what a killed one left without a walk over the tiles.
        draft = self._out / _DRAFT
        draft.write_bytes(data)
        draft.replace(path)
        self._written.add(name)
        self.files += 1

    @staticmethod
    def _root_of(row: CheckpointRow) -> bytes:
        note = read_note(row.note)
        checkpoint = None if note is None else read_checkpoint(note.text)
        return b"" if checkpoint is None else checkpoint.root


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def _synced(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
