"""What a step of the writer has decided and not yet made durable. Read `writer.py` first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple, TypeAlias

from counterfoil.application.command import Command
from counterfoil.application.ports import (
    BalanceRow,
    Batch,
    BlockRow,
    Chance,
    CheckpointRow,
    Codec,
    JournalRow,
    OpeningRow,
    Outage,
    RecordRow,
    TermRow,
)
from counterfoil.application.receipt import Receipt
from counterfoil.domain.kernel.canonical import DEPTH_MAX
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.kernel.sealed import Opening
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import UNITS, JournalEntry
from counterfoil.domain.ledger.merkle import Frontier

Outcome: TypeAlias = Receipt | Refusal | Outage


class Standing(NamedTuple):
    """Where a journal stands: its tree, last checkpoint, last recording (ms since 1970) and highest command id."""

    frontier: Frontier
    checkpoint: int
    recorded_ms: int
    last_command: str
    note: str


class Moment(NamedTuple):
    """When a step records: the day, and the UTC time in the journal's form. All acts of one step share it."""

    ms: int
    today: date
    text: str


class Accepted(NamedTuple):
    """A command of this draft: what it said, and what it was answered."""

    content: str
    confidential: Mapping[str, str | int]
    receipt: Receipt

    def again(self, command: Command, content: str) -> Receipt | None:
        """The first receipt, when the same command comes again; None when another one bears its id."""
        same = content == self.content and command.confidential == self.confidential
        return self.receipt if same else None


@dataclass(slots=True)
class Draft:
    """The answers of one commit, and the rows that must be durable before any of them is given.

    `next_key` is set by an entry that rotates the key: the draft ends with it.
    """

    before: Standing
    moment: Moment
    outcomes: list[Outcome] = field(default_factory=list)
    rows: list[JournalRow] = field(default_factory=list)
    openings: list[OpeningRow] = field(default_factory=list)
    record_seqs: dict[tuple[str, str], int] = field(default_factory=dict)
    accepted: dict[str, Accepted] = field(default_factory=dict)
    next_key: bytes | None = None

    def sealed(self, seq: int, command: Command, chance: Chance, codec: Codec) -> dict[str, str]:
        """The seals of a command's confidential fields; what opens them is kept with this draft."""
        seals: dict[str, str] = {}
        for name, value in sorted(command.confidential.items()):
            opening = Opening(name, chance.salt(), value)
            seals[name] = opening.seal()
            self.openings.append(OpeningRow(seq, name, opening.salt, codec.encode(value).decode()))
        return seals

    def failed(self, outage: Outage) -> list[Outcome]:
        """The answers when the batch could not be written: what was accepted met the outage."""
        return [outage if isinstance(outcome, Receipt) else outcome for outcome in self.outcomes]


def said_before(leaf: Mapping[str, Any], openings: Sequence[OpeningRow], command: Command, content: str) -> bool:
    """Whether an entry is of just this command, its confidential values included."""
    seals = leaf.get("sealed", {})
    if leaf["content"] != content or set(seals) != set(command.confidential):
        return False
    opened = (Opening(each.field, each.salt, command.confidential[each.field]) for each in openings)
    return all(opening.seal() == seals[opening.field] for opening in opened)


def batch_of(
    books: Books,
    journal: Sequence[JournalRow],
    openings: Sequence[OpeningRow],
    record_seqs: Mapping[tuple[str, str], int],
    *,
    checkpoint: CheckpointRow,
    codec: Codec,
) -> Batch:
    """Everything that the running draft of the books changed, as rows in the order of their keys.

    Args:
        record_seqs: The entry that last set each record of the draft.
    """
    blocks, removed = books.blocks.changes()
    encode = codec.encode_plain
    return Batch(
        journal=journal,
        checkpoint=checkpoint,
        terms=[
            *(TermRow("class", number, text) for number, text in books.classes.changes()),
            *(TermRow("account", number, text) for number, text in books.accounts.changes()),
            *(TermRow("lot", number, text) for number, text in books.lots.changes()),
        ],
        blocks=list(map(_block_row, blocks)),
        removed=removed,
        records=[
            # As the leaf was, of which a record is a part.
            RecordRow(kind, key, encode(value).decode(), record_seqs[(kind, key)])
            for (kind, key), value in sorted(books.records.changes(), key=_by_key)
        ],
        balances=[
            BalanceRow(*key, amount)
            for key, amount in sorted(books.balances.changes())
            if key.book != UNITS or role(key.account) is AccountRole.SOURCE
        ],
        openings=openings,
    )


_block_row = BlockRow._make
_DIGITS: Final = bytes(ord("0") if chr(byte).isascii() and chr(byte).isdigit() else ord(" ") for byte in range(256))
_LONG_NUMBER: Final = b"0" * 19


def _by_key(item: tuple[tuple[str, str], Any]) -> tuple[str, str]:
    return item[0]


def leaf_bytes(journal_entry: JournalEntry, codec: Codec, leaf: Mapping[str, Any] | None = None) -> bytes:
    """The canonical bytes of an entry: what is hashed into the tree.

    Args:
        leaf: The entry's public JSON, where the caller has made it already.

    Raises:
        ValueError: it has no canonical form: a number beyond 63 bits, or too deep.
    """
    leaf = journal_entry.leaf() if leaf is None else leaf
    data = codec.encode_plain(leaf)
    # What a command says was looked through before it was decided. Since then a sum can only have grown out of 63 bits,
    # and a part only have come to lie deeper: where neither can be, nothing is looked through again.
    suspect = _LONG_NUMBER in data.translate(_DIGITS) or data.count(b"[") + data.count(b"{") > DEPTH_MAX
    return codec.encode(leaf) if suspect else data


def moment_at(ms: int) -> Moment:
    """The moment of so many milliseconds since 1970."""
    at = datetime.fromtimestamp(ms // 1000, UTC).replace(microsecond=ms % 1000 * 1000, tzinfo=None)
    return Moment(ms, at.date(), f"{at.isoformat(timespec='milliseconds')}Z")


def milliseconds(text: str) -> int:
    """Milliseconds since 1970 of a UTC time in the journal's form."""
    moment = datetime.fromisoformat(text)
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000
