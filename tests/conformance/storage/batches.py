"""Batches that follow one another, small enough to be read in a failed assertion."""

import hashlib
from collections.abc import Sequence
from typing import Any

from counterfoil.application.ports import Batch, CheckpointRow, JournalRow


def journal_row(seq: int, command: str | None = None, leaf: bytes | None = None) -> JournalRow:
    content = leaf if leaf is not None else b'{"seq":%d}' % seq
    return JournalRow(seq, command or f"command-{seq:06}", hashlib.sha256(content).digest(), content)


def batch(first: int = 0, count: int = 1, *, number: int = 1, commands: Sequence[str] = (), **rows: Any) -> Batch:
    journal = [
        journal_row(seq, commands[place] if commands else None) for place, seq in enumerate(range(first, first + count))
    ]
    return Batch(
        journal=journal, checkpoint=CheckpointRow(number, first + count, b"\x07" * 32, f"note {number}"), **rows
    )
