"""Invoices and what they come to, by currency and state; currencies are never added up. Source: R-C30-05."""

from datetime import date
from typing import Any

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.settlement.invoice import INVOICE, Invoice, InvoiceFault, InvoiceState


def invoices(sight: Sight, *, on: date, state: str = "", year: int | None = None) -> dict[str, Any]:
    """The invoices in the order of their numbers, and their sums in minor units; `overdue` are open past their day."""
    found = [from_json(Invoice, value) for _, value in sorted(sight.records(INVOICE))]
    chosen = [each for each in found if state in ("", each.state) and year in (None, each.issued_on.year)]
    sums: dict[str, dict[str, int]] = {}
    for each in chosen:
        of = sums.setdefault(each.currency, dict.fromkeys(("raised", *InvoiceState, "overdue"), 0))
        of["raised"] += each.total
        of[each.state] += each.total
        of["overdue"] += each.total if overdue(each, on) else 0
    return {"invoices": [_shown(sight, each, on) for each in chosen], "sums": dict(sorted(sums.items()))}


def invoice_of(sight: Sight, number: str) -> Invoice | Refusal:
    """One invoice by its number."""
    value = sight.record(INVOICE, number)
    return Refusal(InvoiceFault.UNKNOWN, {"invoice": number[:40]}) if value is None else from_json(Invoice, value)


def overdue(invoice: Invoice, on: date) -> bool:
    return invoice.state is InvoiceState.OPEN and on > invoice.due_on


def _shown(sight: Sight, invoice: Invoice, on: date) -> dict[str, Any]:
    return {**sight.record(INVOICE, invoice.number), "total": invoice.total, "overdue": overdue(invoice, on)}
