"""One registry's side of its links: what it sends of itself, and what it does with what arrives.

Answers are returned, not sent: whoever carries messages (HTTP, a queue, a simulation) carries them back. Nothing here
knows how. No code here reads another registry's folder: it knows its partners by key and by what they signed.

Read before: `writing.py`, `opening.py`, `acting.py`. Source: ADR-0007; ADR-0032.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol, TypeAlias

from counterfoil.application.command import Command, stored
from counterfoil.application.commands.abroad import TRANSFER, AbroadFault, ProposeTransfer, TransferRecord
from counterfoil.application.commands.consent import ConsentFault
from counterfoil.application.commands.end_transfer import Ending, VoidTransfer
from counterfoil.application.draft import Outcome
from counterfoil.application.federation.acting import ActMaker
from counterfoil.application.federation.noticing import about_notice, follows
from counterfoil.application.federation.opening import Opened, Opener
from counterfoil.application.federation.writing import LetterWriter, Owed, Say, wordless
from counterfoil.application.ports import Reading, World
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission, Writer
from counterfoil.domain.federation.mechanism import ToldFault
from counterfoil.domain.federation.message import Envelope, MessageFault, MessageKind
from counterfoil.domain.federation.notice import NoticeFault
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import TransferId
from counterfoil.domain.kernel.instant import utc_text
from counterfoil.domain.kernel.refusal import Refusal

BY: Final = "federation"
Do: TypeAlias = Callable[[Sequence[Submission]], list[Outcome]]
Hear: TypeAlias = Callable[[Sequence[Opened]], None]


class Peers(Protocol):
    """The way to other registries. Sending may be repeated; the answer comes as messages of its own."""

    def send(self, party: str, envelope: Envelope) -> None: ...


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a message, and what its sender is to get for it. `opened` is None when it was not to be read."""

    outcome: Outcome | None
    answers: tuple[Envelope, ...] = ()
    opened: Opened | None = None
    idle: bool = True
    """Whether it changed nothing here. What is said a second time in other words is idle, too."""

    @property
    def sender(self) -> str:
        """The Party of the partner that signed it; empty when nobody did."""
        return "" if self.opened is None else self.opened.message.sender


@dataclass(frozen=True, slots=True)
class _Asked:
    opened: Opened
    known: TransferRecord | None
    act: Command | Refusal


class Federation:
    """One registry's side of its links."""

    def __init__(self, world: World, writer: Writer, do: Do, peers: Peers, say: Say | None = None) -> None:
        self._world = world
        self._writer = writer
        self._do = do
        self._peers = peers
        self._say = say or wordless

    # Of itself

    def propose(self, command: ProposeTransfer, *, by: str) -> Outcome:
        """Reserve the units here and send the proposal. What is refused here is not sent."""
        outcome = self._do([Submission(command, by)])[0]
        if isinstance(outcome, Receipt):
            self.resend(command.transfer)
        return outcome

    def withdraw(self, transfer: str, *, reason: str, ending: Ending = Ending.WITHDRAWN, by: str = BY) -> Outcome:
        """Void an unanswered proposal (it expired, or was taken back) and tell the partner."""
        void = VoidTransfer(id=f"{transfer}:void", transfer=TransferId(transfer), reason=reason, ending=ending)
        outcome = self._do([Submission(void, by)])[0]
        if isinstance(outcome, Receipt):
            self.resend(transfer)
        return outcome

    def resend(self, transfer: str) -> Refusal | None:
        """Send the message that this side owes about a transfer, again if need be: a lost one is so made good."""
        owed = self.owed([transfer])[0]
        if owed is None:
            return Refusal(AbroadFault.UNKNOWN, {"transfer": transfer})
        self._peers.send(owed.partner, owed.envelope)
        return None

    def owed(self, transfers: Sequence[str]) -> list[Owed | None]:
        """For each transfer the message that this side owes; None where it owes none."""
        reading = self._world.store.reading()
        try:
            letters = self._letters(reading)
            return [letters.owed(transfer) for transfer in transfers]
        finally:
            reading.close()

    # What arrives

    def receive(self, envelope: Envelope) -> Received:
        """Take one message that arrived."""
        return self.receive_all([envelope])[0]

    def receive_all(self, envelopes: Sequence[Envelope], heard: Hear | None = None) -> list[Received]:
        """Take messages in their order. Acts on different transfers are done together; they are durable on return.

        Args:
            heard: Told of messages that their partners signed, before they are acted on.
        """
        received: list[Received] = []
        waiting: list[Envelope] = []
        for envelope in envelopes:
            waiting.append(envelope)
            if len(waiting) == _TOGETHER_MAX:
                received.extend(self._received(waiting, heard))
                waiting = []
        received.extend(self._received(waiting, heard))
        return received

    def _received(self, envelopes: Sequence[Envelope], heard: Hear | None) -> list[Received]:
        """Some messages. A second one about the same transfer waits for what the first one does."""
        received: list[Received] = []
        rest = list(envelopes)
        while rest:
            reading = self._world.store.reading()
            try:
                asked, documents, rest = self._asked(rest, reading)
            finally:
                reading.close()
            if heard is not None:
                heard([each.opened for each in asked if isinstance(each, _Asked)])
            self._world.evidence.put_all(documents)
            received.extend(self._answered(asked))
        return received

    def _asked(
        self, envelopes: list[Envelope], reading: Reading
    ) -> tuple[list[_Asked | Refusal], list[bytes], list[Envelope]]:
        """What messages ask for, the documents that must be kept before it is done, and the messages that wait."""
        world, registry = self._world, self._writer.registry
        opener = Opener(registry, world.codec, world.verify, world.clock.now_ms)
        maker = ActMaker(world, registry, self._writer.books, reading)
        asked: list[_Asked | Refusal] = []
        rest: list[Envelope] = []
        busy: set[str] = set()
        for number, envelope in enumerate(envelopes):
            opened = opener.open(envelope, reading)
            if isinstance(opened, Refusal):
                asked.append(opened)
                continue
            transfer = opened.message.transfer
            if transfer in busy:
                rest = envelopes[number:]
                break
            busy.add(transfer)
            noticed = about_notice(opened, reading, world, registry)
            if noticed is not None:
                asked.append(_Asked(opened, None, noticed))
                continue
            known = stored(self._writer.books, TRANSFER, transfer, TransferRecord)
            asked.append(_Asked(opened, known, maker.act(opened, known)))
        return asked, maker.documents, rest

    def _answered(self, asked: Sequence[_Asked | Refusal]) -> list[Received]:
        size = self._writer.size
        acts = [each.act for each in asked if isinstance(each, _Asked) and not isinstance(each.act, Refusal)]
        done = self._do([Submission(act, BY) for act in acts]) if acts else []
        self._follow(acts, done)
        outcomes = iter(done)
        received: list[Received] = []
        reading = self._world.store.reading()
        try:
            letters = self._letters(reading)
            for each in asked:
                if isinstance(each, Refusal):
                    received.append(Received(each))
                    continue
                outcome = each.act if isinstance(each.act, Refusal) else next(outcomes)
                # An act names the message that it follows, but for a withdrawal, which says nothing but that.
                names = each.opened.message.kind is not MessageKind.WITHDRAWAL
                done_here = isinstance(outcome, Receipt) and (names or outcome.seq >= size)
                answers = self._answers(each, outcome, letters)
                received.append(Received(outcome, answers, each.opened, idle=not done_here))
        finally:
            reading.close()
        return received

    def _follow(self, acts: Sequence[Command], done: Sequence[Outcome]) -> None:
        """What a notice that was taken asks of this book too. Refused, it stays due until the notice comes again."""
        books = self._writer.books
        taken = (act for act, outcome in zip(acts, done, strict=True) if isinstance(outcome, Receipt))
        following = [act for act in (follows(act, books) for act in taken) if act is not None]
        if following:
            self._do([Submission(act, BY) for act in following])

    def _answers(self, asked: _Asked, outcome: Outcome, letters: LetterWriter) -> tuple[Envelope, ...]:
        """What the sender gets: the next message that this side owes about the transfer, whatever became of this one.

        So a repeated or late message is answered with what the book says, and nothing goes to and fro without end: an
        answer is always a later stage. A refused proposal, of which the book says nothing, is answered with the
        refusal; a withdrawal of what was never here with that, and an acceptance of such with a withdrawal.
        """
        message = asked.opened.message
        if not _NEXT[message.kind]:
            return ()  # nothing follows: what is owed needs not be written to see that
        if message.kind is MessageKind.NOTICE and isinstance(outcome, Refusal) and outcome.code != _TAKEN_BEFORE:
            if outcome.code == ToldFault.NOT_KNOWN_YET:
                return ()  # another notice comes first; this one stays owed, and comes again
            # What was taken under this name before a restore there is no answer to what is told under it now.
            return (self._refusal(asked.opened, outcome, letters),)
        owed = letters.owed(message.transfer)
        if owed is not None:
            follows = owed.partner == message.sender and owed.kind in _NEXT[message.kind]
            return (owed.envelope,) if follows else ()
        if isinstance(outcome, Refusal) and outcome.code == ConsentFault.TOO_MANY_WAITING:
            return ()  # it stays owed, and comes again when some of those that wait are decided
        if message.kind in _REFUSABLE and isinstance(outcome, Refusal):
            return (self._refusal(asked.opened, outcome, letters),)
        if message.kind is MessageKind.ACCEPTANCE and _never_here(outcome):
            # This book came back from a backup of before its proposal: nothing is reserved here, and nothing will come.
            gone: dict[str, JSON] = {"effective_on": message.body["effective_on"], "reason": "unknown here"}
            return (self._sealed(asked.opened, MessageKind.WITHDRAWAL, {**gone, "ending": "withdrawn"}, letters),)
        if message.kind is MessageKind.WITHDRAWAL and _never_here(outcome):
            body: dict[str, JSON] = {"effective_on": message.body["effective_on"], "state": "unknown", "proof": None}
            return (self._sealed(asked.opened, MessageKind.ACKNOWLEDGEMENT, body, letters),)
        return ()

    def _refusal(self, opened: Opened, refusal: Refusal, letters: LetterWriter) -> Envelope:
        body = {"effective_on": opened.message.body["effective_on"], **letters.refusal(refusal)}
        return self._sealed(opened, MessageKind.REFUSAL, body, letters)

    def _sealed(self, opened: Opened, kind: MessageKind, body: Mapping[str, JSON], letters: LetterWriter) -> Envelope:
        at = utc_text(self._world.clock.now_ms())
        return letters.sealed(opened.message.sender, kind, opened.message.transfer, body, at=at)

    def _letters(self, reading: Reading) -> LetterWriter:
        return LetterWriter(self._world, self._writer.registry, self._writer.books, reading, self._say)


_TOGETHER_MAX: Final = 1_000
_NOTHING: Final[frozenset[MessageKind]] = frozenset()
_NEXT: Final[Mapping[MessageKind, frozenset[MessageKind]]] = MappingProxyType(
    {
        MessageKind.PROPOSAL: frozenset({MessageKind.ACCEPTANCE, MessageKind.ACKNOWLEDGEMENT, MessageKind.REFUSAL}),
        MessageKind.ACCEPTANCE: frozenset({MessageKind.RECEIPT, MessageKind.WITHDRAWAL}),
        MessageKind.REFUSAL: _NOTHING,
        MessageKind.RECEIPT: frozenset({MessageKind.ACKNOWLEDGEMENT}),
        MessageKind.WITHDRAWAL: frozenset({MessageKind.ACKNOWLEDGEMENT, MessageKind.REFUSAL}),
        MessageKind.ACKNOWLEDGEMENT: _NOTHING,
        MessageKind.NOTICE: frozenset({MessageKind.ACKNOWLEDGEMENT}),
    }
)
_TAKEN_BEFORE: Final = NoticeFault.ALREADY_TAKEN
_REFUSABLE: Final = frozenset({MessageKind.PROPOSAL, MessageKind.NOTICE})


def _never_here(outcome: Outcome) -> bool:
    return isinstance(outcome, Refusal) and outcome.code == MessageFault.SEQUENCE
