"""The promises of the storage contract, kept by every engine."""

from pathlib import Path

import pytest

from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.ports import (
    BalanceRow,
    Batch,
    BlockRow,
    CheckpointRow,
    CosignatureRow,
    OpeningRow,
    Outage,
    Reading,
    RecordRow,
    Store,
    TermRow,
)
from tests.conformance.storage.batches import batch, journal_row

BLOCKS = [
    BlockRow(0, 1, 10, 1, 0, 0),
    BlockRow(0, 11, 20, 2, 1, 0),
    BlockRow(0, 31, 2**63 - 1, 1, 1, 0),
    BlockRow(1, 5, 5, 1, 0, 0),
]
FULL = {
    "terms": [TermRow("account", 0, "issued:é"), TermRow("class", 0, "CA9001-THA01-THA-#-2023")],
    "blocks": BLOCKS,
    "records": [
        RecordRow("activity", "b", '{"n":2}', 0),
        RecordRow("activity", "a", '{"n":1}', 0),
        RecordRow("account", "z", "null", 0),
        RecordRow("registry", "", '{"founded":true}', 0),
    ],
    "balances": [BalanceRow("units", "c", "issued:x", -(2**63)), BalanceRow("adjustments", "tCO2e", "ndc:XA", 5)],
    "openings": [OpeningRow(0, "price", b"\x00" * 16, '"12"'), OpeningRow(0, "buyer", b"\xff" * 16, '"me"')],
}


def everything(reading: Reading) -> dict[str, object]:
    return {
        "checkpoints": list(reading.checkpoints()),
        "terms": list(reading.terms()),
        "blocks": list(reading.blocks()),
        "records": list(reading.records()),
        "balances": list(reading.balances()),
        "journal": list(reading.journal()),
        "openings": list(reading.openings()),
        "cosignatures": list(reading.cosignatures()),
    }


def contents(store: Store) -> dict[str, object]:
    reading = store.reading()
    try:
        return everything(reading)
    finally:
        reading.close()


def test_a_new_store_is_empty(store: Store) -> None:
    reading = store.reading()
    assert not any(everything(reading).values())
    assert reading.last_checkpoint() is None
    assert reading.last_command() == ""
    assert reading.row(0) is None
    assert reading.record("activity", "a") is None
    reading.close()


def test_what_was_committed_is_read_back_in_key_order(store: Store) -> None:
    first = batch(0, 2, **FULL)
    store.commit(first)
    assert contents(store) == {
        "checkpoints": [first.checkpoint],
        "terms": sorted(first.terms),
        "blocks": BLOCKS,
        "records": sorted(first.records),
        "balances": sorted(first.balances),
        "journal": list(first.journal),
        "openings": sorted(first.openings),
        "cosignatures": [],
    }


def test_a_later_batch_replaces_blocks_records_and_balances_and_removes_blocks(store: Store) -> None:
    store.commit(batch(0, 1, **FULL))
    split = [BlockRow(0, 1, 4, 1, 0, 0), BlockRow(0, 5, 10, 7, 3, 1)]
    store.commit(
        batch(
            1,
            1,
            number=2,
            blocks=split,
            removed=[(0, 11)],
            records=[RecordRow("activity", "a", '{"n":9}', 1)],
            balances=[BalanceRow("adjustments", "tCO2e", "ndc:XA", 0)],
        )
    )
    reading = store.reading()
    assert list(reading.blocks()) == [*split, *BLOCKS[2:]]
    assert reading.record("activity", "a") == RecordRow("activity", "a", '{"n":9}', 1)
    assert reading.record("activity", "b") == RecordRow("activity", "b", '{"n":2}', 0)
    assert next(reading.balances()) == BalanceRow("adjustments", "tCO2e", "ndc:XA", 0)
    assert reading.last_checkpoint() == CheckpointRow(2, 2, b"\x07" * 32, "note 2")
    reading.close()


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (1, 1, BLOCKS[:1]),
        (10, 11, BLOCKS[:2]),
        (21, 30, []),
        (20, 31, BLOCKS[1:3]),
        (15, 16, BLOCKS[1:2]),
        (2**63 - 1, 2**63 - 1, BLOCKS[2:3]),
        (1, 2**63 - 1, BLOCKS[:3]),
    ],
)
def test_the_blocks_of_a_range_are_those_that_share_a_serial_with_it(
    store: Store, first: int, last: int, found: list[BlockRow]
) -> None:
    store.commit(batch(blocks=BLOCKS))
    reading = store.reading()
    assert reading.blocks_between(0, first, last) == found
    assert reading.blocks_between(9, first, last) == []
    reading.close()


def test_an_accounts_blocks_come_in_pages(store: Store) -> None:
    store.commit(batch(blocks=BLOCKS))
    reading = store.reading()
    own = [BLOCKS[0], BLOCKS[2], BLOCKS[3]]
    assert reading.blocks_of(1, after=None, limit=2) == own[:2]
    assert reading.blocks_of(1, after=(0, 31), limit=2) == own[2:]
    assert reading.blocks_of(1, after=(1, 5), limit=2) == []
    book = list(reading.blocks())
    assert reading.blocks_after((-1, 0), 2) == book[:2]
    assert reading.blocks_after(book[1][:2], len(book)) == book[2:]
    assert reading.blocks_after(book[-1][:2], 2) == []
    keys = [book[2][:2], book[0][:2], (book[0].unit_class, book[0].first + 1)]
    assert reading.blocks_at(keys) == [book[0], book[2]]
    assert reading.blocks_at([]) == []
    sums: dict[tuple[int, int], int] = {}
    for row in book:
        sums[row.unit_class, row.account] = sums.get((row.unit_class, row.account), 0) + row.last - row.first + 1
    assert {(row.unit_class, row.account): row.units for row in reading.block_sums()} == sums
    reading.close()


def test_records_come_by_kind_in_pages(store: Store) -> None:
    store.commit(batch(**FULL))
    reading = store.reading()
    assert [row.key for row in reading.records("activity")] == ["a", "b"]
    assert [row.key for row in reading.records("activity", after="a")] == ["b"]
    assert [row.key for row in reading.records("activity", limit=1)] == ["a"]
    assert [row.key for row in reading.records("registry")] == [""]
    assert list(reading.records("nothing")) == []
    reading.close()


def test_a_stretch_of_the_journal_includes_both_ends(store: Store) -> None:
    store.commit(batch(0, 5))
    reading = store.reading()
    assert [row.seq for row in reading.journal(1, 3)] == [1, 2, 3]
    assert [row.seq for row in reading.journal(3)] == [3, 4]
    assert reading.row(4) == journal_row(4) == store.row(4)
    assert reading.row(5) is None
    assert store.row(-1) is None
    reading.close()


def test_a_mention_is_found_in_the_leaf_as_it_stands(store: Store) -> None:
    rows = [journal_row(0, leaf='{"a":"台灣 100%"}'.encode()), journal_row(1, leaf=b'{"b":1}'), journal_row(2)]
    rows[2] = journal_row(2, leaf='{"c":"台灣 100%"}'.encode())
    store.commit(Batch(journal=rows, checkpoint=CheckpointRow(1, 3, b"", "note")))
    reading = store.reading()
    assert reading.mentions("台灣 100%") == [rows[0], rows[2]]
    assert reading.mentions("台灣 100%", after=0) == [rows[2]]
    assert reading.mentions("台灣 100%", limit=1) == [rows[0]]
    assert reading.mentions("100_") == []
    reading.close()


def test_a_reading_keeps_to_its_moment_while_the_writer_goes_on(store: Store) -> None:
    store.commit(batch(0, 2_000, **FULL))
    reading = store.reading()
    before = everything(reading)
    rows = reading.journal()
    assert next(rows).seq == 0
    store.commit(batch(2_000, 1, number=2, blocks=[BlockRow(0, 1, 1, 9, 9, 1)], removed=[(1, 5)]))
    assert store.erase(0, "price")
    assert sum(1 for _ in rows) == 1_999
    assert everything(reading) == before
    assert contents(store) != before
    reading.close()


def test_commands_are_looked_up_by_the_thousand(store: Store) -> None:
    store.commit(batch(0, 2_500))
    # More ids than any build of SQLite binds in one statement.
    ids = [f"command-{seq:06}" for seq in range(0, 80_000, 2)]
    expected = {f"command-{seq:06}": seq for seq in range(0, 2_500, 2)}
    assert store.commands(ids) == expected
    assert store.commands([]) == {}
    reading = store.reading()
    assert reading.commands(ids) == expected
    reading.close()


def test_the_last_command_is_the_greatest_by_code_points(store: Store) -> None:
    store.commit(batch(0, 3, commands=["b", "a:9", "B"]))
    reading = store.reading()
    assert reading.last_command() == "b"
    reading.close()


CONFLICTS = {
    "a command is in the journal already": batch(1, 2, number=2, commands=["new", "command-000000"]),
    "a command comes twice in the batch": batch(1, 2, number=2, commands=["new", "new"]),
    "an entry number is taken": batch(0, 1, number=2, commands=["new"]),
    "an entry number is left out": batch(2, 1, number=2),
    "a checkpoint number is taken": batch(1, 1, number=1),
    "a term number is taken": batch(1, 1, number=2, terms=[TermRow("account", 0, "other")]),
    "a block runs backwards": batch(1, 1, number=2, blocks=[BlockRow(0, 1, 2, 9, 9, 1), BlockRow(0, 9, 8, 1, 0, 1)]),
    "a block begins at zero": batch(1, 1, number=2, blocks=[BlockRow(0, 0, 8, 1, 0, 1)]),
    "a source has taken back more than it gave": batch(
        1, 1, number=2, balances=[BalanceRow("units", "c", "issued:x", 1)]
    ),
    "a field is opened twice": batch(1, 1, number=2, openings=[OpeningRow(0, "price", b"", "1")]),
}


@pytest.mark.parametrize("case", CONFLICTS)
def test_a_batch_leaves_nothing_when(store: Store, case: str) -> None:
    store.commit(batch(0, 1, **FULL))
    before = contents(store)
    with pytest.raises(Outage) as raised:
        store.commit(CONFLICTS[case])
    assert raised.value.code == StorageFault.CONFLICT
    assert not raised.value.retry
    assert contents(store) == before
    store.commit(batch(1, 1, number=2))
    assert store.commands(["command-000001"]) == {"command-000001": 1}


def test_an_erased_opening_is_gone_and_the_journal_stays(store: Store) -> None:
    store.commit(batch(0, 1, **FULL))
    assert store.openings(0) == sorted(FULL["openings"])
    assert store.erase(0, "price")
    assert not store.erase(0, "price")
    assert [row.field for row in store.openings(0)] == ["buyer"]
    assert store.row(0) == journal_row(0)


def test_many_rows_and_few_are_written_the_same(store: Store) -> None:
    """Rows go in by the statement; no number of them may leave one out."""
    seq, number = 0, 1
    for count in (1, 63, 64, 65, 200):
        blocks = [BlockRow(number, first, first, 1, 0, seq) for first in range(1, count + 1)]
        store.commit(batch(seq, count, number=number, blocks=blocks))
        again = [row._replace(account=2) for row in blocks]
        store.commit(batch(seq + count, 0, number=number + 1, blocks=again, removed=[(number, count)]))
        reading = store.reading()
        assert [row for row in reading.blocks() if row.unit_class == number] == again
        assert [row.seq for row in reading.journal(seq)] == list(range(seq, seq + count))
        reading.close()
        seq, number = seq + count, number + 2


LINES = [CosignatureRow(1, "b", "a line"), CosignatureRow(1, "\u6c34", "three"), CosignatureRow(2, "a", "four")]


class TestCosignatures:
    def test_they_are_kept_beside_their_checkpoint(self, store: Store) -> None:
        store.commit(batch(0, 1))
        store.commit(batch(1, 1, number=2))
        assert [store.cosign(row) for row in reversed(LINES)] == [True] * 3
        reading = store.reading()
        assert list(reading.cosignatures()) == LINES
        assert list(reading.cosignatures(1)) == LINES[:2]
        assert list(reading.cosignatures(newest_first=True)) == LINES[::-1]
        assert list(reading.cosignatures(1, newest_first=True)) == LINES[1::-1]
        assert list(reading.cosignatures(3)) == []
        reading.close()

    def test_a_witness_signs_a_checkpoint_once(self, store: Store) -> None:
        store.commit(batch(0, 1))
        assert store.cosign(LINES[0])
        assert not store.cosign(LINES[0])
        assert not store.cosign(LINES[0]._replace(line="another"))
        assert contents(store)["cosignatures"] == LINES[:1]

    def test_a_checkpoint_that_is_not_there_cannot_be_signed(self, store: Store) -> None:
        store.commit(batch(0, 1))
        with pytest.raises(Outage) as raised:
            store.cosign(LINES[2])
        assert raised.value.code == StorageFault.CONFLICT
        store.commit(batch(1, 1, number=2))
        assert store.cosign(LINES[2])

    def test_a_reading_keeps_to_its_moment(self, store: Store) -> None:
        store.commit(batch(0, 1))
        reading = store.reading()
        assert list(reading.cosignatures()) == []
        assert store.cosign(LINES[0])
        assert list(reading.cosignatures()) == []
        reading.close()


def test_a_batch_without_entries_is_a_checkpoint(store: Store) -> None:
    store.commit(batch(0, 0))
    reading = store.reading()
    assert reading.last_checkpoint() == CheckpointRow(1, 0, b"\x07" * 32, "note 1")
    reading.close()


def test_the_next_commit_can_be_made_to_fail_in_memory(tmp_path: Path) -> None:
    from counterfoil.adapters.storage.memory.store import MemoryStore

    store = MemoryStore()
    store.fail_next = Outage(StorageFault.DISK_FULL, {"path": str(tmp_path)}, retry=True)
    with pytest.raises(Outage, match=StorageFault.DISK_FULL):
        store.commit(batch())
    assert not any(contents(store).values())
    store.commit(batch())
    assert store.row(0) == journal_row(0)
