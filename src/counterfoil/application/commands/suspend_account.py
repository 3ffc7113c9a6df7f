"""Suspend an account and let it go on, close it, and move what stands in an authority's custody."""

from dataclasses import dataclass
from datetime import date

from counterfoil.application.command import Command, Context, Units, record, stored
from counterfoil.application.commands.open_account import holding_open
from counterfoil.application.commands.transfer import Transfer, transfer
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.people.account_state import (
    ACCOUNT_STATE,
    AccountState,
    AccountStateFault,
    Stand,
    may_give,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendAccount(Command):
    """Stop what leaves an account, with `incoming` also what comes, until its last day or until it is let go on."""

    account: str
    authority: str
    reason: str
    until: date | None = None
    incoming: bool = False


def suspend_account(command: SuspendAccount, books: Books, context: Context) -> Entry | Refusal:
    """An authority and a reason stand in the journal; a later suspension replaces an earlier one. Source: R-GOV-02."""
    refusal = holding_open(books, command.account) or _unreasoned(command.account, command.authority, command.reason)
    if refusal is not None:
        return refusal
    if command.until is not None and command.until < context.today:
        facts = {"account": command.account, "until": command.until.isoformat()}
        return Refusal(AccountStateFault.UNTIL_PAST, facts)
    known = state_of(books, command.account)
    if known is not None and known.stand in (Stand.CUSTODY, Stand.CLOSED):
        return may_give(known, context.today) or Refusal(AccountStateFault.CLOSED, {"account": command.account})
    state = AccountState(
        command.account,
        Stand.SUSPENDED,
        context.on,
        command.authority,
        command.reason,
        command.until,
        command.incoming,
    )
    return Entry(Act.ACCOUNT_SUSPENDED, context.on, records=(record(ACCOUNT_STATE, state.account, state),))


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeAccount(Command):
    """Let a suspended account go on, or give one back that stood in custody. A closed account stays closed."""

    account: str
    authority: str
    reason: str


def resume_account(command: ResumeAccount, books: Books, context: Context) -> Entry | Refusal:
    """Source: R-GOV-02."""
    refusal = holding_open(books, command.account) or _unreasoned(command.account, command.authority, command.reason)
    if refusal is not None:
        return refusal
    known = state_of(books, command.account)
    if known is None or known.stand not in (Stand.SUSPENDED, Stand.CUSTODY):
        return Refusal(AccountStateFault.NOT_SUSPENDED, {"account": command.account})
    state = AccountState(command.account, Stand.OPEN, context.on, command.authority, command.reason)
    return Entry(Act.ACCOUNT_RESUMED, context.on, records=(record(ACCOUNT_STATE, state.account, state),))


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAccount(Command):
    """Close an account whose holder leaves. What it still holds goes into the custody of the `authority` that is named.

    Holdings are transferred or cancelled before; without an authority an account that holds units is not closed.
    """

    account: str
    reason: str
    authority: str = ""


def close_account(command: CloseAccount, books: Books, context: Context) -> Entry | Refusal:
    """Looks at every block of the book: it is rare, and an index for it would cost each transfer. Source: R-GOV-02."""
    refusal = holding_open(books, command.account)
    if refusal is not None:
        return refusal
    if not command.reason.strip():
        return Refusal(AccountStateFault.REASON_MISSING, {"account": command.account})
    known = state_of(books, command.account)
    if known is not None and known.stand is Stand.CLOSED:
        return Refusal(AccountStateFault.CLOSED, {"account": command.account, "authority": "", "reason": known.reason})
    held = _held(books, command.account)
    if held is not None and not command.authority.strip():
        return Refusal(AccountStateFault.HOLDS_UNITS, {"account": command.account, "unit_class": held})
    stand = Stand.CLOSED if held is None else Stand.CUSTODY
    state = AccountState(command.account, stand, context.on, command.authority, command.reason)
    records = (record(ACCOUNT_STATE, state.account, state),)
    return Entry(Act.ACCOUNT_CLOSED, context.on, records=records, details={"stand": stand.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveFromCustody(Command):
    """Move units of an account that is suspended or in custody, by decision of an authority."""

    units: Units
    source: str
    target: str
    authority: str
    reason: str


def move_from_custody(command: MoveFromCustody, books: Books, context: Context) -> Entry | Refusal:
    """All that a transfer asks for but the holder's will. Source: R-GOV-02; 2/CMA.3 annex para. 29."""
    entry = transfer(Transfer(units=command.units, source=command.source, target=command.target), books, context)
    if isinstance(entry, Refusal):
        return entry
    refusal = _unreasoned(command.source, command.authority, command.reason)
    if refusal is not None:
        return refusal
    if may_give(state_of(books, command.source), context.today) is None:
        return Refusal(AccountStateFault.NOT_IN_CUSTODY, {"account": command.source})
    return entry._replace(details={"authority": command.authority, "reason": command.reason})


def state_of(books: Books, account: str) -> AccountState | None:
    """What was last decided about an account; None for one about which nothing was."""
    return stored(books, ACCOUNT_STATE, account, AccountState)


def _unreasoned(account: str, authority: str, reason: str) -> Refusal | None:
    if authority.strip() and reason.strip():
        return None
    return Refusal(AccountStateFault.REASON_MISSING, {"account": account})


def _held(books: Books, account: str) -> str | None:
    """A class of which the account holds units, or None."""
    number = books.accounts.find(account)
    if number is None:
        return None
    return next((books.classes.texts[of] for of, block in books.blocks if block.account == number), None)
