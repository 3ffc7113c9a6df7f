"""Take a backup: one snapshot of a registry, streamed into an archive, with its tree checked against its checkpoint.

It needs no lock and no key. What it reads is one committed moment, so it holds whole batches only.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from counterfoil.application.backup.manifest import (
    CHECKPOINTS,
    COSIGNATURES,
    DIGEST_MEMBER,
    FORMAT,
    FORMAT_MEMBER,
    JOURNAL,
    MANIFEST_MEMBER,
    OPENINGS,
    BackupFault,
    EvidenceKept,
    Manifest,
    NewArchive,
    Part,
    Unfit,
    evidence_name,
    folder_name,
    format_line,
)
from counterfoil.application.backup.parts import Packing, part_of, table_digests
from counterfoil.application.command import Registry
from counterfoil.application.ports import CheckpointRow, Codec, Outage, OutageFault, Reading
from counterfoil.domain.ledger.checkpoint import read_checkpoint
from counterfoil.domain.ledger.key_history import KeyHistory, key_text
from counterfoil.domain.ledger.merkle import Frontier, leaf_hash
from counterfoil.domain.ledger.note import read_note

_STEP: Final = 4_096

Progress = Callable[[int], None]
Evidence = Iterable[tuple[str, bytes | None]]
"""Digests in rising order with their bytes; None for a file that is not what its name says."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is backed up, and what says so: the registry, its keys, and the program that does it."""

    reading: Reading
    codec: Codec
    registry: Registry
    keys: KeyHistory
    program: str
    taken_at: str
    evidence: Evidence
    folder: Mapping[str, bytes]


def take(source: Source, archive: NewArchive, *, progress: Progress = lambda _: None) -> Manifest:
    """Write everything into an archive; ending it is the caller's.

    Raises:
        Unfit: `backup.unsound`, when the journal does not give the root that was signed.
        Outage: the store cannot be read, or the archive not written.
    """
    last = source.reading.last_checkpoint()
    if last is None:
        raise Outage(OutageFault.NOT_FOUNDED, {"folder": ""})
    archive.add(FORMAT_MEMBER, format_line())
    kinds = (
        _journal(source, archive, last, progress),
        _checkpoints(source, archive),
        _openings(source, archive),
        _cosignatures(source, archive),
    )
    parts = [part for packing in kinds for part in packing.parts]
    parts += [_file(archive, folder_name(name), data) for name, data in sorted(source.folder.items())]
    manifest = Manifest(
        format=FORMAT,
        program=source.program,
        taken_at=source.taken_at,
        registry=source.registry.registry,
        party=source.registry.party,
        name=source.registry.name,
        origin=source.registry.origin,
        public_key=key_text(source.keys.at(last.size)),
        next_key=key_text(source.keys.current),
        checkpoint=last.note,
        entries=kinds[0].rows,
        checkpoints=kinds[1].rows,
        openings=kinds[2].rows,
        cosignatures=kinds[3].rows,
        parts=tuple(parts),
        tables=table_digests(source.reading, source.codec),
        evidence=_evidence(source.evidence, archive),
    )
    data = manifest.data()
    archive.add(MANIFEST_MEMBER, data)
    archive.add(DIGEST_MEMBER, digest_line(data))
    return manifest


def digest_line(data: bytes) -> bytes:
    """The last member's content, as `sha256sum --check` reads it."""
    return f"{sha256(data).hexdigest()}  {MANIFEST_MEMBER}\n".encode()


def _journal(source: Source, archive: NewArchive, last: CheckpointRow, progress: Progress) -> Packing:
    packing = Packing(archive, JOURNAL)
    frontier = Frontier()
    hashes: list[bytes] = []
    for row in source.reading.journal():
        if row.seq != packing.rows or leaf_hash(row.leaf) != row.leaf_hash or b"\n" in row.leaf:
            raise Unfit(BackupFault.UNSOUND, entry=packing.rows)
        packing.add(row.leaf)
        hashes.append(row.leaf_hash)
        if len(hashes) == _STEP:
            frontier, hashes = frontier.extended(hashes), []
            progress(packing.rows)
    packing.close()
    frontier = frontier.extended(hashes)
    note = read_note(last.note)
    checkpoint = None if note is None else read_checkpoint(note.text)
    if checkpoint is None or (checkpoint.size, checkpoint.root) != (frontier.size, frontier.root()):
        raise Unfit(BackupFault.UNSOUND, entry=frontier.size)
    return packing


def _checkpoints(source: Source, archive: NewArchive) -> Packing:
    packing = Packing(archive, CHECKPOINTS)
    for row in source.reading.checkpoints():
        packing.add(source.codec.encode(row.note))
    packing.close()
    return packing


def _openings(source: Source, archive: NewArchive) -> Packing:
    packing = Packing(archive, OPENINGS)
    for row in source.reading.openings():
        packing.add(source.codec.encode([row.seq, row.field, row.salt.hex(), row.value]))
    packing.close()
    return packing


def _cosignatures(source: Source, archive: NewArchive) -> Packing:
    packing = Packing(archive, COSIGNATURES)
    for row in source.reading.cosignatures():
        packing.add(source.codec.encode([row.number, row.name, row.line]))
    packing.close()
    return packing


def _file(archive: NewArchive, name: str, data: bytes) -> Part:
    archive.add(name, data)
    return part_of(name, data)


def _evidence(evidence: Evidence, archive: NewArchive) -> EvidenceKept:
    """Every file under its digest. One that is damaged is named and left out: it must not keep the rest from safety."""
    digests = sha256()
    files = size = 0
    broken: list[str] = []
    for digest, data in evidence:
        if data is None:
            broken.append(digest)
            continue
        archive.add(evidence_name(digest), data)
        digests.update(f"{digest}\n".encode())
        files += 1
        size += len(data)
    return EvidenceKept(files, size, digests.hexdigest(), tuple(broken))
