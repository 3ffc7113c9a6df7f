"""What every entry adds to a Party's accounts, remembered as the journal grows: any day and any moment cost little.

An entry is read once. Most change nothing here: a transfer between holders leaves every sum as it is. Where an entry
does, its units are followed back along their thread, so that no second unit book is kept. What an entry adds never
depends on later ones; a correction and what it corrects are left out together, by number.

Read before: `party_gathering.py`. Read next: `accounts_at.py`, which makes accounts of it.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from counterfoil.application.commands.foreign import foreign_key
from counterfoil.application.queries.event_sums import EventRanges, EventSums, Moment
from counterfoil.application.queries.letter_history import LetterHistory
from counterfoil.application.queries.moved_units import MovedUnits
from counterfoil.application.queries.party_gathering import Gathered, adds, class_of, gather
from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.units_touched import units_before
from counterfoil.application.thread import Span, thread, touches
from counterfoil.domain.accounting.flow import Flow
from counterfoil.domain.accounting.safeguards import Range
from counterfoil.domain.accounting.unit_facts import Status, unit_facts
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Books, Holding
from counterfoil.domain.ledger.entry import ADJUSTMENTS, JournalEntry, from_leaf
from counterfoil.domain.ledger.lots import Facts
from counterfoil.domain.units.metric import MetricKind

FACTS_MAX: Final = 1_024
_KEPT: Final = (AccountRole.HOLDING, AccountRole.PENDING)
_TOLD: Final = frozenset({"Acquired", "UsedTowardsNdc", "ContributedToAdaptationFund", "Cancelled"})
"""Acts that are told in the accounts whatever they move."""


@dataclass(frozen=True, slots=True)
class Late:
    """An entry about units that an earlier entry of a later legal day had moved; the days are ordinals."""

    seq: int
    day: int
    before_day: int


@dataclass(slots=True)
class Standing:
    """What some units say about the accounts as they stand."""

    authorized: Counter[tuple[str, int]] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    unused: Counter[Range] = field(default_factory=Counter)


class AccountEvents:
    """Everything that one Party's accounts are made of, by entry. One thread at a time uses it."""

    def __init__(self, party: str) -> None:
        self.party = party
        self.size = 0
        """How many entries have been read."""
        self.flows: EventSums[Flow] = EventSums()
        """By flow without its quantity."""
        self.book: EventSums[tuple[str, str]] = EventSums()
        """The adjustment book, by commodity and account."""
        self.omge: EventSums[int] = EventSums()
        self.adaptation: EventSums[int] = EventSums()
        self.partners: EventSums[str] = EventSums()
        self.authorized: EventSums[tuple[str, int]] = EventSums()
        """Own units held here that are authorized and not first transferred, in t CO2 eq, by letter and vintage."""
        self.waiting: EventSums[str] = EventSums()
        """What waits for use as the unit book tells it, by commodity."""
        self.unused = EventRanges()
        """First transferred units that are held here."""
        self.used = EventRanges()
        self.acquired = EventRanges()
        self.letters = LetterHistory()
        self.moved = MovedUnits()
        """Where units stood, corrections included: what the unit book said at each moment."""
        self.late: list[Late] = []
        self._corrected: dict[int, int] = {}
        """The number of the correction, by that of what it corrects."""
        self._days = array("I")
        """By entry a day up to which all moves of its units lie, also those that were corrected; an ordinal."""
        self._facts: dict[str, Facts] = {}

    def follow(self, sight: Sight, *, limit: int) -> None:
        """Read on, as far as this look at the books reaches and no more than `limit` entries."""
        last = sight.reading.last_checkpoint()
        end = min(0 if last is None else last.size, self.size + limit)
        if end <= self.size:
            return
        for row in sight.reading.journal(self.size, end - 1):
            leaf = sight.codec.decode_unchecked(row.leaf)
            self._take(sight, leaf)
            self.moved.take(leaf)
            self.size += 1

    def moment(self, *, day: date, size: int) -> Moment:
        """What a question about a legal day sees of the first `size` entries: not what was corrected by then."""
        without = (seq for seq, correction in self._corrected.items() if correction < size)
        return Moment(day.toordinal(), size, frozenset(without))

    def _take(self, sight: Sight, leaf: Mapping[str, Any]) -> None:
        """One entry. What may fail comes first, so that nothing is told of it twice."""
        seq, day, corrects = leaf["seq"], date.fromisoformat(leaf["on"]).toordinal(), leaf.get("corrects")
        if corrects is not None:
            self._corrected[corrects] = seq
            self._days.append(self._reached(leaf))
            return
        self.letters.note(leaf, day)
        if self._matters(leaf):
            self._whole(sight, leaf, day)
        elif born := _born(leaf):
            self._stand(seq, day, self._standing([born._replace(facts=self._facts_of(born.facts))]))
        partner = leaf.get("details", {}).get("partner", "")
        if partner:
            self.partners.add(seq, day, str(partner), 1)
        for book, commodity, account, amount in leaf.get("posts", ()):
            if book == ADJUSTMENTS:
                self.book.add(seq, day, (commodity, account), amount)
        self._in_order(sight, leaf, day)

    def _in_order(self, sight: Sight, leaf: Mapping[str, Any], day: int) -> None:
        reached = self._reached(leaf)
        before = self._last_moved(sight, leaf) if reached > day else 0
        if before > day:
            self.late.append(Late(leaf["seq"], day, before))
        self._days.append(max(reached, day) if leaf.get("moves") else reached)

    def _reached(self, leaf: Mapping[str, Any]) -> int:
        return max((self._days[each] for each in leaf.get("follows", ())), default=0)

    def _last_moved(self, sight: Sight, leaf: Mapping[str, Any]) -> int:
        """The latest day of the moves behind an entry that stand; looked for where there may be one after its own."""
        spans = [Span(*row[:3]) for row in (*leaf.get("moves", ()), *leaf.get("facts", ()))]
        standing = (
            each
            for each in thread(sight.reading, sight.codec, leaf["seq"], spans)
            if each["seq"] != leaf["seq"] and each["seq"] not in self._corrected and each.get("corrects") is None
        )
        moved = (each for each in standing if any(touches({"moves": each.get("moves", ())}, span) for span in spans))
        return max((date.fromisoformat(each["on"]).toordinal() for each in moved), default=0)

    def _matters(self, leaf: Mapping[str, Any]) -> bool:
        """Whether its units have to be looked at; most entries move units from one holder to another."""
        moves = leaf.get("moves", ())
        if not moves:
            return "facts" in leaf
        if leaf["act"] in _TOLD or "posts" in leaf:
            return True
        return _born(leaf) is None and ("facts" in leaf or not all(_stays(*row[3:5]) for row in moves))

    def _whole(self, sight: Sight, leaf: Mapping[str, Any], day: int) -> None:
        read, books = from_leaf(leaf), units_before(sight, leaf)
        before = self._standing(books.all_holdings())
        books.apply(read.seq, read.entry._replace(records=(), postings=()))
        books.commit()
        after = self._standing(books.all_holdings())
        found = self._gathered(sight, books, read)
        after.authorized.subtract(before.authorized)
        after.waiting.subtract(before.waiting)
        after.unused.subtract(before.unused)
        self._stand(read.seq, day, after)
        self._tell(read.seq, day, found)

    def _gathered(self, sight: Sight, books: Books, read: JournalEntry) -> Gathered:
        found = Gathered(self.party)
        cites = "year" in read.entry.details or any(adds(each.account, self.party) for each in read.entry.postings)
        if cites:
            self._cite(sight, books, read.seq)
        gather(books, read, found)
        return found

    def _cite(self, sight: Sight, books: Books, seq: int) -> None:
        """Put in the letters of these units, as they stood when the entry came."""
        named = {(class_of(each).party, unit_facts(each.facts).authorization or "") for each in books.all_holdings()}
        foreign = [foreign_key(party, name) for party, name in named]
        moment = Moment(date.max.toordinal(), seq + 1)
        letters = self.letters.at(sight, moment, {name for _, name in named}, foreign=foreign)
        books.read = letters.read
        for name, value in letters.records.items():
            books.records[name] = value

    def _tell(self, seq: int, day: int, found: Gathered) -> None:
        for flow in found.flows:
            self.flows.add(seq, day, replace(flow, quantity=0), flow.quantity)
        for sums, years in ((self.omge, found.omge), (self.adaptation, found.adaptation)):
            for year, amount in years.items():
                sums.add(seq, day, year, amount)
        for ranges, told in ((self.used, found.used), (self.acquired, found.acquired)):
            for each in told:
                ranges.add(seq, day, each)

    def _stand(self, seq: int, day: int, changed: Standing) -> None:
        for letter, amount in changed.authorized.items():
            if amount:
                self.authorized.add(seq, day, letter, amount)
        for commodity, amount in changed.waiting.items():
            if amount:
                self.waiting.add(seq, day, commodity, amount)
        for each, sign in changed.unused.items():
            if sign:
                self.unused.add(seq, day, each, sign=sign)

    def _standing(self, holdings: Iterable[Holding]) -> Standing:
        found = Standing()
        for holding in holdings:
            facts, of, where = unit_facts(holding.facts), class_of(holding), role(holding.account)
            own, kept, size = of.party == self.party, where in _KEPT, holding.last - holding.first + 1
            if facts.status is Status.FIRST_TRANSFERRED:
                ended = where is AccountRole.TERMINAL
                found.waiting[facts.metric.commodity] += size * ((own and not ended) - (not own and ended))
                if kept:
                    found.unused[Range(holding.unit_class, holding.first, holding.last)] += 1
            elif kept and own and facts.status is Status.AUTHORIZED and facts.metric.kind is MetricKind.GHG:
                assert facts.authorization is not None and of.vintage is not None
                found.authorized[(facts.authorization, of.vintage)] += size
        return found

    def _facts_of(self, said: Mapping[str, Any]) -> Facts:
        """Facts that many births share, read once."""
        key = repr(said)
        found = self._facts.get(key)
        if found is None:
            if len(self._facts) >= FACTS_MAX:
                self._facts.clear()
            found = self._facts[key] = Facts(said)
        return found


def _born(leaf: Mapping[str, Any]) -> Holding | None:
    """The one block that an entry made with all its facts, as a plain issuance does; None for anything else."""
    moves, facts = leaf.get("moves", ()), leaf.get("facts", ())
    if len(moves) != 1 or len(facts) != 1 or moves[0][:3] != facts[0][:3]:
        return None
    unit_class, first, last, source, target = moves[0]
    if role(source) is not AccountRole.SOURCE or role(target) is not AccountRole.HOLDING:
        return None
    return Holding(unit_class, first, last, target, facts[0][3], leaf["seq"])


def _stays(source: str, target: str) -> bool:
    return role(source) in _KEPT and role(target) in _KEPT
