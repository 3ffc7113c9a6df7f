"""The audit: re-hash and replay everything, compare every table with it, and name the first entry that does not fit.

Every column of journal, term, block, record, balance, opening and checkpoint is either hashed here or recomputed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from operator import itemgetter
from typing import Any, Final, Never, TypeAlias

from counterfoil.application.command import REGISTRY, SELF
from counterfoil.application.draft import leaf_bytes
from counterfoil.application.ports import (
    CheckpointRow,
    Codec,
    CosignatureRow,
    JournalRow,
    OpeningRow,
    Reading,
    RecordRow,
    Verifier,
)
from counterfoil.domain.accounting.adjustment import AWAITING_USE, awaiting_use_by_units
from counterfoil.domain.federation.link import PARTNER, Partner
from counterfoil.domain.federation.partner_witness import cosigning_keys
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.sealed import Opening
from counterfoil.domain.ledger.books import Books, Broken
from counterfoil.domain.ledger.checkpoint import read_checkpoint, signed_checkpoint
from counterfoil.domain.ledger.cosignature import WitnessPolicy, witnessed
from counterfoil.domain.ledger.entry import ADJUSTMENTS, JournalEntry, from_leaf
from counterfoil.domain.ledger.key_history import KEY, KeyHistory, KeyTerm, key_history
from counterfoil.domain.ledger.merkle import Frontier, leaf_hashes
from counterfoil.domain.ledger.note import NoteKey, read_note
from counterfoil.domain.ledger.witness_record import WITNESSES, policy_of_record

Facts: TypeAlias = Mapping[str, str | int]
ROW_MAX: Final = 200
"""So much of a row is shown."""
PORTION: Final = 2_048
"""Entries that are looked at together: many for speed, and few enough for memory."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Where the books do not fit: the table, the entry (when it is one), and what is wrong.

    `facts` are data, such as the number of a checkpoint; their labels are texts in both languages.
    """

    table: str
    entry: int | None
    code: str
    facts: Facts = field(default_factory=dict)

    @property
    def detail(self) -> str:
        """The facts in one line, for machines and logs."""
        return "; ".join(f"{name}: {value}" for name, value in self.facts.items())


@dataclass(frozen=True, slots=True)
class Audit:
    """What was checked. `findings` is empty for sound books; the first is where they break."""

    entries: int
    checkpoints: int
    blocks: int
    root: str
    findings: tuple[Finding, ...]


class _Unsound(Exception):
    def __init__(self, table: str, entry: int | None, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.finding = Finding(table, entry, code, facts)


Progress = Callable[[int], None]


def audit(
    reading: Reading, codec: Codec, *, verify: Verifier, public_key: bytes, progress: Progress = lambda _: None
) -> Audit:
    """Check a registry's whole store. Stops at the first thing that does not fit: what follows rests on it.

    Args:
        public_key: A key of the log. The records tell the others, and each was named under a signature of its elder.
    """
    replay = _Replay(codec, verify)
    tree = _Tree(codec, verify, public_key, replay)

    def check() -> None:
        tree.journal(reading, progress)
        replay.tables(reading)

    return _audited(tree, check, replay.books.blocks)


def audit_hashes(
    reading: Reading, codec: Codec, *, verify: Verifier, public_key: bytes, progress: Progress = lambda _: None
) -> Audit:
    """Check that the journal is byte for byte what was signed, many times as fast as `audit`.

    Leaves, tree, checkpoints and signatures are checked; the tables that follow from the journal are not.
    """
    tree = _Tree(codec, verify, public_key, None)
    return _audited(tree, lambda: tree.journal(reading, progress), ())


def _audited(tree: "_Tree", check: Callable[[], None], blocks: Sized) -> Audit:
    findings: tuple[Finding, ...] = ()
    try:
        check()
    except _Unsound as unsound:
        findings = (unsound.finding,)
    except (KeyError, TypeError, ValueError, IndexError) as unreadable:
        why = f"{type(unreadable).__name__}: {unreadable}"[:ROW_MAX]
        findings = (Finding("journal", tree.frontier.size, "verify.unreadable", {"why": why}),)
    return Audit(tree.frontier.size, tree.checkpoints, len(blocks), tree.frontier.root().hex(), findings)


class _Tree:
    """The tree over the journal, grown again leaf by leaf, and the checkpoints that were signed on the way."""

    def __init__(self, codec: Codec, verify: Verifier, public_key: bytes, replay: "_Replay | None") -> None:
        self.frontier = Frontier()
        self.checkpoints = 0
        self._codec = codec
        self._verify = verify
        self._public_key = public_key
        self._replay = replay
        self._origin = ""
        self._rotations: list[RecordRow] = []
        self._keys = KeyHistory((KeyTerm(public_key, 0),))

    def journal(self, reading: Reading, progress: Progress) -> None:
        """Portion by portion, and at each signed size the root."""
        self._signers(reading)
        # The replay needs whole rows; without it, not even the column of command ids is read.
        rows: Iterator[Any] = reading.leaves() if self._replay is None else reading.journal()
        for checkpoint in reading.checkpoints():
            while self.frontier.size < checkpoint.size:
                self._grow(list(islice(rows, min(PORTION, checkpoint.size - self.frontier.size))))
            self._checkpoint(checkpoint)
            progress(checkpoint.size)
        if beyond := list(islice(rows, 1)):
            self._grow(beyond)
            self._uncovered()

    def _grow(self, rows: Sequence[Any]) -> None:
        """Hash some leaves into the tree. Rows end with the stored hash and the leaf, and begin with the number."""
        if not rows:
            self._uncovered()
        hashes = leaf_hashes([row[-1] for row in rows])
        for expected, (row, found) in enumerate(zip(rows, hashes, strict=True), self.frontier.size):
            if row[0] != expected:
                raise _Unsound("journal", expected, "verify.entry_missing")
            if row[-2] != found:
                raise _Unsound("journal", expected, "verify.leaf_hash")
            if self._replay is not None:
                self._replay.entry(row)
        self.frontier = self.frontier.extended(hashes)

    def _uncovered(self) -> Never:
        raise _Unsound("checkpoint", self.frontier.size, "verify.checkpoint_size")

    def _signers(self, reading: Reading) -> None:
        """Who signed when, as the records say. The replay compares the records with the journal."""
        founded = reading.record(REGISTRY, SELF)
        if founded is not None and self._replay is None:
            self._origin = self._codec.decode(founded.value)["origin"]
        self._rotations = list(reading.records(KEY))
        rotations = [(row.seq, self._codec.decode(row.value)) for row in self._rotations]
        history = key_history(rotations, first=self._public_key)
        last = reading.last_checkpoint()
        if history is None or not history.vouches(self._public_key, size=0 if last is None else last.size):
            raise _Unsound("record", None, "verify.signature", record=KEY)
        self._keys = history

    def _checkpoint(self, row: CheckpointRow) -> None:
        self.checkpoints += 1
        where = row.size - 1
        note = read_note(row.note)
        if note is None or read_checkpoint(note.text) is None:
            raise _Unsound("checkpoint", where, "verify.checkpoint_unreadable", checkpoint=row.number)
        key, origin = self._keys.at(row.size), self._origin
        if self._replay is not None:
            origin = self._replay.books.record(REGISTRY, SELF)["origin"]
        checkpoint = signed_checkpoint(row.note, name=origin, public_key=key, verify=self._verify)
        if checkpoint is None:
            if self._replay is not None:
                self._replay.require_records(self._rotations, size=row.size)
            raise _Unsound("checkpoint", where, "verify.signature", checkpoint=row.number)
        agrees = (
            row.number == checkpoint.number == self.checkpoints
            and row.size == checkpoint.size == self.frontier.size
            and row.frontier == b"".join(self.frontier.roots)
            and (self._replay is None or checkpoint.recorded_at == self._replay.last_at)
        )
        if not agrees:
            raise _Unsound("checkpoint", where, "verify.checkpoint_columns", checkpoint=row.number)
        if checkpoint.root != self.frontier.root():
            raise _Unsound("checkpoint", where, "verify.root", checkpoint=row.number)


class _Replay:
    """Books and seals, rebuilt from the journal alone."""

    def __init__(self, codec: Codec, verify: Verifier) -> None:
        self.books = Books()
        self.last_at = ""
        self._codec = codec
        self._verify = verify
        self._record_seqs: dict[tuple[str, str], int] = {}
        self._sealed: dict[tuple[int, str], str] = {}
        self._witnesses: set[NoteKey] = set()

    def entry(self, row: JournalRow) -> None:
        """Fold one entry whose bytes are sound."""
        read = from_leaf(self._codec.decode_unchecked(row.leaf))
        if leaf_bytes(read, self._codec) != row.leaf:
            raise _Unsound("journal", row.seq, "verify.not_canonical")
        if read.seq != row.seq or read.command != row.command:
            raise _Unsound("journal", row.seq, "verify.columns")
        if read.recorded_at < self.last_at:
            raise _Unsound("journal", row.seq, "verify.clock", recorded=read.recorded_at, before=self.last_at)
        self._apply(read)

    def _apply(self, entry: JournalEntry) -> None:
        try:
            follows = self.books.apply(entry.seq, entry.entry)
        except Broken as broken:
            raise _Unsound("journal", entry.seq, "verify.breaks_ledger", why=str(broken)[: 2 * ROW_MAX]) from broken
        if follows != entry.follows:
            raise _Unsound("journal", entry.seq, "verify.follows", **_against(entry.follows, follows))
        for record in entry.entry.records:
            self._record_seqs[(record.kind, record.key)] = entry.seq
            if record.kind == WITNESSES:
                policy = policy_of_record(self.books.record(WITNESSES, record.key))
                self._witnesses.update(policy.witnesses if policy is not None else ())
            elif record.kind == PARTNER:
                self._witnesses.update(cosigning_keys(from_json(Partner, record.value)))
        for name, seal in entry.sealed.items():
            self._sealed[(entry.seq, name)] = seal
        self.last_at = entry.recorded_at
        self.books.commit()

    def tables(self, reading: Reading) -> None:
        """The tables that are folds of the journal, and the openings that lie beside it."""
        self._compare("term", reading.terms(), self._terms())
        self._compare("block", reading.blocks(), self._blocks())
        self._compare("record", reading.records(), self._records())
        self._compare("balance", reading.balances(), self._balances())
        self._openings(reading)
        self._cosignatures(reading)
        self._awaiting_use()

    def _awaiting_use(self) -> None:
        """The adjustment book against the unit book: what waits for use, on two paths."""
        registry = self.books.record("registry", "self")
        by_units = awaiting_use_by_units(self.books.all_holdings(), party=registry["party"]) if registry else {}
        for key, amount in self.books.balances.items():
            if key.book == ADJUSTMENTS and key.account == AWAITING_USE and -amount != by_units.get(key.commodity, 0):
                units = by_units.get(key.commodity, 0)
                raise _Unsound(
                    "balance", None, "verify.awaiting_use", commodity=key.commodity, adjustments=-amount, units=units
                )

    def require_records(self, found: Iterable[RecordRow], *, size: int) -> None:
        """Blame the record table, not what was read with its help, when a row of so many entries is not as replayed."""
        for row in found:
            value, seq = self.books.record(row.kind, row.key), self._record_seqs.get((row.kind, row.key))
            if row.seq < size and (seq != row.seq or self._codec.encode(value).decode() != row.value):
                raise _Unsound("record", row.seq, "verify.record", stored=_shown(row))

    @staticmethod
    def _compare(table: str, found: Iterator[Any], expected: Iterator[Any]) -> None:
        """Both in the order of their keys, so that a million rows are never held twice."""
        for stored, replayed in zip_longest(found, expected):
            if stored != replayed:
                seq = next((row[-1] for row in (stored, replayed) if row and table in ("block", "record")), None)
                raise _Unsound(table, seq, f"verify.{table}", **_against(stored, replayed))

    def _terms(self) -> Iterator[tuple[str, int, str]]:
        books = self.books
        kinds = (("account", books.accounts.texts), ("class", books.classes.texts), ("lot", books.lots.texts))
        for kind, texts in kinds:
            for number, text in enumerate(texts):
                if kind != "lot" or number:
                    yield kind, number, text

    def _blocks(self) -> Iterator[tuple[int, ...]]:
        for unit_class, block in self.books.blocks:
            yield (unit_class, *block)

    def _records(self) -> Iterator[tuple[str, str, str, int]]:
        for (kind, key), value in sorted(self.books.records.items(), key=itemgetter(0)):
            yield kind, key, self._codec.encode(value).decode(), self._record_seqs[(kind, key)]

    def _balances(self) -> Iterator[tuple[str, str, str, int]]:
        for key, amount in sorted(self.books.balances.items()):
            yield *key, amount

    def _openings(self, reading: Reading) -> None:
        """An opening may have been erased; one that is there must open its seal."""
        for row in reading.openings():
            if not self._opens(row):
                raise _Unsound("opening", row.seq, "verify.opening", field=row.field)

    def _cosignatures(self, reading: Reading) -> None:
        """A witness may be missing; one that is there is of a witness that the policy named once, or of a partner."""
        for row in reading.cosignatures():
            checkpoint = reading.checkpoint(row.number)
            if checkpoint is None or not self._cosigned(checkpoint.note, row):
                named = _shown(row.name)
                raise _Unsound("cosignature", None, "verify.cosignature", checkpoint=row.number, witness=named)

    def _cosigned(self, text: str, row: CosignatureRow) -> bool:
        note = read_note(f"{text}{row.line}")
        if note is None or str(note) != f"{text}{row.line}" or note.signatures[-1].name != row.name:
            return False
        policies = (WitnessPolicy((key,), 1) for key in self._witnesses if key.name == row.name)
        return any(witnessed(note, policy, verify=self._verify).enough for policy in policies)

    def _opens(self, row: OpeningRow) -> bool:
        try:
            value = self._codec.decode(row.value)
        except ValueError:
            return False
        seal = self._sealed.get((row.seq, row.field))
        canonical = self._codec.encode(value).decode() == row.value
        return canonical and Opening(row.field, row.salt, value).seal() == seal


def finding_json(finding: Finding) -> Mapping[str, Any]:
    return {
        "table": finding.table,
        "entry": finding.entry,
        "code": finding.code,
        "detail": finding.detail,
        "facts": dict(finding.facts),
    }


def _against(stored: object, replayed: object) -> dict[str, str]:
    """What the store says and what the journal gives; a row that only one of them has is left out."""
    pair = {"stored": stored, "replayed": replayed}
    return {name: _shown(value) for name, value in pair.items() if value is not None}


def _shown(row: object) -> str:
    """A row as data: its values without the name of its kind."""
    return str(tuple(row) if isinstance(row, tuple) else row)[:ROW_MAX]
