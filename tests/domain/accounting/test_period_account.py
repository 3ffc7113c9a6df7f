"""Deadlines, and the account of a period: what the commands' cases do not show."""

from datetime import date

import pytest

from counterfoil.domain.accounting.deadlines import Due, Duty, due_between, initial_report_due
from counterfoil.domain.accounting.emissions_balance import Method
from counterfoil.domain.accounting.period_account import AccountState, PeriodAccount, admits, frozen
from counterfoil.domain.kernel.refusal import Refusal

OPEN = PeriodAccount(2021, 2030, Method.AVERAGING, date(2024, 1, 1))


def test_a_frozen_account_admits_no_year_of_its_period_and_every_other() -> None:
    closed = frozen(OPEN, on=date(2032, 6, 1), reason="before the review of the final report")
    assert isinstance(closed, PeriodAccount)
    assert closed.state is AccountState.FROZEN
    assert isinstance(admits(closed, 2030), Refusal)
    assert admits(closed, 2031) is None
    assert admits(OPEN, 2030) is None
    assert admits(None, 2030) is None


@pytest.mark.parametrize(("on", "allowed"), [(date(2030, 12, 31), False), (date(2031, 1, 1), True)])
def test_a_period_is_frozen_only_when_it_is_over(on: date, *, allowed: bool) -> None:
    assert isinstance(frozen(OPEN, on=on, reason="final"), PeriodAccount) is allowed


def test_a_year_of_reports_falls_due_in_order() -> None:
    found = due_between(date(2026, 1, 1), date(2026, 12, 31), periods=[(2030, 2032)])
    assert found == [
        Due(date(2026, 4, 15), Duty.ANNUAL_INFORMATION, 2025),
        Due(date(2026, 12, 31), Duty.REGULAR_INFORMATION, 2026),
        Due(date(2026, 12, 31), Duty.STRUCTURED_SUMMARY, 2024),
    ]
    assert all(due.provision for due in found)


def test_the_last_day_for_other_purposes_is_a_year_before_the_final_report() -> None:
    (found,) = due_between(date(2031, 5, 1), date(2031, 12, 31), periods=[(2030, 2032)])
    assert found == Due(date(2031, 12, 31), Duty.OIMP_FIRST_TRANSFERS, 2030)


def test_there_was_nothing_to_report_before_the_first_year() -> None:
    assert due_between(date(2019, 1, 1), date(2022, 4, 14), periods=[]) == []
    assert [due.about for due in due_between(date(2019, 1, 1), date(2022, 4, 15), periods=[])] == [2021]


@pytest.mark.parametrize(
    ("authorized_on", "due"),
    [
        (date(2021, 6, 1), date(2024, 12, 31)),
        (date(2024, 12, 31), date(2024, 12, 31)),
        (date(2025, 1, 1), date(2026, 12, 31)),
    ],
)
def test_an_initial_report_goes_at_the_latest_with_the_next_biennial_report_and_there_was_none_before_2024(
    authorized_on: date, due: date
) -> None:
    assert initial_report_due("CA9001", authorized_on=authorized_on).on == due
