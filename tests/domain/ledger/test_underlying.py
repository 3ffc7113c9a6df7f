"""The index of underlying units: ranges by series, drafted with the books and found again at start."""

from datetime import date
from typing import Any

import pytest

from counterfoil.domain.ledger.account import issued
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, FactChange, Move
from counterfoil.domain.ledger.underlying import UnderlyingIndex

SERIES = ("VCS", "VCU-", "")
CLASS = "CA9001-XAA01-XAA-#-2023"


def facts(offset: int = 0) -> dict[str, Any]:
    return {"underlying": [*SERIES, offset]}


@pytest.fixture
def index() -> UnderlyingIndex:
    """Underlying 11 to 20 stand behind serials 1 to 10."""
    index = UnderlyingIndex()
    index.add(facts(10), 1, 10)
    index.commit()
    return index


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (1, 10, None), (1, 11, (11, 11)), (15, 16, (15, 16)), (1, 99, (11, 20)), (20, 99, (20, 20)), (21, 99, None)
    ],
)  # fmt: skip
def test_a_range_is_taken_where_it_touches(
    index: UnderlyingIndex, first: int, last: int, found: tuple[int, int] | None
) -> None:
    assert index.taken(SERIES, first, last) == found
    assert index.taken(("GS", "VCU-", ""), first, last) is None


def test_ranges_that_touch_or_overlap_become_one(index: UnderlyingIndex) -> None:
    index.add(facts(), 21, 30)
    index.add(facts(), 15, 40)
    index.add(facts(), 5, 9)
    assert index.taken(SERIES, 1, 99) == (5, 9)
    assert index.taken(SERIES, 10, 99) == (11, 40)


def test_what_is_freed_leaves_the_rest(index: UnderlyingIndex) -> None:
    index.free(facts(), 13, 15)
    assert index.taken(SERIES, 1, 99) == (11, 12)
    assert index.taken(SERIES, 13, 99) == (16, 20)


def test_a_draft_that_is_taken_back_leaves_nothing(index: UnderlyingIndex) -> None:
    index.add(facts(), 21, 30)
    index.free(facts(), 11, 12)
    index.discard()
    assert index.taken(SERIES, 1, 99) == (11, 20)


@pytest.mark.parametrize("value", [None, "VCS", ["VCS"], ["VCS", "VCU-", "", "10"], [1, 2, 3, 4]])
def test_facts_that_name_nothing_readable_are_passed_over(index: UnderlyingIndex, value: Any) -> None:
    index.add({"underlying": value}, 1, 10)
    index.free({"underlying": value}, 1, 10)
    assert index.taken(SERIES, 1, 99) == (11, 20)


def test_the_books_find_underlying_units_again_at_start() -> None:
    books = Books()
    move = Move(CLASS, 1, 10, issued("A"), "xaa:holder")
    books.apply(0, Entry(Act.ISSUED, date(2026, 1, 1), moves=(move,), facts=(FactChange(CLASS, 1, 10, facts(100)),)))
    books.apply(1, Entry(Act.TRANSFERRED, date(2026, 1, 2), moves=(Move(CLASS, 4, 6, "xaa:holder", "xaa:other"),)))
    books.commit()
    assert books.underlying.taken(SERIES, 1, 999) == (101, 110)
    again = Books()
    again.classes, again.accounts, again.lots, again.blocks = books.classes, books.accounts, books.lots, books.blocks
    again.restore_underlying()
    again.commit()
    assert again.underlying.taken(SERIES, 1, 999) == (101, 110)
