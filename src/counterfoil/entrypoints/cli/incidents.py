"""`incidents`: refused attempts to dispose of units that were gone, in flight or somebody else's."""

from dataclasses import asdict

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Command:
    return Command(texts, "cli.incidents", run, [click.Option(["--month"], metavar="YYYY-MM")])


def run(desk: Desk, *, month: str | None) -> int:
    """One line for each attempt, in the order in which they were noted."""
    from counterfoil.adapters.incident_file import read_incidents
    from counterfoil.entrypoints.cli.columns import table
    from counterfoil.entrypoints.cli.reading import founded

    screen, texts = desk.screen, desk.screen.texts
    noted = read_incidents(founded(desk.directory), month=month)
    if screen.as_json:
        incidents = [asdict(each) for each in noted.incidents]
        screen.json({"incidents": incidents, "full": list(noted.full), "unreadable": noted.unreadable})
        return OK
    if not noted.incidents:
        screen.say("cli.incidents.nothing")
    else:
        names = ("at", "by", "act", "code", "units", "serials", "account", "found")
        heads = [texts(f"cli.incidents.column.{name}") for name in names]
        for line in table([heads, *([getattr(each, name) for name in names] for each in noted.incidents)]):
            screen.line(line)
    for each in noted.full:
        screen.say("cli.incidents.full", month=each)
    if noted.unreadable:
        screen.say("cli.incidents.unreadable", count=noted.unreadable)
    return OK
