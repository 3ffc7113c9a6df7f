"""The books: what the journal says now, folded entry by entry.

One fold serves the writer, the start, the audit and the simulation. `apply` assumes a decided entry; what it asserts
are the ledger's own laws, which no decision may break: balance, no serial in two places, no release from a terminal
account.

Read next: `domain/ledger/merkle.py`.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, NamedTuple, Protocol

from counterfoil.domain.kernel.canonical import INTEGER_MAX, JSON
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.blocks import Block, BlockIndex
from counterfoil.domain.ledger.drafted import Drafted, Terms
from counterfoil.domain.ledger.entry import UNITS, Entry, FactChange, Move, imbalance
from counterfoil.domain.ledger.lots import Lots
from counterfoil.domain.ledger.underlying import UNDERLYING, UnderlyingIndex
from counterfoil.domain.units.serials import SerialRange

HOLD: Final = "hold"
_SOURCE: Final = AccountRole.SOURCE
_TERMINAL: Final = AccountRole.TERMINAL


class Broken(AssertionError):
    """An entry breaks a law of the ledger: our own mistake or a forged journal, never an expected answer."""


class BalanceKey(NamedTuple):
    book: str
    commodity: str
    account: str


class Holding(NamedTuple):
    """A piece of a block as rules see it: its serials, the account that holds it, and the facts about it."""

    unit_class: str
    first: int
    last: int
    account: str
    facts: Mapping[str, Any]
    seq: int

    @property
    def serials(self) -> SerialRange:
        return SerialRange(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Hold:
    """An overlay that stops movements of a range until it is released."""

    key: str
    serials: SerialRange
    reason: str


class Provisional(Protocol):
    """A part of the books whose latest changes are provisional."""

    def commit(self) -> None: ...

    def discard(self) -> None: ...


class Books:
    """Blocks, records and balances of one registry, the running batch's draft included."""

    def __init__(self) -> None:
        self.classes = Terms()
        self.accounts = Terms()
        self.lots = Lots()
        self.blocks = BlockIndex()
        self.records: Drafted[tuple[str, str], JSON] = Drafted()
        self._record = self.records.get
        self.read: dict[tuple[str, str], tuple[JSON, Any]] = {}
        """Records with what was read from them, for whoever asks; a record that changed is told by its identity."""
        self.balances: Drafted[BalanceKey, int] = Drafted()
        self._holds: Drafted[str, tuple[Hold, ...]] = Drafted()
        self.underlying = UnderlyingIndex()
        self._parts: tuple[Provisional, ...] = (
            self.classes,
            self.accounts,
            self.lots,
            self.blocks,
            self.records,
            self.balances,
            self._holds,
            self.underlying,
        )

    # What rules ask

    def record(self, kind: str, key: str) -> Any:
        """The record's JSON, or None."""
        return self._record((kind, key))

    def balance(self, book: str, commodity: str, account: str) -> int:
        """What stands in an account. In the unit book, only the sources of units are kept; holdings are added up."""
        if book != UNITS or role(account) is AccountRole.SOURCE:
            return self.balances.get(BalanceKey(book, commodity, account)) or 0
        unit_class, number = self.classes.find(commodity), self.accounts.find(account)
        if unit_class is None or number is None:
            return 0
        return self.blocks.held(unit_class, number)

    def all_balances(self) -> dict[BalanceKey, int]:
        """Every balance of every book; what holders hold is added up from the blocks."""
        found = dict(self.balances.items())
        for number, block in self.blocks:
            key = BalanceKey(UNITS, self.classes.texts[number], self.accounts.texts[block.account])
            found[key] = found.get(key, 0) + block.last - block.first + 1
        return found

    def holdings(self, unit_class: str, first: int, last: int) -> list[Holding]:
        """The pieces of `first` to `last` that exist in this book, in order; serials that do not exist are left out."""
        number = self.classes.find(unit_class)
        if number is None:
            return []
        accounts, facts = self.accounts.texts, self.lots.facts
        return [
            Holding(
                unit_class,
                first if first > block.first else block.first,
                last if last < block.last else block.last,
                accounts[block.account],
                facts(block.lot),
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

    def all_holdings(self) -> Iterator[Holding]:
        for number, block in self.blocks:
            yield Holding(
                self.classes.texts[number],
                block.first,
                block.last,
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
        uneven = imbalance(entry.postings) if entry.postings else None
        if uneven is not None:
            raise Broken(f"entry {seq} does not balance: {uneven}")
        for record in entry.records:
            self.records[(record.kind, record.key)] = record.value
            if record.kind == HOLD:
                self._fold_hold(record.key, record.value)
        correcting = entry.corrects is not None
        touched: list[int] = []
        for move in entry.moves:
            touched += [block.seq for block in self._move(seq, move, correcting=correcting)]
        for change in entry.facts:
            touched += [block.seq for block in self._set_facts(seq, change)]
        for posting in entry.postings:
            if posting.book == UNITS:
                raise Broken(f"entry {seq} posts in the unit book, which only moves do")
            self._post(posting.book, posting.commodity, posting.account, posting.amount)
        if len(touched) == 1 and touched[0] != seq:
            return (touched[0],)
        return tuple(sorted(set(touched) - {seq}))

    def commit(self) -> None:
        """Keep the draft: the batch is durable."""
        for part in self._parts:
            part.commit()

    def discard(self) -> None:
        """Take the draft back: the batch failed, and nothing of it remains."""
        for part in self._parts:
            part.discard()

    def restore_holds(self) -> None:
        """Rebuild the overlay of holds from loaded records, at start."""
        for (kind, key), value in self.records.items():
            if kind == HOLD:
                self._fold_hold(key, value)

    def restore_underlying(self) -> None:
        """Rebuild the index of underlying units from loaded blocks, at start."""
        naming = {number for number in range(len(self.lots.texts)) if UNDERLYING in self.lots.facts(number)}
        for _, block in self.blocks if naming else ():
            if block.lot in naming:
                self.underlying.add(self.lots.facts(block.lot), block.first, block.last)

    def _move(self, seq: int, move: Move, *, correcting: bool) -> Sequence[Block]:
        name, first, last, origin, target = move
        if not (type(first) is type(last) is int and 1 <= first <= last <= INTEGER_MAX):
            raise Broken(f"entry {seq} moves units {first} to {last}")
        leaving, arriving = role(origin), role(target)
        if (leaving is _TERMINAL or leaving is arriving is _SOURCE) and not correcting:
            raise Broken(f"entry {seq} moves units from {origin} to {target}")
        unit_class = self.classes.number(name)
        covering = self.blocks.covering(unit_class, first, last)
        if leaving is _SOURCE:
            if covering:
                raise Broken(f"entry {seq} creates units of {name} that exist: {covering[0]}")
            self.blocks.put(unit_class, Block(first, last, self.accounts.number(target), 0, seq))
            self._post(UNITS, name, origin, first - last - 1)
        else:
            self._require_whole(seq, name, first, last, covering)
            source, account = self.accounts.find(origin), self.accounts.number(target)
            for block in covering:
                if block.account != source:
                    raise Broken(f"entry {seq} moves units that {origin} does not hold: {block}")
                low, high = self._carve(unit_class, block, first, last)
                if arriving is _SOURCE:
                    self.blocks.remove(unit_class, low)
                    self.underlying.free(self.lots.facts(block.lot), low, high)
                else:
                    self.blocks.put(unit_class, Block(low, high, account, block.lot, seq))
        if arriving is _SOURCE:
            self._post(UNITS, name, target, last - first + 1)
        return covering

    def _set_facts(self, seq: int, change: FactChange) -> list[Block]:
        unit_class = self.classes.number(change.unit_class)
        covering = self.blocks.covering(unit_class, change.first, change.last)
        self._require_whole(seq, change.unit_class, change.first, change.last, covering)
        for block in covering:
            lot = self.lots.changed(block.lot, change.facts)
            low, high = self._carve(unit_class, block, change.first, change.last)
            self.blocks.put(unit_class, Block(low, high, block.account, lot, seq))
        if UNDERLYING in change.facts:
            self.underlying.add(change.facts, change.first, change.last)
        return covering

    def _carve(self, unit_class: int, block: Block, first: int, last: int) -> tuple[int, int]:
        """Leave what lies outside `first` to `last` of a block as blocks of their own; the serials in between."""
        low, high, account, lot, seq = block
        if low < first:
            self.blocks.put(unit_class, Block(low, first - 1, account, lot, seq))
            low = first
        if last < high:
            self.blocks.put(unit_class, Block(last + 1, high, account, lot, seq))
            high = last
        return low, high

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
        if type(total) is not int or not -INTEGER_MAX <= total <= INTEGER_MAX:
            raise Broken(f"{account} would stand at {total} of {commodity}")
        self.balances[key] = total

    def _fold_hold(self, key: str, value: Any) -> None:
        standing = self._holds.get(value["unit_class"]) or ()
        # By key, as the records are loaded: an answer must not depend on when the registry was started.
        at = bisect_left(standing, key, key=attrgetter("key"))
        above = at + 1 if at < len(standing) and standing[at].key == key else at
        new: tuple[Hold, ...] = ()
        if value["released_on"] is None:
            new = (Hold(key, SerialRange(value["first"], value["last"]), value["reason"]),)
        self._holds[value["unit_class"]] = standing[:at] + new + standing[above:]
