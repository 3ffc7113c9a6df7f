"""`calendar`: what a Party owes under Article 6.2, when, and by which provision."""

from datetime import date
from typing import Final

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.language import Texts
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import Day, Whole

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
        ],
    )


def run(desk: Desk, *, party: str, on: date | None, years: int) -> int:
    """One line for each duty, in the order of the days."""
    from counterfoil.application.queries.calendar import calendar
    from counterfoil.entrypoints.cli.columns import table
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.cli.reading import looking, told

    screen = desk.screen
    with looking(desk.directory) as sight:
        view = told(calendar(sight, party=party, on=on or today(), years=years))
    if screen.as_json:
        screen.json(view)
        return OK
    texts = screen.texts
    rows = [
        [due["on"], texts(f"due.{due['state']}"), texts(f"duty.{due['duty']}", about=due["about"]), due["provision"]]
        for due in view["due"]
    ]
    heads = [texts(f"cli.calendar.column.{name}") for name in ("day", "state", "duty", "provision")]
    for line in table([heads, *rows]):
        screen.line(line)
    return OK
