"""Keep which checkpoint of a partner's log this registry saw last, and how the two books compared.

What was seen stands in this journal, so that a partner who shows others another log is found out by whoever reads it.
Source: C2SP tlog-witness, section add-checkpoint; ADR-0033.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context
from counterfoil.application.commands.recover import RECONCILED, recovery_of
from counterfoil.domain.federation.link import PARTNER, LinkFault
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import DIGEST, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record

PARTNER_LOG: Final = "partner_log"
PARTNER_LOG_ON: Final = "partner_log_on"
"""By partner and day: how long its log was when this registry saw it last on that day."""

TOLD_DAYS_MAX: Final = 30
"""An act of a partner that becomes known later than this counts from so many days before it was told."""


class WitnessPartnerFault(StrEnum):
    OTHER_SIZE = "reconciliation.other_size"
    DIGEST_UNREADABLE = "reconciliation.digest_unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessPartner(Command):
    """Note that a partner's log grew from `old` entries to `size` with this root (hex), as its proof showed.

    `note` is the digest of its signed checkpoint, which is kept.
    """

    partner: Party
    old: int
    size: int
    root: str
    note: str


def witness_partner(command: WitnessPartner, books: Books, context: Context) -> Entry | Refusal:
    """Refuses a growth that does not begin where this registry saw the log last, and one backwards."""
    if books.record(PARTNER, command.partner) is None:
        return Refusal(LinkFault.UNKNOWN, {"partner": command.partner[:20]})
    seen = seen_size(books, command.partner)
    if command.old != seen or command.size < seen:
        facts: dict[str, JSON] = {"partner": command.partner, "old": command.old, "size": command.size, "seen": seen}
        return Refusal(WitnessPartnerFault.OTHER_SIZE, facts)
    if not (DIGEST.match(command.root) and DIGEST.match(command.note)):
        return Refusal(WitnessPartnerFault.DIGEST_UNREADABLE, {"partner": command.partner})
    value: dict[str, JSON] = {
        "size": command.size,
        "root": command.root,
        "note": command.note,
        "on": context.on.isoformat(),
    }
    on_the_day = Record(PARTNER_LOG_ON, f"{command.partner}:{context.on.isoformat()}", command.size)
    return Entry(Act.PARTNER_WITNESSED, context.on, records=(Record(PARTNER_LOG, command.partner, value), on_the_day))


def seen_size(books: Books, partner: str) -> int:
    """How many entries the partner's log had when this registry saw it last; 0 before that."""
    seen = books.record(PARTNER_LOG, partner)
    return 0 if seen is None else int(seen["size"])


def day_of_entry(partner: str, entry: int, *, said: date, received: date, books: Books) -> date:
    """The earliest day on which a partner can have made an entry that it dates itself.

    It was not there yet where this registry saw the log without it, and is believed for so many days at most before
    it was told of: a network may have been down, and nobody dates back what he has already lost.

    Args:
        said: The day that the entry names, which is its maker's own.
        received: The day on which its proof came.
    """
    begin = day = max(said, received - timedelta(days=TOLD_DAYS_MAX))
    for number in range((received - begin).days + 1):
        look = begin + timedelta(days=number)
        size = books.record(PARTNER_LOG_ON, f"{partner}:{look.isoformat()}")
        if size is not None and size > entry:
            break
        day = day if size is None else look
    return day


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReconciliation(Command):
    """Record how this book and a partner's compared.

    `left` and `came` are the hashes of what left for the partner and came from it, as this book states them;
    `differing` counts the ranges that differ, `under_way` those of them whose message may still come, `cases` the open
    cases. `complete` is False where the bound of one run was reached.
    """

    partner: Party
    left: str
    came: str
    complete: bool
    differing: int
    under_way: int
    cases: int
    evidence: str


def record_reconciliation(command: RecordReconciliation, books: Books, context: Context) -> Entry | Refusal:
    """Source: 6/CMA.4 annex I paras. 9-10; ADR-0033."""
    if books.record(PARTNER, command.partner) is None:
        return Refusal(LinkFault.UNKNOWN, {"partner": command.partner[:20]})
    if not all(DIGEST.match(text) for text in (command.left, command.came, command.evidence)):
        return Refusal(WitnessPartnerFault.DIGEST_UNREADABLE, {"partner": command.partner})
    recovery = recovery_of(books)
    value: dict[str, JSON] = {
        "on": context.on.isoformat(),
        "left": command.left,
        "came": command.came,
        "complete": command.complete,
        "differing": command.differing,
        "under_way": command.under_way,
        "cases": command.cases,
        "evidence": command.evidence,
        "recovery": 0 if recovery is None else recovery.number,
    }
    return Entry(Act.PARTNER_RECONCILED, context.on, records=(Record(RECONCILED, command.partner, value),))
