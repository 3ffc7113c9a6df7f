"""Restore a backup into an empty folder, on the engine that the folder names.

The whole backup is checked before anything is written. While the folder fills it bears a mark, and every other command
refuses it; the mark goes last. The same restore may be started again over what it left.
Source: ADR-0017.
"""

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from counterfoil.adapters.archive import ArchiveFile
from counterfoil.adapters.codec import JsonCodec
from counterfoil.adapters.durable import clear_drafts, made_folder, written_once
from counterfoil.adapters.evidence.files import FileEvidence
from counterfoil.adapters.lock import NAME as LOCK
from counterfoil.adapters.lock import RegistryLock
from counterfoil.adapters.signing.ed25519 import FileSigner, verify
from counterfoil.adapters.storage_fault import of_system
from counterfoil.application.backup.checking import Backup, check, opened
from counterfoil.application.backup.manifest import Manifest, RestoreFault, Unfit
from counterfoil.application.backup.rebuilding import Rebuilt, rebuild
from counterfoil.application.ports import Outage, Store
from counterfoil.application.verification import Audit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.checkpoint import Checkpoint, read_checkpoint
from counterfoil.domain.ledger.key_history import key_text
from counterfoil.domain.ledger.note import NOTE_CHARACTERS_MAX, read_note
from counterfoil.entrypoints.bootstrap import Folder, open_for_filling, verify_folder
from counterfoil.entrypoints.keeping.office_backup import OfficeArchive, OfficeKept
from counterfoil.entrypoints.recovering import leave_mark

ENGINE_FILE: Final = "engine.toml"
_MARK_BYTES_MAX: Final = 1024

Stage = Callable[[str, int, int], None]
"""Told what is being done (`checking`, `writing`, `verifying`), how many entries are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored. `sound` is False when the audit found something, and then the folder keeps its mark."""

    manifest: Manifest
    checkpoint: Checkpoint
    rebuilt: Rebuilt
    audit: Audit | None
    key_in_place: bool
    office: OfficeKept | None = None

    @property
    def sound(self) -> bool:
        return self.audit is None or (not self.audit.findings and self.audit.root == self.checkpoint.root.hex())


def restore(
    path: Path,
    folder: Folder,
    *,
    key: Path | None = None,
    kept: Path | None = None,
    office: Path | None = None,
    audited: bool = False,
    stage: Stage = lambda *_: None,
) -> Restored | Refusal:
    """Restore a backup.

    Args:
        key: The registry's signing key, which no backup holds. Without it the registry can be read, not written.
        kept: A file with a checkpoint that somebody kept elsewhere; the backup must agree with it.
        office: The file of the office that was kept with it; without it the registry has no people.
        audited: Whether to audit the restored registry as `verify` does.

    Raises:
        Outage: the backup or the key cannot be read, or the registry not written.
    """
    try:
        with ArchiveFile(path) as archive, _office(office) as people:
            backup = opened(archive, JsonCodec())
            manifest = backup.manifest
            _require_key(key, manifest)
            told = _Told(stage, manifest.entries)
            note = None if kept is None else _kept(kept, manifest)
            checkpoint = check(backup, verify=verify, kept=note, progress=told.at("checking"))
            if people is not None:
                people.require_of(manifest)
                people.check()
            made_folder(folder.path)
            _require_empty(folder, manifest)
            lock = RegistryLock(folder.path).acquire("restore")
            if isinstance(lock, Refusal):
                return lock
            with lock:
                rebuilt = _fill(backup, folder, key, told)
                done = verify_folder(folder, progress=told.at("verifying"), unfinished=True) if audited else None
                placed = None if people is None else people.restore(folder.path)
                restored = Restored(manifest, checkpoint, rebuilt, done, folder.key.exists(), placed)
                if restored.sound:
                    _unmark(folder)
                return restored
    except Unfit as unfit:
        return unfit.refusal


def _office(path: Path | None) -> "contextlib.AbstractContextManager[OfficeArchive | None]":
    return contextlib.nullcontext() if path is None else OfficeArchive(path)


class _Told:
    """Progress by stage."""

    def __init__(self, stage: Stage, total: int) -> None:
        self._stage = stage
        self._total = total

    def at(self, name: str) -> Callable[[int], None]:
        """Begin a stage."""
        self._stage(name, 0, self._total)
        return lambda done: self._stage(name, done, self._total)


def _require_key(path: Path | None, manifest: Manifest) -> None:
    """The key that is put in place must be the registry's, and so says whose the backup is."""
    if path is None:
        return
    signer = FileSigner.open(path)
    if (signer.name, key_text(signer.public_key)) != (manifest.origin, manifest.next_key):
        raise Unfit(RestoreFault.WRONG_KEY, path=str(path), key=signer.name, origin=manifest.origin)


def _kept(path: Path, manifest: Manifest) -> Checkpoint:
    """The checkpoint in a file. Whoever kept it vouches for it, so its signature is not asked for here."""
    try:
        with path.open("rb") as file:
            text = file.read(4 * NOTE_CHARACTERS_MAX).decode("utf-8", "replace")
    except OSError as error:
        raise of_system(error, path) from error
    note = read_note(text)
    checkpoint = None if note is None else read_checkpoint(note.text)
    if checkpoint is None:
        raise Unfit(RestoreFault.CHECKPOINT_UNREADABLE, path=str(path))
    if checkpoint.origin != manifest.origin:
        raise Unfit(RestoreFault.CHECKPOINT_DIFFERS, entries=checkpoint.size)
    return checkpoint


def _require_empty(folder: Folder, manifest: Manifest) -> None:
    """Nothing but where the engine stands, or what the restore of this very backup left."""
    try:
        names = set(os.listdir(folder.path)) - {ENGINE_FILE, LOCK}
        # A restore that was killed while it set its mark left a draft of it.
        found = {name for name in names if not name.startswith(f".{folder.unfinished.name}.")}
        if folder.unfinished.name in found:
            with folder.unfinished.open("rb") as file:
                if file.read(_MARK_BYTES_MAX) != _mark(manifest):
                    raise Unfit(RestoreFault.OTHER_BACKUP, folder=str(folder.path))
        elif found:
            raise Unfit(RestoreFault.FOLDER_NOT_EMPTY, folder=str(folder.path), found=sorted(found)[0][:80])
    except OSError as error:
        raise of_system(error, folder.path) from error


def _mark(manifest: Manifest) -> bytes:
    said = {"backup": sha256(manifest.data()).hexdigest(), "registry": manifest.registry, "of": manifest.taken_at}
    return f"{json.dumps(said, ensure_ascii=False)}\n".encode()


def _fill(backup: Backup, folder: Folder, key: Path | None, told: _Told) -> Rebuilt:
    """Ledger, evidence, files and keys, in this order, under the mark."""
    store = _marked_store(folder, backup.manifest)
    try:
        rebuilt = rebuild(backup, store, progress=told.at("writing"))
        leave_mark(folder.path, store, taken_at=backup.manifest.taken_at, entries=backup.manifest.entries)
    finally:
        store.close()
    evidence = FileEvidence(folder.evidence)
    for _, data in backup.evidence():
        evidence.put(data)
    for name, data in backup.folder():
        _put(folder.path / name, data)
    made_folder(folder.key.parent)
    folder.key.parent.chmod(0o700)
    _put(folder.public_key, f"{backup.manifest.public_key}\n".encode())
    if key is not None:
        _put(folder.key, key.read_bytes(), mode=0o600)
    return rebuilt


def _marked_store(folder: Folder, manifest: Manifest) -> Store:
    """The store in the marked folder. A mark of ours goes again when there is no store to stand behind it."""
    _require_empty(folder, manifest)
    begun = folder.unfinished.exists()
    if not begun:
        written_once(folder.unfinished, _mark(manifest))
    try:
        return open_for_filling(folder, begun=begun)
    except Outage:
        if not begun and not folder.ledger.exists():
            _unmark(folder)
        raise


def _put(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write a file, unless an earlier attempt did."""
    with contextlib.suppress(FileExistsError):
        written_once(path, data, mode=mode)


def _unmark(folder: Folder) -> None:
    """The mark goes last, after what earlier attempts left when they were killed."""
    for path in (folder.key, folder.public_key, folder.unfinished):
        if path.parent.is_dir():
            clear_drafts(path)
    folder.unfinished.unlink()
    directory = os.open(folder.path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
