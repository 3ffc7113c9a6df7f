"""The emissions balance: covered emissions plus first transfers minus uses, by the Party's one method.

All amounts are integers, all averages exact fractions; rounding is for display only.
Source: 2/CMA.3 annex paras. 7-10, 13-16.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from counterfoil.domain.kernel.period import YearSpan


class Method(StrEnum):
    """How a Party applies adjustments; one for the whole NDC period. Source: 2/CMA.3 annex para. 7."""

    TRAJECTORY = "trajectory"
    AVERAGING = "averaging"
    MULTI_YEAR = "multi_year"


class IndicativeBasis(StrEnum):
    """What averaging shows in earlier years: the newest average in all of them, or the average as it stood then."""

    RESTATED = "restated"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Flows:
    """First transfers by vintage and uses by year of use, in whole units, inside one NDC period."""

    period: YearSpan
    first_transferred: Mapping[int, int]
    used: Mapping[int, int]

    def net(self, year: int) -> int:
        """First transferred minus used: plus is an addition to emissions."""
        return self.first_transferred.get(year, 0) - self.used.get(year, 0)

    def cumulative(self, year: int) -> int:
        return sum(self.net(each) for each in range(self.period.first, year + 1))


def annual_adjustment(flows: Flows, year: int) -> int:
    """The year's corresponding adjustment under a trajectory or a multi-year budget.

    Source: 2/CMA.3 annex paras. 7(a)(i), 7(b), 8.

    >>> annual_adjustment(Flows(YearSpan(2021, 2030), {2023: 30_000}, {2023: 12_000}), 2023)
    18000
    """
    return flows.net(year)


def average_adjustment(flows: Flows, *, as_of: int) -> Fraction:
    """The average of the elapsed years: what happened up to `as_of`, over the years since the period began.

    Elapsed years count from the first year of the NDC period, not from the first transaction, and the numerator stops
    where the denominator does.

    Source: 2/CMA.3 annex para. 7(a)(ii).
    """
    return Fraction(flows.cumulative(as_of), as_of - flows.period.first + 1)


def adjustments(
    flows: Flows, method: Method, *, as_of: int, basis: IndicativeBasis = IndicativeBasis.RESTATED
) -> dict[int, Fraction]:
    """The adjustment of every elapsed year as a report as of `as_of` states it.

    Averaging restates all elapsed years with the newest average, unless `basis` keeps each year's own. The value of the
    last elapsed year is the same on both.

    Source: 2/CMA.3 annex para. 7(a)-(b).
    """
    years = range(flows.period.first, min(as_of, flows.period.last) + 1)
    if method is not Method.AVERAGING or not years:
        return {year: Fraction(annual_adjustment(flows, year)) for year in years}
    if basis is IndicativeBasis.RUNNING:
        return {year: average_adjustment(flows, as_of=year) for year in years}
    return dict.fromkeys(years, average_adjustment(flows, as_of=years[-1]))


def deviations(flows: Flows, *, as_of: int) -> dict[int, Fraction]:
    """How far each elapsed year's net is from the average: whether the average represents the period.

    Source: 2/CMA.3 annex para. 7 (representative of progress); the texts set no limit.
    """
    average = average_adjustment(flows, as_of=min(as_of, flows.period.last))
    return {year: flows.net(year) - average for year in range(flows.period.first, min(as_of, flows.period.last) + 1)}


def largest_relative_deviation(flows: Flows, *, as_of: int) -> Fraction | None:
    """The largest deviation over the average, as a magnitude; None where the average is zero."""
    average = average_adjustment(flows, as_of=min(as_of, flows.period.last))
    if not average:
        return None
    return max(abs(each) for each in deviations(flows, as_of=as_of).values()) / abs(average)


def emissions_balance(emissions: Fraction | int, adjustment: Fraction | int) -> Fraction:
    """Covered emissions with the corresponding adjustment applied: plus, never minus.

    Source: 2/CMA.3 annex para. 8.

    >>> emissions_balance(1_045_000, 50_000)
    Fraction(1095000, 1)
    """
    return Fraction(emissions) + Fraction(adjustment)


def adjusted_indicator(indicator: Fraction | int, flows: Flows, year: int) -> Fraction:
    """A non-GHG indicator with adjustments: the signs are the opposite of those for emissions.

    Source: 2/CMA.3 annex para. 9.
    """
    return Fraction(indicator) - flows.net(year)
