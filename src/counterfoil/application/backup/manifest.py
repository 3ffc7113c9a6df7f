"""What a backup says of itself: its manifest, the names of its members, and why one is refused.

The manifest is the last member but one; the last is its SHA-256. It gives the size and SHA-256 of every part, so that
no byte of a backup can change unnoticed. What it cannot prove by itself is that its key is the registry's: that takes
the key, or a checkpoint, from elsewhere.
Source: ADR-0017.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final, Protocol

from counterfoil.domain.kernel.canonical import canonical
from counterfoil.domain.kernel.record import from_json, to_json
from counterfoil.domain.kernel.refusal import Refusal

FORMAT: Final = 1
FORMAT_MEMBER: Final = "format"
MANIFEST_MEMBER: Final = "manifest.json"
DIGEST_MEMBER: Final = "manifest.json.sha256"
MANIFEST_BYTES_MAX: Final = 64 * 1024 * 1024
EVIDENCE_BYTES_MAX: Final = 64 * 1024 * 1024
FOLDER_FILE_BYTES_MAX: Final = 64 * 1024 * 1024

JOURNAL: Final = "journal"
CHECKPOINTS: Final = "checkpoints"
OPENINGS: Final = "openings"
COSIGNATURES: Final = "cosignatures"
KINDS: Final = (JOURNAL, CHECKPOINTS, OPENINGS, COSIGNATURES)
"""What is carried row by row. Everything else in a store is a fold of the journal, and is rebuilt."""

FOLDER_FILES: Final = ("imports.ndjson",)
"""Files of a registry's folder that a backup carries. Never a key, a token or where an engine stands."""


class BackupFault(StrEnum):
    EXISTS = "backup.exists"
    UNSOUND = "backup.unsound"
    NO_OFFICE = "backup.no_office"


class RestoreFault(StrEnum):
    NOT_A_BACKUP = "restore.not_a_backup"
    NEWER_FORMAT = "restore.newer_format"
    DAMAGED = "restore.damaged"
    FOLDER_NOT_EMPTY = "restore.folder_not_empty"
    OTHER_BACKUP = "restore.other_backup"
    STORE_DIFFERS = "restore.store_differs"
    WRONG_KEY = "restore.wrong_key"
    CHECKPOINT_UNREADABLE = "restore.checkpoint_unreadable"
    CHECKPOINT_DIFFERS = "restore.checkpoint_differs"
    CHECKPOINT_NEWER = "restore.checkpoint_newer"
    OFFICE_OF_ANOTHER = "restore.office_of_another"


class Unfit(Exception):
    """A refusal from deep inside a backup, with its facts."""

    def __init__(self, code: StrEnum, **facts: str | int) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, facts)


def damaged(where: str) -> Unfit:
    """The backup does not hold what it says, in the member or place `where`."""
    return Unfit(RestoreFault.DAMAGED, where=where[:120])


class NewArchive(Protocol):
    """A backup that is being written."""

    def add(self, name: str, data: bytes) -> None: ...


class Archive(Protocol):
    """A backup's members, by name, in the order in which they stand."""

    def names(self) -> Sequence[str]: ...

    def size(self, name: str) -> int: ...

    def read(self, name: str, *, bytes_max: int) -> bytes:
        """The bytes of a member.

        Raises:
            Unfit: there is none of this name, or it is larger.
        """
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """One member: its name, size in bytes, SHA-256 in hex, and how many rows it holds; a file holds none."""

    name: str
    bytes: int
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the store that is not carried: how many rows it had, and the SHA-256 over them, to compare with."""

    name: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class EvidenceKept:
    """The evidence: files, their bytes, the SHA-256 over their sorted digests, and which were damaged already."""

    files: int
    bytes: int
    sha256: str
    damaged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that a backup says of itself.

    `checkpoint` is the signed note of its moment, as it stood, and `public_key` the key that signed it. `next_key`
    signs what comes next: the same, unless the last entry named a new one. Both are public halves, in base64.
    """

    format: int
    program: str
    taken_at: str
    registry: str
    party: str
    name: str
    origin: str
    public_key: str
    next_key: str
    checkpoint: str
    entries: int
    checkpoints: int
    openings: int
    cosignatures: int
    parts: tuple[Part, ...]
    tables: tuple[Table, ...]
    evidence: EvidenceKept

    def data(self) -> bytes:
        return canonical(to_json(self)) + b"\n"

    def parts_of(self, kind: str) -> Iterator[Part]:
        return (part for part in self.parts if part.name.startswith(f"{kind}/"))

    def rows_of(self, kind: str) -> int:
        return {
            JOURNAL: self.entries,
            CHECKPOINTS: self.checkpoints,
            OPENINGS: self.openings,
            COSIGNATURES: self.cosignatures,
        }[kind]


def format_line() -> bytes:
    """The first member's content: what the file is, for a reader who has nothing else."""
    return f"counterfoil-backup/{FORMAT}\n".encode()


def part_name(kind: str, number: int) -> str:
    return f"{kind}/{number:08d}.ndjson.gz"


def evidence_name(digest: str) -> str:
    return f"evidence/{digest[:2]}/{digest[2:]}"


def folder_name(name: str) -> str:
    return f"folder/{name}"


def require_format(data: bytes) -> None:
    """Accept this format only.

    Raises:
        Unfit: `restore.newer_format`, or `restore.not_a_backup`.
    """
    if data == format_line():
        return
    name, _, number = data.decode("ascii", "replace").strip().partition("/")
    if name == "counterfoil-backup" and number.isdecimal() and len(number) < 9 and int(number) > FORMAT:
        raise Unfit(RestoreFault.NEWER_FORMAT, format=int(number), format_max=FORMAT)
    raise Unfit(RestoreFault.NOT_A_BACKUP)


def read_manifest(data: bytes, value: Any) -> Manifest:
    """The manifest in a member's bytes; `value` is their JSON.

    Raises:
        Unfit: it is not one, in its one spelling and with consistent counts.
    """
    try:
        manifest = from_json(Manifest, value)
        same = manifest.data() == data and _well_typed(manifest)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise damaged(MANIFEST_MEMBER) from None
    counts = {kind: sum(part.rows for part in manifest.parts_of(kind)) for kind in KINDS}
    if not same or any(counts[kind] != manifest.rows_of(kind) for kind in KINDS):
        raise damaged(MANIFEST_MEMBER)
    return manifest


def _well_typed(manifest: Manifest) -> bool:
    """Whether every field is of its kind: the reader of records takes plain values as they come."""
    records: tuple[Manifest | EvidenceKept | Part | Table, ...]
    records = (manifest, manifest.evidence, *manifest.parts, *manifest.tables)
    plain = [(getattr(record, field.name), field.type) for record in records for field in fields(record)]
    texts = all(type(value) is str for value, kind in plain if kind is str)
    counts = all(type(value) is int and value >= 0 for value, kind in plain if kind is int)
    return texts and counts and all(type(digest) is str for digest in manifest.evidence.damaged)


def by_name(tables: Sequence[Table]) -> Mapping[str, Table]:
    return {table.name: table for table in tables}
