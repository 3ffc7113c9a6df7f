"""One run: people act, messages go astray, processes die, somebody lies; after each event the laws are asked.

Read next: `laws.py` (what must hold), `node.py` (the seam to the registry), `plan.py` (the faults).
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from counterfoil.adapters.storage.memory.state import State
from counterfoil.application.commands.abroad import ProposeTransfer
from counterfoil.application.commands.end_transfer import VoidTransfer
from counterfoil.domain.kernel.refusal import Refusal
from tests.simulation.acts import Actor
from tests.simulation.founding import DAWN_MS, beginning
from tests.simulation.frail_store import Mishap
from tests.simulation.laws import (
    Known,
    LawBroken,
    Range,
    check_book,
    check_confessed,
    check_ended,
    check_states,
    check_world,
    had_by,
    known,
)
from tests.simulation.liar import Liar
from tests.simulation.moments import HOUR, MINUTE, SECOND, Clock, Moments
from tests.simulation.node import Node, happened
from tests.simulation.people import People
from tests.simulation.plan import Plan
from tests.simulation.telling import command_words, letter_words, line, outcome_words
from tests.simulation.wire import Letter, Wire

GAP: Final = 150 * MINUTE
"""Between two acts, at most."""
ISSUES_FIRST: Final = 2
LIES_SHARE: Final = 0.4
DEAF_SHARE: Final = 0.4
REACTING_SHARE: Final = 0.5
WRONG_MAX: Final = 100 * SECOND
"""By so much a registry's clock may be wrong."""
COMPARED_HOURS: Final = 12
QUIET_HOURS_MAX: Final = 24 * 14
TRACE_MAX: Final = 40


class Failed(AssertionError):
    """A run broke a law, or code made a mistake. The text says which, what came before it, and how to see it again."""

    @property
    def by_law(self) -> bool:
        """Whether a law was broken, and not merely something that was never to be raised."""
        return isinstance(self.__cause__, LawBroken)


@dataclass(slots=True)
class Tally:
    """How much a run did, so that a quiet simulation is noticed."""

    events: int = 0
    entries: int = 0
    crashes: int = 0
    transfers: dict[str, int] = field(default_factory=dict)


class Run:
    """A run of one plan. `say` is told every event."""

    def __init__(self, plan: Plan, say: Callable[[str], None] | None = None) -> None:
        self.plan = plan
        self._say = say
        self._told: deque[tuple[int, str | Callable[[], str]]] = deque(maxlen=TRACE_MAX)
        self.chance = Random(f"run {plan.seed}")
        self.moments = Moments(DAWN_MS)
        self.wire = Wire(plan, self.chance, self.moments, self._deliver)
        self.actor = Actor(self.chance, plan.parties)
        self.nodes = {party: self._node(party) for party in plan.parties}
        self.liar = self._liar()
        self.tally = Tally()
        self._books: dict[str, Known] = {}
        self._sizes: dict[str, int] = {}
        self._spoilt: set[Range] = set()
        self._quiet = True
        self._backup: State | None = None
        self._forgetful = False
        self.people = People(plan.seed, self.nodes, self.moments, self._decided)

    def _node(self, party: str) -> Node:
        wrong = self.chance.randrange(-WRONG_MAX, WRONG_MAX)
        return Node(beginning(party, len(self.plan.parties)), Clock(self.moments, wrong), self._mishap, self.chance)

    def _liar(self) -> Liar | None:
        if self.plan.liar is None:
            return None
        node = self.nodes[self.plan.liar]
        victims = {party: self.nodes[party] for party in self.plan.honest}
        return Liar(node, self.wire, self.chance, victims, counterfeits=self.plan.counterfeits)

    def play(self) -> Tally:
        """Play the run to its end.

        Raises:
            Failed: a law was broken, or code of the registry made a mistake.
        """
        try:
            self._acts()
            self._quiescence()
        except Exception as found:
            told = "\n  ".join(line(*each) for each in self._told)
            again = f"python -m tests.simulation.replay {self.plan.words}"
            raise Failed(f"{found or type(found).__name__}\n  {told}\n{self.plan}\nto see it again: {again}") from found
        self._count()
        return self.tally

    # What happens

    def _acts(self) -> None:
        """The eventful time: people act, and the network and the machines are bad."""
        at = 0
        for party in self.plan.parties * ISSUES_FIRST:
            self.nodes[party].act(self.actor.issue(self.nodes[party]))
        for _ in range(self.plan.acts):
            at += self.chance.randrange(GAP)
            self.moments.after(at, self._one_act)
        if self.plan.by_hand:
            self.people.begin(for_ms=at)
        self._quiet = False
        for party in self.plan.parties:
            self.moments.after(self.chance.randrange(HOUR), lambda party=party: self._remind(party))
        for _ in range(self.plan.partitions):
            self.moments.after(self.chance.randrange(at), self._part)
        if self.plan.restored is not None:
            self.moments.after(self.chance.randrange(at // 2), self._back_up)
            self.moments.after(self.chance.randrange(at // 2, at), self._restore)
        self._until(self.moments.now_ms + at)

    def _quiescence(self) -> None:
        """The quiet time: all is well, and each side says what it owes until nothing is open."""
        self._quiet = True
        self.tell("the network heals, and nobody acts any more")
        self.wire.heal()
        for hour in range(QUIET_HOURS_MAX):
            for party, node in self.nodes.items():
                if not node.alive:
                    self._start(party)
                if hour < 2:
                    self._release_all(node)
                self.people.decide(party)
                self._post(node.owed(at_once=True))
            if self._forgetful and hour % COMPARED_HOURS == 0:
                self._compare()
            self._until(self.moments.now_ms + HOUR)
            if hour > 2 and self._ended():
                break
        self._forgetful = False
        self._check_all()
        check_ended(self._books)

    def _ended(self) -> bool:
        if any(self.nodes[party].open_cases() or self.nodes[party].waits_for() for party in self.plan.honest):
            return False
        try:
            check_ended(self._books)
            check_world(self._books, self._tainted(), settled=True)
        except LawBroken:
            return False
        return True

    def _until(self, end_ms: int) -> None:
        while (event := self.moments.next(until_ms=end_ms)) is not None:
            self.tally.events += 1
            event()
            self._check()

    def _one_act(self) -> None:
        party = self.chance.choice(self.plan.parties)
        node = self.nodes[party]
        if not node.alive:
            return
        if self.liar is not None and party == self.plan.liar and self.chance.random() < LIES_SHARE:
            self._lie(None)
            return
        command = self.actor.next(node)
        if command is None:
            return
        match command:
            case ProposeTransfer():
                outcome, letters = node.propose(command)
            case VoidTransfer():
                outcome, letters = node.withdraw(command)
            case _:
                outcome, letters = node.act(command), []
        self.tell(lambda: f"{party} does {command_words(command)}: {outcome_words(outcome)}")
        self._after(party, letters)

    def _lie(self, about: Letter | None) -> None:
        assert self.liar is not None
        if self.nodes[str(self.plan.liar)].alive:
            how, lies = self.liar.lie(about)
            self.tell(f"{self.plan.liar} lies: {how}")
            self._post(lies)

    def _deliver(self, letter: Letter) -> None:
        node = self.nodes[letter.recipient]
        if letter.recipient == self.plan.liar and self.chance.random() < DEAF_SHARE:
            self.tell(f"{letter.recipient} does not answer")
            return
        if not node.alive:
            self.tell(lambda: f"{letter.recipient} is down, a letter of {letter.sender} is lost")
            return
        outcome, letters = node.receive(letter)
        self.tell(lambda: f"{letter.recipient} gets {letter_words(letter)}: {outcome_words(outcome)}")
        self._after(letter.recipient, letters)

    def _remind(self, party: str) -> None:
        """Look for what this side owes, every hour."""
        node = self.nodes[party]
        if node.alive:
            self._after(party, node.owed())
        if not self._quiet:
            self.moments.after(HOUR, lambda: self._remind(party))

    def _decided(self, party: str, words: str, letters: list[Letter]) -> None:
        self.tell(words)
        self._after(party, letters)

    def _part(self) -> None:
        one, other = self.chance.sample(self.plan.parties, 2)
        if self._quiet:
            return
        self.wire.part(one, other)
        self.tell(f"{one} and {other} cannot reach each other")
        self.moments.after(self.chance.randrange(48 * HOUR), lambda: self._join(one, other))

    def _join(self, one: str, other: str) -> None:
        self.wire.join(one, other)
        self.tell(f"{one} and {other} can reach each other again")

    # One comes back from its backup

    def _back_up(self) -> None:
        assert self.plan.restored is not None
        self._backup = self.nodes[self.plan.restored].store.backup()
        self.tell(f"a backup of {self.plan.restored} is taken")

    def _restore(self) -> None:
        """The book goes back to its backup; what was booked since, its registry does not know any more."""
        assert self.plan.restored is not None and self._backup is not None
        node = self.nodes[self.plan.restored]
        lost = node.store.size - len(self._backup.journal)
        node.store.restore(self._backup)
        node.start()
        if not lost:
            return
        self._forgetful = True
        self.tell(f"{node.party} comes back from its backup, without its last {lost} entries")
        while not happened(node.recover()):
            node.start()
        self._ask_partners(node)

    def _ask_partners(self, node: Node) -> None:
        """Compare the books with every partner that was not asked since, and that can be reached; then again later."""
        for party in node.waits_for():
            if not node.alive:
                break
            if party == self.plan.liar:
                node.set_aside(party)
            elif self.wire.reaches(node.party, party) and self.nodes[party].alive:
                self._compare_two(node, self.nodes[party])
        if node.alive:
            node.mend()
        self._revive()
        if not self._quiet:
            self.moments.after(3 * HOUR, lambda: self._ask_partners(node))

    def _compare(self) -> None:
        """All compare their books with all, and mend what they find."""
        for party in self.plan.honest:
            for other in self.plan.honest:
                if other != party:
                    self._compare_two(self.nodes[party], self.nodes[other])
            for outcome in self.nodes[party].mend():
                self.tell(lambda party=party, outcome=outcome: f"{party} mends a case: {outcome_words(outcome)}")
                if isinstance(outcome, Refusal) and outcome.code == "case.units_unknown":
                    self._issue_again(self.nodes[party], str(outcome.facts["units"]))

    def _issue_again(self, node: Node, units: str) -> None:
        """Units that were issued after the backup, and sent abroad, are born again before they can be given up."""
        name, _, serials = units.partition(" ")
        issued = self.actor.issue_up_to(node, name, int(serials.rpartition("..")[2] or serials))
        if issued is not None:
            outcome = node.act(issued)
            self.tell(lambda: f"{node.party} issues again: {outcome_words(outcome)}")

    def _compare_two(self, node: Node, other: Node) -> None:
        found = node.reconcile(other)
        self.tell(lambda: f"{node.party} compares its book with {other.party}'s: {outcome_words(found)}")

    def _revive(self) -> None:
        for party, node in self.nodes.items():
            if not node.alive:
                self._after(party, [])

    def _release_all(self, node: Node) -> None:
        """No hold stands for ever: otherwise a transfer of held units would stay open with good reason."""
        while node.alive and (command := self.actor.release(node)) is not None:
            node.act(command)

    def _mishap(self) -> Mishap | None:
        if self._quiet:
            return None
        if self.chance.randrange(1_000) < self.plan.crashing:
            return self.chance.choice((Mishap.DIES_BEFORE, Mishap.DIES_AFTER))
        return Mishap.DISK_FAILS if self.chance.randrange(1_000) < self.plan.failing else None

    def _after(self, party: str, letters: list[Letter]) -> None:
        """Post what was answered; a process that died of it starts again after a while."""
        self._post(letters)
        if not self.nodes[party].alive:
            self.tally.crashes += 1
            self.tell(f"{party} has crashed")
            self.moments.after(self.chance.randrange(6 * HOUR), lambda: self._start(party))

    def _start(self, party: str) -> None:
        node = self.nodes[party]
        if not node.alive:
            node.start()
            self.tell(f"{party} starts again")

    def _post(self, letters: list[Letter]) -> None:
        for letter in letters:
            copies = self.wire.post(letter)
            if self.liar is not None and self._heard(letter) and self.chance.random() < REACTING_SHARE:
                # It is often faster than those who are meant.
                self.moments.after(self.chance.randrange(4 * SECOND), lambda letter=letter: self._lie(letter))
            self.tell(
                lambda letter=letter, copies=copies: f"{letter.sender} sends {letter_words(letter)}, {copies} arrive"
            )

    def _heard(self, letter: Letter) -> bool:
        """Whether the liar hears something that is not its own."""
        return not self._quiet and letter.sender != self.plan.liar

    # What must hold

    def _check(self) -> None:
        """Ask the laws of what has changed since they were asked last."""
        changed = False
        for party in self.plan.honest:
            node = self.nodes[party]
            size = node.store.size
            if self._sizes.get(party) != size:
                self._sizes[party] = size
                now = known(party, node.books)
                check_book(party, self._books.get(party), now)
                self._books[party] = now
                changed = True
        if self.liar is not None and self.liar.forgetful:
            self.liar.remember()
        if changed:
            check_world(self._books, self._tainted(), settled=not self._forgetful)
            if self.plan.restored is None:
                check_states(self._books)
            if self.liar is not None:
                check_confessed(self._books, str(self.plan.liar), self.liar.confessed)

    def _check_all(self) -> None:
        self._sizes.clear()
        self._check()

    def _tainted(self) -> list[Range]:
        """What the liar may have had by now, also what an honest book has forgotten that it sent it."""
        if self.plan.liar is not None:
            self._spoilt |= had_by(self.plan.liar, self._books)
        return list(self._spoilt)

    def tell(self, words: str | Callable[[], str]) -> None:
        """Note an event. The words are put together only when somebody reads them."""
        told = (self.moments.now_ms, words)
        self._told.append(told)
        if self._say is not None:
            self._say(line(*told))

    def _count(self) -> None:
        for party in self.plan.honest:
            self.tally.entries += self._sizes[party]
            for transfer in self._books[party].transfers.values():
                if transfer["direction"] == "out":
                    state = transfer["state"]
                    self.tally.transfers[state] = self.tally.transfers.get(state, 0) + 1
