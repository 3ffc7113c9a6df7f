"""The room of a registry's documents, wired from its office, its folder, and `documents.toml` with the scanner."""

import tomllib
from pathlib import Path
from typing import Any, Final

from counterfoil.adapters.office.documents import FileContent, SqliteDocuments
from counterfoil.adapters.office.store import SqliteOffice
from counterfoil.application.documents.ports import Document, DocumentRoom, Scanner, Version
from counterfoil.application.office.ports import Office
from counterfoil.application.ports import Outage
from counterfoil.domain.people.document import DocumentFault

FOLDER: Final = "documents"
FILE: Final = "documents.toml"
SECONDS: Final = 30
_BYTES_MAX: Final = 64 * 1024


def document_room(office: Office) -> DocumentRoom:
    """The room of an open office; its bytes lie in the folder of the office's file.

    Raises:
        Outage: `document.settings_unreadable`, or the folder cannot be used.
    """
    assert isinstance(office.store, SqliteOffice)
    file = office.store.file
    folder = file.path.parent
    return DocumentRoom(office, SqliteDocuments(file), FileContent(folder / FOLDER), _scanner(folder / FILE))


def shown(document: Document) -> dict[str, Any]:
    """A document as JSON."""
    return {
        "number": document.number,
        "about": document.about,
        "level": document.access.level.value,
        "parties": sorted(document.access.parties),
        "basis": document.access.basis,
        "retain_until": None if document.retain_until is None else document.retain_until.isoformat(),
        "versions": [_version(each) for each in document.versions],
    }


def _version(version: Version) -> dict[str, Any]:
    import json

    return {
        "version": version.version,
        "sha256": version.sha256,
        "name": version.name,
        "bytes": version.size,
        "scan": version.scan.value,
        "signatures": json.loads(version.check) if version.check else None,
        "by": version.by,
        "made_ms": version.made_ms,
        "erased_ms": version.erased_ms,
    }


def _scanner(path: Path) -> Scanner | None:
    from counterfoil.adapters.documents.scanner import SECONDS_MAX, CommandScanner

    try:
        with path.open("rb") as file:
            raw = tomllib.loads(file.read(_BYTES_MAX).decode("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise _wrong(path, str(error)) from error
    scan = raw.get("scan")
    if set(raw) != {"scan"} or not isinstance(scan, dict) or set(scan) - {"command", "seconds"}:
        raise _wrong(path, "one table, scan, with command and seconds")
    command, seconds = scan.get("command"), scan.get("seconds", SECONDS)
    if not isinstance(command, list) or not command or not all(isinstance(each, str) and each for each in command):
        raise _wrong(path, "scan.command is no list of a program and its arguments")
    if not isinstance(seconds, int) or not 1 <= seconds <= SECONDS_MAX or not command[0].startswith("/"):
        raise _wrong(path, f"scan.command begins with a full path, and scan.seconds is from 1 to {SECONDS_MAX}")
    return CommandScanner(tuple(command), seconds)


def _wrong(path: Path, detail: str) -> Outage:
    return Outage(DocumentFault.SETTINGS_UNREADABLE, {"path": str(path), "detail": detail[:200]})
