"""Check a whole backup before anything is written from it: every digest, the tree, the signature, the kept checkpoint.

This reads the backup once from end to end and keeps nothing of it. The rules of the ledger are checked afterwards, by
the fold that rebuilds the books (`rebuilding.py`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from counterfoil.application.backup.manifest import (
    CHECKPOINTS,
    COSIGNATURES,
    DIGEST_MEMBER,
    EVIDENCE_BYTES_MAX,
    FOLDER_FILE_BYTES_MAX,
    FOLDER_FILES,
    FORMAT_MEMBER,
    JOURNAL,
    KINDS,
    MANIFEST_BYTES_MAX,
    MANIFEST_MEMBER,
    OPENINGS,
    Archive,
    Manifest,
    RestoreFault,
    Unfit,
    damaged,
    evidence_name,
    folder_name,
    read_manifest,
    require_format,
)
from counterfoil.application.backup.parts import lines, member
from counterfoil.application.backup.taking import digest_line
from counterfoil.application.ports import Codec, CosignatureRow, OpeningRow, Verifier
from counterfoil.domain.ledger.checkpoint import Checkpoint, signed_checkpoint
from counterfoil.domain.ledger.key_history import read_key
from counterfoil.domain.ledger.merkle import Frontier, leaf_hash

_STEP: Final = 4_096
_FORMAT_BYTES_MAX: Final = 64
_EVIDENCE: Final = "evidence/"

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup whose manifest was read. What comes out of it is compared with the manifest each time it is read."""

    archive: Archive
    codec: Codec
    manifest: Manifest

    def leaves(self) -> Iterator[bytes]:
        return lines(self.archive, self.manifest, JOURNAL)

    def notes(self) -> Iterator[str]:
        return (str(self._decoded(line, CHECKPOINTS)) for line in lines(self.archive, self.manifest, CHECKPOINTS))

    def openings(self) -> Iterator[OpeningRow]:
        for line in lines(self.archive, self.manifest, OPENINGS):
            try:
                seq, field, salt, value = self._decoded(line, OPENINGS)
                row = OpeningRow(int(seq), str(field), bytes.fromhex(salt), str(value))
            except (TypeError, ValueError):
                raise damaged(OPENINGS) from None
            yield row

    def cosignatures(self) -> Iterator[CosignatureRow]:
        for line in lines(self.archive, self.manifest, COSIGNATURES):
            try:
                number, name, text = self._decoded(line, COSIGNATURES)
                row = CosignatureRow(int(number), str(name), str(text))
            except (TypeError, ValueError):
                raise damaged(COSIGNATURES) from None
            yield row

    def evidence(self) -> Iterator[tuple[str, bytes]]:
        """The digests of the evidence in rising order, with the bytes that have them."""
        for name in self.archive.names():
            if name.startswith(_EVIDENCE):
                digest = name.removeprefix(_EVIDENCE).replace("/", "")
                data = self.archive.read(name, bytes_max=EVIDENCE_BYTES_MAX)
                if sha256(data).hexdigest() != digest or name != evidence_name(digest):
                    raise damaged(name)
                yield digest, data

    def folder(self) -> Iterator[tuple[str, bytes]]:
        """The files of the registry's folder, by their names in it."""
        for name in FOLDER_FILES:
            for part in self.manifest.parts:
                if part.name == folder_name(name):
                    yield name, member(self.archive, part)

    def _decoded(self, line: bytes, kind: str) -> Any:
        try:
            return self.codec.decode(line)
        except ValueError:
            raise damaged(kind) from None


def opened(archive: Archive, codec: Codec) -> Backup:
    """Read what a backup says of itself.

    Raises:
        Unfit: it is no backup, one of a newer format, or does not hold the members that it names.
    """
    names = archive.names()
    if not names or names[0] != FORMAT_MEMBER:
        raise Unfit(RestoreFault.NOT_A_BACKUP)
    require_format(archive.read(FORMAT_MEMBER, bytes_max=_FORMAT_BYTES_MAX))
    data = archive.read(MANIFEST_MEMBER, bytes_max=MANIFEST_BYTES_MAX)
    if archive.read(DIGEST_MEMBER, bytes_max=_FORMAT_BYTES_MAX * 2) != digest_line(data):
        raise damaged(MANIFEST_MEMBER)
    try:
        value = codec.decode(data)
    except ValueError:
        raise damaged(MANIFEST_MEMBER) from None
    backup = Backup(archive, codec, read_manifest(data, value))
    _require_members(backup)
    return backup


def check(
    backup: Backup, *, verify: Verifier, kept: Checkpoint | None = None, progress: Progress = lambda _: None
) -> Checkpoint:
    """Read everything once, and give the checkpoint that it stands at.

    Args:
        kept: A checkpoint that somebody kept elsewhere; the tree must have its root at its size.

    Raises:
        Unfit: something is not what the manifest, the tree or the signature says.
        Outage: the file cannot be read.
    """
    checkpoint = _signed(backup.manifest, verify)
    if kept is not None and kept.size > checkpoint.size:
        raise Unfit(RestoreFault.CHECKPOINT_NEWER, entries=checkpoint.size, kept=kept.size)
    root = _root(backup, kept, progress)
    if (checkpoint.size, checkpoint.number) != (backup.manifest.entries, backup.manifest.checkpoints):
        raise damaged(MANIFEST_MEMBER)
    if checkpoint.root != root:
        raise damaged(JOURNAL)
    last = ""
    for note in backup.notes():
        last = note
    if last != backup.manifest.checkpoint:
        raise damaged(CHECKPOINTS)
    for rows in (backup.openings(), backup.cosignatures(), backup.folder()):
        for _ in rows:
            pass
    _check_evidence(backup)
    return checkpoint


def _signed(manifest: Manifest, verify: Verifier) -> Checkpoint:
    """The checkpoint of the manifest, signed by its key. Whose key that is, is not for the backup to say."""
    public_key = read_key(manifest.public_key)
    if public_key is None or read_key(manifest.next_key) is None:
        raise damaged(MANIFEST_MEMBER)
    checkpoint = signed_checkpoint(manifest.checkpoint, name=manifest.origin, public_key=public_key, verify=verify)
    if checkpoint is None:
        raise damaged("checkpoint")
    return checkpoint


def _root(backup: Backup, kept: Checkpoint | None, progress: Progress) -> bytes:
    """The tree's root, with a look at the root that it had when it was as large as the kept checkpoint."""
    frontier = Frontier()
    hashes: list[bytes] = []
    for leaf in backup.leaves():
        hashes.append(leaf_hash(leaf))
        at = frontier.size + len(hashes)
        if len(hashes) == _STEP or (kept is not None and at == kept.size):
            frontier, hashes = frontier.extended(hashes), []
            if kept is not None and at == kept.size and frontier.root() != kept.root:
                raise Unfit(RestoreFault.CHECKPOINT_DIFFERS, entries=kept.size)
            progress(at)
    return frontier.extended(hashes).root()


def _check_evidence(backup: Backup) -> None:
    digests = sha256()
    files = size = 0
    before = ""
    for digest, data in backup.evidence():
        if digest <= before:
            raise damaged(evidence_name(digest))
        digests.update(f"{digest}\n".encode())
        files, size, before = files + 1, size + len(data), digest
    kept = backup.manifest.evidence
    if (kept.files, kept.bytes, kept.sha256) != (files, size, digests.hexdigest()):
        raise damaged(_EVIDENCE.rstrip("/"))


def _require_members(backup: Backup) -> None:
    """Exactly the members that belong into a backup, each of bounded size, in their order."""
    parts = backup.manifest.parts
    files = {folder_name(name) for name in FOLDER_FILES}
    for part in parts:
        packed = part.name.partition("/")[0] in KINDS
        if not packed and (part.name not in files or part.bytes > FOLDER_FILE_BYTES_MAX or part.rows):
            raise damaged(part.name)
    named = [FORMAT_MEMBER, *(part.name for part in parts)]
    found = list(backup.archive.names())
    evidence = found[len(named) : -2]
    strange = next((name for name in evidence if not name.startswith(_EVIDENCE)), None)
    if strange is not None:
        raise damaged(strange)
    if found != [*named, *evidence, MANIFEST_MEMBER, DIGEST_MEMBER]:
        raise damaged(MANIFEST_MEMBER)
