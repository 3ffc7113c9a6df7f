"""What this registry's Party owes, when, by which provision, and whether the journal knows it done.

Source: rulebook 4.1; 2/CMA.3 annex paras. 18-23; 4/CMA.6 para. 14.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from counterfoil.application.queries.balance import BalanceFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.deadlines import Due, Duty, due_between
from counterfoil.domain.kernel.refusal import Refusal


class CalendarFault(StrEnum):
    NOT_A_PARTY = "calendar.not_a_party"


class DueState(StrEnum):
    """Whether a duty is done. Of what the journal does not record, only the day can be told."""

    DONE = "done"
    DUE = "due"
    OVERDUE = "overdue"
    PASSED = "passed"


def calendar(sight: Sight, *, party: str, on: date, years: int) -> Mapping[str, Any] | Refusal:
    """Everything due in the year of a day and the years after it.

    Args:
        on: The day that is today for the answer.
        years: How many years in all, from the year of that day.
    """
    registry = sight.registry
    if party != registry.party:
        return Refusal(BalanceFault.OTHER_PARTY, {"party": party[:20], "own": registry.party})
    if not registry.is_party:
        return Refusal(CalendarFault.NOT_A_PARTY, {"jurisdiction": registry.party})
    periods = [(period.last, period.final_btr_year) for period in registry.ndc_periods]
    last = min(on.year + years - 1, date.max.year)
    found = due_between(date(on.year, 1, 1), date(last, 12, 31), periods=periods)
    return {
        "party": party,
        "on": on.isoformat(),
        "due": [
            {
                "on": due.on.isoformat(),
                "duty": due.duty.value,
                "about": due.about,
                "state": _state(sight, party, due, on).value,
                "provision": due.provision,
            }
            for due in found
        ],
    }


def _state(sight: Sight, party: str, due: Due, on: date) -> DueState:
    recorded = due.duty is Duty.ANNUAL_INFORMATION
    if recorded and sight.record("aef", f"{party}:{due.about}") is not None:
        return DueState.DONE
    if due.on >= on:
        return DueState.DUE
    return DueState.OVERDUE if recorded else DueState.PASSED
