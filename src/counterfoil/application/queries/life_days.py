"""What falls due in the lives of activities: the end of a stage, of a finding, of a grievance, of a crediting period.

Source: ADR-0028.
"""

from collections.abc import Iterator
from datetime import date

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.deadlines import Due, Duty
from counterfoil.domain.activities.activity import ACTIVITY
from counterfoil.domain.activities.finding import FINDING
from counterfoil.domain.activities.grievance import GRIEVANCE
from counterfoil.domain.activities.life import LIFE
from counterfoil.domain.policy.stages import Stage

LifeDue = tuple[Due, date | None]
"""What falls due, and the day on which it was done."""


def life_dues(sight: Sight) -> Iterator[LifeDue]:
    """Every term of every activity, and every answer that somebody waits for. A stage that was left is due no more."""
    for key, life in sight.records(LIFE):
        if life["due"]:
            yield Due(date.fromisoformat(life["due"]), Duty.ACTIVITY_STAGE, key, life["provision"]), None
        if life["stage"] == Stage.REGISTERED:
            yield from _crediting(sight, key)
    for duty, kind, done in ((Duty.FINDING, FINDING, "closed_on"), (Duty.GRIEVANCE, GRIEVANCE, "answered_on")):
        for key, value in sight.records(kind):
            if value["answer_by"]:
                due = Due(date.fromisoformat(value["answer_by"]), duty, key, value["provision"])
                yield due, date.fromisoformat(value[done]) if value[done] else None


def _crediting(sight: Sight, key: str) -> Iterator[LifeDue]:
    """The last day of the last crediting period: a renewal continues it, or the crediting is over."""
    activity = sight.record(ACTIVITY, key)
    periods = () if activity is None else activity.get("crediting_periods", ())
    if periods:
        provision = "2/CMA.3 annex para. 22(b)(ii)"
        yield Due(date.fromisoformat(periods[-1]["last_day"]), Duty.CREDITING_END, key, provision), None
