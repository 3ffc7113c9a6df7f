"""`erase`: erase what opens one confidential field. The public leaf and every proof stay as they are."""

import sys
from enum import StrEnum

import click

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Fault
from counterfoil.entrypoints.cli.usage import Whole
from counterfoil.entrypoints.language import Texts


class OpeningFault(StrEnum):
    UNKNOWN = "opening.unknown"
    NOT_CONFIRMED = "opening.not_confirmed"


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.erase",
        run,
        [
            click.Argument(["entry"], type=Whole(), metavar="ENTRY"),
            click.Argument(["field"], metavar="FIELD"),
            click.Option(["--yes"], is_flag=True),
        ],
    )


def run(desk: Desk, *, entry: int, field: str, yes: bool) -> int:
    """Ask first: nobody can undo it."""
    from counterfoil.entrypoints.cli.writing import locked

    screen = desk.screen
    if not yes and not sys.stdin.isatty():
        raise Fault(Refusal(OpeningFault.NOT_CONFIRMED, {"entry": entry, "field": field[:80]}), UNUSABLE)
    if not yes and not _confirmed(screen.texts("cli.erase.sure", entry=entry, field=field)):
        screen.say("cli.erase.kept")
        return REFUSED
    with locked(desk.directory, "erase") as writable:
        if not writable.world.store.erase(entry, field):
            raise Fault(Refusal(OpeningFault.UNKNOWN, {"entry": entry, "field": field[:80]}), REFUSED)
    if screen.as_json:
        screen.json({"status": "erased", "entry": entry, "field": field})
    screen.say("cli.erase.done", entry=entry, field=field)
    return OK


def _confirmed(question: str) -> bool:
    """Ask at the terminal. Anything but a clear yes is a no."""
    click.echo(f"{question} [y/N] ", err=True, nl=False)
    return sys.stdin.readline().strip().casefold() in ("y", "yes", "是")
