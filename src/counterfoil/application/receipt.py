"""A receipt: what the registry answers for an act that is in the journal. The same command always gets the same one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterfoil.application.ports import JournalRow


@dataclass(slots=True)
class Receipt:
    """The entry's place and hash, and what it did in public words. `leaf_hash` is the Merkle leaf, in hex.

    Nobody changes one; it is not frozen because one is made for every act, and a frozen one takes four times as long.
    """

    seq: int
    command: str
    act: str
    leaf_hash: str
    recorded_at: str
    effective_on: str
    moves: Sequence[Sequence[Any]]
    because: str | None


def receipt_of(row: JournalRow, leaf: Mapping[str, Any]) -> Receipt:
    """The receipt of a journal row, from its leaf alone: as it was made, or read back."""
    moves = leaf.get("moves", ())
    return Receipt(
        seq=row.seq,
        command=row.command,
        act=leaf["act"],
        leaf_hash=row.leaf_hash.hex(),
        recorded_at=leaf["at"],
        effective_on=leaf["on"],
        moves=moves if type(moves) is tuple else tuple(map(tuple, moves)),
        because=leaf.get("because"),
    )
