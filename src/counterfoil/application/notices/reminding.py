"""Reminds of what falls due, by the calendar and the stage clocks, and tells others of what has passed undone.

A reminder is made once for its day, whenever the worker comes. Source: `domain/people/notice.py`.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from counterfoil.application.notices.audience import ROLE, audience
from counterfoil.application.notices.notice_desk import News, NoticeDesk, tell
from counterfoil.application.office.trail import date_of, day_of
from counterfoil.application.queries.agreed_days import agreed_dues
from counterfoil.application.queries.calendar import DueState, calendar
from counterfoil.application.queries.life_days import life_dues
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.deadlines import Due
from counterfoil.domain.activities.activity import ACTIVITY
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.notice import Reminder, in_force, reminder

YEARS: Final = 2
AHEAD_MAX: Final = 400
"""Days ahead of which nothing is looked at."""

Open = tuple[date, str, str, str]
"""A duty that is not done: its day, its name, what it is about, its provision."""


def remind(desk: NoticeDesk, sight: Sight) -> int:
    """Enter the reminders whose day has come; says how many are new."""
    today = date_of(day_of(desk.office.clock.now_ms()))
    offsets = in_force(desk.practice.offsets, today)
    if offsets is None:
        return 0
    ready = [(due, found) for due in open_dues(sight, today) if (found := reminder(offsets, due=due[0], on=today))]
    made = 0
    # One transaction for each: a first look at an old registry may find hundreds.
    for due, found in ready:
        with desk.office.store.change():
            made += _told(desk, sight, due, found, offsets.escalate_to)
    return made


def open_dues(sight: Sight, today: date) -> Iterator[Open]:
    """What is not done: the Party's calendar, what agreements ask, and the terms of activities; each once."""
    view = calendar(sight, party=sight.registry.party, on=today, years=YEARS)
    if isinstance(view, Refusal):  # no Party: it reports nothing, but its activities have their terms
        found = {_plain(due) for due, done in (*agreed_dues(sight), *life_dues(sight)) if done is None}
    else:
        rows = [row for row in view["due"] if row["state"] in (DueState.DUE, DueState.OVERDUE)]
        found = {(date.fromisoformat(row["on"]), row["duty"], str(row["about"]), row["provision"]) for row in rows}
    yield from sorted(each for each in found if (each[0] - today).days <= AHEAD_MAX)


def _plain(due: Due) -> Open:
    return due.on, due.duty.value, str(due.about), due.provision


def _told(desk: NoticeDesk, sight: Sight, due: Open, found: Reminder, escalate_to: str) -> bool:
    on, duty, about, provision = due
    now = desk.office.clock.now_ms()
    sort = "due.overdue" if found.escalates else "due.reminder"
    facts: dict[str, JSON] = {
        "duty": duty,
        "about": about,
        "on": on.isoformat(),
        "provision": provision,
        "days": abs(found.offset),
    }
    news = News(f"due:{duty}:{about}:{on}:{found.offset}", sort, f"{duty}:{about}"[:120], now, facts)
    activity = sight.record(ACTIVITY, about)
    persons = audience(desk, news, () if activity is None else activity.get("participants", ()))
    if found.escalates:
        role = escalate_to.removeprefix(ROLE)
        persons.update(desk.office.store.memberships.holders(role, on=day_of(now)))
    return tell(desk, news, persons)
