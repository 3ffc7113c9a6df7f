"""Table 1 by itself: C09, C12."""

from collections.abc import Iterator
from datetime import date

from counterfoil.domain.reporting.consistency.world import World
from counterfoil.domain.reporting.finding import Observation
from counterfoil.domain.units.identifier import VINTAGE_MIN

DEADLINE_MONTH, DEADLINE_DAY = 4, 15


def years_agree(world: World) -> Iterator[Observation]:
    """C09: the NDC period runs forward, and the reported year is 2021 or later and over when it is reported.

    Source: 2/CMA.3 annex paras. 1(e), 20; 4/CMA.6 annex II table 1.
    """
    for filed in world.filed:
        one = filed.submission
        period_known = not filed.stood_in & {"ndc_first_year", "ndc_last_year"}
        if period_known and one.ndc_first_year > one.ndc_last_year:
            facts: dict[str, str | int] = {"first": one.ndc_first_year, "last": one.ndc_last_year}
            yield Observation("period", filed.heading_place("ndc_first_year"), facts)
        if one.reported_year < VINTAGE_MIN:
            yield Observation("too_early", filed.heading_place("reported_year"), {"year": one.reported_year})
        if "submitted_on" not in filed.stood_in and one.reported_year > one.submitted_on.year - 1:
            facts = {"year": one.reported_year, "day": one.submitted_on.isoformat()}
            yield Observation("not_over", filed.heading_place("reported_year"), facts)


def submitted_in_time(world: World) -> Iterator[Observation]:
    """C12: the submission is dated 15 April of the following year or earlier.

    Source: 2/CMA.3 annex para. 20.
    """
    for filed in world.filed:
        day = filed.submission.submitted_on
        if "submitted_on" in filed.stood_in or filed.year >= date.max.year:
            continue
        deadline = date(filed.year + 1, DEADLINE_MONTH, DEADLINE_DAY)
        if day > deadline:
            facts: dict[str, str | int] = {"day": day.isoformat(), "deadline": deadline.isoformat()}
            yield Observation("late", filed.heading_place("submitted_on"), facts)
