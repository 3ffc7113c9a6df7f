"""Whatever several registries do to one another, no tonne is lost, doubled, or counted for two.

The unit books and the adjustment books are compared as two witnesses of the same history: what the one says of balances
must follow from what the other says of units, without asking how it came about.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.domain.federation.notice import NOTICE, TAKEN_NOTICE, NoticeKind
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, FactChange, Move, Posting, Record, from_leaf
from counterfoil.domain.units.identifier import UnitClass, unit_class
from tests.domain.commands.desk import Desk
from tests.properties.world import TRIED, Step, World, world

LENGTH = 60
DAILY = 300

numbers = st.integers(0, 2**12)
steps = st.lists(st.builds(Step, st.sampled_from(TRIED), numbers, numbers, numbers, numbers), max_size=LENGTH)
histories = settings(max_examples=max(DAILY, settings().max_examples))


def random_history(seed: int) -> list[Step]:
    """A long history by its number: found faster than shrinkable ones, and said in one word when it fails."""
    chance = random.Random(seed)
    return [Step(chance.choice(TRIED), *(chance.randrange(2**12) for _ in range(4))) for _ in range(2 * LENGTH)]


long_histories = st.integers(0, 2**63).map(random_history)


@dataclass(frozen=True)
class Piece:
    """Some units of one class as one book has them."""

    book: str
    unit_class: str
    first: int
    last: int
    account: str
    first_transferred: bool

    @property
    def size(self) -> int:
        return self.last - self.first + 1

    @property
    def of(self) -> UnitClass:
        found = unit_class(self.unit_class)
        assert isinstance(found, UnitClass)
        return found


def pieces(desk: Desk) -> list[Piece]:
    return [
        Piece(
            desk.registry.party,
            held.unit_class,
            held.serials.first,
            held.serials.last,
            held.account,
            "first_transferred_on" in held.facts,
        )
        for held in desk.books.all_holdings()
    ]


def check_conservation(desk: Desk) -> None:
    """In each book, what came in is what stands somewhere; and no serial stands twice."""
    standing = pieces(desk)
    for low, high in pairwise(standing):
        assert low.unit_class != high.unit_class or low.last < high.first, (low, high)
    by_account = Counter[tuple[str, str]]()
    for piece in standing:
        by_account[(piece.unit_class, piece.account)] += piece.size
    came: Counter[str] = Counter()
    for key, amount in desk.books.all_balances().items():
        if key.book == "units" and role(key.account) is AccountRole.SOURCE:
            assert amount <= 0
            came[key.commodity] -= amount
        elif key.book == "units":
            assert by_account[(key.commodity, key.account)] == amount >= 0, key
    for of, amount in came.items():
        assert amount == sum(size for (found, _), size in by_account.items() if found == of), of


def live_and_adrift(found: World) -> tuple[list[Piece], list[Piece]]:
    """What stands in some book as its own, and what left one book and has not arrived in the other.

    A serial that is live in two books is the one thing that must never be.
    """
    everything = [piece for desk in found.desks.values() for piece in pieces(desk)]
    everything.sort(key=lambda piece: (piece.unit_class, piece.first))
    live = [piece for piece in everything if role(piece.account) is not AccountRole.ABROAD]
    for low, high in pairwise(live):
        assert low.unit_class != high.unit_class or low.last < high.first, f"in two books: {low} {high}"
    taken = {(piece.unit_class, serial) for piece in live for serial in range(piece.first, piece.last + 1)}
    adrift: dict[tuple[str, int], Piece] = {}
    for piece in everything:
        if role(piece.account) is AccountRole.ABROAD:
            for serial in range(piece.first, piece.last + 1):
                if (piece.unit_class, serial) not in taken:
                    one = Piece(piece.book, piece.unit_class, serial, serial, piece.account, piece.first_transferred)
                    known = adrift.setdefault((piece.unit_class, serial), one)
                    # Its host may have sent it before its first transfer: the later book knows better.
                    if one.first_transferred and not known.first_transferred:
                        adrift[(piece.unit_class, serial)] = one
    return live, list(adrift.values())


def check_nothing_is_lost(found: World, live: list[Piece], adrift: list[Piece]) -> None:
    """Over all books: what was issued and not taken back is live somewhere or on its way."""
    issued: Counter[str] = Counter()
    for desk in found.desks.values():
        for key, amount in desk.books.all_balances().items():
            if key.book == "units" and key.account.startswith("issued:"):
                issued[key.commodity] -= amount
    somewhere: Counter[str] = Counter()
    for piece in (*live, *adrift):
        somewhere[piece.unit_class] += piece.size
    assert +issued == somewhere


def expected_adjustments(live: list[Piece], adrift: list[Piece]) -> Counter[str]:
    """What the adjustment books of the world must say together, from where first transferred units stand."""
    expected: Counter[str] = Counter()
    for piece in (*live, *adrift):
        if not piece.first_transferred:
            assert not piece.account.startswith("used:"), piece
            continue
        expected[f"ndc:{piece.of.party}:{piece.of.vintage}:added"] += piece.size
        words = piece.account.split(":")
        match words[0]:
            case "used":
                expected[f"ndc:{words[1]}:{words[3]}:subtracted"] -= piece.size
            case "cancelled":
                ends = {"oimp": "closed:oimp", "omge": "closed:omge"}
                expected[ends.get(words[1], "closed:unused")] -= piece.size
            case "retired":
                raise AssertionError(f"retired at home after its first transfer: {piece}")
            case _:
                expected["awaiting-use"] -= piece.size
    return expected


def check_adjustments(found: World, live: list[Piece], adrift: list[Piece]) -> None:
    said: Counter[str] = Counter()
    for party, desk in found.desks.items():
        own = desk.adjustments()
        assert sum(own.values()) == 0
        assert all(account.split(":")[1] == party for account in own if account.startswith("ndc:")), own
        said.update(own)
    expected = expected_adjustments(live, adrift)
    untold = 0
    for of, first, last in ends_untold(found):
        # Closed where they ended; added only once their host knows of it.
        untold += last - first + 1
        expected[f"ndc:{of.party}:{of.vintage}:added"] -= last - first + 1
        expected["awaiting-use"] += last - first + 1
    assert nonzero(said) == nonzero(expected)
    net = sum(amount for account, amount in said.items() if account.startswith("ndc:"))
    unused = sum(p.size for p in (*live, *adrift) if p.first_transferred and not p.account.startswith("used:"))
    assert net == unused - untold >= -untold, (
        "additions minus subtractions: OIMP, OMGE, and first transferred but unused"
    )


def ends_untold(found: World) -> Iterator[tuple[UnitClass, int, int]]:
    """Units that ended in another book than their host's, of which the host has not taken the notice."""
    for desk in found.desks.values():
        for (kind, name), value in desk.books.records.items():
            if kind != NOTICE or found.desks[value["partner"]].books.record(TAKEN_NOTICE, name) is not None:
                continue
            if value["kind"] == NoticeKind.ARRIVED:
                continue  # nothing ended: its units are only with another holder
            for key, first, last in value["content"]["units"]:
                of = unit_class(key)
                assert isinstance(of, UnitClass)
                yield of, first, last


def nonzero(counter: Counter[str]) -> dict[str, int]:
    return {account: amount for account, amount in counter.items() if amount}


def check(found: World, changed: str | None = None) -> None:
    for party, desk in found.desks.items():
        if changed in (None, party):
            check_conservation(desk)
    live, adrift = live_and_adrift(found)
    check_nothing_is_lost(found, live, adrift)
    check_adjustments(found, live, adrift)


@given(steps)
@histories
def test_no_history_loses_doubles_or_miscounts_a_unit(history: list[Step]) -> None:
    found = world()
    for step in history:
        if found.take(step) is not None:
            check(found)


@given(long_histories)
@histories
def test_no_long_history_loses_doubles_or_miscounts_a_unit(history: list[Step]) -> None:
    found = world()
    for step in history:
        if found.take(step) is not None:
            check(found)


def print_of(books: Books) -> dict[str, Any]:
    """Everything that books hold, by content: numbers of accounts and lots are spelt out."""
    assert books.blocks.changes() == ([], [])
    return {
        "blocks": [
            (held.unit_class, str(held.serials), held.account, dict(held.facts), held.seq)
            for held in books.all_holdings()
        ],
        "records": dict(books.records.items()),
        "balances": dict(books.all_balances().items()),
        "terms": [list(terms.texts) for terms in (books.classes, books.accounts, books.lots)],
        "holds": {text: books.holds(text, 1, 10**6) for text in books.classes.texts},
    }


def check_discard(desk: Desk, entry: Entry) -> None:
    """Applied and dropped, an entry leaves nothing behind; nor does one that brings only new words before it."""
    before = print_of(desk.books)
    for dropped in (strange(entry), entry):
        desk.books.apply(len(desk.journal), dropped)
        desk.books.discard()
        assert print_of(desk.books) == before


def strange(entry: Entry) -> Entry:
    """An entry with a class, an account, a lot, a record and a balance that nothing else names."""
    seen = "XXX01-SCHEME-#-2020"
    return entry._replace(
        moves=(Move(seen, 1, 9, "issued:x", "xxx:new"),),
        facts=(FactChange(seen, 4, 6, {"strange": True}),),
        records=(Record("strange", "key", 1),),
        postings=(Posting("adjustments", "strange", "a", 1), Posting("adjustments", "strange", "b", -1)),
    )


@given(steps | long_histories)
@settings(max_examples=max(50, settings().max_examples // 2))
def test_a_dropped_entry_leaves_the_books_as_they_were(history: list[Step]) -> None:
    found = world()
    for step in history:
        found.take(step, check_discard)


@given(steps | long_histories, st.integers(1, 40))
@settings(max_examples=max(50, settings().max_examples // 2))
def test_the_journal_read_back_gives_the_same_books_however_it_is_batched(history: list[Step], batch: int) -> None:
    found = world()
    for step in history:
        found.take(step)
    for desk in found.desks.values():
        books = Books()
        for seq, written in enumerate(desk.journal):
            read = from_leaf(written.leaf())
            assert books.apply(seq, read.entry) == written.follows
            if seq % batch == 0:
                books.commit()
        books.commit()
        assert print_of(books) == print_of(desk.books)


def test_histories_reach_every_act_and_every_ending() -> None:
    acts: Counter[Act] = Counter()
    accounts: set[str] = set()
    returned = 0
    for seed in range(60):
        found = world()
        for step in random_history(seed):
            found.take(step)
        check(found)
        for desk in found.desks.values():
            acts.update(written.entry.act for written in desk.journal)
            accounts.update(key.account for key, amount in desk.books.all_balances().items() if amount)
            returned += sum(move.source.startswith("to:") for written in desk.journal for move in written.entry.moves)
    wanted = {
        Act.ISSUED, Act.UNITS_AUTHORIZED, Act.TRANSFERRED, Act.TRANSFER_PROPOSED, Act.TRANSFER_ACCEPTED,
        Act.TRANSFER_VOIDED, Act.FIRST_TRANSFERRED, Act.TRANSFERRED_ABROAD, Act.ACQUIRED, Act.USED_TOWARDS_NDC,
        Act.CANCELLED, Act.RETIRED, Act.HELD, Act.HOLD_RELEASED, Act.CORRECTED, Act.AUTHORIZATION_CHANGED,
        Act.AUTHORIZATION_REVOKED, Act.ENDED_ABROAD,
    }  # fmt: skip
    assert wanted <= set(acts)
    assert {"closed:oimp", "closed:omge", "closed:unused", "awaiting-use", "retired:domestic"} <= accounts
    assert returned > 10
