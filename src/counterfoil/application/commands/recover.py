"""After a restore from an older backup: no unit moves until each partner has said what it knows.

What was booked after the backup is lost here, but not what partners took and gave: they hold this registry's own signed
entries. Until they are asked, this book may think that it has what it has sent away.
Source: ADR-0033.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from counterfoil.application.command import SELF, Command, Context, record, stored
from counterfoil.domain.federation.link import PARTNER, LinkState, Partner
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry

RECOVERY: Final = "recovery"
FORGOTTEN_DAYS: Final = 30
"""So long after a restore something may turn out to have been forgotten."""
RECONCILED: Final = "reconciliation"
"""The kind of the record that says how books compared; `witness_partner.py` sets it."""


class RecoveryFault(StrEnum):
    UNRECONCILED = "recovery.unreconciled"
    NOT_WAITING = "recovery.not_waiting"
    NOT_RECONCILED = "recovery.not_reconciled"
    NO_PARTNERS = "recovery.no_partners"


@dataclass(frozen=True, slots=True)
class Recovery:
    """Which recovery of this registry it is, from 1, and the partners that were not asked yet."""

    number: int
    begun_on: date
    taken_at: str
    entries: int
    waiting: tuple[Party, ...]
    set_aside: tuple[Party, ...] = ()


def recovery_of(books: Books) -> Recovery | None:
    """The latest recovery, over or not; None where this registry was never restored."""
    return stored(books, RECOVERY, SELF, Recovery)


def unreconciled(books: Books) -> Refusal | None:
    """Refuses while a partner has not been asked after a restore: one look by key."""
    recovery = recovery_of(books)
    if recovery is None or not recovery.waiting:
        return None
    return Refusal(RecoveryFault.UNRECONCILED, {"partners": ", ".join(recovery.waiting)})


def not_asked(books: Books, partner: str) -> Refusal | None:
    """Refuses what would be wrong if this book has forgotten what it agreed with a partner, until that one is asked."""
    recovery = recovery_of(books)
    if recovery is None or partner not in recovery.waiting:
        return None
    return Refusal(RecoveryFault.UNRECONCILED, {"partners": partner})


def may_have_forgotten(books: Books, partner: str, since: date) -> bool:
    """Whether a restore may have lost what was agreed with a partner about something that is known since a day.

    What was on its way when the books were first compared is found, and offered again, some days later.
    """
    recovery = recovery_of(books)
    if recovery is None:
        return False
    return partner in recovery.waiting or since <= recovery.begun_on + timedelta(FORGOTTEN_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginRecovery(Command):
    """Say that this registry was restored from a backup taken at a moment (UTC), with so many entries."""

    taken_at: str
    entries: int


def begin_recovery(command: BeginRecovery, books: Books, context: Context) -> Entry | Refusal:
    """Every linked partner is waited for, a suspended one too: it may have had units before. Source: ADR-0033."""
    before = recovery_of(books)
    linked = (stored(books, PARTNER, key, Partner) for (kind, key), _ in books.records.items() if kind == PARTNER)
    waiting = tuple(
        sorted(partner.party for partner in linked if partner is not None and partner.state is not LinkState.PROPOSED)
    )
    if not waiting:
        return Refusal(RecoveryFault.NO_PARTNERS)
    number = 1 if before is None else before.number + 1
    recovery = Recovery(number, context.on, command.taken_at[:40], command.entries, waiting)
    return Entry(
        Act.RECOVERY_BEGUN,
        context.on,
        records=(record(RECOVERY, SELF, recovery),),
        details={"taken_at": recovery.taken_at, "entries": recovery.entries},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRecovery(Command):
    """Wait no longer for a partner: the books were compared; or, with authority and reason, it cannot be asked."""

    partner: Party
    authority: str = ""
    reason: str = ""


def end_recovery(command: EndRecovery, books: Books, context: Context) -> Entry | Refusal:
    """Without a reason, the books must have been compared whole since the restore. Source: ADR-0033."""
    recovery = recovery_of(books)
    if recovery is None or command.partner not in recovery.waiting:
        return Refusal(RecoveryFault.NOT_WAITING, {"partner": command.partner[:20]})
    decided = bool(command.authority.strip() and command.reason.strip())
    compared = books.record(RECONCILED, command.partner)
    whole = compared is not None and compared["recovery"] == recovery.number and compared["complete"]
    if not (whole or decided):
        return Refusal(RecoveryFault.NOT_RECONCILED, {"partner": command.partner})
    ended = replace(
        recovery,
        waiting=tuple(party for party in recovery.waiting if party != command.partner),
        set_aside=recovery.set_aside if whole else (*recovery.set_aside, command.partner),
    )
    said = {"authority": command.authority, "reason": command.reason} if decided else {}
    return Entry(
        Act.RECOVERY_ENDED,
        context.on,
        records=(record(RECOVERY, SELF, ended),),
        details={"partner": command.partner, **said},
    )
