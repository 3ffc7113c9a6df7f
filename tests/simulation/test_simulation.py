"""Several registries still agree after lost, repeated, late and forged messages, and after crashes."""

import os
import tomllib
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from tests.simulation.plan import plan_of
from tests.simulation.run import Run

BUNDLES: Final = 20
BUNDLE: Final = 50
"""Everyday runs: a thousand, in bundles that say in the list of tests where a mistake is."""
RESTORED: Final = 60
COUNTERFEITED: Final = 40
BY_HAND: Final = 40
BY_HAND_RESTORED: Final = 20
SEEDS: Final = Path(__file__).parent / "seeds.toml"
FOUND: Final = tomllib.loads(SEEDS.read_text(encoding="utf-8"))["found"]
KNOWN: Final = [each for each in FOUND if each["mended"]]


@pytest.mark.parametrize("bundle", range(BUNDLES))
def test_no_run_loses_doubles_or_leaves_open_anything(bundle: int) -> None:
    first = int(os.environ.get("COUNTERFOIL_SIMULATION_FIRST", "0"))
    for seed in range(first + bundle * BUNDLE, first + (bundle + 1) * BUNDLE):
        Run(plan_of(seed)).play()


def test_what_was_found_once_stays_mended() -> None:
    for known in KNOWN:
        Run(plan_of(known["seed"], acts=known["acts"], **dict.fromkeys(known["with"], True))).play()


def test_a_book_that_comes_back_from_its_backup_agrees_with_all_again() -> None:
    for seed in range(RESTORED):
        Run(plan_of(seed, restored=True)).play()


def test_nobody_can_sell_what_stands_in_somebody_elses_book() -> None:
    for seed in range(COUNTERFEITED):
        Run(plan_of(seed, counterfeits=True)).play()


def test_what_waits_for_people_ends_alike_in_both_books() -> None:
    """Over half of the links a person decides, early or late, while messages and processes fare as they do."""
    ends: Counter[str] = Counter()
    for seed in range(BY_HAND):
        ends.update(Run(plan_of(seed, by_hand=True)).play().transfers)
    assert min(ends["final"], ends["refused"], ends["expired"], ends["withdrawn"]) > 5, ends
    for seed in range(BY_HAND_RESTORED):
        Run(plan_of(seed, by_hand=True, restored=True)).play()


def test_the_simulation_is_not_quiet() -> None:
    """Most of what can happen does happen: otherwise a thousand good runs would say nothing."""
    ends: Counter[str] = Counter()
    crashes = entries = 0
    for seed in range(60):
        tally = Run(plan_of(seed)).play()
        ends.update(tally.transfers)
        crashes += tally.crashes
        entries += tally.entries
    assert ends["final"] > 300
    assert min(ends["refused"], ends["expired"], ends["withdrawn"]) > 5, ends
    assert crashes > 60
    assert entries > 60 * 60


def test_the_same_seed_gives_the_same_run() -> None:
    told: list[list[str]] = []
    for _ in range(2):
        lines: list[str] = []
        Run(plan_of(12), say=lines.append).play()
        told.append(lines)
    assert told[0] == told[1]
