"""One registry of the simulation: the real writer and federation on a store that may die. The only seam to both.

Read before: `application/federation/`, `application/writer.py`.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final, TypeVar

from counterfoil.adapters.chance import SeededChance
from counterfoil.application.command import Command
from counterfoil.application.commands.abroad import ProposeTransfer
from counterfoil.application.commands.close_case import CloseCase, ways_of
from counterfoil.application.commands.end_transfer import Ending, VoidTransfer
from counterfoil.application.commands.open_case import CASE, CaseRecord, CaseState
from counterfoil.application.commands.recover import BeginRecovery, EndRecovery, recovery_of
from counterfoil.application.draft import Outcome
from counterfoil.application.federation.federation import Federation, Received
from counterfoil.application.federation.writing import LetterWriter
from counterfoil.application.ports import Outage, OutageFault
from counterfoil.application.receipt import Receipt
from counterfoil.application.reconciling.reconciler import Reconciled, Reconciler
from counterfoil.application.thread import Span
from counterfoil.application.writer import Submission, Writer
from counterfoil.domain.federation.case import Mender
from counterfoil.domain.federation.jws import compact, read_compact
from counterfoil.domain.federation.message import Envelope, MessageKind
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.kernel.instant import utc_ms, utc_text
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.entrypoints.bootstrap import memory_world
from tests.simulation.founding import DAWN_MS, Beginning
from tests.simulation.frail_store import Crash, FrailStore, Mishap
from tests.simulation.moments import HOUR, Clock
from tests.simulation.wire import Letter

FIRST_WAIT: Final = HOUR
LONGEST_WAIT: Final = 12 * HOUR

T = TypeVar("T")


class Node:
    """A registry. While `writer` is None its process is gone, and all that is asked of it is lost."""

    def __init__(self, begun: Beginning, clock: Clock, mishap: Callable[[], Mishap | None], chance: Random) -> None:
        self.party = begun.party
        self.signer = begun.signer
        self.clock = clock
        self.store = FrailStore.copied(begun.store, mishap)
        salts = SeededChance(f"{begun.party} {chance.random()}", ms=DAWN_MS)
        self.world = memory_world(begun.signer, clock=clock, chance=salts, store=self.store)
        self.writer: Writer | None = None
        self._due: dict[str, tuple[int, int]] = {}
        self._heard: set[str] = set()
        self._sent: list[Letter] = []
        self.start()

    @property
    def alive(self) -> bool:
        return self.writer is not None

    @property
    def books(self) -> Books:
        """What the journal says, also while nobody serves it."""
        return (self.writer or Writer(self.world)).books

    @property
    def _serving(self) -> Writer:
        assert self.writer is not None
        return self.writer

    def start(self) -> None:
        """Open the registry: all that it knows is what its store kept."""
        self.writer = Writer(self.world)
        self._federation = Federation(self.world, self.writer, self._do, self)
        self._reconciler = Reconciler(
            self.world,
            lambda: self._serving.registry,
            self._do,
            lambda work: work(self.world.store),
            again=self._again,
            take=self._take_again,
        )
        self._due.clear()
        self._heard.clear()

    def stop(self) -> None:
        self.writer = None

    def send(self, party: str, envelope: Envelope) -> None:
        self._sent.append(Letter(self.party, party, envelope))

    # What a registry is asked

    def act(self, command: Command) -> Outcome | None:
        """Do a local act; None when the process died of it."""
        outcome, _ = self._living(lambda: self._do([Submission(command, "operator")])[0])
        return outcome

    def propose(self, command: ProposeTransfer) -> tuple[Outcome | None, list[Letter]]:
        return self._living(lambda: self._federation.propose(command, by="operator"))

    def withdraw(self, command: VoidTransfer) -> tuple[Outcome | None, list[Letter]]:
        return self._living(
            lambda: self._federation.withdraw(command.transfer, reason=command.reason, ending=command.ending)
        )

    def decide(self, command: Command, transfer: str) -> tuple[Outcome | None, list[Letter]]:
        """A person consents to what waits here, or refuses it; its source is told now."""

        def done() -> Outcome:
            outcome = self._do([Submission(command, "operator")])[0]
            if isinstance(outcome, Receipt):
                self._federation.resend(transfer)
            return outcome

        return self._living(done)

    def receive(self, letter: Letter) -> tuple[Outcome | None, list[Letter]]:
        """Take a letter; the answers are what is sent back."""
        received, _ = self._living(lambda: self._federation.receive(letter.envelope))
        if received is None:
            return None, []
        self._hear(received)
        return received.outcome, [Letter(self.party, received.sender, answer) for answer in received.answers]

    def owed(self, *, at_once: bool = False) -> list[Letter]:
        """What this side has to say again by now, each time after a longer wait; `at_once`, without waiting.

        An offer that nobody answered in time is taken back first.
        """
        now = self.clock.now_ms()
        letters: list[Letter] = []
        for key, value in self.transfers():
            if not self.alive:
                return []
            if _expired(value, now):
                reason = VoidTransfer(transfer=TransferId(key), reason="not answered", ending=Ending.EXPIRED)
                letters += self.withdraw(reason)[1]
            elif not self._owes(key, value):
                self._due.pop(key, None)
                continue
            tries, due = self._due.get(key, (0, now + FIRST_WAIT))
            if self.alive and (at_once or due <= now):
                self._federation.resend(key)
                tries, due = tries + 1, now + min(FIRST_WAIT << tries, LONGEST_WAIT)
            self._due[key] = (tries, due)
        return letters + self._taken()

    # After a restore

    def recover(self) -> Outcome | None:
        """Say that the book is older than what partners may know of it, before anything else is done."""
        return self.act(BeginRecovery(taken_at=utc_text(self.clock.now_ms()), entries=self.store.size))

    def waits_for(self) -> tuple[str, ...]:
        """The partners that were not asked since."""
        recovery = recovery_of(self.books)
        return () if recovery is None else recovery.waiting

    def reconcile(self, partner: "Node") -> Reconciled | Refusal | None:
        """Compare the books with a partner; None when either of the two died of it, or the disk failed."""
        try:
            return self._living(lambda: self._reconciler.run(partner.party, partner.answer))[0]
        except Outage:
            return None

    def answer(self, question: bytes) -> bytes:
        """What this registry says to a partner that compares books.

        Raises:
            Outage: it says nothing.
        """
        answer = self._living(lambda: self._reconciler.answer(question))[0] if self.alive else None
        if not isinstance(answer, bytes):
            raise Outage(OutageFault.WRITER_CLOSED, retry=True)
        return answer

    def set_aside(self, partner: str) -> Outcome | None:
        """Wait no longer for a partner that cannot be believed."""
        return self.act(EndRecovery(partner=Party(partner), authority="DNA", reason="it lies"))

    def open_cases(self) -> list[CaseRecord]:
        cases = [from_json(CaseRecord, value) for (kind, _), value in self.books.records.items() if kind == CASE]
        return [case for case in cases if case.state is not CaseState.CLOSED]

    def mend(self) -> list[Outcome | None]:
        """Close each open case that this side has to mend; the partner mends the others, and both then agree."""
        outcomes: list[Outcome | None] = []
        for case in self.open_cases():
            ways = ways_of(case) if self.alive else ()
            if ways and case.mender is Mender.US:
                outcomes.append(self.act(CloseCase(case=case.id, way=ways[0], authority="DNA", reason="compared")))
        return outcomes

    def _again(self, transfer: str, party: str, spans: Sequence[Span]) -> list[bytes]:
        """The messages about a final transfer, for a partner that has lost them."""
        reading = self.world.store.reading()
        letters = LetterWriter(self.world, self._serving.registry, self._serving.books, reading)
        return [compact(each) for each in letters.again(transfer, partner=party, spans=spans)]

    def _take_again(self, signed: Sequence[bytes]) -> None:
        read = [read_compact(each) for each in signed]
        self._federation.receive_all([each for each in read if isinstance(each, Envelope)])

    def transfers(self) -> list[tuple[str, Any]]:
        return [(key, value) for (kind, key), value in self.books.records.items() if kind == "transfer"]

    def waiting(self) -> list[str]:
        """The transfers that wait here for a person."""
        return [key for key, value in self.transfers() if value["state"] == "offered"]

    def _owes(self, key: str, transfer: Any) -> bool:
        """Whether this side has something to say about a transfer until the other is known to have heard it."""
        if transfer["direction"] == "in":
            return bool(transfer["state"] == "accepted")
        return transfer["confirmed_on"] is None and key not in self._heard

    def _hear(self, received: Received) -> None:
        """Remember who knows that a transfer was taken back: no book says so."""
        message = None if received.opened is None else received.opened.message
        if message is not None and message.kind is MessageKind.ACKNOWLEDGEMENT and message.body["state"] != "acquired":
            self._heard.add(message.transfer)

    def _do(self, submissions: Sequence[Submission]) -> list[Outcome]:
        assert self.writer is not None
        return self.writer.step(submissions)

    def _living(self, ask: Callable[[], T]) -> tuple[T | None, list[Letter]]:
        """What is answered and sent; nothing of either when the process dies of it."""
        assert self.writer is not None
        try:
            outcome = ask()
        except Crash:
            self._sent.clear()
            self.stop()
            return None, []
        return outcome, self._taken()

    def _taken(self) -> list[Letter]:
        sent, self._sent = self._sent, []
        return sent


def _expired(transfer: Any, now_ms: int) -> bool:
    if transfer["state"] != "proposed" or not transfer["expires_at"]:
        return False
    ends = utc_ms(transfer["expires_at"])
    return ends is not None and ends < now_ms


def happened(outcome: object) -> bool:
    """Whether an act is in the book now."""
    return isinstance(outcome, Receipt)
