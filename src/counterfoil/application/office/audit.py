"""One view over both logs: the office's trail and the acts of the journal, in the order of their moments, filtered.

A page looks at a bounded stretch of the logs, so it may hold fewer rows than were asked for and still have a next one.
Read before: `trail.py`. Source: requirement R-GOV-02 (duties that stay apart can be shown to).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from heapq import merge
from typing import Any, Final

from counterfoil.application.commands.open_account import ACCOUNT_RECORD
from counterfoil.application.office.ports import Office, TrailQuestion, TrailRow
from counterfoil.application.office.proposal import Proposals
from counterfoil.application.office.trail import day_of
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.ledger.entry import JournalEntry, from_leaf

LOOKED_MAX: Final = 20_000
"""Rows of the logs that one page looks at."""
_CHUNK: Final = 500
STRETCH: Final = 128
"""Entries that are read at once: a page without a filter needs few of them."""
Capacity = tuple[tuple[str, ...], tuple[str, ...]]
"""The roles in which somebody acted, and their bodies."""
_PERSON: Final = "person:"
_PROPOSED: Final = "proposal:"


@dataclass(frozen=True, slots=True)
class AuditQuestion:
    """Which rows: those that say all of this. Empty asks for nothing. Moments are UTC ms, the second one excluded."""

    person: str = ""
    organisation: str = ""
    act: str = ""
    account: str = ""
    since_ms: int = 0
    until_ms: int = 2**62


@dataclass(frozen=True, slots=True)
class Place:
    """Up to where both logs have been shown: a row of the trail, and an entry."""

    trail: int = 0
    entry: int = -1

    def __str__(self) -> str:
        return f"{self.trail}.{self.entry}"


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Who did what, when, in what capacity. `approvers` are those after the first actor.

    `look` is the address at which what was before and after is shown; empty where only the facts tell.
    """

    source: str
    number: int
    at_ms: int
    actors: tuple[str, ...]
    capacity: tuple[str, ...]
    approvers: tuple[str, ...]
    act: str
    subject: str
    accounts: tuple[str, ...]
    organisations: tuple[str, ...]
    look: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and from where to go on; `next` is None at the end of both logs."""

    rows: tuple[AuditRow, ...]
    next: Place | None


def place_of(text: str) -> Place | None:
    """The place that a page named; None for what is none."""
    first, _, last = text.partition(".")
    if not (first.isascii() and first.isdecimal() and len(first) <= 18):
        return None
    plain = last.removeprefix("-")
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= 18):
        return None
    return Place(int(first), int(last))


def audit_trail(
    office: Office, proposals: Proposals, sight: Sight, question: AuditQuestion, *, after: Place, limit: int
) -> Page:
    """The next rows that fit, oldest first."""
    first = max(after.entry + 1, _first_at(sight, question.since_ms))
    logs = merge(
        _of_office(office, question, after.trail),
        _of_journal(office, proposals, sight, first),
        key=lambda row: row.at_ms,
    )
    rows: list[AuditRow] = []
    trail, entry = after.trail, after.entry
    for looked, row in enumerate(logs):
        if row.at_ms >= question.until_ms:
            return Page(tuple(rows), None)
        if looked >= LOOKED_MAX or len(rows) >= limit:
            return Page(tuple(rows), Place(trail, entry))
        if row.source == "office":
            trail = row.number
        else:
            entry = row.number
        if _fits(row, question):
            rows.append(row)
    return Page(tuple(rows), None)


def _fits(row: AuditRow, question: AuditQuestion) -> bool:
    return (
        row.at_ms >= question.since_ms
        and question.person in ("", row.subject, *(name for actor in row.actors for name in actor.split("@")))
        and question.organisation in ("", row.subject, *row.organisations)
        and question.act in ("", row.act)
        and question.account in ("", *row.accounts)
    )


def _of_office(office: Office, question: AuditQuestion, after: int) -> Iterator[AuditRow]:
    while rows := office.store.trail.rows(TrailQuestion(after=after, since_ms=question.since_ms), limit=_CHUNK):
        yield from (_office_row(office, row) for row in rows)
        after = rows[-1].number


def _office_row(office: Office, row: TrailRow) -> AuditRow:
    facts = json.loads(row.facts)
    actors = tuple(each.removeprefix(_PERSON) for each in row.actor.split("+"))
    capacity, bodies = _capacity(office, actors, day_of(row.at_ms))
    named = str(facts.get("organisation", ""))
    organisations = tuple(dict.fromkeys((*bodies, *((named,) if named else ()))))
    look = f"/api/v1/proposals/{row.subject}" if row.act.startswith("proposal.") else ""
    return AuditRow(
        "office",
        row.number,
        row.at_ms,
        actors,
        capacity,
        actors[1:],
        row.act,
        row.subject,
        (),
        organisations,
        look,
        facts,
    )


def _of_journal(office: Office, proposals: Proposals, sight: Sight, first: int) -> Iterator[AuditRow]:
    # Few people and accounts act in a stretch of the journal: each is looked up once for a page.
    held = cache(lambda actors, day: _capacity(office, actors, day))
    holder = cache(lambda account: _holder(sight, account))
    while rows := list(sight.reading.journal(first, first + STRETCH - 1)):
        for row in rows:
            yield _journal_row(proposals, held, holder, from_leaf(sight.codec.decode_unchecked(row.leaf)))
        first += STRETCH


def _journal_row(
    proposals: Proposals,
    held: Callable[[tuple[str, ...], str], Capacity],
    holder: Callable[[str], str],
    entry: JournalEntry,
) -> AuditRow:
    inner = entry.entry
    actors = tuple(each.removeprefix(_PERSON) for each in entry.by.split("+"))
    capacity, bodies = _signed(proposals, entry.command) or held(actors, entry.recorded_at[:10])
    accounts = tuple(sorted(set(_accounts(entry))))
    holders = {holder(account) for account in accounts} - {""}
    return AuditRow(
        "journal",
        entry.seq,
        int(datetime.fromisoformat(entry.recorded_at).timestamp() * 1000),
        actors,
        capacity,
        actors[1:],
        inner.act.value,
        entry.command,
        accounts,
        tuple(dict.fromkeys((*bodies, *sorted(holders)))),
        f"/api/v1/entries/{entry.seq}",
        {"on": inner.effective_on.isoformat()},
    )


def _signed(proposals: Proposals, command: str) -> Capacity | None:
    """The capacities in which a proposal was signed, as they were given."""
    found = proposals.get(command.removeprefix(_PROPOSED)) if command.startswith(_PROPOSED) else None
    if found is None:
        return None
    bodies = tuple(each.organisation for each in found.signatures)
    return tuple(f"@{body}" for body in bodies), tuple(body for body in bodies if body)


def _capacity(office: Office, actors: tuple[str, ...], day: str) -> Capacity:
    """The roles that somebody, or their giver, held on that day, as `role@organisation`; and those organisations."""
    principals = [actor.rpartition("@")[2] for actor in actors]
    held = [each for name in principals for each in office.store.memberships.of(name, on=day)]
    bodies = dict.fromkeys(each.organisation for each in held if each.organisation)
    return tuple(f"{each.role}@{each.organisation}" for each in held), tuple(bodies)


def _accounts(entry: JournalEntry) -> Iterator[str]:
    inner = entry.entry
    for move in inner.moves:
        yield move.source
        yield move.target
    for name in ("account", "source", "target"):
        if name in inner.details:
            yield str(inner.details[name])
    yield from (each.key for each in inner.records if each.kind == ACCOUNT_RECORD)


def _holder(sight: Sight, account: str) -> str:
    record = sight.record(ACCOUNT_RECORD, account)
    return "" if record is None else str(record.get("holder", ""))


def _first_at(sight: Sight, since_ms: int) -> int:
    """The first entry that was recorded at or after a moment: the journal's moments never go back."""
    last = sight.reading.last_checkpoint()
    low, high = 0, 0 if last is None else last.size
    while since_ms and low < high:
        middle = (low + high) // 2
        entry = sight.entry(middle)
        assert entry is not None, "every entry below the size is there"
        if datetime.fromisoformat(entry.recorded_at).timestamp() * 1000 < since_ms:
            low = middle + 1
        else:
            high = middle
    return low
