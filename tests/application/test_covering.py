"""Which checkpoint covers an entry: the same answer as a look at all of them, and few looks for what is new."""

from typing import Any

import pytest

from counterfoil.application.covering import checkpoint_over
from counterfoil.application.ports import CheckpointRow, Reading

SIZES = [1, 2, 5, 6, 7, 20, 21, 40, 41, 42, 43, 90, 91, 92, 100, 101, 102]


class Looks:
    """A reading of checkpoints alone, which counts how often it is asked."""

    def __init__(self, sizes: list[int]) -> None:
        self.rows = [CheckpointRow(number, size, b"", "") for number, size in enumerate(sizes, 1)]
        self.count = 0

    def last_checkpoint(self) -> CheckpointRow | None:
        return self.rows[-1] if self.rows else None

    def checkpoint(self, number: int) -> CheckpointRow | None:
        self.count += 1
        return self.rows[number - 1] if 1 <= number <= len(self.rows) else None


def over(looks: Any, size: int) -> CheckpointRow | None:
    reading: Reading = looks
    return checkpoint_over(reading, size)


@pytest.mark.parametrize("length", range(len(SIZES) + 1))
def test_it_is_the_first_that_reaches_the_entry(length: int) -> None:
    sizes = SIZES[:length]
    looks = Looks(sizes)
    for size in range(1, 104):
        expected = next((row for row in looks.rows if row.size >= size), None)
        assert over(looks, size) == expected


def test_the_newest_is_found_by_one_look_and_the_oldest_by_twice_the_halvings() -> None:
    looks = Looks(list(range(1, 100_001)))
    over(looks, 100_000)
    assert looks.count == 1
    looks.count = 0
    over(looks, 1)
    assert looks.count <= 36
