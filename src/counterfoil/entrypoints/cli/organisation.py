"""`organisation`: the bodies for which people act."""

import click

from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"add": _add, "list": _list, "suspend": _suspend, "resume": _resume}
    return Contents(texts, "cli.organisation", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _add(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.organisation.add",
        run_add,
        [
            _number(),
            click.Option(["--kind"], metavar="KIND", required=True),
            click.Option(["--name"], metavar="NAME", required=True),
        ],
    )


def _list(texts: Texts) -> Command:
    after = click.Option(["--after"], default="", metavar="NUMBER")
    return Command(texts, "cli.organisation.list", run_list, [after])


def _suspend(texts: Texts) -> Command:
    return Command(texts, "cli.organisation.suspend", run_suspend, [_number()])


def _resume(texts: Texts) -> Command:
    return Command(texts, "cli.organisation.resume", run_resume, [_number()])


def _number() -> click.Argument:
    return click.Argument(["organisation"], metavar="NUMBER")


def run_add(desk: Desk, *, organisation: str, kind: str, name: str) -> int:
    """Enter a body under the number by which the register of entities knows it."""
    from counterfoil.application.office.people import add_organisation
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import told

    with office_at_work(desk.directory) as office:
        body = told(add_organisation(office, organisation=organisation, kind=kind, name=name, actor="local"))
    if desk.screen.as_json:
        desk.screen.json({"organisation": body.organisation, "kind": body.kind, "name": body.name})
    desk.screen.say("cli.organisation.add.done", organisation=body.organisation)
    return OK


def run_list(desk: Desk, *, after: str) -> int:
    from counterfoil.entrypoints.cli.office_at_work import ROWS_MAX, office_at_work, show_rows

    with office_at_work(desk.directory) as office:
        rows = [
            {"organisation": each.organisation, "kind": each.kind, "name": each.name, "suspended": each.suspended}
            for each in office.store.organisations.listed(after=after, limit=ROWS_MAX)
        ]
    show_rows(desk, rows, "cli.organisation.list.nothing")
    return OK


def run_suspend(desk: Desk, *, organisation: str) -> int:
    return _put(desk, organisation, suspended=True)


def run_resume(desk: Desk, *, organisation: str) -> int:
    return _put(desk, organisation, suspended=False)


def _put(desk: Desk, organisation: str, *, suspended: bool) -> int:
    from counterfoil.application.office.people import suspend_organisation
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import told

    with office_at_work(desk.directory) as office:
        body = told(suspend_organisation(office, organisation, suspended=suspended, actor="local"))
    if desk.screen.as_json:
        desk.screen.json({"organisation": body.organisation, "suspended": body.suspended})
    key = "cli.organisation.suspend.done" if suspended else "cli.organisation.resume.done"
    desk.screen.say(key, organisation=body.organisation)
    return OK
