"""`invoice`: the fees that were invoiced, what they come to, and each as PDF in both languages."""

from pathlib import Path
from typing import Any

import click

from counterfoil.domain.settlement.invoice import InvoiceState
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import OneOf
from counterfoil.entrypoints.language import LANGUAGES, Texts


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"list": _list, "print": _print}
    return Contents(texts, "cli.invoice", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _list(texts: Texts) -> Command:
    options: list[click.Parameter] = [
        click.Option(["--state"], type=OneOf(*InvoiceState)),
        click.Option(["--year"], type=click.IntRange(2000, 2200), metavar="2026"),
    ]
    return Command(texts, "cli.invoice.list", run_list, options)


def _print(texts: Texts) -> Command:
    number = click.Argument(["number"], metavar="NUMBER")
    out = click.Option(["--out"], metavar=texts("cli.place.dir"), required=True)
    return Command(texts, "cli.invoice.print", run_print, [number, out])


def run_list(desk: Desk, *, state: str | None, year: int | None) -> int:
    """One line for each invoice; then what they come to in each currency."""
    from counterfoil.application.queries.invoices import invoices
    from counterfoil.entrypoints.cli.columns import table
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.cli.reading import looking
    from counterfoil.entrypoints.invoice_paper import money

    screen, texts = desk.screen, desk.screen.texts
    with looking(desk.directory) as sight:
        view = invoices(sight, on=today(), state=state or "", year=year)
    if screen.as_json:
        screen.json(view)
        return OK
    if not view["invoices"]:
        screen.say("cli.invoice.nothing")
        return OK
    names = ("number", "payer", "subject", "amount", "due_on", "state")
    heads = [texts(f"cli.invoice.column.{name}") for name in names]
    for line in table([heads, *(_row(each, texts) for each in view["invoices"])], right=frozenset({3})):
        screen.line(line)
    for currency, of in view["sums"].items():
        shown = {name: money(amount, currency) for name, amount in of.items()}
        screen.say("cli.invoice.sums", **shown)
    return OK


def _row(each: dict[str, Any], texts: Texts) -> list[str]:
    from counterfoil.entrypoints.invoice_paper import money

    state = "overdue" if each["overdue"] else each["state"]
    amount = money(each["total"], each["currency"])
    return [each["number"], each["payer"], each["subject"], amount, each["due_on"], texts(f"cli.invoice.state.{state}")]


def run_print(desk: Desk, *, number: str, out: str) -> int:
    """The invoice as PDF in every language."""
    from functools import partial

    from counterfoil.adapters.durable import made_folder
    from counterfoil.application.queries.invoices import invoice_of
    from counterfoil.entrypoints.cli.reading import looking, told
    from counterfoil.entrypoints.invoice_paper import invoice_paper
    from counterfoil.entrypoints.letters.files import era_of
    from counterfoil.entrypoints.reports.printing import print_papers

    with looking(desk.directory) as sight:
        invoice, registry = told(invoice_of(sight, number)), sight.registry
        era = era_of(sight, on=invoice.issued_on)
    folder = Path(out)
    made_folder(folder)
    both = [Texts(language) for language in LANGUAGES]
    paper = partial(invoice_paper, invoice, registry, era=era)
    files = print_papers(paper, folder, f"invoice-{invoice.number}", texts=both, endings=("pdf",))
    if desk.screen.as_json:
        desk.screen.json({"invoice": invoice.number, "files": [str(each) for each in files]})
        return OK
    for file in files:
        desk.screen.say("cli.invoice.file", file=file)
    return OK
