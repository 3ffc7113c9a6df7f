"""The authorized time frame of table 2, read from either of its two spellings.

`2021 - 2030` bounds the years of the mitigation and of every action. `Occurred: from 2021 to 2025. Use: from 01/2022 to
31/12/2030` bounds each by itself; a day is a year, a month or a day.

Source: 4/CMA.6 para. 5(c), (k), annex II table 2, field 15.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

_DAY: Final = r"((?:\d{2}/)?(?:\d{2}/)?\d{4})"
_YEARS: Final = re.compile(r"(\d{4}) ?[-–] ?(\d{4})", re.ASCII)
_OCCURRED: Final = re.compile(rf"Occurred: from {_DAY} to {_DAY}", re.ASCII)
_USE: Final = re.compile(rf"Use: from {_DAY} to {_DAY}", re.ASCII)

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Timeframe:
    """First and last day for the mitigation, for its use and for any action; None where nothing is stated."""

    occurred: Span | None = None
    used: Span | None = None
    acted: Span | None = None

    def holds_vintage(self, vintage: int) -> bool:
        """Whether some day of the year is inside."""
        return self.occurred is None or self.occurred[0].year <= vintage <= self.occurred[1].year

    def holds_action(self, day: date, *, ends_life: bool) -> bool:
        bound = self.used if ends_life and self.used is not None else self.acted
        return bound is None or bound[0] <= day <= bound[1]


@lru_cache(maxsize=1024)
def timeframe(text: str | None) -> Timeframe:
    """The time frame that a text states. A text that cannot be read bounds nothing: its form is a matter of C07.

    >>> timeframe("Use: from 2022 to 06/2024").used
    (datetime.date(2022, 1, 1), datetime.date(2024, 6, 30))
    """
    if not text:
        return Timeframe()
    years = _YEARS.fullmatch(text)
    if years is not None:
        both = _span(years[1], years[2])
        return Timeframe(occurred=both, acted=both)
    occurred, used = _OCCURRED.search(text), _USE.search(text)
    return Timeframe(_span(*occurred.groups()) if occurred else None, _span(*used.groups()) if used else None)


def runs_forward(text: str) -> bool:
    """Whether every part of the time frame begins before it ends. A text that cannot be read is a matter of C07.

    >>> runs_forward("2021 - 2030"), runs_forward("Occurred: from 2025 to 2021")
    (True, False)
    """
    frame = timeframe(text)
    return all(span is None or span[0] <= span[1] for span in (frame.occurred, frame.used, frame.acted))


def _span(first: str, last: str) -> Span | None:
    try:
        return _first_day(first), _last_day(last)
    except ValueError:
        return None


def _first_day(text: str) -> date:
    parts = [int(part) for part in text.split("/")]
    return date(*reversed([1] * (3 - len(parts)) + parts))


def _last_day(text: str) -> date:
    parts = [int(part) for part in text.split("/")]
    match parts:
        case [year]:
            return date(year, 12, 31)
        case [month, year]:
            return date(year, 12, 31) if month == 12 else date(year, month + 1, 1) - timedelta(days=1)
        case _:
            day, month, year = parts
            return date(year, month, day)
