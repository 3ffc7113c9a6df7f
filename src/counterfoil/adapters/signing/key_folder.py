"""The keys of a registry's folder, told apart by their public halves and not by their names: no crash mixes them up.

`registry.key` signs, `next.key` is what a rotation has made, `old-<hash>.key` what it has not yet removed, and
`kept-<hash>.key` what it was told to keep. Whatever a kill leaves of the renaming, the key that signs is the one whose
public half the journal names. Who renames or removes files here holds `.lock`: two at once could remove the wrong one.
Read next: `application/commands/rotate_key.py`. Source: ADR-0018.
"""

import base64
import contextlib
import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from counterfoil.adapters.durable import clear_drafts, drafts_of
from counterfoil.adapters.signing.ed25519 import FileSigner, KeysFault
from counterfoil.adapters.storage_fault import of_system
from counterfoil.application.ports import Outage

CURRENT: Final = "registry.key"
NEXT: Final = "next.key"
PUBLIC: Final = "registry.pub"
_OLD: Final = "old-"
_KEPT: Final = "kept-"
_LOCK: Final = ".lock"
_TRIES: Final = 200
_PAUSE_S: Final = 0.05
"""Ten seconds in all; what is done under the lock takes as long as a disk needs for a few files."""
_FILES_MAX: Final = 1_024


class FolderSigner:
    """A signer that can turn to another key of the same folder."""

    __slots__ = ("_folder", "_signer", "_turning")

    def __init__(self, folder: Path, signer: FileSigner) -> None:
        self._folder = folder
        self._signer = signer
        self._turning: FileSigner | None = None

    @property
    def name(self) -> str:
        return self._signer.name

    @property
    def public_key(self) -> bytes:
        return self._signer.public_key

    def sign(self, message: bytes) -> bytes:
        return self._signer.sign(message)

    def holds(self, public_key: bytes) -> bool:
        """False also where a file cannot be used: then the rotation is refused, and not the acts beside it."""
        try:
            return self._held(public_key) is not None
        except Outage:
            return False

    def turn_to(self, public_key: bytes) -> None:
        held = self._held(public_key)
        assert held is not None, "the writer asks before it promises"
        self._signer, self._turning = held, None

    def _held(self, public_key: bytes) -> FileSigner | None:
        for signer in (self._signer, self._turning):
            if signer is not None and signer.public_key == public_key:
                return signer
        # Kept once found: what was promised to the journal must not depend on a file that somebody moves meanwhile.
        self._turning = key_of(self._folder, public_key, name=self.name) or self._turning
        turning = self._turning
        return turning if turning is not None and turning.public_key == public_key else None


def signer_of(folder: Path, public_key: bytes | None) -> FolderSigner:
    """The signer of a registry: the key that the journal names, or `registry.key` where it names none yet.

    Raises:
        Outage: `keys.absent` when there is no key, `keys.other` when no file of the folder holds that one.
    """
    own = FileSigner.open(folder / CURRENT) if public_key is None else key_of(folder, public_key, name=None)
    if own is None:
        fault = KeysFault.OTHER if (folder / CURRENT).exists() else KeysFault.ABSENT
        raise Outage(fault, {"path": str(folder / CURRENT)})
    return FolderSigner(folder, own)


def key_of(folder: Path, public_key: bytes, *, name: str | None) -> FileSigner | None:
    """The key of that public half among the files of a folder, and of that name where one is asked for."""
    for path in _files(folder):
        try:
            signer = FileSigner.open(path)
        except Outage as outage:
            if path.name == CURRENT or outage.code == KeysFault.TOO_OPEN:
                raise
            continue
        if signer.public_key == public_key and name in (None, signer.name):
            return signer
    return None


def next_key(folder: Path, name: str) -> FileSigner:
    """The key that a rotation turns to: made now, or left by a rotation that was cut short before its entry."""
    path = folder / NEXT
    with _alone(folder):
        clear_drafts(path)
        return FileSigner.open(path) if path.exists() else FileSigner.create(path, name)


def settle(folder: Path, public_key: bytes, *, vouched: bool) -> None:
    """Give the files the names that fit the journal. It may be cut off and run again at any point.

    Args:
        public_key: The key that signs the next checkpoint.
        vouched: True once it has signed one: then `registry.pub` names it too.
    """
    if _is_settled(folder, public_key, vouched=vouched):
        return  # a folder that is in order need not be writable
    with _alone(folder):
        if key_of(folder, public_key, name=None) is None:
            return
        _rename(folder, public_key)
        if vouched:
            publish_key(folder, public_key)
        _clear(folder)
        _sync(folder)


def _is_settled(folder: Path, public_key: bytes, *, vouched: bool) -> bool:
    public = folder / PUBLIC
    named = not vouched or (public.exists() and public.read_text() == _public_text(public_key))
    return named and _is(folder / CURRENT, public_key) and not _drafts(folder)


def _rename(folder: Path, public_key: bytes) -> None:
    current = folder / CURRENT
    with contextlib.suppress(Outage):
        former = FileSigner.open(current)
        if former.public_key != public_key:
            os.replace(current, folder / f"{_OLD}{former.note_key.hash.hex()}.key")
    if not current.exists():
        path = next(path for path in _files(folder) if _is(path, public_key))
        os.replace(path, current)


def publish_key(folder: Path, public_key: bytes) -> None:
    """Put a public key into `registry.pub`, whole or not at all."""
    path = folder / PUBLIC
    text = _public_text(public_key)
    if path.exists() and path.read_text() == text:
        return
    draft = path.with_name(f".{PUBLIC}.{secrets.token_hex(8)}")
    try:
        with draft.open("w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        raise of_system(error, path) from error


def old_keys(folder: Path) -> tuple[Path, ...]:
    """The files of private keys that sign no more: not yet removed by a rotation, or kept."""
    return tuple(path for path in _files(folder) if path.name.startswith((_OLD, _KEPT)))


def unfinished(folder: Path, public_key: bytes) -> bool:
    """True when a rotation to the key that signs was cut off before the names fit, or before it ended the old key."""
    return _is(folder / NEXT, public_key) or any(path.name.startswith(_OLD) for path in _files(folder))


def keep(folder: Path) -> None:
    """End a rotation that is to keep the old key."""
    with _alone(folder):
        for path in old_keys(folder):
            os.replace(path, folder / f"{_KEPT}{path.name.removeprefix(_OLD).removeprefix(_KEPT)}")
        _clear(folder)
        _sync(folder)


def destroy(folder: Path, *, current: bytes) -> tuple[Path, ...]:
    """Take away the old keys, and what killed runs left; the files that went, by name.

    Backups of the folder, and what a disk keeps of deleted files, are out of our reach.

    Args:
        current: The key that signs; it stays, whatever its file is called.
    """
    with _alone(folder):
        paths = tuple(path for path in old_keys(folder) if not _is(path, current))
        for path in paths:
            path.unlink(missing_ok=True)
        _clear(folder)
        _sync(folder)
    return paths


def _clear(folder: Path) -> None:
    for name in (CURRENT, NEXT, PUBLIC):
        clear_drafts(folder / name)


def _drafts(folder: Path) -> list[Path]:
    return [draft for name in (CURRENT, NEXT, PUBLIC) for draft in drafts_of(folder / name)]


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Raises the outage `keys.busy` when another process is at work here and does not end."""
    path = folder / _LOCK
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise of_system(error, path) from error
    try:
        for _ in range(_TRIES):
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(_PAUSE_S)
        else:
            raise Outage(KeysFault.BUSY, {"folder": str(folder)}, retry=True)
        yield
    finally:
        os.close(file)


def _public_text(public_key: bytes) -> str:
    return f"{base64.b64encode(public_key).decode()}\n"


def _is(path: Path, public_key: bytes) -> bool:
    try:
        return FileSigner.open(path).public_key == public_key
    except Outage:
        return False


def _files(folder: Path) -> list[Path]:
    first = [folder / CURRENT, folder / NEXT]
    others = sorted(path for before in (_OLD, _KEPT) for path in folder.glob(f"{before}*.key"))
    return [path for path in (*first, *others[:_FILES_MAX]) if path.exists()]


def _sync(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
