"""Rebuild a registry from a checked backup: the same fold as the writer's, into any engine, under the original notes.

Blocks, records, balances and terms are not in a backup: they are folded again, and so cannot disagree with the
journal. A rebuilding that was interrupted goes on from the last checkpoint that the store holds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from counterfoil.application.backup.checking import Backup
from counterfoil.application.backup.manifest import (
    CHECKPOINTS,
    JOURNAL,
    OPENINGS,
    RestoreFault,
    Unfit,
    by_name,
    damaged,
)
from counterfoil.application.backup.parts import table_digests
from counterfoil.application.draft import batch_of
from counterfoil.application.key_history import read_key_history
from counterfoil.application.loading import load_books
from counterfoil.application.ports import CheckpointRow, JournalRow, OpeningRow, Store
from counterfoil.domain.kernel.sealed import Opening
from counterfoil.domain.ledger.books import Books, Broken
from counterfoil.domain.ledger.checkpoint import Checkpoint, read_checkpoint
from counterfoil.domain.ledger.entry import JournalEntry, from_leaf
from counterfoil.domain.ledger.key_history import key_text, read_key
from counterfoil.domain.ledger.merkle import Frontier, leaf_hash
from counterfoil.domain.ledger.note import read_note

COMMIT: Final = 8_192
"""Entries or checkpoints from which a commit is made. One commit holds whole checkpoints."""


Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many entries were written now (the others were there), and which tables the live registry had otherwise."""

    written: int
    differs: tuple[str, ...]


def rebuild(backup: Backup, store: Store, *, progress: Progress = lambda _: None) -> Rebuilt:
    """Fill a store, from where it stands to the backup's checkpoint.

    Raises:
        Unfit: the store holds another history, or the backup breaks a law of the ledger.
        Outage: the backup cannot be read, or the store not written.
    """
    fold = _Fold(backup, store)
    written = fold.run(progress)
    for row in backup.cosignatures():
        store.cosign(row)
    return Rebuilt(written, _compared(backup, store))


def _compared(backup: Backup, store: Store) -> tuple[str, ...]:
    """The tables whose rows are not those that the live registry had when it was backed up.

    Raises:
        Unfit: the keys that the manifest names are not those that the journal names.
    """
    manifest = backup.manifest
    reading = store.reading()
    try:
        history = read_key_history(reading, backup.codec, otherwise=read_key(manifest.next_key) or b"")
        named = (key_text(history.at(manifest.entries)), key_text(history.current))
        if named != (manifest.public_key, manifest.next_key):
            raise damaged("keys")
        rebuilt = by_name(table_digests(reading, backup.codec))
    finally:
        reading.close()
    return tuple(table.name for table in manifest.tables if rebuilt.get(table.name) != table)


class _Fold:
    """Books and tree as far as they are written, and what the next commit will hold."""

    def __init__(self, backup: Backup, store: Store) -> None:
        self._backup = backup
        self._store = store
        self._codec = backup.codec
        self._openings = _Openings(backup.openings())
        self._rows: list[JournalRow] = []
        self._notes: list[CheckpointRow] = []
        self._record_seqs: dict[tuple[str, str], int] = {}
        self._sealed: dict[tuple[int, str], str] = {}
        reading = store.reading()
        try:
            last = reading.last_checkpoint()
            self.books = Books() if last is None else load_books(reading, self._codec)
        finally:
            reading.close()
        self._done = last
        self._frontier = Frontier() if last is None else _frontier(last)

    def run(self, progress: Progress) -> int:
        """All checkpoints with their entries; those that are there already are compared and passed over."""
        leaves = self._backup.leaves()
        there = 0 if self._done is None else self._done.size
        number = seq = 0
        for note in self._backup.notes():
            number += 1
            checkpoint = _checkpoint(note, number)
            if not seq <= checkpoint.size <= self._backup.manifest.entries:
                raise damaged(CHECKPOINTS)
            while seq < checkpoint.size:
                leaf = next(leaves)
                if seq >= there:
                    self._entry(seq, leaf)
                seq += 1
            if self._done is None or number > self._done.number:
                self._seal(checkpoint, note)
                progress(seq)
            elif number == self._done.number and note != self._done.note:
                raise Unfit(RestoreFault.STORE_DIFFERS, number=number)
        if self._done is not None and self._done.number > number:
            raise Unfit(RestoreFault.STORE_DIFFERS, number=self._done.number)
        self._commit()
        return seq - there

    def _entry(self, seq: int, leaf: bytes) -> None:
        """Fold one leaf into the draft."""
        try:
            decoded = self._codec.decode(leaf)
            entry = from_leaf(decoded)
            if entry.seq != seq:
                raise damaged(f"{JOURNAL} #{seq}")
            follows = self.books.apply(seq, entry.entry)
        except (Broken, IndexError, KeyError, TypeError, ValueError):
            raise damaged(f"{JOURNAL} #{seq}") from None
        if follows != entry.follows:
            raise damaged(f"{JOURNAL} #{seq}")
        self._remember(entry)
        self._rows.append(JournalRow(seq, entry.command, leaf_hash(leaf), leaf))

    def _remember(self, entry: JournalEntry) -> None:
        for record in entry.entry.records:
            self._record_seqs[(record.kind, record.key)] = entry.seq
        for field, seal in entry.sealed.items():
            self._sealed[(entry.seq, field)] = seal

    def _seal(self, checkpoint: Checkpoint, note: str) -> None:
        """The tree must have the root that was signed. Commit when enough is gathered."""
        new = checkpoint.size - self._frontier.size
        self._frontier = self._frontier.extended([row.leaf_hash for row in self._rows[len(self._rows) - new :]])
        if self._frontier.root() != checkpoint.root:
            raise damaged(CHECKPOINTS)
        self._notes.append(CheckpointRow(checkpoint.number, checkpoint.size, b"".join(self._frontier.roots), note))
        if len(self._rows) >= COMMIT or len(self._notes) >= COMMIT:
            self._commit()

    def _commit(self) -> None:
        if not self._notes:
            return
        *earlier, last = self._notes
        openings = self._openings.below(last.size, since=self._rows[0].seq if self._rows else last.size)
        if not all(self._opens(row) for row in openings):
            raise damaged(OPENINGS)
        batch = batch_of(self.books, self._rows, openings, self._record_seqs, checkpoint=last, codec=self._codec)
        self._store.commit(replace(batch, earlier=earlier))
        self.books.commit()
        self._rows, self._notes, self._sealed = [], [], {}

    def _opens(self, row: OpeningRow) -> bool:
        """Whether an opening opens its seal, and stands in the spelling that it was sealed in."""
        try:
            value = self._codec.decode(row.value)
        except ValueError:
            return False
        seal = self._sealed.get((row.seq, row.field))
        canonical = self._codec.encode(value).decode() == row.value
        return canonical and Opening(row.field, row.salt, value).seal() == seal


class _Openings:
    """The openings in the order of their entries, taken as the journal gets there."""

    def __init__(self, rows: Iterator[OpeningRow]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def below(self, seq: int, *, since: int) -> list[OpeningRow]:
        """Those of entries below `seq` that were not taken yet; those before `since` are in the store already."""
        taken: list[OpeningRow] = []
        while self._next is not None and self._next.seq < seq:
            if self._next.seq >= since:
                taken.append(self._next)
            self._next = next(self._rows, None)
        return taken


def _checkpoint(note: str, number: int) -> Checkpoint:
    read = read_note(note)
    checkpoint = None if read is None else read_checkpoint(read.text)
    if checkpoint is None or checkpoint.number != number:
        raise damaged(CHECKPOINTS)
    return checkpoint


def _frontier(row: CheckpointRow) -> Frontier:
    return Frontier(row.size, tuple(row.frontier[start : start + 32] for start in range(0, len(row.frontier), 32)))
