"""`admin`: the way in for the first administrator, and for one more when all have lost their factors."""

from typing import TYPE_CHECKING

import click

from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.application.office.invitations import Invited


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"invite": _invite}
    return Contents(texts, "cli.admin", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _invite(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.admin.invite",
        run_invite,
        [
            click.Argument(["mail"], metavar="MAIL"),
            click.Option(["--name"], metavar="NAME", required=True),
            click.Option(["--recovery"], is_flag=True),
        ],
    )


def run_invite(desk: Desk, *, mail: str, name: str, recovery: bool) -> int:
    """Invite an administrator. The one-time secret is printed once; what is kept is its hash."""
    from counterfoil.application.office.invitations import invite_administrator
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import told

    with office_at_work(desk.directory) as office:
        show_invitation(desk, told(invite_administrator(office, name=name, mail=mail, recovery=recovery)))
    return OK


def show_invitation(desk: Desk, invited: "Invited") -> None:
    """Print an invitation's secret, this once."""
    from counterfoil.entrypoints.cli.office_at_work import moment

    screen, until = desk.screen, moment(invited.ends_ms)
    if screen.as_json:
        screen.json({"person": invited.person.person, "invitation": invited.secret, "until": until})
        return
    screen.line(invited.secret)
    screen.note("cli.admin.invite.once", person=invited.person.person, until=until)
