"""Every seeded error is found under its own check, and nothing is found that does not follow from it."""

import pytest

from counterfoil.application.queries.aef_check import CheckReport
from counterfoil.domain.reporting.consistency.registered import CHECKS
from counterfoil.domain.reporting.finding import Finding
from tests.blind import seeds_of_histories, seeds_of_rows, seeds_of_tables_1_and_2
from tests.blind.checking import lines, told
from tests.blind.sowing import SEEDS, Seed
from tests.blind.worlds import clean

SOWN = (seeds_of_tables_1_and_2, seeds_of_rows, seeds_of_histories)
"""Importing them fills the list of seeds."""
ELSEWHERE = {
    "C01": "test_structure",
    "C02": "test_structure",
    "C13": "test_records",
    "C23": "test_records",
    "C67": "test_records",
    **{f"C{number}": "test_records" for number in range(71, 79)},
}
"""Checks of the file itself, and of what stands beside the workbooks."""


def said(one: Finding) -> tuple[str, tuple[tuple[str, str | int], ...]]:
    return one.text_key, tuple(sorted(one.facts.items()))


@pytest.fixture(scope="module")
def before() -> frozenset[object]:
    return frozenset(said(one) for one in told(clean().values()).findings)


@pytest.mark.parametrize("seed", SEEDS, ids=[seed.name for seed in SEEDS])
def test_an_error_is_found_with_what_follows_from_it_and_nothing_else(seed: Seed, before: frozenset[object]) -> None:
    world = clean()
    seed.spoil(world)
    report: CheckReport = told(world.values())
    found = [one for one in report.findings if said(one) not in before]
    weights = {f"{one.check}:{one.severity.value}" for one in found}
    follows = {name if ":" in name else f"{name}:I" for name in seed.also}
    assert weights == {f"{seed.check}:{seed.severity}", *follows}, lines(found, report)
    for one in found:
        assert report.message(one, "en") and report.message(one, "zh-Hant") and report.fix(one, "zh-Hant")


def test_every_check_has_a_seed() -> None:
    assert {seed.check for seed in SEEDS} | set(ELSEWHERE) == {check.id for check in CHECKS}
