"""`request`: transfers that were asked for and wait, and doing what is due."""

import click

from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"list": _list, "run": _run}
    return Contents(texts, "cli.request", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _list(texts: Texts) -> Command:
    return Command(texts, "cli.request.list", run_list, [click.Option(["--all", "every"], is_flag=True)])


def _run(texts: Texts) -> Command:
    return Command(texts, "cli.request.run", run_due)


def run_list(desk: Desk, *, every: bool) -> int:
    """One row for each request, with its due moment (UTC)."""
    from counterfoil.application.queries.due import requests
    from counterfoil.entrypoints.cli.office_at_work import show_rows
    from counterfoil.entrypoints.cli.reading import looking

    with looking(desk.directory) as sight:
        rows = requests(sight, pending=not every)
    show_rows(desk, rows, "cli.request.list.nothing")
    return OK


def run_due(desk: Desk) -> int:
    """Do what is due, each by an act of its own. The status is 1 where one of them is refused."""
    from counterfoil.adapters.clock.system import SystemClock
    from counterfoil.application.queries.due import due
    from counterfoil.entrypoints.cli.reading import looking
    from counterfoil.entrypoints.cli.writing import writing

    with looking(desk.directory) as sight:
        commands = due(sight, SystemClock().now_ms())
    if not commands:
        answers = []
    else:
        with writing(desk.directory, "request run") as send:
            answers = send(commands)
    refused = [answer for answer in answers if answer["status"] != "accepted"]
    if desk.screen.as_json:
        desk.screen.json({"done": len(answers) - len(refused), "refused": refused})
    desk.screen.say("cli.request.run.done", done=len(answers) - len(refused), refused=len(refused))
    for answer in refused:
        desk.screen.line(str(answer.get("message") or answer.get("code") or answer))
    return REFUSED if refused else OK
