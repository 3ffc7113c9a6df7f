"""`report summary`: CTF table 4 of a Party, as JSON for machines, and as workbook, DOCX and PDF in each language."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from counterfoil.domain.reporting.filing import ReportKind
from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.emissions_balance import DayOrYear
from counterfoil.entrypoints.cli.report_filed import filed_option, or_filed
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Fault
from counterfoil.entrypoints.cli.usage import OneOf, Whole
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.application.command import Registry
    from counterfoil.domain.accounting.ctf_table4 import Table4

BASES = ("vintage", "first_transfer_year")


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.report.summary",
        or_filed(ReportKind.SUMMARY, run),
        [
            click.Option(["--party"], required=True, metavar="THA"),
            click.Option(["--year"], type=Whole(2021, 9999), required=True, metavar="YYYY"),
            click.Option(["--as-of", "as_of"], type=DayOrYear()),
            click.Option(["--year-basis", "basis"], type=OneOf(*BASES), default=BASES[0]),
            filed_option(),
            click.Option(["--out"], default=".", metavar=texts("cli.place.dir")),
        ],
    )


def run(desk: Desk, *, party: str, year: int, as_of: date | None, basis: str, out: str) -> int:
    """Fold the journal, build the table, and write every file from the same values."""
    from counterfoil.application.queries.ctf_table4 import ctf_table4
    from counterfoil.domain.accounting.flow import Basis
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.cli.reading import looking, told

    with looking(desk.directory) as sight:
        day = as_of or today()
        table = told(ctf_table4(sight, party=party, year=year, as_of=day, basis=Basis(basis)))
        registry = sight.registry
    return _written(desk, table, Path(out), registry)


def _written(desk: Desk, table: "Table4", out: Path, registry: "Registry") -> int:
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.reports.report_files import summary_files, summary_values

    files = summary_files(table, registry, out)
    if isinstance(files, Refusal):
        raise Fault(files, REFUSED)
    value = summary_values(table, registry)
    if desk.screen.as_json:
        desk.screen.json({**value, "files": [str(each) for each in files]})
        return OK
    for each in files:
        desk.screen.say("cli.report.summary.done", file=each)
    if value["complete"]:
        desk.screen.say("cli.report.summary.complete")
    else:
        reasons = sorted({gap["reason"] for gap in value["gaps"] if gap["reason"]})
        told = "; ".join(desk.screen.texts(f"ctf4.reason.{reason}") for reason in reasons)
        desk.screen.say("cli.report.summary.gaps", count=len(value["gaps"]), reasons=told)
    return OK
