"""Choose the method of an NDC period, once, and close the period's account at its end."""

from dataclasses import dataclass

from counterfoil.application.command import Command, Context, Registry, record, stored
from counterfoil.domain.accounting.emissions_balance import IndicativeBasis, Method
from counterfoil.domain.accounting.ndc import NDC_RECORD, Ndc
from counterfoil.domain.accounting.period_account import (
    PERIOD_ACCOUNT,
    MethodFault,
    PeriodAccount,
    YearLevel,
    admits,
    chosen,
    frozen,
    period_key,
)
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.units.identifier import UnitClass, unit_class


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseMethod(Command):
    """Choose how adjustments are applied in the NDC period from `first` to `last`. It is locked from then on.

    `path` is the indicative trajectory or the budget, in t CO2 eq for every year of the period; averaging has none.
    `declared_in` names the initial report that says so.
    """

    first: int
    last: int
    method: Method
    path: tuple[YearLevel, ...] = ()
    basis: IndicativeBasis = IndicativeBasis.RESTATED
    declared_in: str = ""


def choose_method(command: ChooseMethod, books: Books, context: Context) -> Entry | Refusal:
    """Source: 2/CMA.3 annex paras. 7, 18(c)."""
    key = period_key(command.first, command.last)
    account = chosen(
        PeriodAccount(
            command.first,
            command.last,
            command.method,
            context.on,
            command.path,
            command.basis,
            command.declared_in,
            assumed=command.assumed,
        ),
        ndc=stored(books, NDC_RECORD, key, Ndc),
        known=stored(books, PERIOD_ACCOUNT, key, PeriodAccount),
    )
    if isinstance(account, Refusal):
        return account
    return Entry(
        Act.METHOD_CHOSEN,
        context.on,
        records=(record(PERIOD_ACCOUNT, key, account),),
        details={"period": key, "method": command.method.value},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezePeriod(Command):
    """Close the account of an NDC period that is over: its additions and subtractions are final."""

    first: int
    last: int
    reason: str


def freeze_period(command: FreezePeriod, books: Books, context: Context) -> Entry | Refusal:
    """From then on no first transfer of the period's vintages and no use for its years; corrections remain.

    Source: 2/CMA.3 annex para. 12.
    """
    key = period_key(command.first, command.last)
    known = stored(books, PERIOD_ACCOUNT, key, PeriodAccount)
    if known is None:
        return Refusal(MethodFault.NOT_CHOSEN, {"period": key})
    closed = frozen(known, on=context.on, reason=command.reason, pending=_pending(books, context.registry, known))
    if isinstance(closed, Refusal):
        return closed
    return Entry(
        Act.PERIOD_FROZEN,
        context.on,
        records=(record(PERIOD_ACCOUNT, key, closed),),
        details={"period": key, "reason": command.reason},
    )


def _pending(books: Books, registry: Registry, account: PeriodAccount) -> list[str]:
    """Own units of the period's vintages that are on their way to another Party: their first transfer may yet come."""
    found: list[str] = []
    for holding in books.all_holdings():
        if role(holding.account) is AccountRole.PENDING:
            of = unit_class(holding.unit_class)
            assert isinstance(of, UnitClass)
            if of.party == registry.party and of.vintage is not None and of.vintage in account.period:
                found.append(f"{holding.unit_class} {holding.serials}")
    return found


def open_for(books: Books, registry: Registry, year: int) -> Refusal | None:
    """Refuses an addition or subtraction for a year whose account is frozen."""
    period = registry.period_of(year)
    if period is None:
        return None
    return admits(stored(books, PERIOD_ACCOUNT, period_key(period.first, period.last), PeriodAccount), year)
