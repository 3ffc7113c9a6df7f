"""`worker`: the work between two requests, done here once: notices are made, reminders too, and what waits is sent."""

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Command:
    return Command(texts, "cli.worker", run, [click.Option(["--once"], is_flag=True)])


def run(desk: Desk, *, once: bool) -> int:
    """Work until nothing is left to do now. A server does the same by itself, every few seconds.

    Raises:
        Outage: `notice.worker_busy` while a server, or another worker, is at it.
    """
    from dataclasses import asdict

    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.postman import notice_desk, work_once

    del once  # the only way there is; a service manager's line says what it means
    with office_at_work(desk.directory) as office:
        done = asdict(work_once(Folder(desk.directory), notice_desk(desk.directory, office)))
    if desk.screen.as_json:
        desk.screen.json(done)
    desk.screen.say("cli.worker.done", **done)
    return OK
