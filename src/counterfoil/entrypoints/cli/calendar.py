"""`calendar`: what a Party owes under Article 6.2, when, and by which provision."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import Day, Whole
from counterfoil.entrypoints.language import Texts

YEARS: Final = 2
YEARS_MAX: Final = 50


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.calendar",
        run,
        [
            click.Option(["--party"], required=True, metavar="THA"),
            click.Option(["--on"], type=Day()),
            click.Option(["--years"], type=Whole(1, YEARS_MAX), default=YEARS),
            click.Option(["--ics", "as_ics"], is_flag=True),
        ],
    )


def run(desk: Desk, *, party: str, on: date | None, years: int, as_ics: bool) -> int:
    """One line for each duty, in the order of the days; or the open ones as events for a calendar program."""
    from counterfoil.application.queries.calendar import calendar
    from counterfoil.entrypoints.cli.columns import table
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.cli.reading import looking, told
    from counterfoil.entrypoints.provision_text import provision_text

    screen = desk.screen
    with looking(desk.directory) as sight:
        view = told(calendar(sight, party=party, on=on or today(), years=years))
    if screen.as_json:
        screen.json(view)
        return OK
    texts = screen.texts
    if as_ics:
        from counterfoil.entrypoints.ical import written

        # Bytes, because a terminal's spelling of line ends is not the format's.
        click.echo(written(view, texts).encode(), nl=False)
        return OK
    rows = [
        [
            due["on"],
            _state(texts, due),
            texts(f"duty.{due['duty']}", about=due["about"]),
            provision_text(due["provision"], texts),
        ]
        for due in view["due"]
    ]
    heads = [texts(f"cli.calendar.column.{name}") for name in ("day", "state", "duty", "provision")]
    for line in table([heads, *rows]):
        screen.line(line)
    return OK


def _state(texts: Texts, due: Mapping[str, Any]) -> str:
    if due["state"] != "done":
        return texts(f"due.{due['state']}")
    return texts("due.done_late" if due["late"] else "due.done_on", day=due["filed_on"])
