"""`demo`: play the main job with nine registries, on real facts."""

from pathlib import Path

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.language import Texts
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Fault


def command(texts: Texts) -> Command:
    return Command(
        texts, "cli.demo", run, [click.Option(["--out"], default="var/demo", metavar=texts("cli.place.dir"))]
    )


def run(desk: Desk, *, out: str) -> int:
    """Play it, and print the summary that is also left in the folder."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.columns import table
    from counterfoil.entrypoints.demo.play import play

    screen = desk.screen
    bar = screen.progress("cli.demo.progress", 0)
    with bar:
        summary = play(Path(out), progress=bar.of)
    if isinstance(summary, Refusal):
        raise Fault(summary, REFUSED)
    if screen.as_json:
        screen.json(summary)
        return OK
    screen.say("cli.demonstration")
    screen.line()
    columns = ("first_transferred_t", "acquired_t", "used_t", "held_t")
    head = [screen.texts("field.party"), *(screen.texts(f"field.{name}") for name in columns)]
    rows = [[party, *(f"{each[name]:,}" for name in columns)] for party, each in summary["parties"].items()]
    for line in table([head, *rows], indent=2, right=frozenset({1, 2, 3, 4})):
        screen.line(line)
    screen.line()
    screen.say("cli.demo.world", world=f"{summary['world_adjustment_t']:,}")
    screen.say("cli.demo.assumed", count=len(summary["assumed"]))
    screen.say("cli.demo.done", out=out)
    return OK
