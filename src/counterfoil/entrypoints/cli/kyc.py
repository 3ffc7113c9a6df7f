"""`kyc`: the file on a holder, which stays in the office."""

from datetime import date

import click

from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK, UNUSABLE, Fault
from counterfoil.entrypoints.cli.usage import Day
from counterfoil.entrypoints.language import Texts

_PERCENT_LAST = 2


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"show": _show, "keep": _keep, "forget": _forget}
    return Contents(texts, "cli.kyc", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _body() -> click.Argument:
    return click.Argument(["organisation"], metavar="NUMBER")


def _show(texts: Texts) -> Command:
    return Command(texts, "cli.kyc.show", run_show, [_body()])


def _keep(texts: Texts) -> Command:
    options: list[click.Parameter] = [
        _body(),
        click.Option(["--until"], type=Day(), required=True),
        click.Option(["--document", "documents"], multiple=True, required=True, metavar="SHA256"),
        click.Option(["--owner", "owners"], multiple=True, required=True, metavar="NAME/COUNTRY/PERCENT"),
    ]
    return Command(texts, "cli.kyc.keep", run_keep, options)


def _forget(texts: Texts) -> Command:
    return Command(texts, "cli.kyc.forget", run_forget, [_body()])


def run_show(desk: Desk, *, organisation: str) -> int:
    from counterfoil.application.office.application import ApplicationFault
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.application_book import application_book
    from counterfoil.entrypoints.cli.office_at_work import office_at_work, show_rows
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.http.office.applications import shown_file

    with office_at_work(desk.directory) as office:
        found = application_book(office).file(organisation)
    one = told(found or Refusal(ApplicationFault.KYC_UNKNOWN, {"organisation": organisation[:60]}))
    show_rows(desk, [shown_file(one)], "cli.application.list.nothing")
    return OK


def run_keep(desk: Desk, *, organisation: str, until: date, documents: tuple[str, ...], owners: tuple[str, ...]) -> int:
    """Keep a newer file; the day enters the journal by RecordKyc."""
    from counterfoil.application.office.application import ApplicationFault, KycFile, Owner
    from counterfoil.application.office.applying import renew_file
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.application_book import application_book
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import told

    named = []
    for owner in owners:
        parts = owner.rsplit("/", _PERCENT_LAST)
        if len(parts) != _PERCENT_LAST + 1 or not (parts[2].isascii() and parts[2].isdecimal() and len(parts[2]) <= 3):
            raise Fault(Refusal(ApplicationFault.UNREADABLE, {"field": "owners"}), UNUSABLE)
        named.append(Owner(parts[0], parts[1], int(parts[2])))
    file = KycFile(organisation, documents, tuple(named), until.isoformat(), 0)
    with office_at_work(desk.directory) as office:
        kept = told(renew_file(office, application_book(office), file, actor="local"))
    if desk.screen.as_json:
        desk.screen.json({"organisation": kept.organisation, "valid_until": kept.valid_until})
    desk.screen.say("cli.kyc.keep.done", organisation=kept.organisation, until=kept.valid_until)
    return OK


def run_forget(desk: Desk, *, organisation: str) -> int:
    """Erase the file on a body that has left."""
    from counterfoil.application.office.applying import forget_file
    from counterfoil.entrypoints.application_book import application_book
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import told

    with office_at_work(desk.directory) as office:
        told(forget_file(office, application_book(office), organisation, actor="local") or organisation)
    if desk.screen.as_json:
        desk.screen.json({"organisation": organisation})
    desk.screen.say("cli.kyc.forget.done", organisation=organisation)
    return OK
