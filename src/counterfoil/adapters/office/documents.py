"""The register of documents in the office's file, and their bytes in a folder that only its owner reads."""

import contextlib
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from counterfoil.adapters.evidence.files import FileEvidence
from counterfoil.adapters.office.file import OfficeFile
from counterfoil.adapters.storage_fault import of_system
from counterfoil.application.documents.ports import Document, ScanState, Version
from counterfoil.domain.people.document import Access, AccessLevel

_DOCUMENT: Final = "number, series, year, place, about, level, parties, basis, retain_until"
_VERSION: Final = "version, sha256, name, size, scan, signatures, by, made_ms, erased_ms"


class SqliteDocuments:
    """Every change stands inside the office's `change()`."""

    __slots__ = ("_file",)

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def next_place(self, series: str, year: int) -> int:
        sql = "SELECT coalesce(max(place), 0) + 1 FROM document WHERE series = ? AND year = ?"
        place: int = self._file.rows(sql, (series, year))[0][0]
        return place

    def add(self, document: Document) -> None:
        one, access = document, document.access
        until = None if one.retain_until is None else one.retain_until.isoformat()
        parties = json.dumps(sorted(access.parties))
        row = (one.number, one.series, one.year, one.place, one.about, access.level.value, parties, access.basis, until)
        self._file.run(f"INSERT INTO document ({_DOCUMENT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
        for version in one.versions:
            self.add_version(one.number, version)

    def add_version(self, number: str, version: Version) -> None:
        one = version
        row = (one.version, one.sha256, one.name, one.size, one.scan.value, one.check, one.by, one.made_ms)
        sql = f"INSERT INTO document_version (document, {_VERSION}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
        self._file.run(sql, (number, *row, one.erased_ms))

    def get(self, number: str) -> Document | None:
        rows = self._file.rows(f"SELECT {_DOCUMENT} FROM document WHERE number = ?", (number,))  # noqa: S608
        return self._document(rows[0]) if rows else None

    def listed(self, *, about: str, after: str, limit: int) -> Sequence[Document]:
        only = " AND about = :about" if about else ""
        sql = f"SELECT {_DOCUMENT} FROM document WHERE number > :after{only} ORDER BY number LIMIT :limit"  # noqa: S608
        return [self._document(row) for row in self._file.rows(sql, {"about": about, "after": after, "limit": limit})]

    def erase(self, number: str, at_ms: int) -> None:
        sql = "UPDATE document_version SET erased_ms = ?, name = '', signatures = '' WHERE document = ?"
        self._file.run(sql, (at_ms, number))

    def in_use(self, sha256: str) -> bool:
        sql = "SELECT 1 FROM document_version WHERE sha256 = ? AND erased_ms IS NULL LIMIT 1"
        return bool(self._file.rows(sql, (sha256,)))

    def _document(self, row: tuple[Any, ...]) -> Document:
        number, series, year, place, about, level, parties, basis, until = row
        sql = f"SELECT {_VERSION} FROM document_version WHERE document = ? ORDER BY version"  # noqa: S608
        versions = tuple(_version(each) for each in self._file.rows(sql, (number,)))
        access = Access(AccessLevel(level), frozenset(json.loads(parties)), basis)
        return Document(
            series, year, place, about, access, None if until is None else date.fromisoformat(until), versions
        )


class FileContent(FileEvidence):
    """Documents by hash. Unlike evidence they may be taken away, and are never part of a public export."""

    __slots__ = ("_folder",)

    def __init__(self, directory: Path) -> None:
        try:
            directory.mkdir(mode=0o700, exist_ok=True)
            directory.chmod(0o700)
        except OSError as error:
            raise of_system(error, directory) from error
        super().__init__(directory)
        self._folder = directory

    def remove(self, digest: str) -> None:
        path = self._folder / digest[:2] / digest[2:]
        try:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
        except OSError as error:
            raise of_system(error, path) from error


def _version(row: tuple[Any, ...]) -> Version:
    version, sha256, name, size, scan, signatures, by, made_ms, erased_ms = row
    return Version(version, sha256, name, size, ScanState(scan), signatures, by, made_ms, erased_ms)
