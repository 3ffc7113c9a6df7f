"""A reconciliation with one partner, from the first question to the entry that says how the books compared.

The partner's log is looked at first, then the books; what differs becomes cases, what agrees again closes them. Nothing
here knows how questions travel: `ask` carries a signed question and brings the signed answer.
Read before: `talk.py`, `finding.py`, `log_watch.py`. Source: 6/CMA.4 annex I paras. 9-10; ADR-0033.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from counterfoil.application.command import Command, Registry
from counterfoil.application.commands.close_case import ConfirmCase
from counterfoil.application.commands.open_case import CaseRecord, OpenCase
from counterfoil.application.commands.recover import RECOVERY, EndRecovery, Recovery
from counterfoil.application.commands.witness_partner import RecordReconciliation
from counterfoil.application.draft import Outcome
from counterfoil.application.ports import Reading, World
from counterfoil.application.reconciling.answering import Again, Answering
from counterfoil.application.reconciling.borders import Borders
from counterfoil.application.reconciling.case_book import open_cases, overtaken
from counterfoil.application.reconciling.claims import SPANS_MAX
from counterfoil.application.reconciling.finding import Finder, TheirClaims, Wrong, spans_of, their_claims
from counterfoil.application.reconciling.log_watch import BY, Aside, Do, LogWatch, Watched
from counterfoil.application.reconciling.open_offers import end_forgotten
from counterfoil.application.reconciling.talk import Talk, Told
from counterfoil.application.writer import Submission
from counterfoil.domain.federation.case import CaseKind, Mender
from counterfoil.domain.federation.crossing import Way
from counterfoil.domain.federation.differing import Differences, differences
from counterfoil.domain.federation.link import PARTNER, LinkFault, Partner
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal

ACTS_MAX: Final = 500
"""Cases that one run opens; what is left, the next one does."""
MESSAGES_MAX: Final = 4
"""Messages about one transfer."""
AGAIN_MAX: Final = 200
"""Transfers of which one run asks for the messages again."""
Take = Callable[[Sequence[bytes]], object]
"""Receives a partner's compact messages, as they come by any other way."""
Carry = Callable[[bytes], bytes]
"""Takes a signed question to the partner and brings its signed answer; raises an outage where it cannot."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How two books compared: units that left for the partner and came from it as this book has it, and what was done.

    `differing` counts the ranges that differ, `under_way` those of them whose message may still come.
    """

    partner: str
    units_out: int
    units_in: int
    questions: int
    differing: int
    under_way: int
    complete: bool
    opened: tuple[str, ...]
    confirmed: tuple[str, ...]
    open_cases: int
    watched: Watched
    recovered: bool

    @property
    def agreed(self) -> bool:
        return self.complete and self.differing == 0


class Reconciler:
    """One registry as it asks and is asked. Not to be called in the writer's thread, which it waits for."""

    def __init__(  # noqa: PLR0917  wired once, by name
        self,
        world: World,
        registry: Callable[[], Registry],
        do: Do,
        aside: Aside,
        again: Again = lambda *_: (),
        take: Take = lambda _: None,
    ) -> None:
        """Wire one registry's side.

        Args:
            do: Does acts and waits for them.
            aside: Works on the writer's store, in its thread.
            again: Makes the messages about a final transfer anew, for a partner that has lost them.
            take: Receives such messages from a partner.
        """
        self._world = world
        self._take = take
        self._registry = registry
        self._do = do
        self._borders = Borders(world.codec)
        self._watch = LogWatch(world, registry, do, aside)
        self._talk = Talk(world, registry)
        self._answering = Answering(world, registry, do, self._borders, self._watch, again)

    def answer(self, signed: bytes) -> bytes | Refusal:
        """The signed answer to a partner's signed question."""
        return self._answering.answer(signed)

    def run(self, party: str, carry: Carry) -> Reconciled | Refusal:
        """Compare the books with a partner now.

        Raises:
            Outage: the partner cannot be reached, or the registry not be written.
        """
        partner = self._partner(party)
        if partner is None:
            return Refusal(LinkFault.UNKNOWN, {"partner": party[:20]})
        ask = _Asking(self._world, self._talk, party, carry)
        watched = self._watch.exchange(partner, ask)
        compared = self._forgotten(party, ask) or self._compared(party, ask)
        if isinstance(compared, Refusal):
            return compared
        found = self._found(partner, compared, ask)
        if isinstance(found, Refusal):
            return found
        return self._settled(partner, compared, found, ask, watched)

    def _partner(self, party: str) -> Partner | None:
        reading = self._world.store.reading()
        try:
            row = reading.record(PARTNER, party)
        finally:
            reading.close()
        return None if row is None else from_json(Partner, self._world.codec.decode(row.value))

    def _forgotten(self, party: str, ask: "_Asking") -> Refusal | None:
        """Before the books are compared: what the partner accepted and this book does not know is closed there."""
        reading = self._world.store.reading()
        try:
            recovering = _waits_for(reading, self._world, party)
            return end_forgotten(party, reading, self._world.codec, ask, recovering=recovering)
        finally:
            reading.close()

    def _compared(self, party: str, ask: "_Asking") -> Differences | Refusal:
        reading = self._world.store.reading()
        try:
            said = self._borders.statement(reading, party)
        finally:
            reading.close()
        asking = differences(said)
        try:
            question = next(asking)
            while True:
                told = ask(question)
                if isinstance(told, Refusal):
                    return told
                question = asking.send(told.body)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]

    def _found(self, partner: Partner, compared: Differences, ask: "_Asking") -> "_Found | Refusal":
        """What is wrong, on what is committed here after the partner's last answer."""
        spans = spans_of(compared.found)
        theirs = their_claims(spans, ask, ask.keep) if spans else TheirClaims()
        if isinstance(theirs, Refusal):
            return theirs
        reading = self._world.store.reading()
        try:
            said = self._borders.statement(reading, partner.party)
            finder = Finder(self._world, reading, partner, party=self._registry().party, ask=ask)
            wrong = finder.wrong(spans, said, theirs, ask.keep)
            cases = finder.cases(wrong)
            known = open_cases(reading, self._world.codec, partner.party)
        finally:
            reading.close()
        later = {each.theirs.transfer for each in wrong if each.theirs is not None and (each.turn or not each.verdict)}
        whole = compared.complete and len(cases) <= ACTS_MAX
        return _Found(wrong, cases[:ACTS_MAX], known, frozenset(later | finder.unready), whole)

    def _settled(
        self, partner: Partner, compared: Differences, found: "_Found", ask: "_Asking", watched: Watched
    ) -> Reconciled | Refusal:
        agreed = _agreed(found.known, found.wrong) if found.whole else []
        confirming = self._confirming(agreed, ask)
        if isinstance(confirming, Refusal):
            return confirming
        acts = [*found.cases, *confirming]
        done = self._done(acts)
        if isinstance(done, Refusal):
            return done
        self._taken_again(found, ask)
        under_way = sum(wrong.verdict is None for wrong in found.wrong)
        reading = self._world.store.reading()
        try:
            said = self._borders.statement(reading, partner.party)
            standing = len(open_cases(reading, self._world.codec, partner.party))
            recovering = _waits_for(reading, self._world, partner.party)
        finally:
            reading.close()
        ended: list[Command] = [EndRecovery(partner=partner.party)] if recovering and found.whole else []
        record = RecordReconciliation(
            partner=partner.party,
            left=said.digest(Way.OUT),
            came=said.digest(Way.IN),
            complete=found.whole,
            differing=len(found.wrong),
            under_way=under_way,
            cases=standing,
            evidence=ask.trail,
        )
        done = self._done([record, *ended])
        if isinstance(done, Refusal):
            return done
        return Reconciled(
            partner=partner.party,
            units_out=said.units(Way.OUT),
            units_in=said.units(Way.IN),
            questions=ask.count,
            differing=len(found.wrong),
            under_way=under_way,
            complete=found.whole,
            opened=tuple(case.case for case in found.cases),
            confirmed=tuple(each.case for each in confirming),
            open_cases=standing,
            watched=watched,
            recovered=bool(ended),
        )

    def _confirming(self, agreed: Iterable[CaseRecord], ask: "_Asking") -> list[ConfirmCase] | Refusal:
        """Close what agrees again, with the partner's signed word on the entry that it rests on."""
        found = []
        for case in agreed:
            spans = [(units.unit_class, units.first, units.last) for units in case.units]
            theirs = their_claims(spans, ask, ask.keep)
            if isinstance(theirs, Refusal):
                return theirs
            entry = max(theirs.entries, default=None)
            found.append(
                ConfirmCase(id=f"case:{case.id}:agreed", case=case.id, evidence=theirs.last, partner_entry=entry)
            )
        return found

    def _taken_again(self, found: "_Found", ask: "_Asking") -> None:
        """Ask for the messages of what the partner sent and this book has lost, and take them like any others.

        A transfer is acquired once: one of which some units have left before, as this book has yet to book, waits.
        """
        lost: dict[str, list[JSON]] = {}
        for wrong in found.wrong:
            if wrong.verdict is None or wrong.theirs is None or not wrong.theirs.transfer:
                continue
            if (wrong.verdict.kind, wrong.verdict.mender) == (CaseKind.IN_NEITHER, Mender.US):
                of, serials = wrong.piece.unit_class, wrong.piece.serials
                lost.setdefault(wrong.theirs.transfer, []).append([of, serials.first, serials.last])
        for transfer in sorted(lost.keys() - found.unready)[:AGAIN_MAX]:
            told = ask({"ask": "again", "transfer": transfer, "spans": lost[transfer][:SPANS_MAX]})
            messages = () if isinstance(told, Refusal) else told.body.get("messages", ())
            if isinstance(messages, list) and len(messages) <= MESSAGES_MAX:
                self._take([str(message).encode() for message in messages])

    def _done(self, commands: Sequence[Command]) -> Refusal | None:
        outcomes: list[Outcome] = self._do([Submission(command, BY) for command in commands]) if commands else []
        for outcome in outcomes:
            if isinstance(outcome, Refusal):
                return outcome
            if isinstance(outcome, Exception):
                raise outcome
        return None


@dataclass(frozen=True, slots=True)
class _Found:
    wrong: list[Wrong]
    cases: list[OpenCase]
    known: list[CaseRecord]
    unready: frozenset[str]
    """Transfers that can only be taken again when something else was mended: each is acquired once, as a whole."""
    whole: bool


class _Asking:
    """Asks one partner, checks and counts its answers, and keeps those that prove something."""

    def __init__(self, world: World, talk: Talk, party: str, carry: Carry) -> None:
        self._world = world
        self._talk = talk
        self._party = party
        self._carry = carry
        self._last = b""
        self.count = 0
        self.trail = sha256(b"").hexdigest()
        """A hash over every answer of the run, in order."""

    def __call__(self, body: Mapping[str, JSON]) -> Told | Refusal:
        self.count += 1
        signed, digest = self._talk.question(self._party, body)
        answer = self._carry(signed)
        reading = self._world.store.reading()
        try:
            told = self._talk.heard_answer(answer, reading, party=self._party, question=digest)
        finally:
            reading.close()
        if not isinstance(told, Refusal):
            self._last = answer
            self.trail = sha256(bytes.fromhex(self.trail) + bytes.fromhex(told.digest)).hexdigest()
        return told

    def keep(self, told: Told) -> str:
        """Keep the answer that was just given, as signed, and give its digest."""
        del told
        return self._world.evidence.put(self._last)


def _agreed(known: Iterable[CaseRecord], wrong: Sequence[Wrong]) -> list[CaseRecord]:
    """The cases about serials none of which differs any more."""
    return [
        case
        for case in known
        if case.kind is not CaseKind.FORKED
        and not any(
            units.unit_class == each.piece.unit_class
            and units.first <= each.piece.serials.last
            and each.piece.serials.first <= units.last
            and not overtaken(case, each.ours)
            for units in case.units
            for each in wrong
        )
    ]


def _waits_for(reading: Reading, world: World, party: str) -> bool:
    row = reading.record(RECOVERY, "self")
    return row is not None and party in from_json(Recovery, world.codec.decode(row.value)).waiting
