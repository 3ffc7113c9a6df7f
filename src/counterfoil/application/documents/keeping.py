"""Keep a document, add a version, read it, erase it when it need not be kept any more. Every step stands in the trail.

The bytes are kept before the row that names them: a process that ends in between leaves bytes that nobody names, never
a row without its bytes.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from counterfoil.application.documents.inspection import inspected
from counterfoil.application.documents.ports import Document, DocumentRoom, ScanState, Version
from counterfoil.application.office import trail
from counterfoil.application.office.trail import date_of, day_of
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.document import (
    BASIS_MAX,
    Access,
    DocumentFault,
    access_refused,
    erasure_refused,
    may_read,
    name_refused,
    series_refused,
)
from counterfoil.domain.people.permission import Reach
from counterfoil.domain.people.standing import Standing

ABOUT_MAX: Final = 120


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that somebody brings. `check` is canonical JSON of what was found out about its signatures."""

    name: str
    data: bytes
    by: str
    check: str = ""


@dataclass(frozen=True, slots=True)
class Filing:
    """Where a new document belongs: its series, what it is about, who may read it, until when it must be kept."""

    series: str
    about: str
    access: Access
    retain_until: date | None = None


def keep(room: DocumentRoom, filing: Filing, brought: Brought, *, number: str = "") -> Document | Refusal:
    """Keep a new document under the next number of its series and year.

    Args:
        number: The number that the document bears already; `document.number_taken` where it is not the next one.

    Returns:
        The document, or the first refusal: of the series, the name, the access, the bytes, or the scan.

    Raises:
        Outage: `document.scan_failed`, or the store cannot be written; then nothing is kept.
    """
    refusal = series_refused(filing.series) or name_refused(brought.name) or access_refused(filing.access)
    version = refusal or _version(room, brought, 1)
    if isinstance(version, Refusal):
        return version
    year = date_of(day_of(version.made_ms)).year
    access = Access(filing.access.level, filing.access.parties, filing.access.basis.strip()[:BASIS_MAX])
    with room.office.store.change():
        place = room.documents.next_place(filing.series, year)
        made = Document(filing.series, year, place, filing.about[:ABOUT_MAX], access, filing.retain_until, (version,))
        if number and made.number != number:
            return Refusal(DocumentFault.NUMBER_TAKEN, {"number": number})
        room.documents.add(made)
        facts = {"sha256": version.sha256, "level": access.level.value, "scan": version.scan.value}
        trail.write(room.office, brought.by, "document.kept", made.number, facts)
    return made


def revise(room: DocumentRoom, number: str, brought: Brought) -> Document | Refusal:
    """Add a version; the former ones stay. The same bytes as the newest one are no version."""
    found = _standing(room, number)
    if isinstance(found, Refusal):
        return found
    version = name_refused(brought.name) or _version(room, brought, 0)
    if isinstance(version, Refusal):
        return version
    with room.office.store.change():
        # Asked again within the change: of two at once each gets a number of its own.
        found = _standing(room, number)
        if isinstance(found, Refusal):
            return found
        if found.newest.sha256 == version.sha256:
            return Refusal(DocumentFault.UNCHANGED, {"document": number})
        last = found.newest.version + 1
        room.documents.add_version(number, replace(version, version=last))
        trail.write(room.office, brought.by, "document.revised", number, {"sha256": version.sha256, "version": last})
    return shown(room, number, None, None)


def shown(room: DocumentRoom, number: str, standing: Standing | None, reach: Reach | None) -> Document | Refusal:
    """A document, to whom may read it; to others it is as unknown as one that never was."""
    found = room.documents.get(number)
    if found is None or not may_read(found.access, standing, reach):
        return Refusal(DocumentFault.UNKNOWN, {"document": number[:60]})
    return found


def content(
    room: DocumentRoom, number: str, standing: Standing | None, reach: Reach | None, *, version: int | None, by: str
) -> tuple[Version, bytes] | Refusal:
    """The bytes of a version, the newest where none is named. Reading what is confidential stands in the trail.

    Raises:
        Outage: the bytes are damaged or cannot be read.
    """
    found = shown(room, number, standing, reach)
    if isinstance(found, Refusal):
        return found
    wanted = found.newest.version if version is None else version
    one = next((each for each in found.versions if each.version == wanted), None)
    if one is None:
        return Refusal(DocumentFault.UNKNOWN, {"document": f"{number}@{wanted}"[:60]})
    if one.erased_ms is not None:
        return Refusal(DocumentFault.ERASED, {"document": number})
    data = room.content.get(one.sha256)
    if data is None:
        return Refusal(DocumentFault.UNKNOWN, {"document": number})
    if found.access.basis:
        with room.office.store.change():
            trail.write(room.office, by, "document.read", number, {"version": wanted})
    return one, data


def erase(room: DocumentRoom, number: str, *, by: str) -> Refusal | None:
    """Take the bytes and the names away; number, hashes and the trail stay. Refused while it must be kept."""
    found = _standing(room, number)
    if isinstance(found, Refusal):
        return found
    now = room.office.clock.now_ms()
    retained = [] if found.retain_until is None else [found.retain_until]
    refusal = erasure_refused(retained, date_of(day_of(now)))
    if refusal is not None:
        return refusal
    with room.office.store.change():
        room.documents.erase(number, now)
        trail.write(room.office, by, "document.erased", number)
    for each in found.versions:
        if not room.documents.in_use(each.sha256):
            room.content.remove(each.sha256)
    room.office.store.scrub()
    return None


def _standing(room: DocumentRoom, number: str) -> Document | Refusal:
    found = room.documents.get(number)
    if found is None:
        return Refusal(DocumentFault.UNKNOWN, {"document": number[:60]})
    if found.newest.erased_ms is not None:
        return Refusal(DocumentFault.ERASED, {"document": number})
    return found


def _version(room: DocumentRoom, brought: Brought, number: int) -> Version | Refusal:
    """Look at the bytes, scan them, keep them."""
    refusal = inspected(brought.data, brought.name)
    if refusal is not None:
        return refusal
    scan = ScanState.UNSCANNED if room.scanner is None else room.scanner.scan(brought.data)
    if scan is ScanState.FOUND:
        return Refusal(DocumentFault.SCAN_FOUND, {"name": brought.name})
    digest = room.content.put(brought.data)
    now = room.office.clock.now_ms()
    return Version(number, digest, brought.name, len(brought.data), scan, brought.check, brought.by, now)
