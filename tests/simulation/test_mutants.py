"""The simulation finds the known wrong ways: what is silent about a mistake says nothing about its absence."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

import pytest

from tests.simulation.mutants import MUTANTS
from tests.simulation.plan import plan_of
from tests.simulation.run import Failed, Run

SEEDS_MAX: Final = 400
HOSTILE: Final = frozenset(
    {"asks_for_no_proof", "believes_any_entry", "asks_for_no_signature", "takes_answers_from_anybody"}
)
"""Mistakes that only a liar profits from: looked for in runs that have one."""


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_a_wrong_way_is_found(mutant: Callable[[], AbstractContextManager[None]]) -> None:
    hostile = mutant.__name__ in HOSTILE
    with mutant():
        assert first_found(hostile=hostile) is not None


def first_found(*, hostile: bool) -> int | None:
    """The first seed whose run breaks a law; None when none does."""
    for seed in range(SEEDS_MAX):
        plan = plan_of(seed)
        try:
            if not hostile or plan.liar:
                Run(plan).play()
        except Failed as failed:
            assert failed.by_law, failed
            return seed
    return None
