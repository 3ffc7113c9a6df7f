"""Table 1 by itself, against the Party's other reports and its initial report: C09 to C13."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from counterfoil.domain.reporting.consistency.world import World
from counterfoil.domain.reporting.finding import Observation
from counterfoil.domain.units.identifier import VINTAGE_MIN

PERIOD: Final = frozenset({"ndc_first_year", "ndc_last_year"})
DEADLINE_MONTH, DEADLINE_DAY = 4, 15


def years_agree(world: World) -> Iterator[Observation]:
    """C09: the NDC period runs forward, and the reported year is 2021 or later and over when it is reported.

    Source: 2/CMA.3 annex paras. 1(e), 20; 4/CMA.6 annex II table 1.
    """
    for filed in world.filed:
        one = filed.submission
        period_known = not filed.stood_in & PERIOD
        if period_known and one.ndc_first_year > one.ndc_last_year:
            facts: dict[str, str | int] = {"first": one.ndc_first_year, "last": one.ndc_last_year}
            yield Observation("period", filed.heading_place("ndc_first_year"), facts)
        if one.reported_year < VINTAGE_MIN:
            yield Observation("too_early", filed.heading_place("reported_year"), {"year": one.reported_year})
        if "submitted_on" not in filed.stood_in and one.reported_year > one.submitted_on.year - 1:
            facts = {"year": one.reported_year, "day": one.submitted_on.isoformat()}
            yield Observation("not_over", filed.heading_place("reported_year"), facts)


def periods_agree(world: World) -> Iterator[Observation]:
    """C10: two reports of one Party, or its initial report, do not state NDC periods that overlap and differ.

    Periods that do not meet are two periods, one after the other. Source: 2/CMA.3 annex para. 18(b).
    """
    for party, reports in world.by_party.items():
        known = [(one.ndc_first_year, one.ndc_last_year, "") for one in world.records.reports_of(party)]
        for filed in reports:
            if filed.stood_in & PERIOD:
                continue
            one = filed.submission
            mine = (one.ndc_first_year, one.ndc_last_year)
            other = next((each for each in known if _meet(each, mine) and each[:2] != mine), None)
            if other is not None:
                facts: dict[str, str | int] = {"first": mine[0], "last": mine[1], "other_first": other[0]}
                facts |= {"other_last": other[1], "other": other[2] or "–"}
                yield Observation("differs", filed.heading_place("ndc_first_year"), facts)
            known.append((*mine, filed.file))


def _meet(one: tuple[int, int, str], other: tuple[int, int]) -> bool:
    return max(one[0], other[0]) <= min(one[1], other[1])


def year_in_period(world: World) -> Iterator[Observation]:
    """C11: the reported year lies in the NDC period, or the rows explain why an old period is reported.

    Source: 4/CMA.6 annex II table 1.
    """
    for filed in world.filed:
        one = filed.submission
        if filed.stood_in & PERIOD or one.ndc_first_year <= one.reported_year <= one.ndc_last_year:
            continue
        explained = one.actions and all(row.additional_explanatory_information for row in one.actions)
        if not explained and one.ndc_first_year <= one.ndc_last_year:
            facts: dict[str, str | int] = {
                "year": one.reported_year,
                "first": one.ndc_first_year,
                "last": one.ndc_last_year,
            }
            yield Observation("outside", filed.heading_place("reported_year"), facts)


def initial_report_came_first(world: World) -> Iterator[Observation]:
    """C13: an initial or updated initial report covers every reported approach, not later than the submission.

    Source: 4/CMA.6 paras. 26-27; 2/CMA.3 annex paras. 18-19.
    """
    for filed in world.filed:
        one = filed.submission
        if "submitted_on" in filed.stood_in:
            continue
        covered = {
            approach
            for report in world.records.reports_of(one.party)
            if report.submitted_on <= one.submitted_on
            for approach in report.approaches
        }
        reported = {row.cooperative_approach_id for row in one.authorizations}
        reported |= {row.cooperative_approach_id for row in one.actions}
        reported |= {row.cooperative_approach_id for row in one.holdings}
        for approach in sorted(reported - covered):
            facts: dict[str, str | int] = {"approach": approach, "day": one.submitted_on.isoformat()}
            yield Observation("not_covered", filed.heading_place("submitted_on"), facts)


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
