"""What the register says to the rows of a monitoring report before it is sent: crediting periods and other reports.

The act asks all of this again, of the whole report. Here each row is told by itself, so that a file can be mended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.activities.activity import ACTIVITY
from counterfoil.domain.mrv.verification import MONITORING
from counterfoil.entrypoints.web.desk.monitoring_table import Row, Table

REPORTS_MAX: Final = 400
"""Earlier reports of an activity that a row is held against, the newest ones."""

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a report of one activity is held against."""

    activity: str
    known: bool
    title: str = ""
    credited: tuple[Days, ...] = ()
    reported: tuple[tuple[str, Days], ...] = ()
    participants: tuple[str, ...] = ()


def ground_of(sight: Sight, activity: str) -> Ground:
    """By the name of the activity: two look-ups, and one for each of its newest reports."""
    value = sight.record(ACTIVITY, activity) if activity else None
    if value is None:
        return Ground(activity, known=False)
    names: Sequence[str] = (sight.record("monitoring_of", activity) or ())[-REPORTS_MAX:]
    reports = ((name, sight.record(MONITORING, name)) for name in names)
    return Ground(
        activity,
        known=True,
        title=str(value.get("title") or ""),
        credited=tuple(_days(each) for each in value.get("crediting_periods") or ()),
        reported=tuple((name, _days(each)) for name, each in reports if each is not None),
        participants=tuple(value.get("participants") or ()),
    )


def held_against(table: Table, ground: Ground) -> Table:
    """The table with what the register says to each row that can be read."""
    return replace(table, rows=tuple(_row(each, ground) for each in table.rows)) if ground.known else table


def _row(row: Row, ground: Ground) -> Row:
    if row.wrong:
        return row
    year = int(row.vintage)
    own = row.days
    first, last = own or (date(year, 1, 1), date(year, 12, 31))
    at = "first_day" if own else "vintage"
    if ground.credited and not any(_fits(own, (first, last), each) for each in ground.credited):
        return replace(row, wrong="not_credited", at=at)
    for _, (begun, ended) in ground.reported:
        shared = begun <= last and first <= ended
        whole = begun <= first and last <= ended
        # A row without days says only its year: it is another's for sure where that whole year was reported.
        if shared if own else whole:
            return replace(row, wrong="reported", at=at)
    return row


def _fits(own: Days | None, days: Days, period: Days) -> bool:
    """Own days lie within a crediting period; of a bare year at least one day does."""
    if own is None:
        return period[0] <= days[1] and days[0] <= period[1]
    return period[0] <= days[0] and days[1] <= period[1]


def _days(value: Mapping[str, Any]) -> Days:
    return date.fromisoformat(value["first_day"]), date.fromisoformat(value["last_day"])
