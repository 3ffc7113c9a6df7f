"""Start: the books as the store keeps them, and the point from which the tree grows on.

The block table, the records and the last checkpoint are read; the whole journal is replayed only by `verify`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from counterfoil.application.command import REGISTRY, SELF
from counterfoil.application.damage import UNREADABLE, as_registry, damaged
from counterfoil.application.key_history import read_key_history
from counterfoil.application.ports import BlockRow, Codec, Outage, OutageFault, Reading, Signer, Verifier, as_block
from counterfoil.domain.ledger.books import HOLD, BalanceKey, Books
from counterfoil.domain.ledger.checkpoint import Checkpoint, signed_checkpoint
from counterfoil.domain.ledger.merkle import Frontier


@dataclass(frozen=True, slots=True)
class Position:
    """Where the journal stands: the tree, the last checkpoint, the last recording and the highest command id."""

    frontier: Frontier
    checkpoint: Checkpoint | None
    note: str
    last_command: str

    @property
    def size(self) -> int:
        return self.frontier.size


def load_books(reading: Reading, codec: Codec) -> Books:
    """Fill the books from the tables. Facts and records are parsed once.

    Raises:
        Outage: `storage.corrupt`, with the row that cannot be read.
    """
    books = Books()
    _load_terms(books, reading, codec)
    for unit_class, rows in groupby(reading.blocks(), key=_class_of):
        books.blocks.load(unit_class, map(as_block, rows))
    _load_records(books, reading, codec)
    for balance in reading.balances():
        books.balances.load(BalanceKey(balance.book, balance.commodity, balance.account), balance.amount)
    books.restore_underlying()
    books.commit()
    return books


def _load_terms(books: Books, reading: Reading, codec: Codec) -> None:
    terms = {"class": books.classes, "account": books.accounts}
    for term in reading.terms():
        try:
            if term.kind == "lot":
                number = books.lots.number(_facts(codec.decode(term.text)))
            else:
                number = terms[term.kind].number(term.text)
        except UNREADABLE as unreadable:
            raise damaged(f"term {term.kind} {term.number}") from unreadable
        if number != term.number:
            raise damaged(f"{term.kind} {term.number} is out of order")


def _facts(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("facts are named")
    return value


def _load_records(books: Books, reading: Reading, codec: Codec) -> None:
    for record in reading.records():
        try:
            value = codec.decode(record.value)
        except UNREADABLE as unreadable:
            raise damaged(f"record {record.kind} {record.key}") from unreadable
        books.records.load((record.kind, record.key), value)
    founded = books.record(REGISTRY, SELF)
    if founded is not None:
        as_registry(founded)
    try:
        books.restore_holds()
    except UNREADABLE as unreadable:
        raise damaged(f"record {HOLD}") from unreadable


def _class_of(row: BlockRow) -> int:
    return row.unit_class


def load_position(reading: Reading, codec: Codec, *, verify: Verifier, signer: Signer) -> Position:
    """The tree's frontier, checked against the last signed checkpoint.

    That one may still be signed by the key before the signer's: it ends with the entry that names the new key.

    Raises:
        Outage: `storage.checkpoint_broken` when the signature or the root does not fit: run `verify` to see where.
    """
    row = reading.last_checkpoint()
    if row is None:
        return Position(Frontier(), None, "", "")
    keys = read_key_history(reading, codec, otherwise=signer.public_key)
    checkpoint = signed_checkpoint(row.note, name=signer.name, public_key=keys.at(row.size), verify=verify)
    roots = tuple(row.frontier[start : start + 32] for start in range(0, len(row.frontier), 32))
    frontier = Frontier(row.size, roots)
    sound = (
        checkpoint is not None
        and keys.current == signer.public_key
        and (checkpoint.size, checkpoint.root, checkpoint.number) == (row.size, frontier.root(), row.number)
        and row.size.bit_count() == len(roots)
    )
    if not sound:
        raise Outage(OutageFault.CHECKPOINT_BROKEN, {"number": row.number})
    return Position(frontier, checkpoint, row.note, reading.last_command())
