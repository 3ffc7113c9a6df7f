"""What a submission package says about itself: the list of a report's files, and the statement that is signed.

The content's canonical JSON lists every file with its SHA-256; its own SHA-256 is what the journal holds. The manifest
adds the proof that the journal holds it. The registry's key signs a short statement that names the manifest by hash.
The statement begins with a line that no checkpoint has, so that neither signature can stand for the other.

Source: rulebook 6; requirement R-A62-21; ADR-0022.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import DIGEST, PARTY
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.filing import ReportKind, approaches_fit, filing_key, is_version, year_fits

CONTENT: Final = "counterfoil-report/1"
PACKAGE: Final = "counterfoil-submission/1"
FILES_MAX: Final = 64
FILE_BYTES_MAX: Final = 64 * 1024 * 1024
PACKAGE_BYTES_MAX: Final = 256 * 1024 * 1024
"""All files of a package together."""
_NAME: Final = re.compile(r"(?![.])[\w .()+-]{1,120}\Z")
_CONTENT_MEMBERS: Final = frozenset(("format", "kind", "party", "year", "approaches", "version", "main", "files"))
_MANIFEST_MEMBERS: Final = frozenset(("format", "registry", "origin", "content", "content_sha256", "proof"))


class PackageFault(StrEnum):
    UNREADABLE = "package.unreadable"
    NAME_UNFIT = "package.name_unfit"
    FILES_UNCLEAR = "package.files_unclear"
    TOO_LARGE = "package.too_large"
    KEY_UNREADABLE = "package.key_unreadable"
    NOT_SIGNED = "package.not_signed"
    FILE_DIFFERS = "package.file_differs"
    NOT_PROVEN = "package.not_proven"


@dataclass(frozen=True, slots=True)
class PackageFile:
    """One file of a report: its name, SHA-256 in hex and size in bytes."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A report as it was filed. `main` names the file that machines read: the AEF itself, or the report's JSON."""

    kind: ReportKind
    party: str
    year: int | None
    approaches: tuple[str, ...]
    version: str
    main: str
    files: tuple[PackageFile, ...]

    @property
    def key(self) -> str:
        """The series of versions that it belongs to."""
        return filing_key(self.kind, self.party, year=self.year, approaches=self.approaches)

    def json(self) -> dict[str, JSON]:
        return {
            "format": CONTENT,
            "kind": self.kind.value,
            "party": self.party,
            "year": self.year,
            "approaches": list(self.approaches),
            "version": self.version,
            "main": self.main,
            "files": [{"name": each.name, "sha256": each.sha256, "bytes": each.bytes} for each in self.files],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A content with the registry that filed it and the proof of the entry that says so (`application/proving.py`)."""

    registry: str
    origin: str
    content: Content
    content_sha256: str
    proof: Mapping[str, Any]

    def json(self) -> dict[str, Any]:
        return {
            "format": PACKAGE,
            "registry": self.registry,
            "origin": self.origin,
            "content": self.content.json(),
            "content_sha256": self.content_sha256,
            "proof": dict(self.proof),
        }


def statement(*, origin: str, key: str, version: str, manifest_sha256: str) -> str:
    """The text that the registry's key signs, up to and with its last newline."""
    return f"{PACKAGE}\n{origin}\n{key} {version}\n{manifest_sha256}\n"


def content_fault(content: Content) -> Refusal | None:
    """Why a content cannot be filed: a name that no file system keeps alike, no file, or the main file is not there."""
    names = [each.name for each in content.files]
    unfit = next((name for name in names if not is_file_name(name)), None)
    if unfit is not None:
        return Refusal(PackageFault.NAME_UNFIT, {"file": unfit[:80]})
    distinct = len({name.casefold() for name in names}) == len(names)
    if not 0 < len(names) <= FILES_MAX or not distinct or content.main not in names:
        return Refusal(PackageFault.FILES_UNCLEAR, {"main": content.main[:80], "files_max": FILES_MAX})
    if sum(each.bytes for each in content.files) > PACKAGE_BYTES_MAX:
        return Refusal(PackageFault.TOO_LARGE, {"mib_max": PACKAGE_BYTES_MAX // 1024 // 1024})
    return None


def is_file_name(name: str) -> bool:
    """Whether a name can stand in a package: letters, digits, spaces and `._()+-`, not hidden, no path."""
    return _NAME.match(name) is not None and name == name.strip() and not name.endswith(".")


def read_content(value: Any) -> Content | Refusal:
    """The content in parsed JSON. Its own JSON must be the same again: nothing may be there that nobody reads."""
    try:
        if value["format"] != CONTENT or set(value) != _CONTENT_MEMBERS:
            return _unreadable("content")
        content = Content(
            kind=ReportKind(value["kind"]),
            party=str(value["party"]),
            year=value["year"],
            approaches=tuple(map(str, value["approaches"])),
            version=str(value["version"]),
            main=str(value["main"]),
            files=tuple(_file(each) for each in value["files"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return _unreadable("content")
    sound = (
        PARTY.match(content.party)
        and is_version(content.version)
        and (content.year is None or type(content.year) is int)
        and year_fits(content.kind, content.year)
        and approaches_fit(content.kind, content.approaches)
        and content.json() == value
    )
    return (content_fault(content) or content) if sound else _unreadable("content")


def _file(value: Mapping[str, Any]) -> PackageFile:
    found = PackageFile(str(value["name"]), str(value["sha256"]), value["bytes"])
    if not DIGEST.match(found.sha256) or type(found.bytes) is not int or not 0 <= found.bytes <= FILE_BYTES_MAX:
        raise ValueError(found.name)
    return found


def read_manifest(value: Any) -> Manifest | Refusal:
    """The manifest in parsed JSON; the proof is read by who checks it."""
    try:
        if value["format"] != PACKAGE or set(value) != _MANIFEST_MEMBERS or not isinstance(value["proof"], Mapping):
            return _unreadable("manifest")
        content = read_content(value["content"])
        if isinstance(content, Refusal):
            return content
        found = Manifest(
            registry=str(value["registry"]),
            origin=str(value["origin"]),
            content=content,
            content_sha256=str(value["content_sha256"]),
            proof=value["proof"],
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return _unreadable("manifest")
    return found if found.json() == value else _unreadable("manifest")


def differing(content: Content, found: Mapping[str, tuple[str, int]]) -> str | None:
    """The first file whose SHA-256 or size is not as listed, or that is missing or too much; None when all fit."""
    listed = {each.name: (each.sha256, each.bytes) for each in content.files}
    return next((name for name in sorted({*listed, *found}) if listed.get(name) != found.get(name)), None)


def filed_here(records: Sequence[Sequence[Any]], content: Content, sha256: str) -> bool:
    """Whether the records of an entry say that exactly this content was filed."""
    wanted = ("report_version", f"{content.key}:{content.version}")
    return any(
        (kind, key) == wanted and isinstance(value, Mapping) and value.get("sha256") == sha256
        for kind, key, value in records
    )


def _unreadable(part: str) -> Refusal:
    return Refusal(PackageFault.UNREADABLE, {"part": part})
