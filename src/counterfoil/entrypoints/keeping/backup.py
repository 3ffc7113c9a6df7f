"""Back up a registry's folder into one file, beside whatever writes it.

Source: ADR-0017.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from counterfoil import __version__
from counterfoil.adapters.archive import NewArchiveFile
from counterfoil.adapters.clock.system import SystemClock
from counterfoil.adapters.evidence.files import EvidenceFault, FileEvidence
from counterfoil.adapters.signing.ed25519 import verify
from counterfoil.adapters.signing.trusted_key import journal_key
from counterfoil.adapters.storage_fault import of_system
from counterfoil.application.backup.manifest import (
    FOLDER_FILE_BYTES_MAX,
    FOLDER_FILES,
    BackupFault,
    Manifest,
    Unfit,
)
from counterfoil.application.backup.taking import Evidence, Progress, Source, take
from counterfoil.application.key_history import read_key_history
from counterfoil.application.ports import CheckpointRow, Outage, OutageFault
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.checkpoint import signed_checkpoint
from counterfoil.domain.ledger.key_history import KeyHistory
from counterfoil.entrypoints.bootstrap import Folder, Readable, open_for_reading
from counterfoil.entrypoints.keeping.office_backup import OfficeKept, back_up_office, beside
from counterfoil.entrypoints.keeping.stored_digests import digests

SUFFIX: Final = ".backup.tar"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """Where the backup lies, its size in bytes, and what it says of itself; and the office's file, if one was taken."""

    path: Path
    bytes: int
    manifest: Manifest
    office: OfficeKept | None = None


def back_up(
    folder: Folder, to: Path, *, office: bool = False, progress: Progress = lambda _: None
) -> BackedUp | Refusal:
    """Write a backup to a new file, or into a folder under a name made of registry, time and checkpoint.

    Args:
        office: Whether to keep the office as well, in a second file beside it.

    Raises:
        Outage: the registry cannot be read, or the file not written.
    """
    try:
        with open_for_reading(folder) as readable:
            source = _source(readable)
            last = readable.reading.last_checkpoint()
            path = to / _name(source, last) if to.is_dir() else to
            with NewArchiveFile(path) as archive:
                with _office(folder, path, source, wanted=office) as kept:
                    manifest = take(source, archive, progress=progress)
                    archive.finish()
                    return BackedUp(path, archive.size, manifest, kept)
    except Unfit as unfit:
        return unfit.refusal


@contextlib.contextmanager
def _office(folder: Folder, path: Path, source: Source, *, wanted: bool) -> Iterator[OfficeKept | None]:
    """The office's file, where it is wanted; it goes again when the backup beside it fails."""
    if not wanted:
        yield None
        return
    kept = back_up_office(folder.path, beside(path), origin=source.registry.origin, taken_at=source.taken_at)
    try:
        yield kept
    except BaseException:
        kept.path.unlink(missing_ok=True)
        raise


def _source(readable: Readable) -> Source:
    folder = readable.folder
    own = journal_key(folder.public_key, readable.reading, readable.codec)
    keys = read_key_history(readable.reading, readable.codec, otherwise=own)
    last = readable.reading.last_checkpoint()
    if last is None:
        raise Outage(OutageFault.NOT_FOUNDED, {"folder": str(folder.path)})
    if not _signed(last, readable.registry.origin, keys):
        raise Unfit(BackupFault.UNSOUND, entry=last.size)
    now = datetime.fromtimestamp(SystemClock().now_ms() // 1000, UTC)
    return Source(
        reading=readable.reading,
        codec=readable.codec,
        registry=readable.registry,
        keys=keys,
        program=f"counterfoil {__version__}",
        taken_at=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        evidence=_evidence(folder.evidence),
        folder=_files(folder.path),
    )


def _signed(last: CheckpointRow, origin: str, keys: KeyHistory) -> bool:
    """Whether the last checkpoint has the signature of the key in force: nobody should keep what cannot be proven."""
    return signed_checkpoint(last.note, name=origin, public_key=keys.at(last.size), verify=verify) is not None


def _name(source: Source, last: CheckpointRow | None) -> str:
    moment = source.taken_at.replace("-", "").replace(":", "")
    return f"{source.registry.registry}-{moment}-{0 if last is None else last.number}{SUFFIX}"


def _evidence(directory: Path) -> Evidence:
    """Digests in rising order. Files never change or go, so those that are there now hold all that entries name."""
    kept = FileEvidence(directory)
    for digest in digests(directory):
        try:
            data = kept.get(digest)
        except Outage as outage:
            if outage.code != EvidenceFault.DAMAGED:
                raise
            yield digest, None
        else:
            if data is not None:
                yield digest, data


def _files(directory: Path) -> Mapping[str, bytes]:
    found: dict[str, bytes] = {}
    for name in FOLDER_FILES:
        path = directory / name
        try:
            with path.open("rb") as file:
                found[name] = file.read(FOLDER_FILE_BYTES_MAX)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise of_system(error, path) from error
    return found
