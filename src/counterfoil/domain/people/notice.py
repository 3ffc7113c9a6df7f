"""When a notice is tried again, when somebody is reminded of a day, and who hears of one that has passed.

Source: requirement R-FRI-03 (delays are seen); ADR-0026.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

FIRST_MS: Final = 60_000
MOST_MS: Final = 6 * 60 * 60 * 1000
TRIES_MAX: Final = 12
"""Tries of one delivery before it is set aside: over a day in all."""


def next_try_ms(tries: int) -> int | None:
    """How long after its last failure a delivery is tried again, after so many tries; None when it is set aside.

    >>> [next_try_ms(tries) for tries in (1, 2, 3, 12)]
    [60000, 120000, 240000, None]
    """
    if tries >= TRIES_MAX:
        return None
    return min(FIRST_MS << (tries - 1), MOST_MS)


@dataclass(frozen=True, slots=True)
class Offsets:
    """From a day on: how many days before a due day officers are reminded, and after how many past it who else is.

    `before_days` holds whole days, 0 being the due day itself; `after_days` are days past it, which a further role,
    `escalate_to`, hears of as well.
    """

    first_day: date
    before_days: tuple[int, ...]
    after_days: tuple[int, ...]
    escalate_to: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """The day on which it goes out, its offset from the due day (negative: before), and whether it escalates."""

    on: date
    offset: int
    escalates: bool


def in_force(offsets: Iterable[Offsets], on: date) -> Offsets | None:
    """The offsets that hold on a day: the latest that had begun."""
    return max((each for each in offsets if each.first_day <= on), key=lambda each: each.first_day, default=None)


def reminder(offsets: Offsets, *, due: date, on: date) -> Reminder | None:
    """The reminder that stands on a day: the newest whose day has come, so that a day without a worker loses nothing.

    >>> practice = Offsets(date(2026, 1, 1), (30, 7, 0), (1, 30), "administrator")
    >>> reminder(practice, due=date(2026, 6, 30), on=date(2026, 6, 24))
    Reminder(on=datetime.date(2026, 6, 23), offset=-7, escalates=False)
    """
    passed = (on - due).days
    reached = [-days for days in offsets.before_days if -days <= passed]
    reached += [days for days in offsets.after_days if days <= passed]
    if not reached:
        return None
    newest = max(reached)
    return Reminder(due + timedelta(days=newest), newest, newest > 0)
