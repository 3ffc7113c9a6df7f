"""Enter an account in another one's trusted list, and take it out again."""

from dataclasses import dataclass

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.application.commands.open_account import holding_open
from counterfoil.domain.kernel.ids import PARTY, Party, unfit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountFault
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.people.safeguards import Safeguards
from counterfoil.domain.people.trusted_list import TRUSTED, TrustedList, listed_as, with_trusted, without_trusted
from counterfoil.domain.people.working_hours import HOUR_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustAccount(Command):
    """Enter `trusted` in the list of an account. It counts after the delay that the law sets, or at once without one.

    An account in a partner's registry is named with its Party as `partner`.
    """

    account: str
    trusted: str
    partner: Party | None = None


def trust_account(command: TrustAccount, books: Books, context: Context) -> Entry | Refusal:
    """An account of this registry must be open. Source: requirement R-GOV-02."""
    refusal = holding_open(books, command.account) or _unknown(command, books)
    if refusal is not None:
        return refusal
    rule = context.safeguards.delay if isinstance(context.safeguards, Safeguards) else None
    wait_ms = 0 if rule is None else rule.activation_hours * HOUR_MS
    target = listed_as(command.trusted, command.partner)
    after = with_trusted(list_of(books, command.account), target, from_ms=context.now_ms() + wait_ms)
    if isinstance(after, Refusal):
        return after
    details = {"trusted": target, "usable_from": after.usable_from[target]}
    return Entry(
        Act.ACCOUNT_TRUSTED, context.on, records=(record(TRUSTED, command.account, after),), details={**details}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrustAccount(Command):
    """Take an account out of a trusted list, at once."""

    account: str
    trusted: str
    partner: Party | None = None


def distrust_account(command: DistrustAccount, books: Books, context: Context) -> Entry | Refusal:
    """What was asked for before, and waits, keeps its moment: it is aborted by itself. Source: R-GOV-02."""
    after = without_trusted(list_of(books, command.account), listed_as(command.trusted, command.partner))
    if isinstance(after, Refusal):
        return after
    details = {"trusted": listed_as(command.trusted, command.partner)}
    return Entry(
        Act.ACCOUNT_DISTRUSTED, context.on, records=(record(TRUSTED, command.account, after),), details={**details}
    )


def list_of(books: Books, account: str) -> TrustedList:
    """The trusted list of an account, empty where none was begun."""
    return stored(books, TRUSTED, account, TrustedList) or TrustedList(account)


def _unknown(command: TrustAccount, books: Books) -> Refusal | None:
    if command.partner is None:
        return holding_open(books, command.trusted)
    if not PARTY.match(command.partner):
        return Refusal(AccountFault.CODE_UNREADABLE, {"account": listed_as(command.trusted, command.partner)[:120]})
    return unfit("trusted", command.trusted)
