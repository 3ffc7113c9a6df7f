"""Raise an invoice for the fees that the law asks for an act, and record that it was paid, waived or refunded."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.application.fee_lines import fee_lines
from counterfoil.domain.activities.activity import ACTIVITY, Activity
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.policy.law import Law
from counterfoil.domain.settlement.invoice import (
    FEE_SETTLED,
    INVOICE,
    INVOICE_YEAR,
    Invoice,
    InvoiceFault,
    InvoiceState,
    invoice_number,
    paid,
    readable_invoice,
    refunded,
    settled,
    settled_key,
    waived,
)

_ACTIVITY: Final = "activity:"


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseInvoice(Command):
    """Raise an invoice over the fees in one currency that the adopted law asks for an act.

    `act` is a word of the law, such as `issue`; `subject` what the act will be about, such as `activity:BUSES` or
    `authorization:LOA-1`. `quantity_t` is needed for fees by the tonne.
    """

    act: str
    subject: str
    payer: str
    currency: str
    due_on: date
    quantity_t: int | None = None


def raise_invoice(command: RaiseInvoice, books: Books, context: Context) -> Entry | Refusal:
    """The amounts are the law's own of the day; nobody types them in. Source: R-A64-12; ADR-0024."""
    law = context.law
    if not isinstance(law, Law):
        return Refusal(InvoiceFault.NO_LAW, {"subject": command.subject[:80]})
    lines = fee_lines(law, command.act, _facts(command, books), currency=command.currency, on=context.on)
    if isinstance(lines, Refusal):
        return lines
    year = str(context.on.year)
    count = int(books.record(INVOICE_YEAR, year) or 0) + 1
    invoice = Invoice(
        invoice_number(context.on.year, count),
        command.act,
        command.subject,
        command.payer,
        command.currency,
        lines,
        context.on,
        command.due_on,
        command.quantity_t,
    )
    refusal = readable_invoice(invoice)
    if refusal is not None:
        return refusal
    if not lines:
        return Refusal(InvoiceFault.NO_FEE, {"act": command.act, "currency": command.currency[:20], "pack": law.pack})
    records = (record(INVOICE, invoice.number, invoice), Record(INVOICE_YEAR, year, count))
    return Entry(Act.INVOICE_RAISED, context.on, records=records, details=_told(invoice))


def _facts(command: RaiseInvoice, books: Books) -> dict[str, Any]:
    """What the register knows of the subject, then what the command answers."""
    known: dict[str, Any] = {}
    if command.subject.startswith(_ACTIVITY):
        activity = stored(books, ACTIVITY, command.subject.removeprefix(_ACTIVITY), Activity)
        known = {} if activity is None else _said_of(activity)
    facts = {**known.pop("answers", {}), **command.answers, **known}
    return facts if command.quantity_t is None else {**facts, "quantity_t": command.quantity_t}


def _said_of(activity: Activity) -> dict[str, Any]:
    named = {name: getattr(activity, name) for name in ("sector", "activity_type", "standard", "methodology")}
    return {"answers": dict(activity.answers), **{name: value for name, value in named.items() if value}}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPayment(Command):
    """Record that an invoice was paid, whole. `amount` counts minor units; `reference` is the receiver's own."""

    invoice: str
    amount: int
    reference: str


def record_payment(command: RecordPayment, books: Books, context: Context) -> Entry | Refusal:
    """Source: R-C30-05."""
    known = _known(command.invoice, books)
    if isinstance(known, Refusal):
        return known
    after = paid(known, amount=command.amount, reference=command.reference, on=context.on)
    return after if isinstance(after, Refusal) else _ended(Act.INVOICE_PAID, after, books, context)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveInvoice(Command):
    """Let the payer of an invoice off, by an authority, for a public reason."""

    invoice: str
    authority: str
    reason: str


def waive_invoice(command: WaiveInvoice, books: Books, context: Context) -> Entry | Refusal:
    """What is waived counts as settled. Source: R-A64-12 (fees waived for some hosts)."""
    known = _known(command.invoice, books)
    if isinstance(known, Refusal):
        return known
    after = waived(known, authority=command.authority, reason=command.reason, on=context.on)
    return after if isinstance(after, Refusal) else _ended(Act.INVOICE_WAIVED, after, books, context)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundInvoice(Command):
    """Record that what was paid for an invoice was given back, whole, for a public reason."""

    invoice: str
    amount: int
    reference: str
    reason: str


def refund_invoice(command: RefundInvoice, books: Books, context: Context) -> Entry | Refusal:
    """What was given back no longer counts; an act that it was used for stands. Source: R-C30-05."""
    known = _known(command.invoice, books)
    if isinstance(known, Refusal):
        return known
    after = refunded(known, amount=command.amount, reference=command.reference, reason=command.reason, on=context.on)
    return after if isinstance(after, Refusal) else _ended(Act.INVOICE_REFUNDED, after, books, context)


def _known(number: str, books: Books) -> Invoice | Refusal:
    return stored(books, INVOICE, number, Invoice) or Refusal(InvoiceFault.UNKNOWN, {"invoice": number[:40]})


def _ended(act: Act, invoice: Invoice, books: Books, context: Context) -> Entry:
    """The entry of a change, and what is settled after it."""
    key = settled_key(invoice.act, invoice.subject)
    before = books.record(FEE_SETTLED, key) or {}
    assert invoice.state is not InvoiceState.OPEN
    records = (record(INVOICE, invoice.number, invoice), Record(FEE_SETTLED, key, settled(before, invoice)))
    return Entry(act, context.on, records=records, details=_told(invoice))


def _told(invoice: Invoice) -> dict[str, JSON]:
    return {"invoice": invoice.number, "total": invoice.total, "currency": invoice.currency}
