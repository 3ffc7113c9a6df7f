"""`application`: who applies for an account, and what the folder's owner may answer while nobody is enrolled."""

from datetime import date
from typing import Any

import click

from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import Day
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"list": _list, "show": _show, "approve": _approve, "reject": _reject}
    return Contents(texts, "cli.application", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _number() -> click.Argument:
    return click.Argument(["application"], metavar="APPLICATION")


def _list(texts: Texts) -> Command:
    after = click.Option(["--after"], default="", metavar="APPLICATION")
    return Command(texts, "cli.application.list", run_list, [after])


def _show(texts: Texts) -> Command:
    return Command(texts, "cli.application.show", run_show, [_number()])


def _approve(texts: Texts) -> Command:
    until = click.Option(["--until"], type=Day(), required=True)
    return Command(texts, "cli.application.approve", run_approve, [_number(), until])


def _reject(texts: Texts) -> Command:
    reason = click.Option(["--reason"], metavar="TEXT", required=True)
    return Command(texts, "cli.application.reject", run_reject, [_number(), reason])


def run_list(desk: Desk, *, after: str) -> int:
    """One row for each application, whatever became of it."""
    from counterfoil.entrypoints.application_book import application_book
    from counterfoil.entrypoints.cli.office_at_work import ROWS_MAX, office_at_work, show_rows

    with office_at_work(desk.directory) as office:
        found = application_book(office).listed(after=after, limit=ROWS_MAX)
    rows: list[dict[str, Any]] = [
        {"application": each.number, "state": each.state.value, "organisation": each.organisation, "name": each.name}
        for each in found
    ]
    show_rows(desk, rows, "cli.application.list.nothing")
    return OK


def run_show(desk: Desk, *, application: str) -> int:
    """All that was sent, with its documents' hashes and beneficial owners."""
    from counterfoil.application.office.application import ApplicationFault
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.application_book import application_book
    from counterfoil.entrypoints.cli.office_at_work import office_at_work, show_rows
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.http.office.applications import shown_application

    with office_at_work(desk.directory) as office:
        found = application_book(office).get(application)
    one = told(found or Refusal(ApplicationFault.UNKNOWN, {"application": application[:20]}))
    show_rows(desk, [shown_application(one)], "cli.application.list.nothing")
    return OK


def run_approve(desk: Desk, *, application: str, until: date) -> int:
    """Approve by the folder's owner: once persons are enrolled, two of them do it over HTTP."""
    from counterfoil.application.office.applying import approve
    from counterfoil.entrypoints.application_book import application_book
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import told

    with office_at_work(desk.directory) as office:
        done = told(approve(office, application_book(office), application, valid_until=until, actor="local"))
    if desk.screen.as_json:
        desk.screen.json({"application": done.number, "state": done.state.value})
    desk.screen.say("cli.application.approve.done", organisation=done.organisation, until=until.isoformat())
    return OK


def run_reject(desk: Desk, *, application: str, reason: str) -> int:
    """Reject, and forget mail address, owners and papers."""
    from counterfoil.entrypoints.application_closing import rejected
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import told

    with office_at_work(desk.directory) as office:
        done = told(rejected(office, application, reason=reason, actor="local"))
    if desk.screen.as_json:
        desk.screen.json({"application": done.number, "state": done.state.value})
    desk.screen.say("cli.application.reject.done", application=done.number)
    return OK
