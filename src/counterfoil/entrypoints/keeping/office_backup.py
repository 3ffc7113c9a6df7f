"""The office in a file of its own: what a registry knows of people, and its documents. Never part of a plain backup.

The file holds the secrets of one-time codes, so only its owner may read it. It is taken before the journal's backup:
an act that came in between is found in the journal when its proposal is looked at. Source: ADR-0026, ADR-0017.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from counterfoil.adapters.archive import ArchiveFile, NewArchiveFile
from counterfoil.adapters.durable import replaced
from counterfoil.adapters.office.copying import copied, whole
from counterfoil.adapters.office.documents import FileContent
from counterfoil.adapters.storage_fault import of_system
from counterfoil.application.backup.manifest import FORMAT, BackupFault, Manifest, RestoreFault, Unfit, damaged
from counterfoil.application.office import trail
from counterfoil.application.office.ports import Office
from counterfoil.domain.kernel.canonical import canonical
from counterfoil.entrypoints.document_room import FOLDER as DOCUMENTS
from counterfoil.entrypoints.keeping.stored_digests import digests
from counterfoil.entrypoints.office_at_hand import FILE, OfficeAtHand

SUFFIX: Final = ".office.tar"
INDEX: Final = "office.json"
_PART_BYTES: Final = 32 * 1024 * 1024
_PARTS_MAX: Final = 10_000
_INDEX_BYTES_MAX: Final = 64 * 1024
_DOCUMENT_BYTES_MAX: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class OfficeIndex:
    """What the file says of itself: whose office it is, of when (UTC), and the SHA-256 over the database's bytes."""

    format: int
    origin: str
    taken_at: str
    parts: int
    sha256: str
    documents: int


@dataclass(frozen=True, slots=True)
class OfficeKept:
    """An office that was kept or restored: rows of its trail, the last digest, and the first broken row if any."""

    path: Path
    rows: int
    digest: str
    documents: int
    broken: int | None

    def json(self) -> dict[str, Any]:
        return {**asdict(self), "path": str(self.path)}


def back_up_office(directory: Path, path: Path, *, origin: str, taken_at: str) -> OfficeKept:
    """Write the office of a registry's folder to a new file.

    Raises:
        Unfit: there is no office, or something is at the path.
        Outage: the office cannot be read, or the file not written.
    """
    if not (directory / FILE).exists():
        raise Unfit(BackupFault.NO_OFFICE, folder=str(directory))
    with NewArchiveFile(path) as archive, tempfile.TemporaryDirectory(prefix=".office-", dir=path.parent) as place:
        copy = Path(place) / FILE
        copied(directory / FILE, copy)
        hashed, parts = sha256(), 0
        for parts, part in enumerate(_parts(copy), 1):
            hashed.update(part)
            archive.add(_part(parts), part)
        documents = _add_documents(archive, directory)
        index = OfficeIndex(FORMAT, origin, taken_at, parts, hashed.hexdigest(), documents)
        # Last, because it counts what comes before; a file without it is no whole one.
        archive.add(INDEX, canonical(asdict(index)))
        archive.finish()
        return _looked_at(Path(place), path, documents)


class OfficeArchive:
    """An office's file that is read. Use it in `with`."""

    def __init__(self, path: Path) -> None:
        """Open it and read what it says of itself.

        Raises:
            Unfit: it is no such file, or damaged.
            Outage: it cannot be read.
        """
        self._archive = ArchiveFile(path)
        try:
            self.index = _index(self._archive)
        except BaseException:
            self._archive.__exit__()
            raise

    def require_of(self, manifest: Manifest) -> None:
        """Refuse the office of another registry, with `restore.office_of_another`."""
        if self.index.origin != manifest.origin:
            raise Unfit(RestoreFault.OFFICE_OF_ANOTHER, office=self.index.origin, origin=manifest.origin)

    def check(self) -> None:
        """Read everything once: every digest must be what is said."""
        hashed = sha256()
        for part in self._parts():
            hashed.update(part)
        if hashed.hexdigest() != self.index.sha256:
            raise damaged(FILE)
        if sum(1 for _ in self._documents()) != self.index.documents:
            raise damaged(DOCUMENTS)

    def restore(self, directory: Path) -> OfficeKept:
        """Put the office and its documents into a folder, and say so in the trail."""
        documents = FileContent(directory / DOCUMENTS)
        for data in self._documents():
            documents.put(data)
        target = directory / FILE
        with replaced(target) as draft:
            _write(draft, self._parts())
            if not whole(draft):
                raise damaged(FILE)
            # What an attempt that was killed left beside the file would be read into the new one.
            for left in ("-wal", "-shm"):
                target.with_name(f"{FILE}{left}").unlink(missing_ok=True)
        kept = _looked_at(directory, target, self.index.documents)
        _noted(directory, {"rows": kept.rows, "taken_at": self.index.taken_at})
        return kept

    def __enter__(self) -> "OfficeArchive":
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.__exit__()

    def _parts(self) -> Iterator[bytes]:
        for number in range(1, self.index.parts + 1):
            yield self._archive.read(_part(number), bytes_max=_PART_BYTES)

    def _documents(self) -> Iterator[bytes]:
        for name in self._archive.names():
            if name.startswith(f"{DOCUMENTS}/"):
                data = self._archive.read(name, bytes_max=_DOCUMENT_BYTES_MAX)
                if sha256(data).hexdigest() != name.removeprefix(f"{DOCUMENTS}/"):
                    raise damaged(name)
                yield data


def beside(backup: Path) -> Path:
    """The name of the office's file that belongs to a backup's."""
    stem = backup.name.removesuffix(".tar").removesuffix(".backup")
    return backup.with_name(f"{stem}{SUFFIX}")


def _part(number: int) -> str:
    return f"{FILE}/{number:05}"


def _parts(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while part := file.read(_PART_BYTES):
                yield part
    except OSError as error:
        raise of_system(error, path) from error


def _add_documents(archive: NewArchiveFile, directory: Path) -> int:
    """Documents whose bytes are damaged are left out, as damaged evidence is: `document` says which they are."""
    place, count = directory / DOCUMENTS, 0
    for digest in digests(place):
        path = place / digest[:2] / digest[2:]
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            continue  # erased meanwhile
        except OSError as error:
            raise of_system(error, path) from error
        if sha256(data).hexdigest() == digest:
            archive.add(f"{DOCUMENTS}/{digest}", data)
            count += 1
    return count


def _index(archive: ArchiveFile) -> OfficeIndex:
    try:
        index = OfficeIndex(**json.loads(archive.read(INDEX, bytes_max=_INDEX_BYTES_MAX)))
    except (ValueError, TypeError) as error:
        raise damaged(INDEX) from error
    if not isinstance(index.format, int) or not isinstance(index.parts, int) or not 1 <= index.parts <= _PARTS_MAX:
        raise damaged(INDEX)
    if index.format > FORMAT:
        raise Unfit(RestoreFault.NEWER_FORMAT, format=index.format, format_max=FORMAT)
    return index


def _write(path: Path, parts: Iterator[bytes]) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(file, "wb") as draft:
        for part in parts:
            draft.write(part)
        draft.flush()
        os.fsync(draft.fileno())


def _looked_at(directory: Path, path: Path, documents: int) -> OfficeKept:
    """The trail of the office in a folder."""
    at_hand = OfficeAtHand(directory)
    try:
        store = _opened(at_hand).store
        last = store.trail.last()
        digest = "" if last is None else last.digest.hex()
        return OfficeKept(path, 0 if last is None else last.number, digest, documents, trail.broken_row(store))
    finally:
        at_hand.close()


def _noted(directory: Path, facts: dict[str, int | str]) -> None:
    at_hand = OfficeAtHand(directory)
    try:
        office = _opened(at_hand)
        with office.store.change():
            trail.write(office, "local", "office.restored", facts=facts)
    finally:
        at_hand.close()


def _opened(at_hand: OfficeAtHand) -> Office:
    office = at_hand.office(create=True)
    assert office is not None
    return office
