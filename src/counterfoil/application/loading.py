"""Start: the books as the store keeps them, and the point from which the tree grows on.

The block table, the records and the last checkpoint are read; the whole journal is replayed only by `verify`.
"""

from dataclasses import dataclass
from itertools import groupby

from counterfoil.application.key_history import read_key_history
from counterfoil.application.ports import BlockRow, Codec, Outage, OutageFault, Reading, Signer, Verifier, as_block
from counterfoil.domain.ledger.books import BalanceKey, Books
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
    """Fill the books from the tables. Facts and records are parsed once."""
    books = Books()
    terms = {"class": books.classes, "account": books.accounts}
    for term in reading.terms():
        if term.kind == "lot":
            number = books.lots.number(codec.decode(term.text))
        else:
            number = terms[term.kind].number(term.text)
        if number != term.number:
            raise Outage("storage.corrupt", {"path": "ledger", "detail": f"{term.kind} {term.number} is out of order"})
    for unit_class, rows in groupby(reading.blocks(), key=_class_of):
        books.blocks.load(unit_class, map(as_block, rows))
    for record in reading.records():
        books.records.load((record.kind, record.key), codec.decode(record.value))
    for balance in reading.balances():
        books.balances.load(BalanceKey(balance.book, balance.commodity, balance.account), balance.amount)
    books.restore_holds()
    books.commit()
    return books


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
