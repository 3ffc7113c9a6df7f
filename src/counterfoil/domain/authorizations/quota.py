"""A quota of export: the most that a nation, a sector or an enterprise may have authorized for one year.

A quota may lie within a parent: what the children are given and what letters draw never exceeds it together. What
bounds it from above (a surplus, a benchmark) is the law's to say; the ledger counts.

Source: requirement R-IDN-16.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import NAME
from counterfoil.domain.kernel.refusal import Refusal

QUOTA: Final = "quota"
DRAWN: Final = "quota_drawn"
"""By authorization: the quota that it draws on, and how much."""
WORD_MAX: Final = 80
YEAR_MIN, YEAR_MAX = 2021, 9999
QUANTITY_MAX: Final = 10**15


class QuotaFault(StrEnum):
    ID_UNREADABLE = "quota.id_unreadable"
    CONTENT_UNREADABLE = "quota.content_unreadable"
    CONTENT_DIFFERS = "quota.content_differs"
    UNKNOWN = "quota.unknown"
    ABOVE_PARENT = "quota.above_parent"
    BELOW_USE = "quota.below_use"
    LAPSED = "quota.lapsed"
    QUANTITY_MISSING = "quota.quantity_missing"
    EXCEEDED = "quota.exceeded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """A quota in whole tonnes. `allocated_t` went to quotas below it, `drawn_t` to authorizations."""

    id: str
    level: str
    year: int
    quantity_t: int
    last_day: date
    holder: str = ""
    parent: str | None = None
    allocated_t: int = 0
    drawn_t: int = 0
    document: str | None = None
    assumed: tuple[str, ...] = ()

    @property
    def used_t(self) -> int:
        return self.allocated_t + self.drawn_t

    @property
    def left_t(self) -> int:
        return self.quantity_t - self.used_t


@dataclass(frozen=True, slots=True)
class Draft:
    """What an authorization takes of a quota, whole tonnes."""

    quota: str
    quantity_t: int


def settable(quota: Quota, *, known: Quota | None, parent: Quota | None) -> Refusal | None:
    """Whether a quota may stand: readable, the same thing as before, within its parent, and not below its use."""
    facts = {"quota": quota.id[:WORD_MAX]}
    if not NAME.match(quota.id):
        return Refusal(QuotaFault.ID_UNREADABLE, facts)
    words = 0 < len(quota.level) <= WORD_MAX and len(quota.holder) <= WORD_MAX
    numbers = YEAR_MIN <= quota.year <= YEAR_MAX and 0 <= quota.quantity_t <= QUANTITY_MAX
    if not (words and numbers):
        return Refusal(QuotaFault.CONTENT_UNREADABLE, facts)
    if quota.parent is not None and (parent is None or parent.year != quota.year):
        return Refusal(QuotaFault.UNKNOWN, {"quota": quota.parent[:WORD_MAX]})
    if known is not None and _place(known) != _place(quota):
        return Refusal(QuotaFault.CONTENT_DIFFERS, facts)
    if quota.quantity_t < quota.used_t:
        return Refusal(QuotaFault.BELOW_USE, {**facts, "quantity_t": quota.quantity_t, "used_t": quota.used_t})
    more = quota.quantity_t - (0 if known is None else known.quantity_t)
    if parent is not None and more > parent.left_t:
        left = parent.left_t + quota.quantity_t - more
        return Refusal(
            QuotaFault.ABOVE_PARENT,
            {**facts, "quantity_t": quota.quantity_t, "parent": parent.id, "left_t": left},
        )
    return None


def _place(quota: Quota) -> tuple[str, int, str, str | None]:
    return quota.level, quota.year, quota.holder, quota.parent


def drawable(quota: Quota, quantity_t: int | None, *, before_t: int = 0, on: date) -> Refusal | None:
    """Whether an authorization may take a quantity instead of what it took before.

    A quota of a year gives nothing after its last day; what was taken before may be kept or lessened.
    """
    facts = {"quota": quota.id}
    if quantity_t is None:
        return Refusal(QuotaFault.QUANTITY_MISSING, facts)
    if quantity_t > before_t and on > quota.last_day:
        return Refusal(QuotaFault.LAPSED, {**facts, "last_day": quota.last_day.isoformat()})
    left = quota.left_t + before_t
    if quantity_t > left:
        return Refusal(QuotaFault.EXCEEDED, {**facts, "quantity_t": quantity_t, "left_t": left})
    return None
