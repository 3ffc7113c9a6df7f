"""The writer: a step that takes what waits, decides in commit order, commits once, and answers.

Everything of a batch is decided in the books' draft and merged after the commit: a failed commit leaves nothing.
A thread drives it in the server (`driver.py`), a loop in the simulator; clock, chance, keys and store are injected.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from typing import Any, TypeAlias

from counterfoil.application.command import (
    REGISTRY,
    REPORTED,
    SELF,
    Command,
    CommandFault,
    Context,
    EntryFault,
    Registry,
)
from counterfoil.application.commands.found import Found, FoundFault
from counterfoil.application.commands.table import COMMANDS
from counterfoil.application.loading import load_books, load_position
from counterfoil.application.ports import (
    BalanceRow,
    Batch,
    BlockRow,
    CheckpointRow,
    JournalRow,
    OpeningRow,
    Outage,
    OutageFault,
    RecordRow,
    TermRow,
    World,
)
from counterfoil.application.receipt import Receipt, receipt_of
from counterfoil.domain.kernel.ids import COMMAND, Party
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.kernel.sealed import Opening
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Broken
from counterfoil.domain.ledger.checkpoint import Checkpoint, signed_note
from counterfoil.domain.ledger.entry import (
    LEAF_BYTES_MAX,
    UNITS,
    Backdating,
    Entry,
    JournalEntry,
    from_leaf,
)
from counterfoil.domain.ledger.merkle import leaf_hash

BATCH_MAX = 2048
Outcome: TypeAlias = Receipt | Refusal | Outage

_UNFOUNDED = Registry(registry="", party=Party(""), name="", origin="", public_key="")


@dataclass(frozen=True, slots=True)
class Submission:
    """A command that waits, and who sent it (a token's or a role's public name)."""

    command: Command
    by: str


@dataclass(slots=True)
class _Draft:
    """What a running step has gathered for its one commit."""

    rows: list[JournalRow] = field(default_factory=list)
    openings: list[OpeningRow] = field(default_factory=list)
    record_seqs: dict[tuple[str, str], int] = field(default_factory=dict)
    by_command: dict[str, tuple[str, Receipt]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Moment:
    """When a step records: the day, and the UTC time in the journal's form. All acts of one step share it."""

    today: date
    text: str


class _Offending(Exception):
    """One submission spoils the draft: it is answered, and the step starts again without it."""

    def __init__(self, index: int, outcome: Refusal | Outage) -> None:
        super().__init__(index)
        self.index = index
        self.outcome = outcome


class Writer:
    """The single writer of one registry."""

    def __init__(self, world: World, *, epoch: int = 1) -> None:
        self._world = world
        self._epoch = epoch
        reading = world.store.reading()
        try:
            self._position = load_position(
                reading, verify=world.verify, name=world.signer.name, public_key=world.signer.public_key
            )
            self.books = load_books(reading, world.codec)
        finally:
            reading.close()
        checkpoint = self._position.checkpoint
        self._frontier = self._position.frontier
        self._last_command = self._position.last_command
        self._checkpoint_number = 0 if checkpoint is None else checkpoint.number
        self._recorded_ms = 0 if checkpoint is None else _to_ms(checkpoint.recorded_at)
        self.note = self._position.note
        self._drafted_rows: list[JournalRow] = []
        self._registry = self._read_registry()

    @property
    def registry(self) -> Registry:
        """Who keeps this book. Empty until the registry is founded."""
        return self._registry

    @property
    def size(self) -> int:
        """How many entries are committed."""
        return self._frontier.size

    def step(self, waiting: Sequence[Submission]) -> list[Outcome]:
        """Decide, commit and answer at most `BATCH_MAX` submissions, in their order."""
        assert len(waiting) <= BATCH_MAX
        outcomes: list[Outcome | None] = [None] * len(waiting)
        while True:
            try:
                draft = self._decide_all(waiting, outcomes)
                break
            except _Offending as offending:
                self._drop()
                outcomes = [None if isinstance(outcome, Receipt) else outcome for outcome in outcomes]
                outcomes[offending.index] = offending.outcome
            except Outage as outage:
                self._drop()
                return [outage if outcome is None or isinstance(outcome, Receipt) else outcome for outcome in outcomes]
        if draft.rows:
            try:
                self._commit(draft)
            except Outage as outage:
                self._drop()
                outcomes = [
                    outage if isinstance(outcome, Receipt) and outcome.command in draft.by_command else outcome
                    for outcome in outcomes
                ]
        return [outcome for outcome in outcomes if outcome is not None]

    def _drop(self) -> None:
        self.books.discard()
        self._registry = self._read_registry()

    # Deciding

    def _decide_all(self, waiting: Sequence[Submission], outcomes: list[Outcome | None]) -> _Draft:
        draft = _Draft()
        self._drafted_rows = draft.rows
        now = _moment(max(self._world.clock.now_ms(), self._recorded_ms))
        known = self._known([submission.command.id for submission in waiting])
        for index, submission in enumerate(waiting):
            if outcomes[index] is None:
                try:
                    outcomes[index] = self._decide(submission, draft, now, known)
                except Outage:
                    raise
                except Broken as broken:
                    refusal = Refusal(EntryFault.BREAKS_LEDGER, {"detail": str(broken)[:400]})
                    raise _Offending(index, refusal) from broken
                except _TooLarge as large:
                    refusal = Refusal(EntryFault.TOO_LARGE, {"bytes": large.size, "bytes_max": LEAF_BYTES_MAX})
                    raise _Offending(index, refusal) from large
                except Exception as mistake:
                    outage = Outage(
                        OutageFault.WRITER_MISTAKE, {"detail": f"{type(mistake).__name__}: {mistake}"[:400]}
                    )
                    raise _Offending(index, outage) from mistake
        return draft

    def _known(self, ids: Sequence[str]) -> dict[str, int]:
        """Which ids are in the journal. One above the highest cannot be: they compare as the index sorts them."""
        older = [command for command in ids if command and command <= self._last_command]
        return self._world.store.commands(older) if older else {}

    def _decide(
        self, submission: Submission, draft: _Draft, now: _Moment, known: Mapping[str, int]
    ) -> Receipt | Refusal:
        command = submission.command
        identity = command.id or self._world.chance.command_id()
        if not COMMAND.match(identity):
            return Refusal(CommandFault.ID_UNREADABLE, {"id": identity[:100]})
        try:
            content = content_hash(command, self._world)
        except (OverflowError, TypeError, ValueError) as unwritable:
            detail = str(unwritable)[:300]
            return Refusal(CommandFault.UNREADABLE, {"command": type(command).__name__, "detail": detail})
        if identity in draft.by_command:
            first_content, first = draft.by_command[identity]
            return first if first_content == content else Refusal(CommandFault.ID_TAKEN, {"id": identity})
        if identity in known:
            return self._again(known[identity], command, content)
        entry = self._decided(command, now.today)
        if isinstance(entry, Refusal):
            return entry
        seq = self._frontier.size + len(draft.rows)
        follows = self.books.apply(seq, entry)
        journal_entry = JournalEntry(
            seq=seq,
            command=identity,
            content=content,
            recorded_at=now.text,
            by=submission.by,
            entry=entry,
            follows=follows,
            sealed=self._seal(seq, command, draft),
        )
        return self._drafted(journal_entry, draft)

    def _decided(self, command: Command, today: date) -> Entry | Refusal:
        if not self._registry.registry and not isinstance(command, Found):
            self._registry = self._read_registry()
            if not self._registry.registry:
                return Refusal(EntryFault.REGISTRY_NOT_FOUNDED)
        if isinstance(command, Found) and command.origin != self._world.signer.name:
            return Refusal(FoundFault.KEY_DIFFERS, {"origin": command.origin[:120], "key": self._world.signer.name})
        context = Context(self._registry, command.on or today, today, self._entry_at)
        entry = COMMANDS[type(command)](command, self.books, context)
        return entry if isinstance(entry, Refusal) else self._dated(entry, command, today)

    def _dated(self, entry: Entry, command: Command, today: date) -> Entry | Refusal:
        """Apply the rule of the two dates: no act of the future, and none of the past without leave."""
        on = entry.effective_on
        demonstration = self._registry.demonstration or (isinstance(command, Found) and command.demonstration)
        if command.assumed:
            if not demonstration:
                return Refusal(EntryFault.ASSUMED)
            entry = replace(entry, details={**entry.details, "assumed": list(command.assumed)})
        if on > today:
            return Refusal(EntryFault.FUTURE_DATED, {"on": on.isoformat(), "today": today.isoformat()})
        if on == today:
            return entry
        facts = {"on": on.isoformat(), "today": today.isoformat()}
        if entry.backdated is None:
            if not demonstration:
                return Refusal(EntryFault.BACKDATED, facts)
            entry = replace(entry, backdated=Backdating.DEMONSTRATION)
        reported = self.books.record(REPORTED, "year")
        if reported is not None and on.year <= reported:
            return Refusal(EntryFault.BEFORE_FROZEN_REPORT, {**facts, "year": reported})
        return entry

    def _entry_at(self, seq: int) -> JournalEntry | None:
        """An entry of the journal or of the running step: an answer must not depend on how commands were batched."""
        at = seq - self._frontier.size
        if at < 0:
            row = self._world.store.row(seq) if seq >= 0 else None
        else:
            row = self._drafted_rows[at] if at < len(self._drafted_rows) else None
        return None if row is None else from_leaf(self._world.codec.decode(row.leaf))

    def _seal(self, seq: int, command: Command, draft: _Draft) -> dict[str, str]:
        sealed: dict[str, str] = {}
        for name, value in sorted(command.confidential.items()):
            opening = Opening(name, self._world.chance.salt(), value)
            sealed[name] = opening.seal()
            text = self._world.codec.encode(value).decode()
            draft.openings.append(OpeningRow(seq, name, opening.salt, text))
        return sealed

    def _drafted(self, journal_entry: JournalEntry, draft: _Draft) -> Receipt:
        leaf = journal_entry.leaf()
        data = self._world.codec.encode(leaf)
        if len(data) > LEAF_BYTES_MAX:
            raise _TooLarge(len(data))
        row = JournalRow(journal_entry.seq, journal_entry.command, leaf_hash(data), data)
        draft.rows.append(row)
        for record in journal_entry.entry.records:
            draft.record_seqs[(record.kind, record.key)] = journal_entry.seq
            if record.kind == REGISTRY:
                self._registry = self._read_registry()
        receipt = receipt_of(row, leaf)
        draft.by_command[journal_entry.command] = (journal_entry.content, receipt)
        return receipt

    def _again(self, seq: int, command: Command, content: str) -> Receipt | Refusal:
        """The first receipt for the same content; a refusal for the same id with other content."""
        row = self._world.store.row(seq)
        assert row is not None
        leaf = self._world.codec.decode(row.leaf)
        same = leaf["content"] == content and set(leaf.get("sealed", {})) == set(command.confidential)
        for opening in self._world.store.openings(seq) if same else ():
            sealed = Opening(opening.field, opening.salt, command.confidential[opening.field]).seal()
            same = same and sealed == leaf["sealed"][opening.field]
        return receipt_of(row, leaf) if same else Refusal(CommandFault.ID_TAKEN, {"id": command.id})

    # Committing

    def _commit(self, draft: _Draft) -> None:
        frontier = self._frontier.extended([row.leaf_hash for row in draft.rows])
        recorded_at = self._world.codec.decode(draft.rows[-1].leaf)["at"]
        checkpoint = Checkpoint(
            origin=self._registry.origin,
            size=frontier.size,
            root=frontier.root(),
            number=self._checkpoint_number + 1,
            recorded_at=recorded_at,
            epoch=self._epoch,
        )
        text = checkpoint.text()
        signer = self._world.signer
        note = signed_note(text, name=signer.name, public_key=signer.public_key, signature=signer.sign(text.encode()))
        row = CheckpointRow(checkpoint.number, checkpoint.size, b"".join(frontier.roots), note)
        self._world.store.commit(self._batch(draft, row))
        self.books.commit()
        self._frontier = frontier
        self._checkpoint_number = checkpoint.number
        self._recorded_ms = _to_ms(recorded_at)
        self._last_command = max(self._last_command, *draft.by_command)
        self.note = note

    def _batch(self, draft: _Draft, checkpoint: CheckpointRow) -> Batch:
        books, encode = self.books, self._world.codec.encode
        changed = list(books.blocks.changes())
        return Batch(
            journal=draft.rows,
            checkpoint=checkpoint,
            terms=[
                *(TermRow("class", number, text) for number, text in books.classes.changes()),
                *(TermRow("account", number, text) for number, text in books.accounts.changes()),
                *(TermRow("lot", number, text) for number, text in books.lots.changes()),
            ],
            blocks=[BlockRow(unit_class, *block) for unit_class, _, block in changed if block is not None],
            removed=[(unit_class, first) for unit_class, first, block in changed if block is None],
            records=[
                RecordRow(kind, key, encode(value).decode(), draft.record_seqs[(kind, key)])
                for (kind, key), value in sorted(books.records.changes(), key=_by_key)
            ],
            balances=[
                BalanceRow(*key, amount)
                for key, amount in sorted(books.balances.changes())
                if key.book != UNITS or role(key.account) is AccountRole.SOURCE
            ],
            openings=draft.openings,
        )

    def _read_registry(self) -> Registry:
        value = self.books.record(REGISTRY, SELF)
        return _UNFOUNDED if value is None else from_json(Registry, value)


class _TooLarge(Exception):
    """A leaf above its bound."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


def content_hash(command: Command, world: World) -> str:
    """The hash of a command's public part, in hex. Confidential values stay out: they could be guessed from it."""
    kind: Any = type(command)
    public: dict[str, Any] = {name: getattr(command, name) for name in _public_fields(kind)}
    return sha256(world.codec.encode([kind.__name__, public])).hexdigest()


@cache
def _public_fields(kind: type[Any]) -> tuple[str, ...]:
    return tuple(name for name in kind.__dataclass_fields__ if name not in ("id", "confidential"))


def _by_key(item: tuple[tuple[str, str], Any]) -> tuple[str, str]:
    return item[0]


def _moment(ms: int) -> _Moment:
    at = datetime.fromtimestamp(ms // 1000, UTC).replace(microsecond=ms % 1000 * 1000, tzinfo=None)
    return _Moment(at.date(), f"{at.isoformat(timespec='milliseconds')}Z")


def _to_ms(text: str) -> int:
    moment = datetime.fromisoformat(text)
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000
