"""When a registry works: hours of a day at a fixed offset from UTC, on weekdays that are no holidays.

An opening moment belongs to the hours, a closing moment does not. Moments are UTC milliseconds.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from counterfoil.domain.policy.kinds.account_guard import MoveDelayRule, clock_minutes, offset_minutes

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS
_EPOCH: Final = date(1970, 1, 1).toordinal()
_DAYS_MAX: Final = 3_660
"""Days that are looked at for an opening: more than all holidays that a rule may list, with the weekends between."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Minutes since midnight and ahead of UTC; weekdays as ISO numbers, 1 is Monday."""

    opens: int
    closes: int
    weekdays: frozenset[int]
    holidays: frozenset[date]
    offset: int

    def next_open(self, at_ms: int) -> int:
        """The moment itself where the registry works then, else the next opening."""
        ahead = self.offset * MINUTE_MS
        local = at_ms + ahead
        first = local // DAY_MS
        for day in range(first, first + _DAYS_MAX):
            if self._works(day) and local < day * DAY_MS + self.closes * MINUTE_MS:
                return max(local, day * DAY_MS + self.opens * MINUTE_MS) - ahead
        raise AssertionError("a rule whose hours never open is unsound")

    def _works(self, day: int) -> bool:
        on = date.fromordinal(_EPOCH + day)
        return on.isoweekday() in self.weekdays and on not in self.holidays


@lru_cache(maxsize=64)
def working_hours(rule: MoveDelayRule) -> WorkingHours:
    """The hours of a sound rule, read once."""
    opens, closes, offset = clock_minutes(rule.opens), clock_minutes(rule.closes), offset_minutes(rule.utc_offset)
    assert opens is not None and closes is not None and offset is not None, "a pack with other words does not load"
    return WorkingHours(opens, closes, frozenset(rule.weekdays), frozenset(rule.holidays), offset)


def due_at(rule: MoveDelayRule, *, now_ms: int, trusted: bool) -> int:
    """When a transfer that is asked for now may be done: now itself, or later.

    Model: the Union Registry of the EU, where transfers to accounts outside the trusted list wait.
    """
    wait = 0 if trusted else rule.delay_hours * HOUR_MS
    return working_hours(rule).next_open(now_ms + wait)


def moment_text(at_ms: int) -> str:
    """A moment as the journal writes it.

    >>> moment_text(1_000)
    '1970-01-01T00:00:01.000Z'
    """
    at = datetime.fromtimestamp(at_ms // 1000, UTC).replace(microsecond=at_ms % 1000 * 1000, tzinfo=None)
    return f"{at.isoformat(timespec='milliseconds')}Z"


def moment_ms(text: str) -> int:
    """The moment of a text that `moment_text` wrote."""
    at = datetime.fromisoformat(text)
    return int(at.timestamp()) * 1000 + at.microsecond // 1000
