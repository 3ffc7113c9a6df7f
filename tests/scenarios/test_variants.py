"""Variants that the cards name beside the scenarios."""

import dataclasses

from counterfoil.entrypoints.scenarios.play import Status, play
from counterfoil.entrypoints.scenarios.script import all_scenarios

SCENARIOS = {scenario.id: scenario for scenario in all_scenarios()}


def test_norway_may_use_the_units_towards_its_ndc_instead() -> None:
    """SC-03, variant: the adjustment of Norway is then -1,000,000."""
    scenario = SCENARIOS["SC-03"]
    use = {"units": {"holding": "nor:fund", "quantity": 1_000_000}, "account": "nor:fund", "year": 2025}
    steps = tuple(
        dataclasses.replace(step, do="UseTowardsNdc", fields=use) if step.do == "Cancel" else step
        for step in scenario.steps
    )
    end = tuple(
        dataclasses.replace(figure, value=-1_000_000)
        for figure in scenario.end
        if (figure.measure, figure.registry) == ("adjustment", "NOR")
    )
    played = play(dataclasses.replace(scenario, steps=steps, end=end))
    assert [(result.found, result.right) for result in played.end] == [(-1_000_000, True)]
    assert played.status is Status.PASSED


def test_the_review_blocks_nothing_when_the_print_is_up_to_date() -> None:
    """SC-17 turned round: what is printed after the last transfer passes the checks, so refusal is not expected."""
    scenario = SCENARIOS["SC-17"]
    steps = [step for step in scenario.steps if not (step.do == "FileAef" and step.expect != "accepted")]
    late = next(step for step in steps if step.fields.get("transfer") == "sc17-2")
    without = tuple(step for step in steps if step is not late)
    played = play(dataclasses.replace(scenario, steps=without, end=()))
    assert all(result.right for result in played.steps)
