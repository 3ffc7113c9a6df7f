"""From ranges that differ to cases: what each book says of them, what the partner shows for it, and who mends it.

Read before: `domain/federation/case.py`, `claims.py`. Source: ADR-0033.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import pairwise
from typing import Any, Final, NamedTuple

from counterfoil.application.command import SELF, Units
from counterfoil.application.commands.abroad import TRANSFER, TransferState
from counterfoil.application.commands.open_case import CASE, CASE_RANGES_MAX, CaseRecord, CaseState, Departure, OpenCase
from counterfoil.application.commands.recover import RECOVERY, Recovery
from counterfoil.application.ports import Reading, World
from counterfoil.application.reconciling.borders import crossings_of
from counterfoil.application.reconciling.case_book import all_cases, open_cases, overtaken, settled_alone
from counterfoil.application.reconciling.claims import (
    ENTRIES_MAX,
    SPANS_MAX,
    ProofReader,
    Showing,
    Standing,
    claim_of,
)
from counterfoil.application.reconciling.history import Course, Histories, Step, courses, their_history
from counterfoil.application.reconciling.talk import Told
from counterfoil.domain.federation.case import Claim, Piece, Shown, Verdict, agreed, judged, pieces
from counterfoil.domain.federation.crossing import Crossing, Way
from counterfoil.domain.federation.differing import Difference, DifferingFault, without
from counterfoil.domain.federation.link import Partner
from counterfoil.domain.federation.reconciliation import Statement
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.serials import SerialRange, joined

Ask = Callable[[Mapping[str, JSON]], Told | Refusal]
Span = tuple[str, int, int]
TURNS_MAX: Final = 2_000
"""Questions about claims and proofs of one run."""


class Wrong(NamedTuple):
    """Units of which the books differ: what each says, what was shown, and the verdict (None: under way).

    `turn` is 0 where nothing that this book has forgotten of them comes before.
    """

    piece: Piece
    ours: Claim | None
    theirs: Claim | None
    verdict: Verdict | None
    departure: Departure | None
    evidence: str
    turn: int = 0


@dataclass(slots=True)
class TheirClaims:
    """What the partner says of ranges: crossings by class, what is known of each entry, and the answers' digests."""

    crossings: dict[str, list[Crossing]] = field(default_factory=dict)
    entries: dict[int, Claim] = field(default_factory=dict)
    evidence: dict[int, str] = field(default_factory=dict)
    held: list[tuple[str, SerialRange]] = field(default_factory=list)
    """What stands in the partner's book, as it says, without ever having crossed."""
    last: str = ""

    def learn(self, step: Step) -> None:
        """Know an earlier crossing, too."""
        self.entries.setdefault(step.crossing.seq, step.claim)
        self.evidence.setdefault(step.crossing.seq, step.evidence)

    def within(self, piece: Piece) -> list[SerialRange]:
        """The parts of a piece that stand there."""
        spans = (span.intersection(piece.serials) for of, span in self.held if of == piece.unit_class)
        return [span for span in spans if span is not None]


def spans_of(differences: Iterable[Difference]) -> list[Span]:
    """The ranges that differ either way, by class, each once."""
    found: dict[str, list[SerialRange]] = {}
    for each in differences:
        found.setdefault(each.unit_class, []).extend((*each.ours, *each.theirs))
    return [(of, span.first, span.last) for of in sorted(found) for span in joined(found[of])]


def their_claims(spans: Sequence[Span], ask: Ask, evidence: Callable[[Told], str]) -> TheirClaims | Refusal:
    """Ask what the partner's book says of ranges, page by page."""
    found = TheirClaims()
    waiting = list(spans)
    turns = 0
    while waiting and turns < TURNS_MAX:
        turns += 1
        asked = waiting[:SPANS_MAX]
        told = ask({"ask": "claims", "spans": [list(span) for span in asked]})
        if isinstance(told, Refusal):
            return told
        found.last = evidence(told)
        try:
            rows = [_row(row, asked) for row in _listed(told.body["claims"])]
            found.held += [(str(of), SerialRange(*span)) for of, *span in _listed(told.body.get("held", []))]
            more = bool(told.body["more"])
            if more and not rows:
                raise ValueError("claims")
        except (AssertionError, IndexError, KeyError, TypeError, ValueError) as unreadable:
            return Refusal(DifferingFault.ANSWER_UNREADABLE, {"detail": str(unreadable)[:80]})
        for of, crossing, claim in rows:
            found.crossings.setdefault(of, []).append(crossing)
            found.entries[crossing.seq] = claim
            found.evidence[crossing.seq] = found.last
        waiting = [*(_after(asked, rows[-1][0], rows[-1][1].last) if more else ()), *waiting[SPANS_MAX:]]
    for of, crossings in found.crossings.items():
        ordered = sorted(crossings)
        if any(before.last >= after.first for before, after in pairwise(ordered)):
            return Refusal(DifferingFault.ANSWER_UNREADABLE, {"detail": "claims overlap"})
        found.crossings[of] = ordered
    return found


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("claims")
    return value


def _row(row: Any, asked: Sequence[Span]) -> tuple[str, Crossing, Claim]:
    of, first, last, way, seq, transfer, at, confirmed = row
    if not (type(first) is type(last) is type(seq) is int and first <= last and seq >= 0):
        raise ValueError("claim")
    if not any(of == name and low <= first and last <= high for name, low, high in asked):
        raise ValueError("claim of other units")
    crossing = Crossing(first, last, Way(way), seq)
    return of, crossing, Claim(crossing.way, seq, str(transfer)[:80], str(at)[:40], confirmed=confirmed is True)


def _after(spans: Sequence[Span], of: str, last: int) -> Iterator[Span]:
    """What is left of spans behind a serial."""
    at = next(number for number, span in enumerate(spans) if span[0] == of and span[1] <= last <= span[2])
    if last < spans[at][2]:
        yield (of, last + 1, spans[at][2])
    yield from spans[at + 1 :]


class Finder:
    """Finds what is wrong with one partner, on what is committed here now."""

    def __init__(self, world: World, reading: Reading, partner: Partner, *, party: str, ask: Ask) -> None:
        self._world = world
        self._reading = reading
        self._partner = partner
        self._party = party
        self._ask = ask
        self._standing = Standing(reading)
        self._proofs: dict[int, Any] = {}
        self._evidence: dict[int, str] = {}
        self.unready: set[str] = set()
        """Transfers of which some units are here, and may have to leave before they can come by it again."""

    def wrong(
        self, spans: Sequence[Span], ours: Statement, theirs: TheirClaims, keep: Callable[[Told], str]
    ) -> list[Wrong]:
        """Every piece on which the books differ still."""
        found = []
        for of, first, last in spans:
            here, there = crossings_of(ours, of), theirs.crossings.get(of, [])
            found += [
                piece
                for piece in pieces(of, [SerialRange(first, last)], here, there)
                if not agreed(piece.ours, piece.theirs)
            ]
        told = [piece for piece in found if piece.theirs is not None]
        asked = [(piece.unit_class, piece.serials.first, piece.serials.last) for piece in told]
        whole = self._courses(found, their_history(asked, self._ask, keep) if asked else {}, theirs)
        entries = {course.piece.theirs.seq for course in whole if course.piece.theirs is not None}
        self._prove(sorted(entries | {step.crossing.seq for course in whole for step in course.steps}), keep)
        return [wrong for course in whole for wrong in self._in_turn(course, theirs)]

    def _courses(self, found: Iterable[Piece], histories: Histories, theirs: TheirClaims) -> list[Course]:
        """Each piece by the partner's last word, with every step that this book has forgotten."""
        whole: list[Course] = []
        for piece in found:
            ours = None if piece.ours is None else claim_of(piece.ours, self._reading, self._world.codec)
            whole += courses(piece, ours, histories)
        for course in whole:
            for step in course.steps:
                theirs.learn(step)
        return whole

    def _in_turn(self, course: Course, theirs: TheirClaims) -> Iterator[Wrong]:
        """What is wrong with a piece, one step after the other; by the partner's last word where it proves no more.

        What arrives where the units are already has no turn yet: it matters only where it is shown that they left
        after it.
        """
        steps = self._proven_steps(course)
        if len(steps) < 2 or not any(step.theirs is not None and step.theirs.way is Way.IN for step in steps):
            for part in self._open(course.piece, theirs):
                yield self._judged(part, theirs, received=course.received)
            return
        for turn, step in enumerate(steps):
            for part in self._cut(step):
                yield self._judged(part, theirs, turn=turn, received=course.received)

    def _proven_steps(self, course: Course) -> list[Piece]:
        """The forgotten steps up to the first that is not proven: arrivals by its entries, departures by ours."""
        found = []
        for step in course.steps:
            piece = course.piece._replace(theirs=step.crossing)
            due = Shown.ITS_ENTRY if step.crossing.way is Way.OUT else Shown.FORGOTTEN_ENTRY
            if self._showing(piece).shown is not due:
                break
            found.append(piece)
        return found

    def _cut(self, piece: Piece) -> Iterator[Piece]:
        """A piece cut into what is here and what is not."""
        here = joined(self._standing.within(piece.unit_class, piece.serials))
        for serials in (*here, *without((piece.serials,), here)):
            yield piece._replace(serials=serials)

    def _open(self, piece: Piece, theirs: TheirClaims) -> Iterator[Piece]:
        """What is left of a piece of which one book has lost every crossing: where the units stand may agree still.

        Units that went and came back are where that book has them. Units that came and went on are looked at apart from
        those that are here: they may come yet, by a message that is older than the restore.
        """
        lost = piece.theirs if piece.ours is None else piece.ours if piece.theirs is None else None
        if lost is None:
            yield piece
            return
        held = self._standing.within(piece.unit_class, piece.serials) if piece.ours is None else theirs.within(piece)
        here = joined(held)
        gone = without((piece.serials,), here)
        if here and piece.theirs is not None and lost.way is Way.OUT and self._may_leave(piece.unit_class, here):
            self.unready.add(theirs.entries[piece.theirs.seq].transfer)
        for serials in gone if lost.way is Way.OUT else (*here, *gone):
            yield piece._replace(serials=serials)

    def _may_leave(self, of: str, here: Sequence[SerialRange]) -> bool:
        """Whether units that are here may have left, and come back by what is found now: others are to be asked yet."""
        row = self._reading.record(RECOVERY, SELF)
        waiting = () if row is None else from_json(Recovery, self._world.codec.decode(row.value)).waiting
        if any(party != self._partner.party for party in waiting):
            return True
        return any(
            case.departure is not None
            and units.unit_class == of
            and units.first <= each.last
            and each.first <= units.last
            for case in open_cases(self._reading, self._world.codec)
            if case.state is CaseState.OPEN
            for units in case.units
            for each in here
        )

    def _prove(self, entries: Sequence[int], keep: Callable[[Told], str]) -> None:
        """Ask for the proofs of the partner's entries; what it does not show is not shown."""
        for at in range(0, min(len(entries), TURNS_MAX * ENTRIES_MAX), ENTRIES_MAX):
            asked = list(entries[at : at + ENTRIES_MAX])
            told = self._ask({"ask": "proofs", "entries": asked})
            proofs = None if isinstance(told, Refusal) else told.body.get("proofs")
            if isinstance(told, Refusal) or not isinstance(proofs, dict):
                continue
            digest = keep(told)
            for seq in asked:
                if str(seq) in proofs:
                    self._proofs[seq], self._evidence[seq] = proofs[str(seq)], digest

    def _showing(self, piece: Piece) -> Showing:
        """What the partner has shown for its crossing."""
        if piece.theirs is None:
            return Showing(Shown.NOTHING)
        reader = ProofReader(self._world, self._reading, self._partner, party=self._party)
        return reader.showing(piece.unit_class, piece.serials, piece.theirs, self._proofs.get(piece.theirs.seq))

    def _judged(self, piece: Piece, told: TheirClaims, *, turn: int = 0, received: bool = False) -> Wrong:
        ours = None if piece.ours is None else claim_of(piece.ours, self._reading, self._world.codec)
        if ours is not None and received:
            ours = replace(ours, confirmed=True)
        theirs = None if piece.theirs is None else told.entries[piece.theirs.seq]
        showing = self._showing(piece)
        evidence = told.last
        if piece.theirs is not None:
            evidence = self._evidence.get(piece.theirs.seq, told.evidence[piece.theirs.seq])
        verdict = judged(
            ours if not turn else None,
            theirs,
            shown=showing.shown,
            acquired=theirs is not None and self._acquired(theirs.transfer),
            now_ms=self._world.clock.now_ms(),
        )
        return Wrong(piece, ours, theirs, verdict, showing.departure, evidence, turn)

    def _acquired(self, transfer: str) -> bool:
        """Whether this registry has acquired by a transfer of the partner's."""
        row = self._reading.record(TRANSFER, transfer) if transfer else None
        known: Any = {} if row is None else self._world.codec.decode(row.value)
        return (known.get("direction"), known.get("partner"), known.get("state")) == (
            "in",
            self._partner.party,
            TransferState.FINAL.value,
        )

    def cases(self, found: Iterable[Wrong]) -> list[OpenCase]:
        """A case for all units of which the same is wrong by the same entries, where none stands yet."""
        known = list(all_cases(self._reading, self._world.codec, self._partner.party))
        groups: dict[tuple[Any, ...], list[Wrong]] = {}
        for wrong in found:
            if wrong.verdict is not None:
                here = bool(self._standing.within(wrong.piece.unit_class, wrong.piece.serials))
                key = (wrong.verdict, wrong.ours, wrong.theirs, wrong.departure, here)
                groups.setdefault(key, []).append(wrong)
        return [
            case
            for group in groups.values()
            for units in _portions(_left(group, known))
            for case in [self._case(group[0], units)]
        ]

    def _case(self, wrong: Wrong, units: tuple[Units, ...]) -> OpenCase:
        assert wrong.verdict is not None
        said = (wrong.verdict.kind, wrong.verdict.mender, units, _entry(wrong.ours), _entry(wrong.theirs))
        name = f"{self._partner.party}-{sha256(repr(said).encode()).hexdigest()[:12]}"
        number = 2
        key = name
        while self._reading.record(CASE, key) is not None:
            key, number = f"{name}-{number}", number + 1
        return OpenCase(
            id=f"case:{key}",
            case=key,
            partner=self._partner.party,
            kind=wrong.verdict.kind,
            mender=wrong.verdict.mender,
            blocked=wrong.verdict.blocked,
            units=units,
            ours=wrong.ours,
            theirs=wrong.theirs,
            departure=wrong.departure,
            evidence=wrong.evidence,
        )


def _left(group: Sequence[Wrong], known: Iterable[CaseRecord]) -> list[tuple[str, SerialRange]]:
    """The units of a group that no case is about yet: one that stands, or one in which the own book was stood by."""
    first = group[0]
    assert first.verdict is not None
    left = [(wrong.piece.unit_class, wrong.piece.serials) for wrong in group]
    for case in known:
        same = (_entry(case.ours), _entry(case.theirs)) == (_entry(first.ours), _entry(first.theirs))
        stands = (
            (settled_alone(case) and same) if case.state.value == "closed" else same or not overtaken(case, first.ours)
        )
        if not stands or (case.kind, case.mender) != (first.verdict.kind, first.verdict.mender):
            continue
        for units in case.units:
            taken = SerialRange(units.first, units.last)
            left = [
                (of, piece) for of, span in left for piece in (span.minus(taken) if of == units.unit_class else (span,))
            ]
    return left


def _portions(units: Sequence[tuple[str, SerialRange]]) -> Iterator[tuple[Units, ...]]:
    by_class: dict[str, list[SerialRange]] = {}
    for of, span in units:
        by_class.setdefault(of, []).append(span)
    whole = [Units(of, span.first, span.last) for of in sorted(by_class) for span in joined(by_class[of])]
    for at in range(0, len(whole), CASE_RANGES_MAX):
        yield tuple(whole[at : at + CASE_RANGES_MAX])


def _entry(claim: Claim | None) -> int | None:
    return None if claim is None else claim.entry
