"""Reads the two logs from where it stopped: the office's trail, and the journal. Both are the outbox's only source.

A row of the trail is written in the transaction of the change that it tells of, and an entry is the act itself: what
was done cannot be without its notice. The notices of a batch and the new position are one transaction, so a process
that ends at any moment makes none twice and loses none. The journal is read from where it stood when the worker came
for the first time.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from counterfoil.application.commands.open_account import ACCOUNT_RECORD
from counterfoil.application.notices.audience import audience
from counterfoil.application.notices.notice_desk import News, NoticeDesk, tell
from counterfoil.application.office.ports import TrailQuestion
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.activities.activity import ACTIVITY
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.ledger.entry import JournalEntry, from_leaf

TRAIL: Final = "trail"
JOURNAL: Final = "journal"
BATCH: Final = 200
MOVES_MAX: Final = 50
_NAMED: Final = ("account", "source", "target")


def follow_trail(desk: NoticeDesk) -> int:
    """Tell of the next rows of the trail; says how many were read."""
    after = desk.outbox.position(TRAIL) or 0
    rows = desk.office.store.trail.rows(TrailQuestion(after=after), limit=BATCH)
    if not rows:
        return 0
    with desk.office.store.change():
        for row in rows:
            if row.act in desk.practice.sorts:
                facts = {**json.loads(row.facts), "subject": row.subject, "actor": row.actor}
                news = News(f"{TRAIL}:{row.number}", row.act, row.subject, row.at_ms, facts)
                tell(desk, news, audience(desk, news))
        desk.outbox.move(TRAIL, rows[-1].number)
    return len(rows)


def follow_journal(desk: NoticeDesk, sight: Sight) -> int:
    """Tell of the next entries to those whose accounts or activities they touch; says how many were read."""
    first = desk.outbox.position(JOURNAL)
    if first is None:
        last = sight.reading.last_checkpoint()
        with desk.office.store.change():
            desk.outbox.move(JOURNAL, 0 if last is None else last.size)
        return 0
    rows = list(sight.reading.journal(first, first + BATCH - 1))
    if not rows:
        return 0
    told = [from_leaf(sight.codec.decode(row.leaf)) for row in rows]
    with desk.office.store.change():
        for entry in told:
            news = _news(entry)
            tell(desk, news, audience(desk, news, owners_in(sight, entry)))
        desk.outbox.move(JOURNAL, rows[-1].seq + 1)
    return len(rows)


def owners_in(sight: Sight, entry: JournalEntry) -> set[str]:
    """The organisations whose accounts or activities an entry touches, by the records of today."""
    return set(_owners(sight, entry))


def accounts_in(entry: JournalEntry) -> set[str]:
    """The accounts that an entry names or moves units of; of a long list of moves the first fifty."""
    inner = entry.entry
    found = {account for move in inner.moves[:MOVES_MAX] for account in (move.source, move.target)}
    return found | {str(inner.details[name]) for name in _NAMED if name in inner.details}


def _owners(sight: Sight, entry: JournalEntry) -> Iterator[str]:
    for account in sorted(accounts_in(entry)):
        yield from _said(sight.record(ACCOUNT_RECORD, account), "holder")
    activity = str(entry.entry.details.get("activity", ""))
    if activity:
        yield from _said(sight.record(ACTIVITY, activity), "participants")
    for each in entry.entry.records:
        if each.kind in (ACCOUNT_RECORD, ACTIVITY):
            yield from _said(each.value, "holder" if each.kind == ACCOUNT_RECORD else "participants")


def _said(record: Any, field: str) -> Iterable[str]:
    value = None if record is None else record.get(field)
    return (value,) if isinstance(value, str) else tuple(value or ())


def _news(entry: JournalEntry) -> News:
    at = int(datetime.fromisoformat(entry.recorded_at).timestamp() * 1000)
    subject = next(iter(sorted(accounts_in(entry))), str(entry.entry.details.get("activity", entry.entry.act)))
    facts: dict[str, JSON] = {
        "entry": entry.seq,
        "act": entry.entry.act.value,
        "on": entry.entry.effective_on.isoformat(),
        "by": entry.by,
    }
    return News(f"{JOURNAL}:{entry.seq}", "journal.entry", subject, at, {**facts, "subject": subject})
