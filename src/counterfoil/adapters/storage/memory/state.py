"""Everything that one registry in memory has committed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from counterfoil.application.ports import (
    BalanceRow,
    Batch,
    BlockRow,
    CheckpointRow,
    CosignatureRow,
    JournalRow,
    OpeningRow,
    RecordRow,
    TermRow,
)
from counterfoil.domain.ledger.entry import UNITS

T = TypeVar("T")


@dataclass(slots=True)
class State:
    """The rows by their keys, as the tables of a database would have them."""

    journal: list[JournalRow] = field(default_factory=list)
    checkpoints: list[CheckpointRow] = field(default_factory=list)
    commands: dict[str, int] = field(default_factory=dict)
    terms: dict[tuple[str, int], TermRow] = field(default_factory=dict)
    blocks: dict[tuple[int, int], BlockRow] = field(default_factory=dict)
    records: dict[tuple[str, str], RecordRow] = field(default_factory=dict)
    balances: dict[tuple[str, str, str], BalanceRow] = field(default_factory=dict)
    openings: dict[tuple[int, str], OpeningRow] = field(default_factory=dict)
    cosignatures: dict[tuple[int, str], CosignatureRow] = field(default_factory=dict)

    def copy(self) -> "State":
        return State(
            self.journal.copy(),
            self.checkpoints.copy(),
            self.commands.copy(),
            self.terms.copy(),
            self.blocks.copy(),
            self.records.copy(),
            self.balances.copy(),
            self.openings.copy(),
            self.cosignatures.copy(),
        )

    def conflict(self, batch: Batch) -> str | None:
        """What in a batch the keys forbid, as a database's constraints would; None when it may be taken."""
        ids = [row.command for row in batch.journal]
        terms = [(row.kind, row.number) for row in batch.terms]
        openings = [(row.seq, row.field) for row in batch.openings]
        if [row.seq for row in batch.journal] != list(range(len(self.journal), len(self.journal) + len(ids))):
            return "entry numbers do not follow the journal's"
        if _repeats(ids) or any(command in self.commands for command in ids):
            return "a command is in the journal already"
        first = batch.earlier[0] if batch.earlier else batch.checkpoint
        if self.checkpoints and first.number <= self.checkpoints[-1].number:
            return "a checkpoint of this number exists"
        if _repeats(terms) or any(key in self.terms for key in terms):
            return "a term of this number exists"
        if _repeats(openings) or any(key in self.openings for key in openings):
            return "an opening of this field exists"
        if any(not 1 <= row.first <= row.last for row in batch.blocks):
            return "a block runs backwards"
        if any(row.book == UNITS and row.amount > 0 for row in batch.balances):
            return "a source took back more than it gave"
        return None

    def take(self, batch: Batch) -> None:
        """Put a batch in place that has no conflict."""
        self.journal.extend(batch.journal)
        self.commands.update((row.command, row.seq) for row in batch.journal)
        self.checkpoints.extend((*batch.earlier, batch.checkpoint))
        self.terms.update(((row.kind, row.number), row) for row in batch.terms)
        for key in batch.removed:
            self.blocks.pop(key, None)
        self.blocks.update((row[:2], row) for row in batch.blocks)
        self.records.update((row[:2], row) for row in batch.records)
        self.balances.update((row[:3], row) for row in batch.balances)
        self.openings.update((row[:2], row) for row in batch.openings)

    def row(self, seq: int) -> JournalRow | None:
        return self.journal[seq] if 0 <= seq < len(self.journal) else None

    def cosign(self, row: CosignatureRow) -> bool:
        """Keep a witness's line; False when that witness's line is there already."""
        new = row[:2] not in self.cosignatures
        self.cosignatures.setdefault(row[:2], row)
        return new

    def cosignatures_of(self, number: int | None) -> list[CosignatureRow]:
        return sorted(row for row in self.cosignatures.values() if number is None or row.number == number)

    def openings_of(self, seq: int | None) -> list[OpeningRow]:
        return sorted(row for row in self.openings.values() if seq is None or row.seq == seq)

    def commands_among(self, ids: Sequence[str]) -> dict[str, int]:
        return {command: self.commands[command] for command in ids if command in self.commands}


def _repeats(keys: Sequence[T]) -> bool:
    return len(set(keys)) != len(keys)
