"""The laws that no entry may break, and what the books say after one."""

from datetime import date
from typing import Any

import pytest

from counterfoil.domain.ledger.books import HOLD, Books, Broken
from counterfoil.domain.ledger.entry import ADJUSTMENTS, UNITS, Act, Entry, FactChange, Move, Posting, Record

CLASS = "CA9001-XXA01-XXA-#-2026"
DAY = date(2026, 1, 1)


def entry(**parts: Any) -> Entry:
    return Entry(Act.TRANSFERRED, DAY, **parts)


def move(first: int, last: int, source: str, target: str) -> Entry:
    return entry(moves=(Move(CLASS, first, last, source, target),))


@pytest.fixture
def books() -> Books:
    """One thousand units: 1 to 900 with the developer, the rest with the adaptation fund."""
    founded = Books()
    moves = (Move(CLASS, 1, 900, "issued:a", "xxa:dev"), Move(CLASS, 901, 1_000, "issued:a", "xxa:fund"))
    founded.apply(0, entry(moves=moves, facts=(FactChange(CLASS, 1, 1_000, {"type": "reduction"}),)))
    founded.commit()
    return founded


def test_an_issuance_puts_units_into_accounts_and_balances_to_zero(books: Books) -> None:
    balances = {key.account: amount for key, amount in books.all_balances().items()}
    assert balances == {"issued:a": -1_000, "xxa:dev": 900, "xxa:fund": 100}
    assert [(piece.serials.first, piece.account) for piece in books.holdings(CLASS, 800, 950)] == [
        (800, "xxa:dev"),
        (901, "xxa:fund"),
    ]


@pytest.mark.parametrize(
    ("case", "broken"),
    [
        ("units are created that exist", move(1_000, 1_001, "issued:b", "xxa:dev")),
        ("units are moved that nobody has", move(900, 1_001, "xxa:fund", "xxa:dev")),
        ("units are moved that another holds", move(890, 910, "xxa:dev", "xxb:buyer")),
        ("units of an unknown class are moved", entry(moves=(Move("XXB-#", 1, 1, "xxa:dev", "xxb:buyer"),))),
        ("units leave a terminal account", move(1, 1, "cancelled:omge", "xxa:dev")),
        ("units go from source to source", move(2_000, 2_001, "issued:a", "from:XXB")),
        ("facts are set on units that do not exist", entry(facts=(FactChange(CLASS, 1_000, 1_001, {"a": 1}),))),
        ("a book does not balance", entry(postings=(Posting(ADJUSTMENTS, "tCO2e", "ndc:XXA:2026:added", 5),))),
        ("the unit book is posted below zero", entry(postings=(
            Posting(UNITS, CLASS, "xxa:dev", -901), Posting(UNITS, CLASS, "xxb:buyer", 901),
        ))),
    ],
)  # fmt: skip
def test_an_entry_is_broken_when(books: Books, case: str, broken: Entry) -> None:
    before = list(books.blocks)
    with pytest.raises(Broken):
        books.apply(1, broken)
    books.discard()
    assert list(books.blocks) == before, case
    assert list(books.balances.changes()) == []
    assert books.accounts.find("xxb:buyer") is None


def test_a_cancelled_unit_never_comes_back(books: Books) -> None:
    books.apply(1, move(10, 20, "xxa:dev", "cancelled:omge"))
    books.commit()
    with pytest.raises(Broken):
        books.apply(2, move(10, 20, "cancelled:omge", "xxa:dev"))


def test_a_range_with_a_gap_is_not_moved_around_the_gap(books: Books) -> None:
    books.apply(1, move(400, 410, "xxa:dev", "issued:a"))
    books.commit()
    with pytest.raises(Broken, match="do not exist: 400"):
        books.apply(2, move(395, 415, "xxa:dev", "xxb:buyer"))


def test_a_reversed_issuance_can_be_made_again_in_the_same_batch(books: Books) -> None:
    books.apply(1, move(1, 900, "xxa:dev", "issued:a"))
    books.apply(2, move(901, 1_000, "xxa:fund", "issued:a"))
    books.apply(3, move(1, 1_000, "issued:a", "xxa:dev"))
    assert [piece.account for piece in books.holdings(CLASS, 950, 950)] == ["xxa:dev"]
    with pytest.raises(Broken):
        books.apply(4, move(950, 950, "issued:a", "xxa:fund"))


def test_facts_are_set_over_a_range_and_withdrawn(books: Books) -> None:
    books.apply(1, entry(facts=(FactChange(CLASS, 5, 6, {"authorization": "A1", "type": None}),)))
    books.commit()
    facts = [dict(piece.facts) for piece in books.holdings(CLASS, 4, 7)]
    assert facts == [{"type": "reduction"}, {"authorization": "A1"}, {"type": "reduction"}]


def test_a_moved_unit_keeps_its_facts(books: Books) -> None:
    books.apply(1, move(5, 6, "xxa:dev", "xxb:buyer"))
    assert [dict(piece.facts) for piece in books.holdings(CLASS, 5, 6)] == [{"type": "reduction"}]


def hold(key: str, first: int, last: int, released_on: str | None = None) -> Entry:
    value = {"unit_class": CLASS, "first": first, "last": last, "reason": "dispute", "released_on": released_on}
    return entry(records=(Record(HOLD, key, value),))


def test_several_holds_may_stand_at_once_and_each_is_released_by_itself(books: Books) -> None:
    books.apply(1, hold("h1", 1, 10))
    books.apply(2, hold("h2", 5, 20))
    books.commit()
    assert [standing.key for standing in books.holds(CLASS, 7, 7)] == ["h1", "h2"]
    books.apply(3, hold("h1", 1, 10, "2026-02-01"))
    assert [standing.key for standing in books.holds(CLASS, 7, 7)] == ["h2"]
    books.discard()
    assert [standing.key for standing in books.holds(CLASS, 10, 10)] == ["h1", "h2"]
    assert books.holds(CLASS, 21, 30) == ()


def test_the_overlay_of_holds_is_rebuilt_from_records(books: Books) -> None:
    again = Books()
    for key, value in (("h1", hold("h1", 1, 10)), ("h2", hold("h2", 5, 20, "2026-02-01"))):
        again.records.load((HOLD, key), value.records[0].value)
    again.restore_holds()
    assert [standing.key for standing in again.holds(CLASS, 1, 100)] == ["h1"]


def test_a_record_that_is_drafted_as_nothing_does_not_show_its_older_value(books: Books) -> None:
    books.apply(1, entry(records=(Record("note", "k", "old"),)))
    books.commit()
    books.apply(2, entry(records=(Record("note", "k", None),)))
    assert books.record("note", "k") is None
    books.discard()
    assert books.record("note", "k") == "old"
