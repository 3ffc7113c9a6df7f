"""The writer: a step that takes what waits, decides in commit order, commits once, and answers.

A draft is decided on the books themselves, and is taken back when its batch cannot be written: a failed commit leaves
nothing. A thread drives the writer in the server (`driver.py`), a loop in the simulator; clock, chance, keys and store
are injected.

Read next: `draft.py`, `driver.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from counterfoil.application.adopted import PACK, law_in
from counterfoil.application.command import (
    REGISTRY,
    SELF,
    Command,
    CommandFault,
    Context,
    EntryFault,
    Guarding,
    Registry,
)
from counterfoil.application.commands.adopt_pack import AdoptPack
from counterfoil.application.commands.found import Found, FoundFault
from counterfoil.application.commands.rotate_key import KeyFault, RotateKey
from counterfoil.application.commands.table import COMMANDS
from counterfoil.application.content import content_hash, require_confidential, unreadable
from counterfoil.application.dating import dated
from counterfoil.application.draft import (
    Accepted,
    Draft,
    Moment,
    Outcome,
    Standing,
    batch_of,
    leaf_bytes,
    milliseconds,
    moment_at,
    said_before,
)
from counterfoil.application.lawful import judged
from counterfoil.application.leaving import safe
from counterfoil.application.loading import load_books, load_position
from counterfoil.application.ports import (
    CheckpointRow,
    JournalRow,
    Outage,
    OutageFault,
    Store,
    World,
)
from counterfoil.application.receipt import Receipt, receipt_of
from counterfoil.application.safeguarded import PRACTICE, safeguards_on
from counterfoil.application.spoiled import Offending, TooLarge, Unwritable
from counterfoil.domain.kernel.ids import COMMAND, Party
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books, Broken
from counterfoil.domain.ledger.checkpoint import Checkpoint, signed_note
from counterfoil.domain.ledger.entry import LEAF_BYTES_MAX, Entry, JournalEntry, from_leaf
from counterfoil.domain.ledger.key_history import KEY, read_key
from counterfoil.domain.ledger.merkle import leaf_hash

BATCH_MAX: Final = 8_192
PARTS_MAX: Final = 64
"""Commits of one step."""
CONTEXTS_MAX: Final = 1_024
"""Days for which the facts of the moment are kept; a bound for memory."""


T = TypeVar("T")
_UNFOUNDED = Registry(registry="", party=Party(""), name="", origin="", public_key="")


@dataclass(frozen=True, slots=True)
class Submission:
    """A command that waits, who sent it (a public name), and who asks whether they may; None where nobody asks."""

    command: Command
    by: str
    guard: Guarding | None = None


class Writer:
    """The single writer of one registry. One thread at a time uses it."""

    def __init__(self, world: World) -> None:
        self.world = self._world = world
        reading = world.store.reading()
        try:
            position = load_position(reading, world.codec, verify=world.verify, signer=world.signer)
            self.books = load_books(reading, world.codec)
        finally:
            reading.close()
        checkpoint = position.checkpoint
        self._durable = Standing(
            frontier=position.frontier,
            checkpoint=0 if checkpoint is None else checkpoint.number,
            recorded_ms=0 if checkpoint is None else milliseconds(checkpoint.recorded_at),
            last_command=position.last_command,
            note=position.note,
        )
        self._draft = Draft(self._durable, Moment(0, date.min, ""))
        self._contexts: dict[date, Context] = {}
        self._registry = self._read_registry()
        self._law = law_in(self.books, world.laws)

    @property
    def registry(self) -> Registry:
        """Who keeps this book. Empty until the registry is founded."""
        return self._registry

    @property
    def store(self) -> Store:
        """The store that this writer alone commits to."""
        return self._world.store

    @property
    def size(self) -> int:
        """How many entries are committed."""
        return self._durable.frontier.size

    @property
    def note(self) -> str:
        """The signed checkpoint of what is committed."""
        return self._durable.note

    def step(self, waiting: Sequence[Submission]) -> list[Outcome]:
        """Decide, commit and answer at most `BATCH_MAX` submissions, in their order.

        They are one commit, but for two cases: one that rotates the key ends its commit, and one that spoils the draft
        is answered alone, behind a commit of those before it. After `PARTS_MAX` commits the rest is told to come again,
        so that nobody can keep the writer from all the others.
        """
        assert len(waiting) <= BATCH_MAX
        outcomes: list[Outcome] = []
        try:
            known = self._known(waiting)
        except Outage as outage:
            return [outage] * len(waiting)
        for _ in range(PARTS_MAX):
            outcomes += self._part(waiting, len(outcomes), len(waiting), known)
            if len(outcomes) == len(waiting):
                return outcomes
        rest = len(waiting) - len(outcomes)
        return [*outcomes, *[Outage(OutageFault.WRITER_BUSY, {"waiting": rest}, retry=True)] * rest]

    def _part(self, waiting: Sequence[Submission], start: int, end: int, known: dict[str, int]) -> list[Outcome]:
        """The answers of one or more submissions from `start`, made durable; the rest, up to `end`, is left."""
        draft = self._draft = Draft(self._durable, self._moment())
        try:
            self._decide_all(waiting, start, end, draft, known)
        except Offending as offending:
            self._take_back()
            wanted = offending.index - start
            before = self._part(waiting, start, offending.index, known) if wanted else []
            return [*before, offending.outcome] if len(before) == wanted else before
        except Outage as outage:
            self._take_back()
            return [outage] * (end - start)
        except BaseException:
            self._take_back()
            raise
        if draft.rows:
            failed = self._committed(draft)
            if failed is not None:
                return draft.failed(failed)
            if start + len(draft.outcomes) < len(waiting):
                known.update((name, accepted.receipt.seq) for name, accepted in draft.accepted.items())
        return draft.outcomes

    def _committed(self, draft: Draft) -> Outage | None:
        """Make a draft durable, or take it back."""
        codec = self._world.codec
        try:
            after, checkpoint = self._checkpoint(draft)
            rows = batch_of(
                self.books, draft.rows, draft.openings, draft.record_seqs, checkpoint=checkpoint, codec=codec
            )
            self._world.store.commit(rows)
        except Outage as outage:
            self._take_back()
            return outage
        except BaseException:
            self._take_back()
            raise
        self.books.commit()
        self._durable = after
        self._draft = Draft(after, draft.moment)
        if draft.next_key is not None:
            self._world.signer.turn_to(draft.next_key)
        return None

    def tried(self, submission: Submission, look: Callable[[JournalEntry, Books], T]) -> tuple[T, T] | Outcome:
        """What `look` sees before an act and after it. The act is decided as it would be now, and taken back.

        Returns:
            Both looks; or the refusal, or the receipt of an act that is in the journal already.
        """
        draft = self._draft = Draft(self._durable, self._moment())
        try:
            self._decide_all([submission], 0, 1, draft, self._known([submission]))
            if not draft.rows:
                return draft.outcomes[0]
            entry = from_leaf(self._world.codec.decode(draft.rows[0].leaf))
            after = look(entry, self.books)
        except Offending as offending:
            return offending.outcome
        finally:
            self._take_back()
        return look(entry, self.books), after

    # Deciding

    def _take_back(self) -> None:
        """Nothing of the running draft remains."""
        self.books.discard()
        self._registry_changed()

    def _moment(self) -> Moment:
        """The time of the next recording, which never runs backwards."""
        return moment_at(max(self._world.clock.now_ms(), self._durable.recorded_ms))

    def _decide_all(
        self, waiting: Sequence[Submission], start: int, end: int, draft: Draft, known: Mapping[str, int]
    ) -> None:
        answer = draft.outcomes.append
        for index in range(start, end):
            try:
                answer(self._decide(waiting[index], draft, known))
            except Outage:
                raise
            except Broken as broken:
                refusal = Refusal(EntryFault.BREAKS_LEDGER, {"detail": str(broken)[:400]})
                raise Offending(index, refusal) from broken
            except TooLarge as large:
                refusal = Refusal(EntryFault.TOO_LARGE, {"bytes": large.size, "bytes_max": LEAF_BYTES_MAX})
                raise Offending(index, refusal) from large
            except Unwritable as unwritable:
                raise Offending(index, unreadable(waiting[index].command, unwritable)) from unwritable
            except Exception as mistake:
                outage = Outage(OutageFault.WRITER_MISTAKE, {"detail": f"{type(mistake).__name__}: {mistake}"[:400]})
                raise Offending(index, outage) from mistake
            if draft.next_key is not None:
                return

    def _known(self, waiting: Sequence[Submission]) -> dict[str, int]:
        """Which ids are in the journal. One above the highest cannot be: they compare as the index sorts them."""
        highest = self._durable.last_command
        named = (submission.command.id for submission in waiting)
        older = [name for name in named if name <= highest and COMMAND.match(name)]
        if not older:
            return {}
        return self._world.store.commands(older)

    def _decide(self, submission: Submission, draft: Draft, known: Mapping[str, int]) -> Receipt | Refusal:
        command = submission.command
        identity = command.id or self._world.chance.command_id()
        if not COMMAND.match(identity):
            return Refusal(CommandFault.ID_UNREADABLE, {"id": identity[:100]})
        try:
            content = content_hash(command, self._world.codec)
            require_confidential(command, self._world.codec)
        except (OverflowError, TypeError, ValueError) as unwritable:
            return unreadable(command, unwritable)
        accepted = draft.accepted.get(identity)
        if (accepted is not None or identity in known) and (refusal := self._stranger(submission, draft)) is not None:
            return refusal
        if accepted is not None:
            return accepted.again(command, content) or Refusal(CommandFault.ID_TAKEN, {"id": identity})
        if identity in known:
            return self._again(known[identity], command, content)
        entry = self._decided(submission, draft.moment.today)
        if isinstance(entry, Refusal):
            return entry
        seq = draft.before.frontier.size + len(draft.rows)
        follows = self.books.apply(seq, entry)
        sealed = draft.sealed(seq, command, self._world.chance, self._world.codec) if command.confidential else {}
        journal_entry = JournalEntry(seq, identity, content, draft.moment.text, submission.by, entry, follows, sealed)
        receipt = self._drafted(journal_entry, draft)
        draft.accepted[identity] = Accepted(content, command.confidential, receipt)
        return receipt

    def _decided(self, submission: Submission, today: date) -> Entry | Refusal:
        command = submission.command
        if not self._registry.registry and not isinstance(command, Found):
            return Refusal(EntryFault.REGISTRY_NOT_FOUNDED)
        if isinstance(command, Found) and command.origin != self._world.signer.name:
            return Refusal(FoundFault.KEY_DIFFERS, {"origin": command.origin[:120], "key": self._world.signer.name})
        if isinstance(command, RotateKey) and not self._holds(command.public_key):
            return Refusal(KeyFault.NOT_HELD, {"key": command.public_key[:80]})
        context = self._context(command.on or today, today)
        if isinstance(context.law, Refusal) and not isinstance(command, AdoptPack):
            return context.law
        refusal = None if submission.guard is None else submission.guard(command, self.books, context)
        if refusal is not None:
            return refusal
        entry = COMMANDS[type(command)](command, self.books, context)
        if context.law is not None and not isinstance(entry, Refusal):
            entry = judged(command, entry, self.books, context)
        entry = safe(command, entry, self.books, context)
        if isinstance(entry, Refusal) or (entry.effective_on == today and not command.assumed):
            return entry
        return dated(entry, command, today=today, registry=self._registry, books=self.books)

    def _stranger(self, submission: Submission, draft: Draft) -> Refusal | None:
        """Why a repeat is not answered: it would tell who may not do the act that they guessed a sealed value."""
        command, guard, today = submission.command, submission.guard, draft.moment.today
        if guard is None or not command.confidential:
            return None  # all that the receipt says is public
        return guard(command, self.books, self._context(command.on or today, today))

    def _context(self, on: date, today: date) -> Context:
        found = self._contexts.get(on)
        if found is not None and found.today == today:
            return found
        if len(self._contexts) >= CONTEXTS_MAX:
            self._contexts.clear()
        laws, law, kept = self._world.laws, self._law, self._world.evidence.has
        rules = safeguards_on(self.books, laws, law, today)
        made = self._contexts[on] = Context(
            self._registry, on, today, self._entry_at, laws, law, kept, lambda: self._draft.moment.ms, rules
        )
        return made

    def _holds(self, public_key: str) -> bool:
        """Whether the private half of a key is here; of what is no key, the rule says so."""
        key = read_key(public_key)
        return key is None or self._world.signer.holds(key)

    def _entry_at(self, seq: int) -> JournalEntry | None:
        """An entry of the journal or of a draft: an answer must not depend on how commands were batched."""
        at = seq - self._durable.frontier.size
        if at < 0:
            row = self._world.store.row(seq) if seq >= 0 else None
        else:
            row = self._draft.rows[at] if at < len(self._draft.rows) else None
        return None if row is None else from_leaf(self._world.codec.decode(row.leaf))

    def _drafted(self, journal_entry: JournalEntry, draft: Draft) -> Receipt:
        leaf = journal_entry.leaf()
        try:
            data = leaf_bytes(journal_entry, self._world.codec, leaf)
        except ValueError as unwritable:
            raise Unwritable(str(unwritable)) from unwritable
        if len(data) > LEAF_BYTES_MAX:
            raise TooLarge(len(data))
        row = JournalRow(journal_entry.seq, journal_entry.command, leaf_hash(data), data)
        draft.rows.append(row)
        for record in journal_entry.entry.records:
            draft.record_seqs[(record.kind, record.key)] = journal_entry.seq
            if record.kind in (REGISTRY, PACK, PRACTICE):
                self._registry_changed()
            elif record.kind == KEY:
                draft.next_key = read_key(self.books.record(KEY, record.key)["public_key"])
        return receipt_of(row, leaf)

    def _again(self, seq: int, command: Command, content: str) -> Receipt | Refusal:
        """The first receipt for the same content; a refusal for the same id with other content."""
        row = self._world.store.row(seq)
        assert row is not None
        leaf = self._world.codec.decode(row.leaf)
        same = said_before(leaf, self._world.store.openings(seq), command, content)
        return receipt_of(row, leaf) if same else Refusal(CommandFault.ID_TAKEN, {"id": command.id})

    # Committing

    def _checkpoint(self, draft: Draft) -> tuple[Standing, CheckpointRow]:
        """Number, root and signature of a draft: where the journal will stand, and the row that says so."""
        before, moment = draft.before, draft.moment
        frontier = before.frontier.extended([row.leaf_hash for row in draft.rows])
        checkpoint = Checkpoint(
            origin=self._registry.origin,
            size=frontier.size,
            root=frontier.root(),
            number=before.checkpoint + 1,
            recorded_at=moment.text,
            epoch=self._world.store.epoch,
        )
        text = checkpoint.text()
        signer = self._world.signer
        note = signed_note(text, name=signer.name, public_key=signer.public_key, signature=signer.sign(text.encode()))
        last_command = max(before.last_command, *draft.accepted)
        return (
            Standing(frontier, checkpoint.number, moment.ms, last_command, note),
            CheckpointRow(checkpoint.number, checkpoint.size, b"".join(frontier.roots), note),
        )

    def _read_registry(self) -> Registry:
        value = self.books.record(REGISTRY, SELF)
        return _UNFOUNDED if value is None else from_json(Registry, value)

    def _registry_changed(self) -> None:
        self._registry = self._read_registry()
        self._law = law_in(self.books, self._world.laws)
        self._contexts.clear()
