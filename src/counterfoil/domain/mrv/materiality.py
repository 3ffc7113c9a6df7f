"""How far a report may lie above what a verifier finds before the difference counts as material.

A difference that is not material is corrected all the same: the verified quantity is what may be issued. The measure is
that of the Article 6.4 mechanism; whoever verifies under other rules reads the figure and decides by those.
Source: A6.4-STAN-AC-003 paras. 142, 145.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

MILLION: Final = 1_000_000
YEAR_DAYS: Final = 365
_LARGE, _MIDDLE = 500_000, 300_000
_PPM_LARGE, _PPM_MIDDLE, _PPM_SMALL = 5_000, 10_000, 20_000


@dataclass(frozen=True, slots=True)
class Difference:
    """What was reported too much, in units and in millionths of the report, beside the measure for its size.

    `yearly` is the report as units a year, by which the measure goes.
    """

    monitored: int
    verified: int
    yearly: int
    threshold_ppm: int

    @property
    def over(self) -> int:
        """Units that were monitored and not verified."""
        return self.monitored - self.verified

    @property
    def ppm(self) -> int:
        """Their share of what was monitored, rounded up, so that no share passes for less than it is."""
        return -(-self.over * MILLION // self.monitored) if self.monitored else 0

    @property
    def material(self) -> bool:
        """Whether the share reaches the measure."""
        return self.ppm >= self.threshold_ppm


def difference(*, monitored: int, verified: int, first_day: date, last_day: date) -> Difference:
    """The difference of a report whose period is known; both days belong to it.

    >>> found = difference(monitored=320_000, verified=316_900, first_day=date(2025, 1, 1), last_day=date(2025, 12, 31))
    >>> found.ppm, found.threshold_ppm, found.material
    (9688, 10000, False)
    """
    days = max(1, (last_day - first_day).days + 1)
    yearly = monitored * YEAR_DAYS // days
    return Difference(monitored, verified, yearly, threshold_ppm(yearly))


def threshold_ppm(yearly: int) -> int:
    """The measure for an activity of so many units a year: half a per cent, one, or two. Para. 142."""
    if yearly >= _LARGE:
        return _PPM_LARGE
    return _PPM_MIDDLE if yearly > _MIDDLE else _PPM_SMALL
