"""A receipt: what the registry answers for an act that is in the journal. The same command always gets the same one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterfoil.application.ports import JournalRow


@dataclass(frozen=True, slots=True)
class Receipt:
    """The entry's place and hash, and what it did in public words. `leaf_hash` is the Merkle leaf, in hex."""

    seq: int
    command: str
    act: str
    leaf_hash: str
    recorded_at: str
    effective_on: str
    moves: tuple[tuple[Any, ...], ...]
    because: str | None


def receipt_of(row: JournalRow, leaf: Mapping[str, Any]) -> Receipt:
    """The receipt of a journal row, from its leaf alone."""
    return Receipt(
        seq=row.seq,
        command=row.command,
        act=leaf["act"],
        leaf_hash=row.leaf_hash.hex(),
        recorded_at=leaf["at"],
        effective_on=leaf["on"],
        moves=tuple(tuple(move) for move in leaf.get("moves", ())),
        because=leaf.get("because"),
    )
