"""Which key signs at which size, and whom that lets a reader trust."""

import pytest

from counterfoil.domain.ledger.key_history import KeyHistory, KeyTerm, key_history, key_text, key_value, read_key

KEYS = [bytes([number]) * 32 for number in range(4)]


def rotation(seq: int, old: int, new: int) -> tuple[int, dict[str, str]]:
    return seq, key_value(public_key=key_text(KEYS[new]), replaces=key_text(KEYS[old]))


def history() -> KeyHistory:
    made = key_history([rotation(20, 1, 2), rotation(7, 0, 1)], first=b"?" * 32)
    assert made is not None
    return made


def test_the_checkpoint_that_ends_with_the_rotation_is_the_last_of_the_old_key() -> None:
    expected = {1: 0, 7: 0, 8: 0, 9: 1, 21: 1, 22: 2, 1000: 2}
    assert {size: KEYS.index(history().at(size)) for size in expected} == expected


def test_a_log_without_rotations_has_the_key_that_is_known_for_it() -> None:
    assert key_history([], first=KEYS[3]) == KeyHistory((KeyTerm(KEYS[3], 0),))


@pytest.mark.parametrize(
    "rotations",
    [
        [rotation(7, 0, 1), rotation(20, 0, 2)],  # the second does not replace the first
        [rotation(7, 0, 1), rotation(20, 1, 0)],  # a key comes back
        [rotation(7, 0, 1), rotation(7, 1, 2)],  # two in one entry
        [(7, {"public_key": "x", "replaces": key_text(KEYS[0])})],
        [(7, {})],
    ],
)
def test_records_that_are_no_chain_are_no_history(rotations: list[tuple[int, dict[str, str]]]) -> None:
    assert key_history(rotations, first=KEYS[0]) is None


def test_a_reader_relies_only_on_the_trusted_key_and_later_ones() -> None:
    """A stolen first key could name any second one: a checkpoint of the first says nothing to who trusts the second."""
    trusts = [[history().vouches(key, size=size) for size in (8, 9, 22)] for key in KEYS]
    assert trusts == [[True, True, True], [False, True, True], [False, False, True], [False, False, False]]


def test_a_key_that_is_only_named_is_not_yet_part_of_what_is_shown() -> None:
    assert history().until(8).public_keys == (KEYS[0],)
    assert history().until(9).public_keys == (KEYS[0], KEYS[1])
    assert history().until(0).public_keys == (KEYS[0],)


def test_a_key_has_one_spelling() -> None:
    text = key_text(KEYS[0])
    assert read_key(text) == KEYS[0]
    for other in (text[:-1], text + "\n", text[:-2] + "B=", "", 7, None):
        assert read_key(other) is None
