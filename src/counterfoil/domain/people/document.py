"""Documents that a registry keeps: what each is called, who may read it, and how long it must be kept.

Source: requirement R-GOV-03; ADR-0026.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.permission import Reach
from counterfoil.domain.people.standing import Standing

NAME_MAX: Final = 120
BASIS_MAX: Final = 300
_SERIES: Final = re.compile(r"[A-Z][A-Z0-9]{0,11}\Z")
_NUMBER: Final = re.compile(r"[A-Z][A-Z0-9]{0,11}-[0-9]{4}-[0-9]{4,9}\Z", re.ASCII)
_DEVICES: Final = re.compile(r"(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|\Z)")
_FORBIDDEN: Final = frozenset('/\\:*?"<>|')


class DocumentFault(StrEnum):
    UNKNOWN = "document.unknown"
    NAME_UNREADABLE = "document.name_unreadable"
    SERIES_UNREADABLE = "document.series_unreadable"
    BASIS_MISSING = "document.basis_missing"
    PARTIES_MISSING = "document.parties_missing"
    EMPTY = "document.empty"
    TOO_LARGE = "document.too_large"
    ARCHIVE_UNSAFE = "document.archive_unsafe"
    SCAN_FOUND = "document.scan_found"
    SCAN_FAILED = "document.scan_failed"
    MUST_BE_KEPT = "document.must_be_kept"
    ERASED = "document.erased"
    SETTINGS_UNREADABLE = "document.settings_unreadable"
    UNCHANGED = "document.unchanged"
    FILE_EXISTS = "document.file_exists"
    NUMBER_TAKEN = "document.number_taken"


class AccessLevel(StrEnum):
    """Who may read: everybody who is signed in, the organisations it is about, or only those whose reach is any."""

    PUBLIC = "public"
    PARTIES = "parties"
    CONFIDENTIAL = "confidential"


@dataclass(frozen=True, slots=True)
class Access:
    """`basis` is the provision or agreement by which a document is confidential."""

    level: AccessLevel
    parties: frozenset[str] = frozenset()
    basis: str = ""


def number_of(series: str, year: int, place: int) -> str:
    """A document's number: its series, the year, and its place in both, which has no gaps.

    >>> number_of("LOA", 2026, 7)
    'LOA-2026-0007'
    """
    return f"{series}-{year:04d}-{place:04d}"


def is_number(text: str) -> bool:
    """Whether a text has the form of a document's number."""
    return _NUMBER.match(text) is not None


def series_refused(series: str) -> Refusal | None:
    """Refuses what is no series: `document.series_unreadable`."""
    return None if _SERIES.match(series) else Refusal(DocumentFault.SERIES_UNREADABLE, {"series": series[:20]})


def name_refused(name: str) -> Refusal | None:
    """Refuses a file name with a path, a control or direction character, or one that some system treats as a device."""
    plain = name.strip() == name and not name.startswith(".") and not name.endswith(".")
    harmless = all(char.isprintable() and char not in _FORBIDDEN for char in name)
    if plain and harmless and 1 <= len(name) <= NAME_MAX and not _DEVICES.match(name):
        return None
    shown = "".join(char if char.isprintable() else "?" for char in name)[:60]
    return Refusal(DocumentFault.NAME_UNREADABLE, {"name": shown, "name_max": NAME_MAX})


def access_refused(access: Access) -> Refusal | None:
    """Refuses an access without its ground: `document.basis_missing`, `document.parties_missing`."""
    if access.level is AccessLevel.CONFIDENTIAL and not access.basis.strip():
        return Refusal(DocumentFault.BASIS_MISSING)
    if access.level is AccessLevel.PARTIES and not access.parties:
        return Refusal(DocumentFault.PARTIES_MISSING)
    return None


def may_read(access: Access, standing: Standing | None, reach: Reach | None) -> bool:
    """Whether somebody may read a document.

    Args:
        standing: None is the folder's owner, who has the files anyway.
        reach: How far the standing's roles reach by the permission table.
    """
    if standing is None or reach is Reach.ANY:
        return True
    if access.level is AccessLevel.PUBLIC:
        return reach is not None
    own = bool(standing.organisation) and standing.organisation in access.parties
    return access.level is AccessLevel.PARTIES and reach is not None and own


def erasure_refused(retained: Collection[date], on: date) -> Refusal | None:
    """Refuses to erase before the last day until which it must be kept has passed: `document.must_be_kept`, with it."""
    last = max(retained, default=None)
    if last is None or on > last:
        return None
    return Refusal(DocumentFault.MUST_BE_KEPT, {"until": last.isoformat()})
