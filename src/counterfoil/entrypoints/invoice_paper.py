"""An invoice as a paper in one language: who pays what to whom, by which provision, and until when."""

from counterfoil.application.command import Registry
from counterfoil.application.paper import Align, Column, Fields, Notice, Paper, Section, Table
from counterfoil.domain.policy.figure import minor
from counterfoil.domain.policy.kinds.presentation import Era
from counterfoil.domain.settlement.invoice import Invoice, InvoiceState
from counterfoil.entrypoints.letters.speech import Speech
from counterfoil.entrypoints.reports.words import Words


def invoice_paper(invoice: Invoice, registry: Registry, words: Words, *, era: Era = Era.COMMON) -> Paper:
    """Nothing in it depends on the day of printing, so the same invoice gives the same paper."""
    days = Speech([words], era)
    facts = (
        (words("cli.invoice.column.number"), f"{registry.registry}-INV-{invoice.number}"),
        (words("cli.invoice.column.issued_on"), days.day(invoice.issued_on)),
        (words("cli.invoice.column.due_on"), days.day(invoice.due_on)),
        (words("cli.invoice.column.state"), words(f"cli.invoice.state.{invoice.state.value}")),
    )
    return Paper(
        title=words("cli.invoice.paper.title"),
        language=words.language,
        subtitle=registry.name,
        facts=facts,
        sections=(_about(invoice, registry, words, days), _amounts(invoice, words)),
        mark=words("report.mark.demonstration") if registry.demonstration else "",
        foot=f"{registry.registry}-INV-{invoice.number} · {registry.origin}",
        contents=False,
        titles=words.titles,
        day=invoice.ended_on or invoice.issued_on,
    )


def _about(invoice: Invoice, registry: Registry, words: Words, days: Speech) -> Section:
    rows = [
        (words("cli.invoice.column.payer"), invoice.payer),
        (words("cli.invoice.column.subject"), invoice.subject),
        (words("cli.invoice.column.act"), invoice.act),
    ]
    if invoice.quantity_t is not None:
        rows.append((words("cli.invoice.column.quantity_t"), f"{invoice.quantity_t:,}"))
    for name, value in (
        ("ended_on", days.day(invoice.ended_on) if invoice.ended_on else ""),
        ("reference", invoice.reference),
        ("authority", invoice.authority),
        ("reason", invoice.reason),
    ):
        if value:
            rows.append((words(f"cli.invoice.column.{name}"), value))
    notices = (Notice(words("report.mark.demonstration"), words("letter.demonstration")),)
    return Section(
        words("cli.invoice.paper.about"), (*(notices if registry.demonstration else ()), Fields(tuple(rows)))
    )


def _amounts(invoice: Invoice, words: Words) -> Section:
    columns = (
        Column(words("cli.invoice.column.rule"), weight=3),
        Column(words("cli.invoice.column.provision"), weight=3),
        Column(words("cli.invoice.column.recipient"), weight=2),
        Column(words("cli.invoice.column.amount"), align=Align.END, weight=2),
    )
    rows = [
        (f"{each.pack} · {each.rule}", each.provision, each.recipient, money(each.amount, invoice.currency))
        for each in invoice.lines
    ]
    rows.append((words("cli.invoice.column.total"), "", "", money(invoice.total, invoice.currency)))
    owed = words("cli.invoice.paper.owed" if invoice.state is InvoiceState.OPEN else "cli.invoice.paper.ended")
    table = Table("", columns, tuple(rows), bold_rows=frozenset({len(rows) - 1}))
    return Section(words("cli.invoice.paper.amounts"), (table, Notice("", owed)))


def money(amount: int, currency: str) -> str:
    """An amount from minor units.

    >>> money(1_234_567, "USD"), money(5, "JPY")
    ('12,345.67 USD', '5 JPY')
    """
    each = minor(currency)
    whole, part = divmod(amount, each)
    digits = len(str(each)) - 1
    return f"{whole:,}{f'.{part:0{digits}}' if digits else ''} {currency}"
