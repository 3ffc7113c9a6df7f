"""What the registered activities of an approach are expected to bring, year by year.

Source: 2/CMA.3 annex para. 18(g) (expected mitigation for each year of the duration).
"""

from collections.abc import Iterable

from counterfoil.application.queries.register_history import RegisterHistory
from counterfoil.domain.activities.activity import ACTIVITY, Activity
from counterfoil.domain.activities.life import LIFE, Life
from counterfoil.domain.kernel.period import YearSpan
from counterfoil.domain.reporting.narrative.report import expected_years


def registered(history: RegisterHistory) -> list[Activity]:
    """The activities that stood registered; one without a record of its life was registered in one step."""
    lives = {each.activity: each for each in history.of(LIFE, Life)}
    known = history.of(ACTIVITY, Activity)
    return [each for each in known if each.id not in lives or lives[each.id].was_registered]


def expected_whole(activities: Iterable[Activity], duration: YearSpan | None) -> bool:
    """Whether the activities answer for each year: of the approach's duration, where the Party has stated it."""
    years = expected_years(activities)
    if not years or duration is None:
        return bool(years)
    return all(years.get(year, 0) > 0 for year in duration.years()) and set(years) <= set(duration.years())
