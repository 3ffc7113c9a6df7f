"""Monitoring periods of another registry's public record: known by their days, without readings or vintages.

Source: CDM project standard for project activities, version 03.0, section 10 (monitoring periods do not overlap).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.mrv.verification import Monitoring, MonitoringFault


class PeriodFault(StrEnum):
    TOO_LONG = "monitoring.period_too_long"


@dataclass(frozen=True, slots=True)
class LongestPeriod:
    """From `valid_from` on, a period of more years than this is set aside for somebody to look at.

    Ours, not a text's: a crediting period without renewal is ten years, and one report seldom covers a whole one.
    """

    valid_from: date
    years: int


LONGEST: Final = (LongestPeriod(date(2000, 1, 1), 10),)


def imported_period(period: Monitoring, *, earlier: Iterable[Monitoring], on: date) -> Refusal | None:
    """Whether an imported period can stand: forwards, over, not too long, and sharing no day with an earlier one."""
    facts: dict[str, JSON] = {"monitoring": period.id, "activity": period.activity}
    if period.first_day > period.last_day:
        return Refusal(MonitoringFault.PERIOD_BACKWARDS, facts)
    if period.last_day > on:
        return Refusal(MonitoringFault.PERIOD_NOT_OVER, {**facts, "last_day": period.last_day.isoformat()})
    longest = max(each.years for each in LONGEST if each.valid_from <= on or each is LONGEST[0])
    if _years_later(period.first_day, longest) <= period.last_day:
        days = {"first_day": period.first_day.isoformat(), "last_day": period.last_day.isoformat()}
        return Refusal(PeriodFault.TOO_LONG, {**facts, **days, "years_max": longest})
    for other in earlier:
        if period.first_day <= other.last_day and other.first_day <= period.last_day:
            return Refusal(MonitoringFault.PERIOD_OVERLAPS, {**facts, "other": other.id})
    return None


def _years_later(day: date, years: int) -> date:
    """The same day so many years later; the 29th of February becomes the 1st of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
