"""`submission list` and `submission show`: what was filed, as it was filed, and what became of it."""

from pathlib import Path

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.written_out import written_out
from counterfoil.entrypoints.language import Texts


def list_command(texts: Texts) -> Command:
    return Command(texts, "cli.submission.list", run_list)


def show_command(texts: Texts) -> Command:
    out = click.Option(["--out"], metavar=texts("cli.place.dir"))
    return Command(texts, "cli.submission.show", run_show, [*report_parameters(), out])


def report_parameters() -> list[click.Parameter]:
    """Which report, and which version of it; the newest when none is named."""
    return [
        click.Argument(["report"], metavar="KIND:PARTY:YEAR"),
        click.Option(["--version", "edition"], default="", metavar="1.0"),
    ]


def run_list(desk: Desk) -> int:
    """One line for each report, with its newest version and how far it got."""
    from counterfoil.application.queries.filing_view import filings
    from counterfoil.entrypoints.cli.columns import table
    from counterfoil.entrypoints.cli.reading import looking

    with looking(desk.directory) as sight:
        rows = filings(sight)
    screen, texts = desk.screen, desk.screen.texts
    if screen.as_json:
        screen.json({"items": rows})
        return OK
    if not rows:
        screen.say("cli.submission.nothing")
        return OK
    heads = [texts(f"cli.submission.column.{name}") for name in ("report", "version", "filed", "state", "checked")]
    lines = [
        [
            row["report"],
            row["version"],
            row["filed_on"],
            texts(f"filing.{row['state']}"),
            ", ".join(row["known_issues"]) or row["checked"] or "–",
        ]
        for row in rows
    ]
    for line in table([heads, *lines]):
        screen.line(line)
    return OK


def run_show(desk: Desk, *, report: str, edition: str, out: str | None) -> int:
    """A filed version as it was filed, with the platform's answers; its files into a folder where one is named."""
    from counterfoil.application.queries.filing_view import filing_view
    from counterfoil.application.queries.submissions import filed_of
    from counterfoil.entrypoints.cli.reading import looking, told
    from counterfoil.entrypoints.cli.render import Renderer

    screen = desk.screen
    with looking(desk.directory) as sight:
        view = told(filing_view(sight, report, edition))
        if out is not None:
            filed = told(filed_of(sight, report, edition))
            for name, data in filed.files.items():
                written_out(Path(out), name, data)
    if screen.as_json:
        screen.json(view)
        return OK
    for line in Renderer(screen.texts, screen.columns).mapping(view):
        screen.line(line)
    return OK
