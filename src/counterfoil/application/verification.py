"""The audit: re-hash and replay everything, compare every table with it, and name the first entry that does not fit.

Every column of journal, term, block, record, balance, opening and checkpoint is either hashed here or recomputed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from counterfoil.application.ports import CheckpointRow, Codec, JournalRow, OpeningRow, Reading, Verifier
from counterfoil.domain.accounting.adjustment import AWAITING_USE, awaiting_use_by_units
from counterfoil.domain.kernel.sealed import Opening
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Books, Broken
from counterfoil.domain.ledger.checkpoint import read_checkpoint, signed_checkpoint
from counterfoil.domain.ledger.entry import ADJUSTMENTS, UNITS, JournalEntry, from_leaf
from counterfoil.domain.ledger.merkle import Frontier, leaf_hash
from counterfoil.domain.ledger.note import read_note

CHUNK: Final = 2048


@dataclass(frozen=True, slots=True)
class Finding:
    """Where the books do not fit: the table, the entry (when it is one), and what is wrong."""

    table: str
    entry: int | None
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Audit:
    """What was checked. `findings` is empty for sound books; the first is where they break."""

    entries: int
    checkpoints: int
    blocks: int
    root: str
    findings: tuple[Finding, ...]


class _Unsound(Exception):
    def __init__(self, table: str, entry: int | None, code: str, detail: str) -> None:
        super().__init__(code)
        self.finding = Finding(table, entry, code, detail)


Progress = Callable[[int], None]


def audit(
    reading: Reading, codec: Codec, *, verify: Verifier, public_key: bytes, progress: Progress = lambda _: None
) -> Audit:
    """Check a registry's whole store. Stops at the first thing that does not fit: what follows rests on it."""
    replay = _Replay(codec, verify, public_key)
    findings: tuple[Finding, ...] = ()
    try:
        replay.journal(reading, progress)
        replay.tables(reading)
    except _Unsound as unsound:
        findings = (unsound.finding,)
    except (KeyError, TypeError, ValueError, IndexError) as unreadable:
        detail = f"{type(unreadable).__name__}: {unreadable}"[:200]
        findings = (Finding("journal", replay.frontier.size, "verify.unreadable", detail),)
    return Audit(
        replay.frontier.size, replay.checkpoints, len(replay.books.blocks), replay.frontier.root().hex(), findings
    )


class _Replay:
    """Books, tree and seals, rebuilt from the journal alone."""

    def __init__(self, codec: Codec, verify: Verifier, public_key: bytes) -> None:
        self.books = Books()
        self.frontier = Frontier()
        self.checkpoints = 0
        self._codec = codec
        self._verify = verify
        self._public_key = public_key
        self._record_seqs: dict[tuple[str, str], int] = {}
        self._sealed: dict[tuple[int, str], str] = {}
        self._last_at = ""
        self._applied = 0

    def journal(self, reading: Reading, progress: Progress) -> None:
        """Entry by entry, and at each signed size the root."""
        checkpoints = reading.checkpoints()
        upcoming = next(checkpoints, None)
        hashes: list[bytes] = []
        for row in reading.journal():
            hashes.append(self._entry(row))
            if upcoming is not None and row.seq + 1 == upcoming.size:
                self.frontier = self.frontier.extended(hashes)
                hashes = []
                self.books.commit()
                self._checkpoint(upcoming)
                upcoming = next(checkpoints, None)
                progress(row.seq + 1)
        if hashes or upcoming is not None:
            where = self.frontier.size
            raise _Unsound(
                "checkpoint", where, "verify.checkpoint_size", "the last checkpoint does not cover the journal"
            )

    def _entry(self, row: JournalRow) -> bytes:
        expected = self._applied
        if row.seq != expected:
            raise _Unsound("journal", expected, "verify.entry_missing", f"entry {expected} is missing")
        if leaf_hash(row.leaf) != row.leaf_hash:
            raise _Unsound("journal", row.seq, "verify.leaf_hash", "the leaf does not have the stored hash")
        leaf = self._codec.decode(row.leaf)
        if self._codec.encode(leaf) != row.leaf:
            raise _Unsound("journal", row.seq, "verify.not_canonical", "the leaf is not in canonical form")
        entry = from_leaf(leaf)
        if entry.seq != row.seq or entry.command != row.command or entry.leaf() != leaf:
            raise _Unsound("journal", row.seq, "verify.columns", "the columns do not agree with the leaf")
        if entry.recorded_at < self._last_at:
            raise _Unsound("journal", row.seq, "verify.clock", "the recording runs backwards")
        self._apply(entry)
        return row.leaf_hash

    def _apply(self, entry: JournalEntry) -> None:
        try:
            follows = self.books.apply(entry.seq, entry.entry)
        except Broken as broken:
            raise _Unsound("journal", entry.seq, "verify.breaks_ledger", str(broken)) from broken
        if follows != entry.follows:
            raise _Unsound("journal", entry.seq, "verify.follows", f"follows {entry.follows}, replayed {follows}")
        for record in entry.entry.records:
            self._record_seqs[(record.kind, record.key)] = entry.seq
        for name, seal in entry.sealed.items():
            self._sealed[(entry.seq, name)] = seal
        self._last_at = entry.recorded_at
        self._applied = entry.seq + 1

    def _checkpoint(self, row: CheckpointRow) -> None:
        self.checkpoints += 1
        where = row.size - 1
        note = read_note(row.note)
        if note is None or read_checkpoint(note.text) is None:
            raise _Unsound("checkpoint", where, "verify.checkpoint_unreadable", f"checkpoint {row.number}")
        origin = self.books.record("registry", "self")["origin"]
        checkpoint = signed_checkpoint(row.note, name=origin, public_key=self._public_key, verify=self._verify)
        if checkpoint is None:
            raise _Unsound(
                "checkpoint", where, "verify.signature", f"checkpoint {row.number} is not signed by this key alone"
            )
        agrees = (
            row.number == checkpoint.number == self.checkpoints
            and row.size == checkpoint.size == self.frontier.size
            and row.frontier == b"".join(self.frontier.roots)
            and checkpoint.recorded_at == self._last_at
        )
        if not agrees:
            raise _Unsound("checkpoint", where, "verify.checkpoint_columns", f"checkpoint {row.number}")
        if checkpoint.root != self.frontier.root():
            raise _Unsound("checkpoint", where, "verify.root", f"checkpoint {row.number} has another root")

    def tables(self, reading: Reading) -> None:
        """The tables that are folds of the journal, and the openings that lie beside it."""
        self._compare("term", reading.terms(), self._terms())
        self._compare("block", reading.blocks(), self._blocks())
        self._compare("record", reading.records(), self._records())
        self._compare("balance", reading.balances(), self._balances())
        self._openings(reading)
        self._awaiting_use()

    def _awaiting_use(self) -> None:
        """The adjustment book against the unit book: what waits for use, on two paths."""
        registry = self.books.record("registry", "self")
        by_units = awaiting_use_by_units(self.books.committed_holdings(), party=registry["party"]) if registry else {}
        for key, amount in self.books.balances.committed():
            if key.book == ADJUSTMENTS and key.account == AWAITING_USE and -amount != by_units.get(key.commodity, 0):
                detail = f"{key.commodity}: adjustments await {-amount}, units say {by_units.get(key.commodity, 0)}"
                raise _Unsound("balance", None, "verify.awaiting_use", detail)

    @staticmethod
    def _compare(table: str, found: Iterator[Any], expected: Iterator[Any]) -> None:
        for stored, replayed in zip_longest(sorted(found), sorted(expected)):
            if stored != replayed:
                seq = next((row[-1] for row in (stored, replayed) if row and table in ("block", "record")), None)
                raise _Unsound(table, seq, f"verify.{table}", f"stored {stored}, replayed {replayed}"[:400])

    def _terms(self) -> Iterator[tuple[str, int, str]]:
        for number, text in enumerate(self.books.classes.texts):
            yield "class", number, text
        for number, text in enumerate(self.books.accounts.texts):
            yield "account", number, text
        for number, text in enumerate(self.books.lots.texts):
            if number:
                yield "lot", number, text

    def _blocks(self) -> Iterator[tuple[int, ...]]:
        for unit_class, block in self.books.blocks.committed():
            yield (unit_class, *block)

    def _records(self) -> Iterator[tuple[str, str, str, int]]:
        for (kind, key), value in self.books.records.committed():
            yield kind, key, self._codec.encode(value).decode(), self._record_seqs[(kind, key)]

    def _balances(self) -> Iterator[tuple[str, str, str, int]]:
        for key, amount in self.books.balances.committed():
            if key.book != UNITS or role(key.account) is AccountRole.SOURCE:
                yield key.book, key.commodity, key.account, amount

    def _openings(self, reading: Reading) -> None:
        """An opening may have been erased; one that is there must open its seal."""
        for row in reading.openings():
            if not self._opens(row):
                raise _Unsound("opening", row.seq, "verify.opening", f"{row.field} of entry {row.seq} does not open")

    def _opens(self, row: OpeningRow) -> bool:
        try:
            value = self._codec.decode(row.value)
        except ValueError:
            return False
        seal = self._sealed.get((row.seq, row.field))
        canonical = self._codec.encode(value).decode() == row.value
        return canonical and Opening(row.field, row.salt, value).seal() == seal


def finding_json(finding: Finding) -> Mapping[str, Any]:
    return {"table": finding.table, "entry": finding.entry, "code": finding.code, "detail": finding.detail}
