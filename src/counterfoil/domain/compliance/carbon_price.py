"""The carbon price that was paid at home for goods, as a border adjustment asks for it.

Money counts minor units of one currency, and is never converted. What falls on goods is rounded down, so a claim is
never larger than what was paid. Which of the three rules hold is the pack's to say.

Source: requirement R-EUR-04; Regulation (EU) 2023/956 art. 9(1).
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal

KG_PER_TONNE: Final = 1_000


class PriceCounts(StrEnum):
    """Which amount counts as the carbon price."""

    PAID = "effectively_paid"
    DUE = "due"


class Rebates(StrEnum):
    DEDUCTED = "deducted"
    KEPT = "kept"


class UnitsCount(StrEnum):
    """Whether the part of a charge that units covered counts as a carbon price."""

    NOT_PAID = "not_a_payment"
    AS_CHARGE = "as_charge"


class CarbonPriceFault(StrEnum):
    RULE_MISSING = "border.rule_missing"
    DUE_UNKNOWN = "border.due_unknown"


@dataclass(frozen=True, slots=True)
class BorderRules:
    counts: PriceCounts
    rebates: Rebates
    units: UnitsCount


@dataclass(frozen=True, slots=True)
class Charged:
    """One liability: what was due before units and after them (None where the law names no price), paid and rebated.

    `emissions_t` are the emissions of the year that the price was charged on, whole tonnes.
    """

    liability: str
    emissions_t: int
    before: int | None
    after: int | None
    paid: int
    rebates: int


def effective(charged: Charged, rules: BorderRules) -> int | Refusal:
    """The carbon price of one liability in minor units, never below zero.

    A payment above what was due counts as far as it was due. Refuses `due` where the law names no price.
    """
    due = charged.after
    if rules.counts is PriceCounts.DUE and due is None:
        return Refusal(CarbonPriceFault.DUE_UNKNOWN, {"liability": charged.liability})
    amount = charged.paid if due is None else min(charged.paid, due)
    if rules.counts is PriceCounts.DUE and due is not None:
        amount = due
    if rules.units is UnitsCount.AS_CHARGE and charged.before is not None and due is not None:
        amount += charged.before - due
    if rules.rebates is Rebates.DEDUCTED:
        amount -= charged.rebates
    return max(0, amount)


def per_tonne(amount: int, emissions_t: int) -> Fraction | None:
    """Minor units for each tonne emitted; None where nothing was emitted.

    >>> per_tonne(1_000, 300)
    Fraction(10, 3)
    """
    return Fraction(amount, emissions_t) if emissions_t > 0 else None


def for_goods(each: Fraction, embedded_kg: int) -> int:
    """What of a price per tonne falls on emissions embedded in goods, in minor units, rounded down.

    >>> for_goods(Fraction(10, 3), 2_999)
    9
    """
    due = each * embedded_kg / KG_PER_TONNE
    return due.numerator // due.denominator
