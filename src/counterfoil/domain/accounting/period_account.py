"""How a Party accounts in one NDC period: its one method, locked; open, then frozen.

The method is declared once and kept for the whole period. When the figures of a period become final the account is
frozen, with day and reason; from then on only corrections move it.

Source: 2/CMA.3 annex paras. 7, 12, 18(c); rulebook 3.4-3.5.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from counterfoil.domain.accounting.emissions_balance import IndicativeBasis, Method
from counterfoil.domain.accounting.figure import Figure, Unavailable
from counterfoil.domain.accounting.ndc import Ndc, NdcKind
from counterfoil.domain.kernel.period import YearSpan
from counterfoil.domain.kernel.refusal import Refusal

PERIOD_ACCOUNT: Final = "period_account"

METHODS: Final = {
    NdcKind.SINGLE_YEAR: frozenset({Method.TRAJECTORY, Method.AVERAGING}),
    NdcKind.MULTI_YEAR: frozenset({Method.MULTI_YEAR}),
}
"""Which methods an NDC of either kind may choose. Source: 2/CMA.3 annex para. 7(a)-(b)."""


class MethodFault(StrEnum):
    NDC_UNKNOWN = "method.ndc_unknown"
    LOCKED = "method.locked"
    NOT_FOR_KIND = "method.not_for_kind"
    PATH_INCOMPLETE = "method.path_incomplete"
    PATH_NOT_ASKED = "method.path_not_asked"
    NOT_CHOSEN = "method.not_chosen"


class PeriodFault(StrEnum):
    FROZEN = "period.frozen"
    NOT_OVER = "period.not_over"
    REASON_MISSING = "period.reason_missing"
    TRANSFER_PENDING = "period.transfer_pending"


class AccountState(StrEnum):
    OPEN = "open"
    FROZEN = "frozen"


@dataclass(frozen=True, slots=True)
class YearLevel:
    """The level of one year, in t CO2 eq."""

    year: int
    level: int


@dataclass(frozen=True, slots=True)
class PeriodAccount:
    """The account of one NDC period. `path` is the trajectory or budget, year by year; averaging has none."""

    first: int
    last: int
    method: Method
    locked_on: date
    path: tuple[YearLevel, ...] = ()
    basis: IndicativeBasis = IndicativeBasis.RESTATED
    declared_in: str = ""
    state: AccountState = AccountState.OPEN
    frozen_on: date | None = None
    freeze_reason: str = ""
    assumed: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return period_key(self.first, self.last)

    @property
    def period(self) -> YearSpan:
        return YearSpan(self.first, self.last)

    def level(self, year: int) -> Figure:
        """The path's level of a year."""
        return next((Fraction(at.level) for at in self.path if at.year == year), Unavailable.PATH_MISSING)


def period_key(first: int, last: int) -> str:
    """The key of a period's records, such as `2021-2030`."""
    return f"{first}-{last}"


def chosen(account: PeriodAccount, *, ndc: Ndc | None, known: PeriodAccount | None) -> PeriodAccount | Refusal:
    """Lock the method for the period. Checked in this order: the NDC, the lock, the kind, the path.

    A trajectory or budget names every year of the period; averaging has no path of its own.

    Source: 2/CMA.3 annex paras. 7, 18(c).
    """
    facts = {"period": account.key, "method": account.method.value}
    if ndc is None:
        return Refusal(MethodFault.NDC_UNKNOWN, facts)
    if known is not None:
        return Refusal(MethodFault.LOCKED, {**facts, "known": known.method.value, "on": known.locked_on.isoformat()})
    if account.method not in METHODS[ndc.kind]:
        return Refusal(MethodFault.NOT_FOR_KIND, {**facts, "kind": ndc.kind.value})
    years = [at.year for at in account.path]
    if account.method is Method.AVERAGING:
        return Refusal(MethodFault.PATH_NOT_ASKED, facts) if years else account
    if years != list(account.period.years()):
        return Refusal(MethodFault.PATH_INCOMPLETE, {**facts, "first": account.first, "last": account.last})
    return account


def frozen(account: PeriodAccount, *, on: date, reason: str, pending: Sequence[str] = ()) -> PeriodAccount | Refusal:
    """Close the account: its additions and subtractions are final.

    Args:
        pending: Transfers of the period's vintages that are still on their way; they must end first.

    Source: 2/CMA.3 annex para. 12; the exact day was left to a later decision, so it is the Party's, with a reason.
    """
    facts = {"period": account.key}
    if account.state is AccountState.FROZEN:
        return Refusal(PeriodFault.FROZEN, {**facts, "year": account.last, "on": f"{account.frozen_on}"})
    if not reason.strip():
        return Refusal(PeriodFault.REASON_MISSING, facts)
    if on.year <= account.last:
        return Refusal(PeriodFault.NOT_OVER, {**facts, "last": account.last, "on": on.isoformat()})
    if pending:
        return Refusal(PeriodFault.TRANSFER_PENDING, {**facts, "units": ", ".join(pending[:3])})
    return replace(account, state=AccountState.FROZEN, frozen_on=on, freeze_reason=reason)


def admits(account: PeriodAccount | None, year: int) -> Refusal | None:
    """Whether an addition or subtraction may still be made for a year. Corrections are not asked.

    Source: 2/CMA.3 annex para. 12.
    """
    if account is None or account.state is AccountState.OPEN or year not in account.period:
        return None
    return Refusal(PeriodFault.FROZEN, {"period": account.key, "year": year, "on": f"{account.frozen_on}"})
