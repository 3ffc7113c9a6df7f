"""The second wall: the file itself refuses what no book may hold, whatever the writer believes."""

import itertools
import random
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


@pytest.mark.parametrize("change", ["first = 150", "first = 199", "first = 50", "class = 1, first = 200"])
def test_a_block_may_not_be_moved_onto_another(change: str, by_hand: sqlite3.Connection) -> None:
    by_hand.execute(BLOCK, (1, 250, 260))
    with pytest.raises(sqlite3.IntegrityError, match="overlaps"):
        by_hand.execute(f"UPDATE block SET {change} WHERE class = 0 AND first = 201")


def test_a_block_may_not_grow_over_all_that_follows(by_hand: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="overlaps"):
        by_hand.execute(f"UPDATE block SET last = {2**63 - 1} WHERE first = 101")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO block VALUES (2, 9, 8, 0, 0, 0)",
        "INSERT INTO block VALUES (2, 0, 8, 0, 0, 0)",
        "UPDATE block SET last = first - 1",
        "INSERT INTO balance VALUES ('units', 'c', 'issued:x', 1)",
        "UPDATE balance SET amount = -amount",
        "INSERT INTO journal VALUES (7, 'once', zeroblob(32), x'00')",
        "INSERT INTO journal VALUES (0, 'other', zeroblob(32), x'00')",
        "INSERT INTO journal VALUES (-1, 'other', zeroblob(32), x'00')",
        "INSERT INTO journal VALUES (7, 'other', zeroblob(31), x'00')",
        "UPDATE journal SET leaf = x'01'",
        "DELETE FROM journal",
        "UPDATE OR REPLACE checkpoint SET number = 2",
        "DELETE FROM checkpoint WHERE number = 1",
        "REPLACE INTO checkpoint VALUES (1, 0, x'', 'forged')",
        "INSERT INTO checkpoint VALUES (1, 0, x'', 'forged') ON CONFLICT DO UPDATE SET note = 'forged'",
        "REPLACE INTO cosignature VALUES (1, 'w', 'forged')",
        "UPDATE cosignature SET line = 'forged'",
        "DELETE FROM cosignature",
        "INSERT INTO term VALUES ('account', -1, 'x')",
    ],
)
def test_a_hand_at_the_prompt_is_refused(statement: str, by_hand: sqlite3.Connection) -> None:
    by_hand.execute("INSERT INTO journal VALUES (0, 'once', zeroblob(32), x'00')")
    by_hand.execute("INSERT INTO checkpoint VALUES (1, 1, x'', 'note')")
    by_hand.execute("INSERT INTO cosignature VALUES (1, 'w', 'line')")
    by_hand.execute("INSERT INTO balance VALUES ('units', 'c', 'issued:y', -5)")
    before = list(by_hand.iterdump())
    with pytest.raises(sqlite3.IntegrityError):
        by_hand.execute(statement)
    assert list(by_hand.iterdump()) == before


def test_random_statements_never_leave_a_serial_in_two_blocks(by_hand: sqlite3.Connection) -> None:
    chance = random.Random(11)
    refused = 0
    for _ in range(2_000):
        first = chance.randrange(1, 120)
        last = first + chance.randrange(-1, 12)
        statement = chance.choice(
            (
                f"INSERT INTO block VALUES (5, {first}, {last}, 0, 0, 0)",
                f"REPLACE INTO block VALUES (5, {first}, {last}, 0, 0, 0)",
                f"UPDATE block SET last = {last} WHERE class = 5 AND first = {first}",
                f"UPDATE block SET first = {first} WHERE class = 5 AND first = {chance.randrange(1, 120)}",
                f"DELETE FROM block WHERE class = 5 AND first = {first}",
            )
        )
        try:
            by_hand.execute(statement)
        except sqlite3.IntegrityError:
            refused += 1
        rows = by_hand.execute("SELECT first, last FROM block WHERE class = 5 ORDER BY first").fetchall()
        assert all(low[1] < high[0] for low, high in itertools.pairwise(rows)), statement
    assert 100 < refused < 1_900
