"""Crediting periods: in their order, no longer than the table allows, renewed from the day after the last one ended.

Source: A6.4-STAN-AC-002 para. 83; A6.4-PROC-AC-002 paras. 231-233, 242.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from counterfoil.domain.activities.activity import CreditingPeriod
from counterfoil.domain.activities.cycle import LifeTable
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.stages import Clock, LifeAct

PERIODS_MAX: Final = 20
FIXED: Final = "_fixed"


class CreditingFault(StrEnum):
    PERIOD_BACKWARDS = "crediting.period_backwards"
    PERIODS_DISORDERED = "crediting.periods_disordered"
    TOO_MANY = "crediting.too_many"
    PERIOD_TOO_LONG = "crediting.period_too_long"
    NONE_TO_RENEW = "crediting.none_to_renew"
    NOT_ADJACENT = "crediting.not_adjacent"
    RENEWALS_SPENT = "crediting.renewals_spent"
    OUTSIDE_WINDOW = "crediting.outside_window"
    OUTSIDE_PERIODS = "crediting.outside_periods"
    ISSUANCE_TOO_LATE = "crediting.issuance_too_late"


def periods_refusal(activity: str, periods: Sequence[CreditingPeriod]) -> Refusal | None:
    """Refuses periods that run backwards, that share a day, or that stand out of their order."""
    if len(periods) > PERIODS_MAX:
        return Refusal(CreditingFault.TOO_MANY, {"activity": activity, "most": PERIODS_MAX})
    before: CreditingPeriod | None = None
    for period in periods:
        facts = {"activity": activity, **_days(period)}
        if period.first_day > period.last_day:
            return Refusal(CreditingFault.PERIOD_BACKWARDS, facts)
        if before is not None and period.first_day <= before.last_day:
            return Refusal(CreditingFault.PERIODS_DISORDERED, facts)
        before = period
    return None


def too_long(activity: str, kind: str, periods: Sequence[CreditingPeriod], table: LifeTable) -> Refusal | None:
    """Refuses a period that is longer than the table allows for the type of mitigation.

    A period longer than a renewable one may still be a fixed one, which is never renewed.
    """
    most = table.crediting_max.get(kind)
    fixed = table.crediting_max.get(f"{kind}{FIXED}")
    longest = [term for term in (most, fixed) if term is not None]
    for period in periods if longest else ():
        last = max(term.after(period.first_day) for term in longest) - timedelta(days=1)
        if period.last_day > last:
            facts = {"activity": activity, **_days(period), "latest": last.isoformat(), "provision": table.provision}
            return Refusal(CreditingFault.PERIOD_TOO_LONG, {**facts})
    return None


def renewed(
    activity: str, kind: str, periods: Sequence[CreditingPeriod], new: CreditingPeriod, *, table: LifeTable, on: date
) -> tuple[CreditingPeriod, ...] | Refusal:
    """The periods with one more, which begins the day after the last one ended, whenever that is decided.

    Args:
        kind: The type of mitigation.
        on: The day on which the renewal is asked for.
    """
    if not periods:
        return Refusal(CreditingFault.NONE_TO_RENEW, {"activity": activity})
    last, provision = periods[-1], table.provision
    facts: dict[str, JSON] = {"activity": activity, "ended": last.last_day.isoformat(), "provision": provision}
    if new.first_day != last.last_day + timedelta(days=1):
        return Refusal(CreditingFault.NOT_ADJACENT, {**facts, "first_day": new.first_day.isoformat()})
    if (refusal := _spent(kind, periods, table, facts)) is not None:
        return refusal
    early, late = table.within.get(Clock.RENEWAL_EARLY), table.within.get(Clock.RENEWAL_LATE)
    opens = date.min if early is None else early.before(last.last_day)
    closes = date.max if late is None else late.after(last.last_day)
    if not opens <= on <= closes:
        window = {"opens": opens.isoformat(), "closes": closes.isoformat()}
        return Refusal(CreditingFault.OUTSIDE_WINDOW, {**facts, **window})
    together = (*periods, new)
    return periods_refusal(activity, together) or too_long(activity, kind, together, table) or together


def _spent(kind: str, periods: Sequence[CreditingPeriod], table: LifeTable, facts: dict[str, JSON]) -> Refusal | None:
    renewable = table.crediting_max.get(kind)
    fixed = renewable is not None and any(period.last_day >= renewable.after(period.first_day) for period in periods)
    most = table.renewals_max.get(f"{kind}{FIXED}" if fixed else kind)
    if most is None or len(periods) <= most:
        return None
    return Refusal(CreditingFault.RENEWALS_SPENT, {**facts, "most": most})


def outside(activity: str, periods: Sequence[CreditingPeriod], first: date, last: date) -> Refusal | None:
    """Refuses a monitoring period that lies outside the crediting periods; it may reach over adjacent ones.

    An activity without crediting periods has no bounds.
    """
    if not periods or _covered(periods, first, last):
        return None
    facts = {"activity": activity, "first_day": first.isoformat(), "last_day": last.isoformat()}
    whole = ", ".join(f"{each.first_day.isoformat()}..{each.last_day.isoformat()}" for each in periods[-3:])
    return Refusal(CreditingFault.OUTSIDE_PERIODS, {**facts, "periods": whole})


def _covered(periods: Sequence[CreditingPeriod], first: date, last: date) -> bool:
    at = first
    for period in periods:
        if period.first_day <= at <= period.last_day:
            if last <= period.last_day:
                return True
            at = period.last_day + timedelta(days=1)
    return False


def too_late(activity: str, periods: Sequence[CreditingPeriod], table: LifeTable, on: date) -> Refusal | None:
    """Refuses issuance long after crediting ended. Source: A6.4-PROC-AC-002 para. 177."""
    term = table.within.get(Clock.ISSUANCE)
    if term is None or not periods or on <= (latest := term.after(periods[-1].last_day)):
        return None
    facts = {"activity": activity, "act": LifeAct.ISSUE.value, "provision": table.provision}
    return Refusal(CreditingFault.ISSUANCE_TOO_LATE, {**facts, "latest": latest.isoformat()})


def _days(period: CreditingPeriod) -> dict[str, JSON]:
    return {"first_day": period.first_day.isoformat(), "last_day": period.last_day.isoformat()}
