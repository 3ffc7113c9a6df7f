"""The second wall: the file itself refuses a serial in two blocks, whatever the writer believes."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterfoil.adapters.storage.sqlite.store import SqliteStore

BLOCK = "INSERT INTO block (class, first, last, account, lot, seq) VALUES (?, ?, ?, 0, 0, 0)"


@pytest.fixture
def by_hand(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    SqliteStore(tmp_path / "ledger.db", create=True).close()
    connection = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    connection.execute(BLOCK, (0, 101, 200))
    connection.execute(BLOCK, (0, 201, 300))
    yield connection
    connection.close()


@pytest.mark.parametrize(("first", "last"), [(1, 101), (150, 160), (200, 200), (300, 400), (50, 350), (299, 299)])
def test_an_overlapping_block_is_refused(first: int, last: int, by_hand: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="overlaps"):
        by_hand.execute(BLOCK, (0, first, last))


@pytest.mark.parametrize(("unit_class", "first", "last"), [(0, 1, 100), (0, 301, 400), (1, 150, 160)])
def test_a_block_that_only_touches_or_is_of_another_class_is_taken(
    unit_class: int, first: int, last: int, by_hand: sqlite3.Connection
) -> None:
    by_hand.execute(BLOCK, (unit_class, first, last))


def test_a_block_may_shrink_but_not_grow_into_the_next(by_hand: sqlite3.Connection) -> None:
    by_hand.execute("UPDATE block SET last = 150 WHERE first = 101")
    by_hand.execute("UPDATE block SET last = 200 WHERE first = 101")
    with pytest.raises(sqlite3.IntegrityError, match="overlaps"):
        by_hand.execute("UPDATE block SET last = 201 WHERE first = 101")
