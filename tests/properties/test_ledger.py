"""The block index and the books against a dictionary that knows the holder of every single unit."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from counterfoil.domain.ledger import firsts
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.blocks import Block, BlockIndex
from counterfoil.domain.ledger.books import Books, Broken
from counterfoil.domain.ledger.entry import UNITS, Act, Entry, FactChange, Move
from counterfoil.domain.ledger.firsts import Firsts

TOP = 40
ENDS = st.tuples(st.integers(1, TOP), st.integers(1, TOP)).map(sorted)
ACCOUNTS = ("issued:a", "xa:one", "xa:two", "pending:XBX", "to:XBX", "cancelled:omge", "from:XBX")


class FirstsAgainstASet(RuleBasedStateMachine):
    """Chunks of two, so that they split and empty all the time."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(firsts, "CHUNK", 2)
        self.firsts = Firsts()
        self.model: set[int] = set()

    def teardown(self) -> None:
        self.patch.undo()

    @initialize(values=st.sets(st.integers(0, TOP)))
    def start(self, values: set[int]) -> None:
        self.firsts, self.model = Firsts(sorted(values)), set(values)

    @rule(value=st.integers(0, TOP))
    def add(self, value: int) -> None:
        if value not in self.model:
            self.firsts.add(value)
            self.model.add(value)

    @rule(value=st.integers(0, TOP))
    def discard(self, value: int) -> None:
        self.firsts.discard(value)
        self.model.discard(value)

    @rule(value=st.integers(-1, TOP + 1))
    def neighbours(self, value: int) -> None:
        assert self.firsts.floor(value) == max((one for one in self.model if one <= value), default=None)
        assert self.firsts.above(value) == min((one for one in self.model if one > value), default=None)

    @invariant()
    def the_members_are_in_order(self) -> None:
        assert list(self.firsts) == sorted(self.model)
        assert len(self.firsts) == len(self.model)


class BlocksAgainstADictionary(RuleBasedStateMachine):
    """Ranges are cleared and put anywhere, in drafts that are kept or dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(firsts, "CHUNK", 2)
        self.index = BlockIndex()
        self.model: dict[int, int] = {}
        self.committed: dict[int, int] = {}
        self.rows: dict[int, Block] = {}

    def teardown(self) -> None:
        self.patch.undo()

    @rule(ends=ENDS, account=st.integers(0, 3))
    def put(self, ends: list[int], account: int) -> None:
        self.clear(ends)
        self.index.put(7, Block(*ends, account, 0, 0))
        self.model.update(dict.fromkeys(range(ends[0], ends[1] + 1), account))

    @rule(ends=ENDS)
    def clear(self, ends: list[int]) -> None:
        first, last = ends
        for block in self.index.covering(7, first, last):
            self.index.remove(7, block.first)
            if block.first < first:
                self.index.put(7, block._replace(last=first - 1))
            if block.last > last:
                self.index.put(7, block._replace(first=last + 1))
        for serial in range(first, last + 1):
            self.model.pop(serial, None)

    @rule()
    def commit(self) -> None:
        standing, removed = self.index.changes()
        assert standing == sorted(standing)
        for unit_class, first in removed:
            assert unit_class == 7
            del self.rows[first]
        for unit_class, *block in standing:
            assert unit_class == 7
            self.rows[block[0]] = Block(*block)
        self.index.commit()
        self.committed = dict(self.model)

    @rule()
    def discard(self) -> None:
        self.index.discard()
        self.model = dict(self.committed)

    @rule()
    def load_again(self) -> None:
        self.discard()
        self.index = BlockIndex()
        self.index.load(7, self.rows.values())

    @invariant()
    def every_unit_has_the_holder_of_the_dictionary(self) -> None:
        blocks = self.index.covering(7, 1, TOP)
        assert held(blocks) == self.model
        assert sum(block.last - block.first + 1 for block in blocks) == len(self.model)
        assert blocks == sorted(blocks)

    @invariant()
    def a_look_at_one_unit_finds_its_block(self) -> None:
        for serial in range(1, TOP + 1):
            found = self.index.covering(7, serial, serial)
            assert [block.account for block in found] == [self.model[at] for at in (serial,) if at in self.model]

    @invariant()
    def what_is_committed_is_what_a_store_would_hold(self) -> None:
        assert held(self.rows.values()) == self.committed

    @invariant()
    def the_index_is_what_a_store_would_hold_after_the_next_commit(self) -> None:
        standing, removed = self.index.changes()
        rows = {first: block for first, block in self.rows.items() if (7, first) not in removed}
        rows.update((block[1], Block(*block[1:])) for block in standing)
        assert [block for _, block in self.index] == [rows[first] for first in sorted(rows)]
        assert len(self.index) == len(rows)


def held(blocks: object) -> dict[int, int]:
    return {serial: block.account for block in blocks for serial in range(block.first, block.last + 1)}  # type: ignore[attr-defined]


TestFirsts = FirstsAgainstASet.TestCase
TestBlocks = BlocksAgainstADictionary.TestCase

# A move from whoever holds the first unit mostly succeeds, so that histories go deep; a move from anybody mostly fails.
HOLDER = "the holder"
MOVES = st.tuples(ENDS, st.sampled_from([HOLDER] * 6 + list(ACCOUNTS)), st.sampled_from(ACCOUNTS))
FACTS = st.tuples(ENDS, st.sampled_from(["authorized", "flag"]), st.sampled_from([None, True, "x"]))
BATCHES = st.lists(st.tuples(st.lists(MOVES | FACTS, min_size=1, max_size=5), st.booleans()), max_size=8)


def settled(step: tuple[list[int], str, object], holders: dict[int, str]) -> tuple[list[int], str, object]:
    ends, name, value = step
    return (ends, holders.get(ends[0], "issued:a"), value) if name == HOLDER else step


class Naive:
    """The holder and the facts of every single unit, and nothing else."""

    def __init__(self) -> None:
        self.holder: dict[int, str] = {}
        self.facts: dict[int, dict[str, object]] = {}

    def copy(self) -> "Naive":
        twin = Naive()
        twin.holder = dict(self.holder)
        twin.facts = {serial: dict(facts) for serial, facts in self.facts.items()}
        return twin

    def move(self, serials: range, source: str, target: str) -> bool:
        """Do it and say True, or say False where a law of the ledger forbids it."""
        born = role(source) is AccountRole.SOURCE
        if role(source) is AccountRole.TERMINAL or (born and role(target) is AccountRole.SOURCE):
            return False
        if any((serial in self.holder) if born else (self.holder.get(serial) != source) for serial in serials):
            return False
        for serial in serials:
            if role(target) is AccountRole.SOURCE:
                del self.holder[serial], self.facts[serial]
            else:
                self.holder[serial] = target
                self.facts.setdefault(serial, {})
        return True

    def set_fact(self, serials: range, name: str, value: object) -> bool:
        if any(serial not in self.holder for serial in serials):
            return False
        for serial in serials:
            self.facts[serial].pop(name, None)
            if value is not None:
                self.facts[serial][name] = value
        return True


def entry_of(step: tuple[list[int], str, object]) -> Entry:
    (first, last), name, value = step
    if name in ACCOUNTS:
        return Entry(Act.TRANSFERRED, date(2026, 1, 1), moves=(Move("C-#", first, last, name, str(value)),))
    return Entry(Act.CORRECTED, date(2026, 1, 1), facts=(FactChange("C-#", first, last, {name: value}),))  # type: ignore[dict-item]


def seen(books: Books) -> Naive:
    found = Naive()
    for holding in books.holdings("C-#", 1, TOP):
        for serial in range(holding.serials.first, holding.serials.last + 1):
            assert serial not in found.holder, "a unit is in two places"
            found.holder[serial], found.facts[serial] = holding.account, dict(holding.facts)
    return found


def assert_same(books: Books, naive: Naive) -> None:
    found = seen(books)
    assert found.holder == naive.holder
    assert found.facts == naive.facts
    for account in ACCOUNTS:
        if role(account) is not AccountRole.SOURCE:
            assert books.balance(UNITS, "C-#", account) == list(naive.holder.values()).count(account)
    total = sum(amount for (book, _, _), amount in books.all_balances().items() if book == UNITS)
    assert total == 0


@settings(max_examples=150)
@given(BATCHES)
def test_no_unit_is_lost_invented_or_in_two_places_in_any_history(batches: list[tuple[list[object], bool]]) -> None:
    books, naive, seq = Books(), Naive(), 0
    for steps, keep in batches:
        draft = naive.copy()
        whole = True
        for unsettled in steps:
            step = settled(unsettled, draft.holder)  # type: ignore[arg-type]
            (first, last), name, value = step
            serials = range(first, last + 1)
            allowed = draft.move(serials, name, value) if name in ACCOUNTS else draft.set_fact(serials, name, value)
            try:
                books.apply(seq, entry_of(step))
                assert allowed, step
            except Broken:
                assert not allowed, step
                whole = False
                break
            seq += 1
        if whole and keep:
            books.commit()
            naive = draft
        else:
            books.discard()
        assert_same(books, naive)


@settings(max_examples=100)
@given(st.lists(MOVES | FACTS, max_size=25))
def test_a_replay_in_other_portions_gives_the_same_books(steps: list[object]) -> None:
    one, entries = Books(), []
    for unsettled in steps:
        step = settled(unsettled, seen(one).holder)  # type: ignore[arg-type]
        try:
            one.apply(len(entries), entry_of(step))
        except Broken:
            one.discard()
            continue
        one.commit()
        entries.append(entry_of(step))
    other = Books()
    for seq, entry in enumerate(entries):
        other.apply(seq, entry)
    other.commit()
    assert list(one.blocks) == list(other.blocks)
    assert dict(one.all_balances().items()) == dict(other.all_balances().items())
    assert (one.accounts.texts, one.classes.texts) == (other.accounts.texts, other.classes.texts)
    again = Books()
    for text in one.classes.texts:
        again.classes.number(text)
    for text in one.accounts.texts:
        again.accounts.number(text)
    again.blocks.load(0, [block for _, block in one.blocks])
    held_before = {key: n for key, n in one.all_balances().items() if role(key.account) is not AccountRole.SOURCE}
    assert again.all_balances() == held_before
