"""The books: what the journal says now, folded entry by entry.

One fold serves the writer, the start, the audit and the simulation. `apply` assumes a decided entry; what it asserts
are the ledger's own laws, which no decision may break: balance, no serial in two places, no release from a terminal
account.

Read next: `domain/ledger/merkle.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.blocks import Block, BlockIndex
from counterfoil.domain.ledger.drafted import Drafted, Terms
from counterfoil.domain.ledger.entry import UNITS, Entry, FactChange, Move, imbalance, misdirected
from counterfoil.domain.ledger.lots import Lots
from counterfoil.domain.units.serials import SerialRange

HOLD: Final = "hold"


class Broken(AssertionError):
    """An entry breaks a law of the ledger: our own mistake or a forged journal, never an expected answer."""


class BalanceKey(NamedTuple):
    book: str
    commodity: str
    account: str


@dataclass(frozen=True, slots=True)
class Holding:
    """A piece of a block as rules see it: its serials, the account that holds it, and the facts about it."""

    unit_class: str
    serials: SerialRange
    account: str
    facts: Mapping[str, Any]
    seq: int


@dataclass(frozen=True, slots=True)
class Hold:
    """An overlay that stops movements of a range until it is released."""

    key: str
    serials: SerialRange
    reason: str


class Draft(Protocol):
    """A part of the books whose latest changes are provisional."""

    def commit(self) -> None: ...

    def discard(self) -> None: ...


class Books:
    """Blocks, records and balances of one registry, with the running batch's draft on top."""

    def __init__(self) -> None:
        self.classes = Terms()
        self.accounts = Terms()
        self.lots = Lots()
        self.blocks = BlockIndex()
        self.records: Drafted[tuple[str, str], JSON] = Drafted()
        self.balances: Drafted[BalanceKey, int] = Drafted()
        self._holds: Drafted[str, tuple[Hold, ...]] = Drafted()
        self._parts: tuple[Draft, ...] = (
            self.classes,
            self.accounts,
            self.lots,
            self.blocks,
            self.records,
            self.balances,
            self._holds,
        )

    # What rules ask

    def record(self, kind: str, key: str) -> Any:
        """The record's JSON, or None."""
        return self.records.get((kind, key))

    def balance(self, book: str, commodity: str, account: str) -> int:
        return self.balances.get(BalanceKey(book, commodity, account)) or 0

    def holdings(self, unit_class: str, first: int, last: int) -> list[Holding]:
        """The pieces of `first` to `last` that exist in this book, in order; serials that do not exist are left out."""
        number = self.classes.find(unit_class)
        if number is None:
            return []
        return [
            Holding(
                unit_class,
                SerialRange(max(first, block.first), min(last, block.last)),
                self.accounts.texts[block.account],
                self.lots.facts(block.lot),
                block.seq,
            )
            for block in self.blocks.covering(number, first, last)
        ]

    def holds(self, unit_class: str, first: int, last: int) -> tuple[Hold, ...]:
        """The holds that touch a range; several may stand at once."""
        standing = self._holds.get(unit_class)
        if not standing:
            return ()
        return tuple(hold for hold in standing if hold.serials.first <= last and first <= hold.serials.last)

    def committed_holdings(self) -> Iterator[Holding]:
        for number, block in self.blocks.committed():
            yield Holding(
                self.classes.texts[number],
                SerialRange(block.first, block.last),
                self.accounts.texts[block.account],
                self.lots.facts(block.lot),
                block.seq,
            )

    # The fold

    def apply(self, seq: int, entry: Entry) -> tuple[int, ...]:
        """Fold one entry into the draft.

        Returns:
            The numbers of the entries that last touched the units that this one touches: the thread by which a unit's
            life is followed backwards, without an index.

        Raises:
            Broken: when the entry breaks a law of the ledger. The caller drops the whole draft.
        """
        # A move is two postings of one size, balanced as it stands; only the other postings can be uneven.
        uneven = imbalance(entry.postings)
        if uneven is not None:
            raise Broken(f"entry {seq} does not balance: {uneven}")
        for record in entry.records:
            self.records[(record.kind, record.key)] = record.value
            if record.kind == HOLD:
                self._fold_hold(record.key, record.value)
        touched: set[int] = set()
        for move in entry.moves:
            touched.update(block.seq for block in self._move(seq, move, correcting=entry.corrects is not None))
        for change in entry.facts:
            touched.update(block.seq for block in self._set_facts(seq, change))
        for posting in entry.postings:
            self._post(posting.book, posting.commodity, posting.account, posting.amount)
        touched.discard(seq)
        return tuple(sorted(touched))

    def commit(self) -> None:
        """Merge the draft: the batch is durable."""
        for part in self._parts:
            part.commit()

    def discard(self) -> None:
        """Drop the draft: the batch failed, and nothing of it remains."""
        for part in self._parts:
            part.discard()

    def restore_holds(self) -> None:
        """Rebuild the overlay of holds from loaded records, at start."""
        for (kind, key), value in self.records.committed():
            if kind == HOLD:
                self._fold_hold(key, value)
        self._holds.commit()

    def restore_balances(self) -> None:
        """Add up what accounts hold from loaded blocks, at start; the other balances are stored."""
        for number, block in self.blocks.committed():
            self._post(
                UNITS, self.classes.texts[number], self.accounts.texts[block.account], block.last - block.first + 1
            )
        self.balances.commit()

    def _move(self, seq: int, move: Move, *, correcting: bool) -> list[Block]:
        if misdirected(move) and not correcting:
            raise Broken(f"entry {seq} moves units from {move.source} to {move.target}")
        unit_class = self.classes.number(move.unit_class)
        born, dies = role(move.source) is AccountRole.SOURCE, role(move.target) is AccountRole.SOURCE
        covering = self.blocks.covering(unit_class, move.first, move.last)
        if born:
            if covering:
                raise Broken(f"entry {seq} creates units of {move.unit_class} that exist: {covering[0]}")
            account = self.accounts.number(move.target)
            self.blocks.put(unit_class, Block(move.first, move.last, account, 0, seq))
        else:
            source = self.accounts.find(move.source)
            account = self.accounts.number(move.target)
            self._require_whole(seq, move.unit_class, move.first, move.last, covering)
            for block in covering:
                if block.account != source:
                    raise Broken(f"entry {seq} moves units that {move.source} does not hold: {block}")
                self._carve(unit_class, block, move.first, move.last)
                low, high = max(block.first, move.first), min(block.last, move.last)
                if dies:
                    self.blocks.remove(unit_class, low)
                else:
                    self.blocks.put(unit_class, Block(low, high, account, block.lot, seq))
        self._post(UNITS, move.unit_class, move.source, -move.size)
        self._post(UNITS, move.unit_class, move.target, move.size)
        return covering

    def _set_facts(self, seq: int, change: FactChange) -> list[Block]:
        unit_class = self.classes.number(change.unit_class)
        covering = self.blocks.covering(unit_class, change.first, change.last)
        self._require_whole(seq, change.unit_class, change.first, change.last, covering)
        for block in covering:
            facts = dict(self.lots.facts(block.lot))
            facts.update(change.facts)
            lot = self.lots.number({name: value for name, value in facts.items() if value is not None})
            self._carve(unit_class, block, change.first, change.last)
            low, high = max(block.first, change.first), min(block.last, change.last)
            self.blocks.put(unit_class, Block(low, high, block.account, lot, seq))
        return covering

    def _carve(self, unit_class: int, block: Block, first: int, last: int) -> None:
        """Leave what lies outside `first` to `last` of a block as blocks of their own."""
        if block.first < first:
            self.blocks.put(unit_class, block._replace(last=first - 1))
        if last < block.last:
            self.blocks.put(unit_class, block._replace(first=last + 1))

    @staticmethod
    def _require_whole(seq: int, unit_class: str, first: int, last: int, covering: list[Block]) -> None:
        expected = first
        for block in covering:
            if block.first > expected:
                break
            expected = block.last + 1
        if expected <= last:
            raise Broken(f"entry {seq} touches units of {unit_class} that do not exist: {expected}")

    def _post(self, book: str, commodity: str, account: str, amount: int) -> None:
        key = BalanceKey(book, commodity, account)
        total = (self.balances.get(key) or 0) + amount
        self.balances[key] = total
        if total < 0 and book == UNITS and role(account) is not AccountRole.SOURCE:
            raise Broken(f"{account} would hold {total} units of {commodity}")

    def _fold_hold(self, key: str, value: Any) -> None:
        others = tuple(hold for hold in self._holds.get(value["unit_class"]) or () if hold.key != key)
        if value["released_on"] is None:
            serials = SerialRange(value["first"], value["last"])
            others += (Hold(key, serials, value["reason"]),)
        self._holds[value["unit_class"]] = others
