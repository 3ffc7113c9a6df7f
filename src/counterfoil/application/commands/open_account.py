"""Open a holding account."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from counterfoil.application.command import Command, Context, later, record
from counterfoil.domain.kernel.ids import ACCOUNT, Party
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountFault, AccountRole, role
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry

ACCOUNT_RECORD: Final = "account"


@dataclass(frozen=True, slots=True)
class HoldingAccount:
    """An account that a Party or an entity authorized by exactly one Party holds."""

    code: str
    holder: str
    party: Party
    opened_on: date
    name: str = ""


@dataclass(frozen=True, slots=True)
class AuthorizedAccount(HoldingAccount):
    """An account whose holder showed the Parties that authorized it.

    A form of its own, so that the record of any other account, and what was printed of it, stays what it was.
    """

    authorized_by: tuple[Party, ...] = ()


def account_of(value: Any) -> HoldingAccount:
    """The account that a record holds, in the form in which it was recorded."""
    return from_json(AuthorizedAccount if "authorized_by" in value else HoldingAccount, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAccount(Command):
    """Open an account such as `tha:energy-absolute` for a holder under a Party (left out: this registry's).

    `authorized_by` names the Parties that authorized a foreign holder; some laws ask for exactly one.
    """

    account: str
    holder: str
    party: Party | None = None
    name: str = ""
    authorized_by: tuple[Party, ...] = later(())


def open_account(command: OpenAccount, books: Books, context: Context) -> Entry | Refusal:
    """Refuses codes that are reserved for the chart of accounts. Source: 2/CMA.3 annex para. 29."""
    facts = {"account": command.account[:120]}
    if not ACCOUNT.match(command.account):
        return Refusal(AccountFault.CODE_UNREADABLE, facts)
    if role(command.account) is not AccountRole.HOLDING:
        return Refusal(AccountFault.CODE_RESERVED, facts)
    if books.record(ACCOUNT_RECORD, command.account) is not None:
        return Refusal(AccountFault.ALREADY_OPEN, facts)
    party = command.party or context.registry.party
    account = HoldingAccount(command.account, command.holder, party, context.on, command.name)
    if command.authorized_by:
        parties = tuple(sorted(set(command.authorized_by)))
        account = AuthorizedAccount(command.account, command.holder, party, context.on, command.name, parties)
    return Entry(Act.ACCOUNT_OPENED, context.on, records=(record(ACCOUNT_RECORD, command.account, account),))


def holding_open(books: Books, account: str) -> Refusal | None:
    """Refuses an account that is not an open holding."""
    if books.record(ACCOUNT_RECORD, account) is not None:
        return None  # only holdings are opened
    fault = AccountFault.UNKNOWN if role(account) is AccountRole.HOLDING else AccountFault.NOT_A_HOLDING
    return Refusal(fault, {"account": account[:120]})


def under_one_party(books: Books, account: str, *, party: str) -> Refusal | None:
    """Refuses an open account of another Party: an ITMO that enters it has crossed a border, which is no domestic act.

    Source: 2/CMA.3 annex para. 2(a); A6.4-PROC-REGS-001 para. 51(b), adopted here.
    """
    known = books.record(ACCOUNT_RECORD, account)
    if known is not None and known["party"] != party:
        return Refusal(AccountFault.OTHER_PARTY, {"account": account[:120], "found": known["party"], "party": party})
    return None
