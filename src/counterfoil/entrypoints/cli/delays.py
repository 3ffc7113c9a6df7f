"""`delays`: days from gate to gate for each pair of Parties, and what waits now."""

from datetime import date
from typing import Any

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import Day
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Command:
    return Command(texts, "cli.delays", run, [click.Option(["--on"], type=Day())])


def run(desk: Desk, *, on: date | None) -> int:
    """One line for each gate and corridor, in the order of the gates."""
    from counterfoil.application.queries.delays import delays
    from counterfoil.entrypoints.cli.columns import table
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.cli.reading import looking

    screen, texts = desk.screen, desk.screen.texts
    day = on or today()
    with looking(desk.directory) as sight:
        view = delays(sight, on=day)
        demonstration = sight.registry.demonstration
    if screen.as_json:
        screen.json({"on": day.isoformat(), "demonstration": demonstration, "delays": view})
        return OK
    if not view:
        screen.say("cli.delays.nothing")
        return OK
    names = ("passed", "median_days", "shortest_days", "longest_days", "waiting", "waiting_longest_days")
    heads = [texts(f"cli.delays.column.{name}") for name in ("gate", "corridor", *names)]
    rows = [
        [
            texts(f"cli.delays.gate.{row['gate']}"),
            f"{row['from'] or '*'} → {row['to'] or '*'}",
            *(_shown(row[name]) for name in names),
        ]
        for row in view
    ]
    for line in table([heads, *rows], right=frozenset(range(2, len(heads)))):
        screen.line(line)
    if demonstration:
        screen.say("cli.delays.demonstration")
    return OK


def _shown(value: Any) -> str:
    return "-" if value is None else f"{value:,}"
