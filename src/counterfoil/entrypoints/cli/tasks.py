"""`tasks`: what waits for one person, who signs in for the one command."""

from pathlib import Path
from typing import Any

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.tasks",
        run,
        [
            click.Option(["--as", "mail"], required=True, metavar="MAIL"),
            click.Option(["--for", "organisation"], default="", metavar="NUMBER"),
            click.Option(["--secrets"], type=click.Path(dir_okay=False, path_type=Path), metavar="FILE"),
        ],
    )


def run(desk: Desk, **person: Any) -> int:
    """One row for each thing; what ends first comes first."""
    from counterfoil.application.office.sessions import bearer
    from counterfoil.entrypoints.cli.office_at_work import moment, office_at_work, show_rows
    from counterfoil.entrypoints.cli.signing_in import signed_in
    from counterfoil.entrypoints.tasks_at_hand import shown, tasks_at_hand

    with office_at_work(desk.directory) as office, signed_in(office, desk.screen, **person) as session:
        held = bearer(office, session.secret)
        assert held is not None, "the session has just begun"
        found = tasks_at_hand(office, held.standing)
    rows = [shown(each) for each in found]
    if not desk.screen.as_json:
        texts = desk.screen.texts
        rows = [
            {
                "task": texts(f"cli.tasks.kind.{each.kind.value}"),
                "subject": each.subject,
                "what": each.what,
                "by": each.by,
                "since": moment(each.since_ms),
                "until": moment(each.ends_ms),
            }
            for each in found
        ]
    show_rows(desk, rows, "cli.tasks.nothing")
    return OK
