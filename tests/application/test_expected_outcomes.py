"""What registered activities expect, year by year, answers element IV.D of the initial report."""

from dataclasses import replace
from datetime import date
from typing import Any

from counterfoil.application.commands.change_activity import ChangeActivity
from counterfoil.application.queries.expected import expected_whole
from counterfoil.application.queries.initial_report import initial_report
from counterfoil.domain.activities.activity import ExpectedYear
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.kernel.period import YearSpan
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.narrative.report import Answered, expected_years
from tests.application.office import ACTIVITY, Office
from tests.domain.commands.lives import idea

YEARS = (ExpectedYear(2024, 500), ExpectedYear(2025, 700))


def expecting(**changes: Any) -> Office:
    office = Office(today=date(2026, 3, 1))
    office.activity()
    office.do(ChangeActivity(activity=ACTIVITY, reason="Computed", **{"expected": YEARS, **changes}))
    return office


def element(office: Office) -> tuple[Answered, dict[int, int]]:
    report = initial_report(office.sight(), party="XAA", year=2026, as_of=date(2026, 3, 1))
    assert not isinstance(report, Refusal)
    (found,) = (each for each in report.answered if each.element.key == "IV.D")
    return found, expected_years(report.approaches[0].activities)


def test_expected_outcomes_of_the_register_answer_the_element() -> None:
    found, years = element(expecting())
    assert (found.gaps, years) == ((), {2024: 500, 2025: 700})


def test_without_expected_outcomes_the_party_has_to_say_them() -> None:
    office = Office(today=date(2026, 3, 1))
    office.activity()
    found, years = element(office)
    assert ([gap.kind.value for gap in found.gaps], years) == (["not_answered"], {})


def test_an_activity_that_is_not_registered_expects_nothing_for_the_report() -> None:
    office = expecting()
    office.do(replace(idea(activity=ActivityId("LATER")), expected=(ExpectedYear(2024, 9_999),)))
    assert element(office)[1] == {2024: 500, 2025: 700}


def test_every_year_of_the_duration_is_answered_and_no_other() -> None:
    activity = idea(expected=YEARS)
    for span, whole in ((YearSpan(2024, 2025), True), (YearSpan(2024, 2026), False), (YearSpan(2025, 2025), False)):
        assert expected_whole([_of(activity)], span) is whole
    assert not expected_whole([], None)


def _of(said: Any) -> Any:
    office = expecting(expected=said.expected)
    report = initial_report(office.sight(), party="XAA", year=2026, as_of=date(2026, 3, 1))
    assert not isinstance(report, Refusal)
    return report.approaches[0].activities[0]
