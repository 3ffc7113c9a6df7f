"""What is kept of a document, and the interfaces to its store and to the operator's scanner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from counterfoil.application.office.ports import Office
from counterfoil.application.ports import Evidence
from counterfoil.domain.people.document import Access, number_of


class ScanState(StrEnum):
    CLEAN = "clean"
    UNSCANNED = "unscanned"
    """No scanner is configured: whoever reads it is told."""
    FOUND = "found"


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a document. `check` is what was found out about its signatures, as canonical JSON, or empty."""

    version: int
    sha256: str
    name: str
    size: int
    scan: ScanState
    check: str
    by: str
    made_ms: int
    erased_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """`about` is what it belongs to, such as an activity; `retain_until` the day up to which it must be kept."""

    series: str
    year: int
    place: int
    about: str
    access: Access
    retain_until: date | None
    versions: tuple[Version, ...]

    @property
    def number(self) -> str:
        return number_of(self.series, self.year, self.place)

    @property
    def newest(self) -> Version:
        return self.versions[-1]


class Documents(Protocol):
    """The register of documents. Changes stand inside the office's `change()`."""

    def next_place(self, series: str, year: int) -> int:
        """One more than the last of a series in a year: numbers have no gap, because rows are never taken away."""
        ...

    def add(self, document: Document) -> None: ...
    def add_version(self, number: str, version: Version) -> None: ...
    def get(self, number: str) -> Document | None: ...
    def listed(self, *, about: str, after: str, limit: int) -> Sequence[Document]: ...
    def erase(self, number: str, at_ms: int) -> None:
        """Mark every version as erased, and forget names and checks."""
        ...

    def in_use(self, sha256: str) -> bool:
        """Whether a version that is not erased has these bytes."""
        ...


class Content(Evidence, Protocol):
    """Bytes by their SHA-256, that can be taken away."""

    def remove(self, digest: str) -> None: ...


class Scanner(Protocol):
    """The operator's own scanner."""

    def scan(self, data: bytes) -> ScanState:
        """What it says of the bytes.

        Raises:
            Outage: `document.scan_failed`: it did not answer as it should, or not in time.
        """
        ...


@dataclass(frozen=True, slots=True)
class DocumentRoom:
    """All that keeping documents works with; without a scanner what comes is kept as unscanned."""

    office: Office
    documents: Documents
    content: Content
    scanner: Scanner | None = None
