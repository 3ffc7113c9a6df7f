"""`do`: any commands, from a file or the standard input. The answers come in the order of the commands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Screen
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.entrypoints.cli.command_file import Located, Unreadable

CHUNK: Final = 2048
COMPLAINTS_MAX: Final = 20


def command(texts: Texts) -> Command:
    return Command(texts, "cli.do", run, [click.Argument(["file"], required=False, metavar="[FILE|-]")])


def run(desk: Desk, *, file: str | None) -> int:
    """Read everything, then send it: unreadable input does nothing and is status 2, a refused command is status 1."""
    from counterfoil.entrypoints.cli.command_file import Located, Unreadable, read_commands
    from counterfoil.entrypoints.cli.input import STDIN

    screen = desk.screen
    read = read_commands(file or STDIN)
    unreadable = [each for each in read if isinstance(each, Unreadable)]
    if unreadable:
        _complain(screen, unreadable)
        return UNUSABLE
    return _send(desk, [each for each in read if isinstance(each, Located)])


def _complain(screen: Screen, unreadable: "Sequence[Unreadable]") -> None:
    for each in unreadable[:COMPLAINTS_MAX]:
        screen.fault(each.fault, where=each.where, compact=True)
    if not screen.as_json:
        more = len(unreadable) - COMPLAINTS_MAX
        if more > 0:
            screen.note("cli.do.more_unreadable", count=more)
        screen.note("cli.do.nothing_done")


def _send(desk: Desk, commands: "Sequence[Located]") -> int:
    from counterfoil.entrypoints.cli.answers import show_answer
    from counterfoil.entrypoints.cli.writing import writing

    screen = desk.screen
    accepted = 0
    bar = screen.progress("cli.do.progress", len(commands), among_answers=True)
    with writing(desk.directory, "do") as send, bar as at:
        for start in range(0, len(commands), CHUNK):
            chunk = commands[start : start + CHUNK]
            answers = send([each.command for each in chunk])
            for each, answer in zip(chunk, answers, strict=True):
                accepted += answer["status"] == "accepted"
                show_answer(screen, answer, where=each.where)
            at(start + len(chunk))
    if not screen.as_json and len(commands) > 1:
        screen.note("cli.do.summary", accepted=accepted, refused=len(commands) - accepted)
    return OK if accepted == len(commands) else REFUSED
