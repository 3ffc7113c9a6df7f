"""Results-based payments: money for verified tonnes, without any unit or claim for whoever pays.

A tonne is paid for as a result or becomes a unit, never both. What was verified for a year is one amount: units issued
and tonnes paid for are both taken from it, so a later sale covers additional, separate tonnes only.

Read before: `domain/mrv/verification.py`. Source: requirements R-INT-10, R-NOR-14, R-WBK-15.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import NAME, ActivityId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.mrv.verification import Verification, VerificationFault, VintageQuantity, quantity_of

RESULTS_PAYMENT: Final = "results_payment"
RESULTS_PAID: Final = "results_paid"
"""By verification: the tonnes of each vintage that were paid for."""
RESULTS_YEARS: Final = "results_years"
"""By activity: the years for which results of it, or of the area that it lies in, were paid for."""
COVERED_MAX: Final = 100
VINTAGES_MAX: Final = 50
TEXT_MAX: Final = 300


class ResultsFault(StrEnum):
    ID_UNREADABLE = "results.id_unreadable"
    ALREADY_RECORDED = "results.already_recorded"
    TEXT_UNCLEAR = "results.text_unclear"
    TOO_MANY = "results.too_many"
    NOT_SEPARATE = "results.not_separate"
    AREA_ISSUED = "results.area_issued"
    AREA_PAID = "results.area_paid"
    NOTHING_ADDITIONAL = "results.nothing_additional"
    TONNES_PAID = "results.tonnes_paid"


@dataclass(frozen=True, slots=True)
class ResultsPayment:
    """Tonnes of one verification, by vintage, that `payer` paid for under `programme`; the payer claims none of them.

    `covers` names other activities in the area that was measured: their outcomes of these years are in the amount.
    """

    id: str
    verification: str
    activity: ActivityId
    paid: tuple[VintageQuantity, ...]
    payer: str
    programme: str
    source: str
    recorded_on: date
    covers: tuple[ActivityId, ...] = ()


@dataclass(frozen=True, slots=True)
class PaidYears:
    """Years with payments for an activity: `measured` for its own results, `covered` for those of a wider area."""

    measured: tuple[int, ...] = ()
    covered: tuple[int, ...] = ()


def readable_payment(payment: ResultsPayment) -> Refusal | None:
    """Whether a payment has a usable name, says who paid under what, and is bounded."""
    if not NAME.match(payment.id):
        return Refusal(ResultsFault.ID_UNREADABLE, {"payment": payment.id[:80]})
    facts: dict[str, JSON] = {"payment": payment.id}
    if len(payment.covers) > COVERED_MAX or not 1 <= len(payment.paid) <= VINTAGES_MAX:
        return Refusal(ResultsFault.TOO_MANY, {**facts, "vintages_max": VINTAGES_MAX, "covered_max": COVERED_MAX})
    if not all(0 < len(text) <= TEXT_MAX for text in (payment.payer, payment.programme, payment.source)):
        return Refusal(ResultsFault.TEXT_UNCLEAR, {**facts, "text_max": TEXT_MAX})
    seen: set[int] = set()
    for each in payment.paid:
        known: dict[str, JSON] = {"monitoring": payment.verification, "vintage": each.vintage}
        if each.quantity <= 0:
            return Refusal(VerificationFault.QUANTITY_NOT_POSITIVE, known)
        if each.vintage in seen:
            return Refusal(VerificationFault.VINTAGE_TWICE, known)
        seen.add(each.vintage)
    return None


def payable(
    payment: ResultsPayment, verification: Verification, paid_before: Sequence[VintageQuantity]
) -> Refusal | None:
    """Whether the tonnes are there: verified, not issued as units, and not paid for before."""
    for each in payment.paid:
        verified = quantity_of(verification.verified, each.vintage)
        issued = quantity_of(verification.issued, each.vintage)
        paid = quantity_of(tuple(paid_before), each.vintage)
        if each.quantity > verified - issued - paid:
            facts: dict[str, JSON] = {"payment": payment.id, "vintage": each.vintage, "asked": each.quantity}
            found: dict[str, JSON] = {"verified": verified, "issued": issued, "paid": paid}
            return Refusal(ResultsFault.NOT_SEPARATE, {**facts, **found})
    return None


def additional(verification: Verification, paid: Sequence[VintageQuantity], *, vintage: int) -> int:
    """The tonnes of a vintage that no payment took, issued ones included.

    >>> from counterfoil.domain.kernel.ids import ActivityId
    >>> verified = (VintageQuantity(2023, 600),)
    >>> one = Verification("V", "M", ActivityId("A"), "X", verified, "")
    >>> additional(one, [VintageQuantity(2023, 200)], vintage=2023)
    400
    """
    return quantity_of(verification.verified, vintage) - quantity_of(tuple(paid), vintage)


def issuable_beside(
    verification: Verification, paid: Sequence[VintageQuantity], *, vintage: int, quantity: int
) -> Refusal | None:
    """Whether so much may still be issued beside what was paid for."""
    gone = quantity_of(tuple(paid), vintage)
    left = additional(verification, paid, vintage=vintage) - quantity_of(verification.issued, vintage)
    if gone and quantity > left:
        facts: dict[str, JSON] = {"verification": verification.id, "vintage": vintage}
        return Refusal(ResultsFault.TONNES_PAID, {**facts, "paid": gone, "left": left, "asked": quantity})
    return None


def summed(before: Sequence[VintageQuantity], more: Sequence[VintageQuantity]) -> tuple[VintageQuantity, ...]:
    """Both amounts together, in the order of the vintages."""
    vintages = sorted({each.vintage for each in (*before, *more)})
    both = (*before, *more)
    return tuple(VintageQuantity(vintage, quantity_of(both, vintage)) for vintage in vintages)
