"""What an act would change: decided on the books as they are now, looked at, and taken back.

A preview is plain JSON with a hash, so that who approves an act can name exactly what they saw. It holds the units that
would move, every balance and record that would be another, before and after, and the facts that would be set.

Source: ADR-0027.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.application.guard import Guard, Inquiry
from counterfoil.application.ports import Outage
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission, Writer
from counterfoil.domain.kernel.canonical import JSON, canonical
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import UNITS, JournalEntry
from counterfoil.domain.people.four_eyes import Demand

PERSONS_MIN: Final = 2
"""Who proposes an act asks for a second person, also where no law does."""
PIECES_MAX: Final = 200
"""Pieces of one range whose facts are shown."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would change, its SHA-256 in hex, and how many persons the act needs."""

    changes: dict[str, Any]
    sha256: str
    persons: int
    demand: Demand | None


def preview(writer: Writer, submission: Submission, guard: Guard) -> Preview | Receipt | Refusal:
    """Look at an act. Use it in the writer's thread.

    Returns:
        The preview; the receipt, where the act is in the journal already; or why it would be refused now.

    Raises:
        Outage: the writer cannot look.
    """
    inquiry = Inquiry(guard)
    found = writer.tried(Submission(submission.command, submission.by, inquiry), _look)
    if isinstance(found, Outage):
        raise found
    if not isinstance(found, tuple):
        return found
    before, after = found
    changes = _changes(before, after)
    digest = hashlib.sha256(canonical(changes)).hexdigest()
    asked = PERSONS_MIN if inquiry.demand is None else inquiry.demand.persons
    return Preview(changes, digest, max(asked, PERSONS_MIN), inquiry.demand)


def agreed(writer: Writer, submission: Submission, guard: Guard, *, seen: str) -> Receipt | Refusal | Preview:
    """Do an act that was looked at, exactly as it was seen. Use it in the writer's thread: nothing comes in between.

    Returns:
        The receipt; why it is refused; or the preview as it is now, where that is another than the one seen.

    Raises:
        Outage: the writer cannot do it.
    """
    now = preview(writer, submission, guard)
    if not isinstance(now, Preview) or now.sha256 != seen:
        return now
    outcome = writer.step([Submission(submission.command, submission.by, guard)])[0]
    if isinstance(outcome, Outage):
        raise outcome
    return outcome


def _look(entry: JournalEntry, books: Books) -> dict[str, Any]:
    """The part of the books that an entry touches, as it stands at this moment."""
    said = entry.entry
    return {
        "entry": said,
        "balances": dict(_balances(entry, books)),
        "records": {(each.kind, each.key): books.record(each.kind, each.key) for each in said.records},
        "facts": [_facts(books, change.unit_class, change.first, change.last) for change in said.facts],
    }


def _balances(entry: JournalEntry, books: Books) -> Iterator[tuple[tuple[str, str, str], int]]:
    """Every account that an entry names, in every book. What units come from, or end in as unmade, is no holding."""
    moves = entry.entry.moves
    named = ((move.unit_class, code) for move in moves for code in (move.source, move.target))
    for unit_class, code in dict.fromkeys(named):
        if role(code) is not AccountRole.SOURCE:
            yield (UNITS, unit_class, code), books.balance(UNITS, unit_class, code)
    for each in entry.entry.postings:
        yield (each.book, each.commodity, each.account), books.balance(each.book, each.commodity, each.account)


def _facts(books: Books, unit_class: str, first: int, last: int) -> list[dict[str, Any]]:
    pieces = books.holdings(unit_class, first, last)[:PIECES_MAX]
    return [{"first": each.first, "last": each.last, "facts": dict(each.facts)} for each in pieces]


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, JSON]:
    """Both looks as one JSON object. Nothing in it depends on who would do the act, nor on the hour."""
    entry = after["entry"]
    return {
        "act": entry.act.value,
        "on": entry.effective_on.isoformat(),
        "units": [
            {
                "unit_class": move.unit_class,
                "first": move.first,
                "last": move.last,
                "quantity": move.size,
                "source": move.source,
                "target": move.target,
            }
            for move in entry.moves
        ],
        "balances": [
            {"book": book, "commodity": commodity, "account": account, "before": before["balances"][key], "after": now}
            for key, now in after["balances"].items()
            for book, commodity, account in (key,)
            if before["balances"][key] != now
        ],
        "records": [
            {"kind": kind, "key": key, "before": before["records"][kind, key], "after": now}
            for (kind, key), now in after["records"].items()
            if before["records"][kind, key] != now
        ],
        "facts": [
            {
                "unit_class": change.unit_class,
                "first": change.first,
                "last": change.last,
                "before": was,
                "set": dict(change.facts),
            }
            for change, was in zip(entry.facts, before["facts"], strict=True)
        ],
        "because": entry.because,
    }
