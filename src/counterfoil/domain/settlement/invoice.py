"""An invoice for the fees of an act: numbered without a gap in its year, in minor units of one currency.

Nothing here pays: payment, waiver and refund are recorded as they are told. What is paid or waived counts for the act
and the thing that the invoice names, until an act of that kind has used it up.

Source: requirements R-A64-12, R-C30-05; ADR-0024.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import unfit
from counterfoil.domain.kernel.refusal import Refusal

INVOICE: Final = "invoice"
INVOICE_YEAR: Final = "invoice_year"
"""The number of the latest invoice of a year."""
FEE_SETTLED: Final = "fee_settled"
"""What was paid or waived for an act on a thing and is not used up yet: minor units by rule."""
DAYS_MAX: Final = 366
TEXT_MAX: Final = 300


class InvoiceFault(StrEnum):
    NO_LAW = "invoice.no_law"
    NO_FEE = "invoice.no_fee"
    UNCLEAR = "invoice.unclear"
    UNKNOWN = "invoice.unknown"
    STATE_DIFFERS = "invoice.state_differs"
    AMOUNT_DIFFERS = "invoice.amount_differs"


class InvoiceState(StrEnum):
    OPEN = "open"
    PAID = "paid"
    WAIVED = "waived"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One fee: the rule and the provision that ask for it, and its amount in minor units."""

    rule: str
    pack: str
    provision: str
    amount: int
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Invoice:
    """`act` is the act of the law that the fees are for, `subject` what it is about, such as `activity:BUSES`.

    `reference` names the payment or the refund in the books of whoever received it.
    """

    number: str
    act: str
    subject: str
    payer: str
    currency: str
    lines: tuple[FeeLine, ...]
    issued_on: date
    due_on: date
    quantity_t: int | None = None
    state: InvoiceState = InvoiceState.OPEN
    ended_on: date | None = None
    reference: str = ""
    authority: str = ""
    reason: str = ""

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)


def invoice_number(year: int, count: int) -> str:
    """The number of the invoice that is the `count`th of its year.

    >>> invoice_number(2026, 7)
    '2026-000007'
    """
    return f"{year}-{count:06}"


def settled_key(act: str, subject: str) -> str:
    """Where the books keep what is settled for an act on a thing."""
    return f"{act}|{subject}"


def readable_invoice(invoice: Invoice) -> Refusal | None:
    """Whether an invoice says who pays for what, and is due within a year.

    What is settled is kept under its subject, so a subject that can be no key is refused before anything is paid.
    """
    days = (invoice.due_on - invoice.issued_on).days
    texts = (invoice.payer, invoice.subject)
    if 0 <= days <= DAYS_MAX and all(0 < len(text.strip()) <= TEXT_MAX for text in texts):
        return unfit("subject", settled_key(invoice.act, invoice.subject))
    return Refusal(InvoiceFault.UNCLEAR, {"days_max": DAYS_MAX, "text_max": TEXT_MAX})


def paid(invoice: Invoice, *, amount: int, reference: str, on: date) -> Invoice | Refusal:
    """The invoice after it was paid, whole and once; the reference says where the money is found."""
    refusal = _in_state(invoice, InvoiceState.OPEN) or _whole(invoice, amount) or _unsaid(reference)
    return refusal or replace(invoice, state=InvoiceState.PAID, ended_on=on, reference=reference.strip())


def waived(invoice: Invoice, *, authority: str, reason: str, on: date) -> Invoice | Refusal:
    """The invoice after an authority let its payer off, for a reason."""
    refusal = _in_state(invoice, InvoiceState.OPEN) or _unsaid(authority, reason)
    return refusal or replace(
        invoice, state=InvoiceState.WAIVED, ended_on=on, authority=authority.strip(), reason=reason.strip()
    )


def refunded(invoice: Invoice, *, amount: int, reference: str, reason: str, on: date) -> Invoice | Refusal:
    """The invoice after what was paid was given back, whole."""
    refusal = _in_state(invoice, InvoiceState.PAID) or _whole(invoice, amount) or _unsaid(reference, reason)
    return refusal or replace(
        invoice, state=InvoiceState.REFUNDED, ended_on=on, reference=reference.strip(), reason=reason.strip()
    )


def settled(before: Mapping[str, int], invoice: Invoice) -> dict[str, int]:
    """What is settled by rule once an invoice is paid or waived; what a refund takes back is never below nought."""
    sign = -1 if invoice.state is InvoiceState.REFUNDED else 1
    after = dict(before)
    for line in invoice.lines:
        after[line.rule] = max(0, after.get(line.rule, 0) + sign * line.amount)
    return after


def used_up(before: Mapping[str, int], due: Mapping[str, int]) -> dict[str, int]:
    """What is left after an act used what was due for it."""
    return {rule: amount - due.get(rule, 0) for rule, amount in before.items()}


def _unsaid(*texts: str) -> Refusal | None:
    if all(0 < len(text.strip()) <= TEXT_MAX for text in texts):
        return None
    return Refusal(InvoiceFault.UNCLEAR, {"days_max": DAYS_MAX, "text_max": TEXT_MAX})


def _in_state(invoice: Invoice, state: InvoiceState) -> Refusal | None:
    if invoice.state is state:
        return None
    facts: dict[str, JSON] = {"invoice": invoice.number, "state": invoice.state.value, "needed": state.value}
    return Refusal(InvoiceFault.STATE_DIFFERS, facts)


def _whole(invoice: Invoice, amount: int) -> Refusal | None:
    if amount == invoice.total:
        return None
    facts: dict[str, JSON] = {"invoice": invoice.number, "amount": amount, "total": invoice.total}
    return Refusal(InvoiceFault.AMOUNT_DIFFERS, {**facts, "currency": invoice.currency})
