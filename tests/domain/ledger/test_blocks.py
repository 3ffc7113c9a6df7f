"""The draft of the block index: seen while the batch runs, merged or dropped as a whole."""

import random

import pytest

from counterfoil.domain.ledger.blocks import Block, BlockIndex

LOW = Block(1, 100, 1, 0, 0)
HIGH = Block(201, 300, 2, 0, 0)


@pytest.fixture
def index() -> BlockIndex:
    loaded = BlockIndex()
    loaded.load(7, [LOW, HIGH])
    return loaded


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (1, 1, [LOW]),
        (100, 201, [LOW, HIGH]),
        (101, 200, []),
        (150, 250, [HIGH]),
        (300, 2**63 - 1, [HIGH]),
        (301, 2**63 - 1, []),
    ],
)
def test_blocks_are_found_by_any_of_their_units(index: BlockIndex, first: int, last: int, found: list[Block]) -> None:
    assert index.covering(7, first, last) == found
    assert index.covering(8, first, last) == []


def test_a_draft_is_seen_before_it_is_merged(index: BlockIndex) -> None:
    index.put(7, Block(1, 40, 1, 0, 0))
    index.put(7, Block(41, 100, 3, 0, 1))
    assert [block.account for block in index.covering(7, 40, 41)] == [1, 3]
    assert index.changes() == ([(7, 1, 40, 1, 0, 0), (7, 41, 100, 3, 0, 1)], [])
    index.commit()
    assert index.changes() == ([], [])
    assert [block.first for _, block in index] == [1, 41, 201]


def test_a_dropped_draft_leaves_nothing(index: BlockIndex) -> None:
    index.remove(7, 1)
    index.put(7, Block(301, 400, 1, 0, 1))
    index.put(9, Block(1, 1, 1, 0, 1))
    index.discard()
    assert index.changes() == ([], [])
    assert index.covering(7, 1, 400) == [LOW, HIGH]
    assert index.covering(9, 1, 1) == []


def test_a_removed_block_does_not_hide_a_wider_one_put_below_it(index: BlockIndex) -> None:
    index.remove(7, 201)
    wide = Block(1, 300, 4, 0, 1)
    index.put(7, wide)
    assert index.covering(7, 250, 250) == index.covering(7, 201, 201) == index.covering(7, 101, 300) == [wide]
    index.commit()
    assert list(index) == [(7, wide)]


def test_changes_come_in_key_order(index: BlockIndex) -> None:
    index.put(9, Block(5, 6, 1, 0, 1))
    index.remove(7, 201)
    index.put(7, Block(101, 101, 1, 0, 1))
    assert index.changes() == ([(7, 101, 101, 1, 0, 1), (9, 5, 6, 1, 0, 1)], [(7, 201)])


def test_removing_what_was_only_drafted_leaves_nothing(index: BlockIndex) -> None:
    index.put(7, Block(400, 500, 1, 0, 1))
    index.remove(7, 400)
    assert index.covering(7, 400, 500) == []
    assert index.changes() == ([], [])
    index.commit()
    assert len(index) == 2


def summed(index: BlockIndex, unit_class: int, account: int) -> int:
    return sum(block.last - block.first + 1 for block in index.of_class(unit_class) if block.account == account)


def test_what_accounts_hold_follows_every_change_and_every_draft_that_is_dropped(index: BlockIndex) -> None:
    """Asked before the changes, so that the sums are there; accounts that come anew, and units that go, among them."""
    dice = random.Random(5)
    assert (index.held(7, 1), index.held(7, 2), index.held(8, 1)) == (100, 100, 0)
    for _ in range(300):
        for _ in range(dice.randrange(1, 4)):
            first = dice.choice([1, 101, 201, 301])
            if dice.random() < 0.3:
                index.remove(7, first)
            else:
                index.put(7, Block(first, first + dice.randrange(100), dice.randrange(1, 5), 0, 0))
        if dice.random() < 0.5:
            index.discard()
        else:
            index.commit()
        assert [index.held(7, account) for account in range(6)] == [summed(index, 7, account) for account in range(6)]


def test_the_sums_of_a_class_that_is_first_asked_about_in_a_draft_are_right_after_it(index: BlockIndex) -> None:
    index.put(7, Block(1, 40, 1, 0, 1))
    index.put(7, Block(41, 100, 9, 0, 1))
    assert (index.held(7, 1), index.held(7, 9)) == (40, 60)
    index.discard()
    assert (index.held(7, 1), index.held(7, 9)) == (100, 0)


def test_the_sums_of_a_class_are_added_up_once(index: BlockIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    assert index.held(7, 1) == 100
    monkeypatch.delattr(BlockIndex, "of_class")
    index.put(7, Block(301, 400, 1, 0, 1))
    assert index.held(7, 1) == 200
