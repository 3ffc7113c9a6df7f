"""Whether units may leave an account, and come to one: asked of every entry after its rules and the law agreed to it.

An entry's own moves say what leaves; two records are looked up for each account, and a third where the law sets limits
or asks for a file on the holder. What an authority decides, and what another registry has made final, is not asked.

Read before: `domain/people/safeguards.py`, `domain/people/account_state.py`. Source: R-GOV-02.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from counterfoil.application.command import Command, Context
from counterfoil.application.commands.abroad import ProposeTransfer, SettleTransfer
from counterfoil.application.commands.acquire import AcceptTransfer, Acquire
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.close_case import CloseCase
from counterfoil.application.commands.consent import NoteProposedTransfer, as_acceptance
from counterfoil.application.commands.correct import Correct
from counterfoil.application.commands.end_transfer import VoidTransfer
from counterfoil.application.commands.offer_units import AcceptOffer
from counterfoil.application.commands.open_account import ACCOUNT_RECORD, OpenAccount
from counterfoil.application.commands.opening_terms import opening_terms
from counterfoil.application.commands.recover import unreconciled
from counterfoil.application.commands.request_transfer import ExecuteTransfer, RequestTransfer
from counterfoil.application.commands.suspend_account import MoveFromCustody, state_of
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.commands.trusting import trusted
from counterfoil.domain.federation.section import INTERNATIONAL, SectionFault
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Entry, Record
from counterfoil.domain.people.account_state import may_give, may_take
from counterfoil.domain.people.safeguards import (
    KYC,
    MOVED,
    Safeguards,
    known_well,
    must_wait,
    trusted_or_slow,
    within_limits,
)
from counterfoil.domain.people.working_hours import due_at

_FREE: Final = frozenset({Correct, Acquire, SettleTransfer, VoidTransfer, CloseCase})
"""Reversals, what is given up for good, and the second half of what was asked about when it was proposed."""
_RECOVERING: Final = frozenset({Acquire, CloseCase})
"""What may move units while partners are not asked after a restore: what their proofs, or our own, make certain."""
_HOLDING: Final = AccountRole.HOLDING


def safe(command: Command, entry: Entry | Refusal, books: Books, context: Context) -> Entry | Refusal:
    """The entry, with what a limit counts; or the first refusal: states, holder's file, trusted list, hours, limits."""
    if isinstance(entry, Refusal):
        return entry
    command = as_acceptance(command, books)
    kind = type(command)
    if entry.moves and context.registry.purpose == INTERNATIONAL:
        return Refusal(SectionFault.MOVES_NOTHING, {"registry": context.registry.registry})
    waiting = unreconciled(books) if entry.moves and kind not in _RECOVERING else None
    if waiting is not None:
        return waiting
    if isinstance(context.safeguards, Refusal) and entry.moves:
        return context.safeguards
    if isinstance(command, OpenAccount):
        return opening_terms(command, books, context) or entry
    if kind in _FREE or not (entry.moves or kind in _WITHOUT_MOVES):
        return entry
    taking = _stopped(books, _arrivals(command, entry), context.today)
    if taking is not None or _decided_by_authority(command):
        return taking or entry
    leaving = _leaving(command, entry)
    for account in leaving:
        refusal = may_give(state_of(books, account), context.today)
        if refusal is not None:
            return refusal
    if not isinstance(context.safeguards, Safeguards):
        return entry
    return _guarded(command, entry, leaving, context.safeguards, books, context)


def _guarded(  # noqa: PLR0917  private, called once
    command: Command, entry: Entry, leaving: dict[str, int], safeguards: Safeguards, books: Books, context: Context
) -> Entry | Refusal:
    """What the law in force asks beyond the accounts' own states."""
    for account in leaving:
        refusal = _unknown_holder(safeguards, account, books, context)
        if refusal is not None:
            return refusal
    refusal = _too_early(command, entry, safeguards, books, context)
    if refusal is not None:
        return refusal
    if safeguards.limit is None or isinstance(command, ExecuteTransfer):
        return entry
    counted = []
    for account, units in leaving.items():
        moved = moved_on(books, account, context.today)
        refusal = within_limits(safeguards, account=account, units=units, moved=moved)
        if refusal is not None:
            return refusal
        counted.append(Record(MOVED, account, {"day": context.today.isoformat(), "units": moved + units}))
    return entry._replace(records=(*entry.records, *counted))


def moved_on(books: Books, account: str, day: date) -> int:
    """How many units left an account on a day of recording, where a limit was in force."""
    known = books.record(MOVED, account)
    return int(known["units"]) if known is not None and known["day"] == day.isoformat() else 0


_WITHOUT_MOVES: Final = frozenset({RequestTransfer, AcceptTransfer, NoteProposedTransfer})


def _leaving(command: Command, entry: Entry) -> dict[str, int]:
    """By account: how many units leave it. A request takes them out of its holder's hands already."""
    if isinstance(command, RequestTransfer):
        return {command.source: command.units.last - command.units.first + 1}
    found: dict[str, int] = {}
    for move in entry.moves:
        if role(move.source) is _HOLDING:
            found[move.source] = found.get(move.source, 0) + move.size
    return found


def _arrivals(command: Command, entry: Entry) -> Iterator[str]:
    if isinstance(command, RequestTransfer | AcceptTransfer):
        yield command.target
    for move in entry.moves:
        if role(move.target) is _HOLDING:
            yield move.target


def _stopped(books: Books, accounts: Iterator[str], today: date) -> Refusal | None:
    for account in accounts:
        refusal = may_take(state_of(books, account), today)
        if refusal is not None:
            return refusal
    return None


def _decided_by_authority(command: Command) -> bool:
    """A decision over the holder's head: it names its authority, and four eyes stand behind it."""
    administrative = isinstance(command, Cancel) and command.purpose is CancellationPurpose.ADMINISTRATIVE
    return administrative or isinstance(command, MoveFromCustody)


def _unknown_holder(safeguards: Safeguards, account: str, books: Books, context: Context) -> Refusal | None:
    """The Party itself needs no file on itself."""
    known: Any = books.record(ACCOUNT_RECORD, account)
    if known is None or known["holder"] == context.registry.party:
        return None
    file: Any = books.record(KYC, known["holder"])
    until = None if file is None else file["kyc_valid_until"]
    return known_well(safeguards, holder=known["holder"], valid_until=until, today=context.today)


def _too_early(
    command: Command, entry: Entry, safeguards: Safeguards, books: Books, context: Context
) -> Refusal | None:
    """What moves at once goes to a trusted account in working hours. Abroad and by an offer nothing can wait."""
    rule = safeguards.delay
    if rule is None or not isinstance(command, Transfer | ProposeTransfer | AcceptOffer):
        return None
    now = context.now_ms()
    for account, target, partner in _ways(command, entry):
        counts = trusted(books, account=account, target=target, now_ms=now, partner=partner)
        refusal = trusted_or_slow(safeguards, account=account, target=target, trusted=counts)
        if refusal is not None:
            return refusal
        due = due_at(rule, now_ms=now, trusted=counts)
        if due > now:
            return must_wait(safeguards, account=account, target=target, due_ms=due)
    return None


def _ways(command: Command, entry: Entry) -> Iterator[tuple[str, str, str | None]]:
    """From where to where: account, target, and the Party of a target abroad."""
    if isinstance(command, ProposeTransfer):
        yield command.source, command.target, command.partner
    else:
        yield from ((move.source, move.target, None) for move in entry.moves)
